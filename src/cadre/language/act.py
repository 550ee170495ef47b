"""What a turn does: several dialogue acts at once, each with a calibrated probability.

Keeps true: words and their place in the exchange are read, nothing of the writer; one linear model over hashed words,
the turn's vector and how it and the turn before it look; a probability of .7 is meant to hold seven times in ten on
text of the kinds the card names. A turn that is not readable has no acts, which is missing and not "none".

References:
    The vocabulary and its guideline: `training/labels/guideline.md`; recipe and figures: `training/acts.py` and the
    card of the model. Words from AMI (Carletta 2007), e-mail requests (Parakweet) and turns labelled for Cadre.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from cadre.language.embedding import Embedder, WordVectors
from cadre.language.shipped import arrays, card
from cadre.language.turns import LOOKS, Floats, looks, unaddressed

ACTS = (
    "question", "request", "answer", "explanation", "instruction", "decision", "status", "offer", "acknowledgement",
    "concern", "apology", "social",
)  # fmt: skip
SCHEMA = 1
BUCKETS, BUCKETS_BEFORE = 2**16, 2**12
PLACE = ("same_speaker", "has_before")
_CHUNK = 20_000


def version() -> str:
    """What is written beside acts of this model."""
    return card("acts").version


def features(
    texts: Sequence[str], before: Sequence[str], same_speaker: Floats, vectors: Floats
) -> tuple[Any, Any, Floats]:
    """What the model reads of each turn.

    Args:
        texts: What each turn says.
        before: What the turn says that it answers, or the one before it; empty where there is none.
        same_speaker: Whether the same person said both. Shape (n,).
        vectors: The embedding of each turn. Shape (n, width).

    Returns:
        Hashed words of the turn (n, BUCKETS), of the one before (n, BUCKETS_BEFORE), and dense columns (n, d).
    """
    this, that = _vectorizers()
    has = np.array([bool(text) for text in before], np.float32)
    place = np.stack([np.asarray(same_speaker, np.float32), has], axis=1)
    dense = np.concatenate([vectors, looks(texts), looks(before), place], axis=1)
    return (
        this.transform([unaddressed(text) for text in texts]),
        that.transform([unaddressed(text) for text in before]),
        dense.astype(np.float32),
    )


def acts(
    texts: Sequence[str],
    before: Sequence[str],
    same_speaker: Floats,
    *,
    vectors: Floats | None = None,
    embedder: Embedder | None = None,
) -> Floats:
    """Probability of each of `ACTS` for each turn; NaN throughout for an empty one.

    Args:
        texts: What each turn says.
        before: What the turn says that it answers, or the one before it; empty where there is none.
        same_speaker: Whether the same person said both. Shape (n,).
        vectors: The word vectors of the turns, where somebody has them already. Shape (n, 256).
        embedder: Gives them otherwise.

    Returns:
        Shape (n, len(ACTS)).

    Raises:
        ModelMismatchError: The shipped model was trained on other features.
    """
    model = arrays("acts", SCHEMA)
    out = np.full((len(texts), len(ACTS)), np.nan, np.float32)
    for low in range(0, len(texts), _CHUNK):
        here = slice(low, low + _CHUNK)
        some = texts[here]
        given = vectors[here] if vectors is not None else (embedder or WordVectors()).embed(some)
        words, earlier, dense = features(some, before[here], np.asarray(same_speaker)[here], given)
        score = words @ model["words"].astype(np.float32) + earlier @ model["before"].astype(np.float32)
        score = score + (dense / model["scale"]) @ model["dense"] + model["constant"]
        out[here] = 1 / (1 + np.exp(-(score * model["slope"] + model["shift"])))
        out[low : low + len(some)][[not text or text.isspace() for text in some]] = np.nan
    return out


@cache
def _vectorizers() -> tuple[Any, Any]:
    from sklearn.feature_extraction.text import HashingVectorizer

    shared = {"alternate_sign": False, "binary": True, "token_pattern": r"[\w']+|[?!.:;,()/]+"}
    return (
        HashingVectorizer(ngram_range=(1, 2), n_features=BUCKETS, **shared),
        HashingVectorizer(ngram_range=(1, 1), n_features=BUCKETS_BEFORE, **shared),
    )


__all__ = ["ACTS", "BUCKETS", "BUCKETS_BEFORE", "LOOKS", "PLACE", "SCHEMA", "acts", "features", "version"]
