"""Who steers a meeting: the chance of each speaker, from their shares of what is done in it.

Keeps true: only shares within the meeting count, so that long and short meetings weigh alike; it says who steered this
meeting, not who leads well. Three readings: from everything, from the middle only (openings and closings give the
chair away), and from talk alone without any words.
"""

import re
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from cadre.language.meeting.pair import SCHEMA
from cadre.language.meeting.talk import TALK, Talk
from cadre.language.shipped import arrays
from cadre.language.turns import Floats, Ints

Reading = Literal["all", "middle", "talk"]
MIDDLE = (0.05, 0.95)
_SHARED = (
    "time", "stretches", "mean_seconds", "longest_seconds", "first_after_pause", "interrupts", "is_interrupted", "floor_after_self",
)  # fmt: skip
_WORDS = {
    "we": r"\b(we|us|our|let's|lets|we'll|we've|we're)\b", "you": r"\b(you|your|you're|you'll|guys)\b", "i": r"\b(i|i'm|my|i'll|i've)\b",
    "so": r"^(so|okay|ok|alright|right|well|now|then)\b", "next": r"\b(next|agenda|meeting|minutes|item|move on|moving|time|finish\w*|"
    r"start|presentation|everybody|everyone|decide\w*|decision|question\w*|summar\w*)\b",
    "modal": r"\b(should|could|have to|need to|must|gonna|going to|will)\b", "asks": r"\?|^(what|how|do|does|is|are|can|could|who|which|where|any)\b",
    "yes": r"^(yeah|yes|mm|uh|hmm|yep|mhm|okay)\W*$", "think": r"\b(i think|maybe|perhaps|i mean|i guess)\b",
    "thanks": r"\b(thank|thanks|great|good|cool|excellent|perfect)\b",
}  # fmt: skip
_COMPILED = {name: re.compile(pattern) for name, pattern in _WORDS.items()}
NAMES = (
    *_SHARED, "words", *(f"act_{x}" for x in TALK), *(f"rate_{x}" for x in TALK), *(f"says_{x}" for x in _WORDS), "answered_by_others",
    "answers_others", "asked_and_answered",
)  # fmt: skip
TALK_ONLY = len(_SHARED)


def features(talk: Talk, acts: Floats, candidate: Ints, chance: Floats) -> Floats:
    """Each speaker's shares, less the mean of the meeting, scaled by it. Shape (speakers, len(NAMES))."""
    people = int(talk.speaker.max(initial=-1)) + 1
    seconds = np.clip(talk.end - talk.start, 0, 60)

    def total(values: npt.NDArray[Any]) -> Floats:
        return np.asarray(np.bincount(talk.speaker, values, people), np.float32)

    stretches = np.maximum(total(np.ones(len(talk), np.float32)), 1)
    gap = np.concatenate([[0.0], talk.start[1:] - talk.end[:-1]])
    changes = np.concatenate([[True], talk.speaker[1:] != talk.speaker[:-1]])
    longest = np.array([seconds[talk.speaker == p].max(initial=0) for p in range(people)])
    interrupted = np.concatenate([(gap[1:] < 0) & changes[1:], [False]])
    words = np.array([len(text.split()) for text in talk.text], np.float32)
    low = [text.lower() for text in talk.text]
    says = [np.array([len(pattern.findall(text)) for text in low], np.float32) for pattern in _COMPILED.values()]
    pair = chance[:, 1:] * (candidate[:, 1:] >= 0)
    target = np.maximum(candidate[:, 1:], 0)
    received = np.bincount(target.ravel(), pair.ravel(), len(talk)).astype(np.float32)
    question = acts[:, [TALK.index(x) for x in ("el.inf", "el.ass", "el.sug")]].sum(1)
    shares: list[npt.NDArray[Any]] = [
        total(seconds), stretches, total(seconds) / stretches, longest, total((gap > 1) * 1.0), total(((gap < 0) & changes) * 1.0),
        total(interrupted * 1.0), total(~changes * 1.0), total(words), *(total(acts[:, k]) for k in range(len(TALK))),
    ]  # fmt: skip
    columns: list[npt.NDArray[Any]] = [_share(each) for each in shares]
    columns += [total(acts[:, k]) / stretches for k in range(len(TALK))]
    columns += [_share(total(each)) for each in says]
    columns += [_share(total(received)), _share(total(pair.sum(1))), _share(total(received * question))]
    out = np.stack(columns, axis=1)
    return np.asarray(out - out.mean(axis=0, keepdims=True), np.float32)


def _share(values: npt.NDArray[Any]) -> Floats:
    return np.asarray(values / max(float(values.sum()), 1e-9), np.float32)


def steering(known: Floats, reading: Reading = "all") -> Floats:
    """Chance of each speaker of one meeting to be who steers it. Shape (speakers,), sums to one.

    Args:
        known: `features` of the meeting.
        reading: Which model: of the whole meeting, of its middle, or of talk without words.
    """
    weight = arrays("meeting_lead", SCHEMA)[f"weight_{reading}"]
    score = known[:, : len(weight)] @ weight
    odds = np.exp(score - score.max(initial=0))
    return np.asarray(odds / odds.sum(), np.float32)
