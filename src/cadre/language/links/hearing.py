"""What the words of a turn let one expect of it: that it starts, goes on, or draws an answer; one linear model.

Keeps true: the words alone are read, without the name a turn opens by calling; hashed words and word pairs, so that
no vocabulary ships and no name can be read back from the weights.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from cadre.language.turns import Floats, unaddressed

HEARD = ("starts", "goes_on_own", "is_answered", "is_gone_on")
BUCKETS = 2**15


def hashed(texts: Sequence[str]) -> Any:
    """Hashed words and word pairs of each text, a sparse matrix of shape (n, BUCKETS)."""
    return _vectorizer().transform([unaddressed(text) for text in texts])


def heard(texts: Sequence[str], weight: Floats, constant: Floats) -> Floats:
    """Log-odds of each of `HEARD` for each text. Shape (n, len(HEARD))."""
    return np.asarray(hashed(texts) @ weight + constant, np.float32)


@cache
def _vectorizer() -> Any:
    from sklearn.feature_extraction.text import HashingVectorizer

    return HashingVectorizer(
        ngram_range=(1, 2), n_features=BUCKETS, alternate_sign=False, binary=True, token_pattern=r"[\w']+|[?!.:;,()/]+"
    )
