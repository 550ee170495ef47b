"""How two columns of people go together, with an interval: by Fisher's z, or by drawing people anew where their rows hang together.

Arrays in, arrays out. Values are put on normal scores first, so that one person far out cannot make or break a correlation.

References:
    Fisher 1921 (the interval); Blom 1958 (the scores); Spearman 1910 and Brown 1910 (two halves of one record);
    Efron and Tibshirani 1993, ch. 13 (percentiles of people drawn anew).
"""

from math import atanh, sqrt, tanh

import numpy as np
from numpy.typing import NDArray

from cadre.estimate import Estimate
from cadre.inference.shrinkage import LEVEL, Z_90

Floats = NDArray[np.float64]
LEAST = 8
"""People under whom a correlation tells nothing: at eight the interval of a true zero spans more than one, -.6 to .6."""
DRAWS = 1000
_MOST = 0.9999


def normal_scores(values: Floats) -> Floats:
    """Ranks as standard normal quantiles, ties sharing their middle; nothing missing."""
    from scipy.special import ndtri  # noqa: PLC0415 (a tenth of a second)
    from scipy.stats import rankdata  # noqa: PLC0415

    return np.asarray(ndtri((rankdata(values) - 3 / 8) / (len(values) + 1 / 4)))


def correlation(one: Floats, other: Floats, *, lost: int = 0) -> Estimate | None:
    """Correlation of normal scores with its 90% interval.

    Args:
        one: One value a person.
        other: The same people's other value.
        lost: Degrees of freedom that went into means taken off both before.

    Returns:
        None under `LEAST` people beyond those lost, or where one side does not vary.
    """
    if len(one) - lost < LEAST or np.ptp(one) == 0 or np.ptp(other) == 0:
        return None
    r = float(np.clip(np.corrcoef(normal_scores(one), normal_scores(other))[0, 1], -_MOST, _MOST))
    reach = Z_90 / sqrt(len(one) - lost - 3)
    return Estimate(r, tanh(atanh(r) - reach), tanh(atanh(r) + reach), LEVEL, len(one))


def of_whole(half: Estimate) -> Estimate:
    """Reliability of a whole from the correlation of its halves; one below zero is left as it is, since no whole has it."""

    def corrected(r: float) -> float:
        return 2 * r / (1 + r) if r > 0 else r

    return Estimate(corrected(half.value), corrected(half.low), corrected(half.high), half.level, half.n)


def clustered(one: Floats, other: Floats, people: NDArray[np.int64], seed: int) -> Estimate | None:
    """Correlation over pairs of which one person may have several; people, not pairs, are drawn anew for the interval.

    Args:
        one: First of each pair, on a scale that is about normal.
        other: Second of each pair.
        people: Whose pair it is, as a number.
        seed: Of the draws.

    Returns:
        None under `LEAST` people, or where one side does not vary. `n` is people.
    """
    _, place = np.unique(people, return_inverse=True)
    count = int(place.max()) + 1 if len(place) else 0
    if count < LEAST or np.ptp(one) == 0 or np.ptp(other) == 0:
        return None
    terms = (np.ones_like(one), one, other, one * one, other * other, one * other)
    sums = np.array([np.bincount(place, term, count) for term in terms])
    drawn = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=DRAWS)
    found = float(_of_sums(sums.sum(axis=1)))
    many = _of_sums(sums @ drawn.T)
    low, high = np.quantile(many[np.isfinite(many)], [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Estimate(found, min(float(low), found), max(float(high), found), LEVEL, count)


def _of_sums(sums: Floats) -> Floats:
    n, x, y, xx, yy, xy = sums
    with np.errstate(invalid="ignore", divide="ignore"):
        made: Floats = (n * xy - x * y) / np.sqrt((n * xx - x * x) * (n * yy - y * y))
    return made
