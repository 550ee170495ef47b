"""Many looks at once: several tests of one thing made one, and how many of those that pass may be chance.

References:
    Liu and Xie 2020, Cauchy combination test (valid at small p-values however the tests hang together);
    Fang, Tseng and Chang 2023, Heavy-tailed distribution for combining dependent p-values (why it is cut near 1);
    Benjamini and Hochberg 1995, Controlling the false discovery rate.
"""

from collections.abc import Sequence
from math import atan, pi, tan

import numpy as np
from numpy.typing import NDArray

_LEAST, _MOST = 1e-15, 0.99
"""A p-value is cut to these: one near 1 would outweigh any number of small ones."""


def combined(p_values: Sequence[float]) -> float:
    """One p-value for several tests of one thing, with equal weights; small where any of them is.

    Args:
        p_values: At least one, each between 0 and 1; they may depend on each other in any way.
    """
    kept = [min(max(p, _LEAST), _MOST) for p in p_values]
    if len(kept) == 1:
        return kept[0]
    # Near 0 the tangent is 1 / (pi p); asking for it directly would lose the digits.
    total = sum(1 / (pi * p) if p < 1e-8 else tan((0.5 - p) * pi) for p in kept) / len(kept)
    return atan(1 / total) / pi if total > 1 else 0.5 - atan(total) / pi


def adjusted(p_values: Sequence[float]) -> NDArray[np.float64]:
    """Benjamini-Hochberg q-values, in the order of the tests; none for none.

    Who keeps the tests with q at most 0.1 has at most a tenth of chance finds among them, on average.
    """
    if not len(p_values):
        return np.empty(0)
    from scipy.stats import false_discovery_control  # noqa: PLC0415

    return np.asarray(false_discovery_control(np.asarray(p_values, np.float64), method="bh"), np.float64)
