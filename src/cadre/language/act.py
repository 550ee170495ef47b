"""What a turn does: several dialogue acts at once, each with a calibrated probability.

Keeps true: words and their place in the exchange are read, nothing of the writer; one linear model over hashed
pieces of words, the turn's vector and how it and the turn before it look; a probability of .7 is meant to hold seven times in ten on
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
from cadre.language.turns import Floats, looks, unaddressed
from cadre.records.derived import ACTS

SCHEMA = 3
BUCKETS, BUCKETS_BEFORE = 2**16, 2**12
MAX_CHARACTERS = 1500
"""Of a longer text the beginning says what it does."""
PLACE = ("same_speaker", "has_before")
_CHUNK = 20_000


def version() -> str:
    """What is written beside acts of this model."""
    return card("acts").version


def features(
    texts: Sequence[str],
    before: Sequence[str],
    same_speaker: Floats,
    vectors: Floats,
    seen: tuple[Floats, Floats] | None = None,
    rarity: Floats | None = None,
) -> tuple[Any, Any, Floats]:
    """What the model reads of each turn.

    Args:
        texts: What each turn says.
        before: What the turn says that it answers, or the one before it; empty where there is none.
        same_speaker: Whether the same person said both. Shape (n,).
        vectors: The embedding of each turn. Shape (n, width).
        seen: How each turn and the one before it look, where somebody has looked already. Shapes (n, len(LOOKS)).
        rarity: How much each piece tells (inverse document frequency); None leaves the pieces uncounted for the recipe
            to weigh. Shape (BUCKETS,).

    Returns:
        Hashed pieces of the turn's words (n, BUCKETS), words of the one before (n, BUCKETS_BEFORE), dense columns (n, d).
    """
    this, that = _vectorizers()
    has = np.array([bool(text) for text in before], np.float32)
    place = np.stack([np.asarray(same_speaker, np.float32), has], axis=1)
    this_look, that_look = seen or (looks(texts), looks(before))
    dense = np.concatenate([vectors, this_look, that_look, place], axis=1)
    pieces = this.transform([unaddressed(text)[:MAX_CHARACTERS] for text in texts])
    return (
        pieces if rarity is None else weighed(pieces, rarity),
        that.transform([unaddressed(text)[:MAX_CHARACTERS] for text in before]),
        dense.astype(np.float32),
    )


def weighed(pieces: Any, rarity: Floats) -> Any:
    """Counts of pieces, dampened, by how much each tells, to length one a turn (TF-IDF). Changes `pieces`."""
    from sklearn.preprocessing import normalize

    pieces.data = (1 + np.log(pieces.data)) * rarity[pieces.indices]
    return normalize(pieces, copy=False)


def acts(
    texts: Sequence[str],
    before: Sequence[str],
    same_speaker: Floats,
    *,
    vectors: Floats | None = None,
    seen: tuple[Floats, Floats] | None = None,
    embedder: Embedder | None = None,
) -> Floats:
    """Probability of each of `ACTS` for each turn; NaN throughout for an empty one.

    Args:
        texts: What each turn says.
        before: What the turn says that it answers, or the one before it; empty where there is none.
        same_speaker: Whether the same person said both. Shape (n,).
        vectors: The word vectors of the turns, where somebody has them already. Shape (n, 256).
        seen: How each turn and the one before it look, where somebody has looked already.
        embedder: Gives the vectors otherwise.

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
        pieces, earlier, dense = features(
            some, before[here], np.asarray(same_speaker)[here], given, seen and (seen[0][here], seen[1][here]),
            model["rarity"].astype(np.float32),
        )  # fmt: skip
        score = pieces @ model["pieces"].astype(np.float32) + earlier @ model["before"].astype(np.float32)
        score = score + (dense / model["scale"]) @ model["dense"] + model["constant"]
        out[here] = 1 / (1 + np.exp(-(score * model["slope"] + model["shift"])))
        out[low : low + len(some)][[not text or text.isspace() for text in some]] = np.nan
    return out


@cache
def _vectorizers() -> tuple[Any, Any]:
    from sklearn.feature_extraction.text import HashingVectorizer

    return (
        HashingVectorizer(analyzer="char_wb", ngram_range=(2, 5), n_features=BUCKETS, alternate_sign=False, norm=None),
        HashingVectorizer(
            n_features=BUCKETS_BEFORE, alternate_sign=False, binary=True, token_pattern=r"[\w']+|[?!.:;,()/]+"
        ),
    )


__all__ = ["ACTS", "PLACE", "SCHEMA", "acts", "features", "version"]
