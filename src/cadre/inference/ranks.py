"""How well one number tells two kinds apart: the area under the curve, its interval, and what a known validity reaches.

Arrays in, arrays out. The interval is for the area of values that are given; that they were fitted is the caller's affair.

References:
    Mann and Whitney 1947; Hanley and McNeil 1982 (the variance); Newcombe 2006, Confidence intervals for an effect size
    measure based on the Mann-Whitney statistic, part 2, method 5 (the interval, which keeps inside 0 to 1 at small n).
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cadre.inference.exact import LEVEL, Interval

Floats = NDArray[np.float64]

_END = 1e-9


def areas(values: Floats, kinds: Floats) -> Floats:
    """Area under the curve of each column: the chance that one of kind 1 lies above one of kind 0, ties counting half.

    Args:
        values: People by columns.
        kinds: 0 or 1 of the same shape; each column has both.
    """
    from scipy.stats import rankdata  # noqa: PLC0415

    ranks = rankdata(values, axis=0)
    ones = kinds.sum(axis=0)
    zeros = len(kinds) - ones
    return np.asarray(((ranks * kinds).sum(axis=0) - ones * (ones + 1) / 2) / (ones * zeros))


def area(values: Floats, kinds: Floats) -> float:
    """Area under the curve of one number; 0.5 where it tells nothing."""
    return float(areas(values[:, None], kinds[:, None])[0])


def area_interval(found: float, ones: int, zeros: int, level: float = LEVEL) -> Interval:
    """Interval of an area under the curve, from how many there are of either kind (each at least 1)."""
    from scipy.optimize import brentq  # noqa: PLC0415
    from scipy.stats import norm  # noqa: PLC0415

    reach = float(norm.ppf((1 + level) / 2))

    def gap(true: float) -> float:
        return float(abs(found - true) - reach * np.sqrt(area_variance(true, ones, zeros)))

    # At 0 and 1 the variance is 0, so the value found is a root of its own: look a little inside of it.
    inside = min(max(found, _END), 1 - _END)
    low = float(brentq(gap, _END, inside)) if gap(_END) > 0 > gap(inside) else 0.0
    high = float(brentq(gap, inside, 1 - _END)) if gap(1 - _END) > 0 > gap(inside) else 1.0
    return Interval(low, high, is_exact=False)


def area_variance(true: float, ones: int, zeros: int) -> float:
    """Variance of the area found, where the true one is given and both kinds spread alike."""
    pairs = (ones + zeros) / 2 - 1
    spread = 1 + pairs * ((1 - true) / (2 - true) + true / (1 + true))
    return true * (1 - true) * spread / (ones * zeros)


@lru_cache(maxsize=64)
def densities(validity: float, share: float) -> tuple[Floats, Floats, Floats]:
    """Distribution of a normal predictor among those who turned out well and those who did not.

    Args:
        validity: Its correlation with the normal trait behind the outcome, above -1 and below 1.
        share: Share of people who turned out well, between 0 and 1.

    Returns:
        Points of the predictor, and the cumulated chance at each among the ones and the zeros.
    """
    from scipy.stats import norm  # noqa: PLC0415

    at = np.linspace(-6, 6, 2401)
    well = norm.sf((norm.isf(share) - validity * at) / np.sqrt(1 - validity**2))
    ones, zeros = (np.cumsum(norm.pdf(at) * part) for part in (well, 1 - well))
    return at, np.asarray(ones / ones[-1]), np.asarray(zeros / zeros[-1])


def area_of_validity(validity: float, share: float) -> float:
    """Area under the curve that a predictor of a given validity reaches, where `share` of people turn out well."""
    _, ones, zeros = densities(validity, share)
    return float((np.diff(ones, prepend=0.0) * (zeros - np.diff(zeros, prepend=0.0) / 2)).sum())


def areas_drawn(validity: float, share: float, ones: int, zeros: int, draws: int, dice: np.random.Generator) -> Floats:
    """Areas that a predictor of a given validity reaches by chance, with so many people of either kind."""
    at, among_ones, among_zeros = densities(validity, share)
    well = np.interp(dice.uniform(size=(ones, draws)), among_ones, at)
    badly = np.interp(dice.uniform(size=(zeros, draws)), among_zeros, at)
    kinds = np.concatenate([np.ones((ones, draws)), np.zeros((zeros, draws))])
    return areas(np.concatenate([well, badly]), kinds)
