"""Topics of tickets from their words: groups of near texts, found once and kept, so that a topic stays what it was.

Keeps true: a text goes to the nearest centre whatever stands beside it; centres are found from a sample in the order of
its keys' hashes, so that equal records give equal topics. A topic is a group, not a meaning: it carries a number.

References:
    Sculley 2010, Web-scale k-means clustering (small batches).
"""

import hashlib
from collections.abc import Sequence

import numpy as np

from cadre.language.embedding import WordVectors
from cadre.language.turns import Floats

VERSION = f"topics-1+{WordVectors.name}"
MIN_TEXTS = 200
"""Fewer texts have no topics."""
SAMPLE = 20_000
TEXTS_A_TOPIC, MAX_TOPICS = 40, 48
_SEED = 7


def centres(keys: Sequence[str], texts: Sequence[str]) -> Floats:
    """Centres of topics.

    Args:
        keys: Key of each text's record; tells the sample.
        texts: Non-empty texts.

    Returns:
        One unit vector a topic. Shape (topics, width); no rows where there are fewer than `MIN_TEXTS` texts.
    """
    if len(texts) < MIN_TEXTS:
        return np.zeros((0, WordVectors.width), np.float32)
    from sklearn.cluster import MiniBatchKMeans

    order = sorted(range(len(keys)), key=lambda k: hashlib.blake2b(keys[k].encode(), digest_size=8).digest())
    vectors = WordVectors().embed([texts[k] for k in order[:SAMPLE]])
    count = min(MAX_TOPICS, len(vectors) // TEXTS_A_TOPIC)
    model = MiniBatchKMeans(count, random_state=_SEED, n_init=3, batch_size=2048, max_iter=60)
    found = np.asarray(model.fit(vectors).cluster_centers_, np.float32)
    unit: Floats = found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
    return unit


def topics(texts: Sequence[str], centre: Floats) -> list[str | None]:
    """The topic of each text, by the nearest centre: `topic 7`; None for a text without words, or without centres."""
    if not len(centre) or not texts:
        return [None] * len(texts)
    vectors = WordVectors().embed(texts)
    near = (vectors @ centre.T).argmax(axis=1)
    return [f"topic {int(n) + 1}" if vector.any() else None for n, vector in zip(near, vectors, strict=True)]
