"""The talk of one meeting as columns, and what each stretch of it does in the terms meetings are annotated in.

Keeps true: words and times are read, nothing of a voice; a stretch is what the transcript gives as one segment.

References:
    The AMI annotation scheme for dialogue acts (Carletta 2007), whose fifteen classes are `TALK`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from cadre.language.shipped import arrays
from cadre.language.turns import Floats, Ints, looks, sound

TALK = (
    "inf", "ass", "fra", "bck", "sug", "stl", "el.inf", "und", "el.ass", "oth", "be.pos", "off", "el.sug", "el.und", "be.neg",
)  # fmt: skip
SCHEMA = 1
BUCKETS = 2**15
PLACE = ("seconds", "gap_before", "gap_after", "same_before", "same_after", "overlap")


@dataclass(frozen=True, slots=True)
class Talk:
    """Stretches of talk in the order they began.

    Attributes:
        speaker: Number of who spoke, from 0. Shape (n,).
        start: Seconds from any origin. Shape (n,).
        end: The same. Shape (n,).
        text: The words; an empty string for laughter and noise.
    """

    speaker: Ints
    start: npt.NDArray[np.float64]
    end: npt.NDArray[np.float64]
    text: Sequence[str]

    def __len__(self) -> int:
        """How many stretches there are."""
        return len(self.text)

    def between(self, low: float, high: float) -> "Talk":
        """What began between two shares of the meeting's time, 0-1."""
        first, last = self.start.min(), self.end.max()
        kept = (self.start >= first + low * (last - first)) & (self.start <= first + high * (last - first))
        return Talk(
            self.speaker[kept], self.start[kept], self.end[kept], [t for t, k in zip(self.text, kept, strict=True) if k]
        )


def place(talk: Talk) -> Floats:
    """Where each stretch stands between its neighbours, in seconds cut at 10. Shape (n, len(PLACE))."""
    n = len(talk)
    out = np.zeros((n, len(PLACE)), np.float32)
    if not n:
        return out
    out[:, 0] = np.clip(talk.end - talk.start, 0, 20)
    gap = np.clip(talk.start[1:] - talk.end[:-1], -5, 10)
    out[1:, 1], out[:-1, 2] = gap, gap
    same = talk.speaker[1:] == talk.speaker[:-1]
    out[1:, 3], out[:-1, 4] = same, same
    out[1:, 5] = gap < 0
    return out


def hashed(texts: Sequence[str]) -> Any:
    """Hashed words and word pairs with their edges. Shape (n, BUCKETS)."""
    return _vectorizer().transform([f"xstart {sound(text).lower()} xend" for text in texts])


def dense(talk: Talk) -> Floats:
    """How each stretch and its neighbours look, and where it stands."""
    look = looks(talk.text)
    before, after = np.zeros_like(look), np.zeros_like(look)
    before[1:], after[:-1] = look[:-1], look[1:]
    return np.concatenate([look, before, after, place(talk)], axis=1)


def talk_acts(talk: Talk) -> Floats:
    """Probability of each of `TALK` for each stretch. Shape (n, len(TALK)).

    Raises:
        ModelMismatchError: The shipped model was trained on other features.
    """
    model = arrays("meeting_acts", SCHEMA)
    if not len(talk):
        return np.zeros((0, len(TALK)), np.float32)
    words = hashed(talk.text)
    around = words @ model["around"].astype(np.float32)
    score = (
        words @ model["words"].astype(np.float32) + (dense(talk) / model["scale"]) @ model["dense"] + model["constant"]
    )
    score[:-1] += around[1:]
    score -= score.max(axis=1, keepdims=True)
    odds = np.exp(score)
    return np.asarray(odds / odds.sum(axis=1, keepdims=True), np.float32)


@cache
def _vectorizer() -> Any:
    from sklearn.feature_extraction.text import HashingVectorizer

    return HashingVectorizer(
        ngram_range=(1, 3), n_features=BUCKETS, alternate_sign=False, token_pattern=r"[\w']+|[?!.,]"
    )
