"""Empirical-Bayes shrinkage of many noisy values towards the middle of their group.

Keeps true: a value with much evidence stays where it is, one with little moves to the group's middle, the interval
covers the uncertainty of both the value and the group, and a group without spread gives everybody its middle.

References:
    Morris 1983, Parametric empirical Bayes inference (the widening for an estimated variance);
    Paule and Mandel 1982 (the moment estimate of the spread between persons).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Z_90 = 1.6448536269514722
LEVEL = 0.9


@dataclass(frozen=True, slots=True)
class Shrunk:
    """Shrunken values, on the scale they came on.

    Attributes:
        value: One a person.
        low: Lower ends of 90% intervals.
        high: Upper ends.
        middle: Middle of the group.
        spread: Standard deviation between persons, beyond chance.
    """

    value: Floats
    low: Floats
    high: Floats
    middle: float
    spread: float


def between_variance(values: Floats, variances: Floats) -> float:
    """Variance between persons beyond chance (Paule-Mandel); 0 where chance explains all, or for one person."""
    count = len(values)
    if count < 2:
        return 0.0

    def excess(tau2: float) -> float:
        weights = 1 / (variances + tau2)
        middle = float((weights * values).sum() / weights.sum())
        return float((weights * (values - middle) ** 2).sum()) - (count - 1)

    if excess(0.0) <= 0:
        return 0.0
    low, high = 0.0, float(values.var() * 4 + variances.max())
    while excess(high) > 0:
        high *= 2
    for _ in range(80):
        half = (low + high) / 2
        low, high = (half, high) if excess(half) > 0 else (low, half)
    return (low + high) / 2


def within_variance(values: Floats, variances: Floats, group: NDArray[np.int64], count: int) -> float:
    """Variance between persons of one group beyond chance (Paule-Mandel, groups' middles free); 0 where chance explains all.

    Args:
        values: One a person.
        variances: Their sampling variances, above 0.
        group: Number of each person's group.
        count: Groups; fewer than persons.
    """
    free = len(values) - count

    def excess(own: float) -> float:
        weights = 1 / (variances + own)
        middles = np.bincount(group, weights * values, count) / np.bincount(group, weights, count)
        return float((weights * (values - middles[group]) ** 2).sum()) - free

    if excess(0.0) <= 0:
        return 0.0
    low, high = 0.0, float(values.var() * 4 + variances.max())
    while excess(high) > 0:
        high *= 2
    for _ in range(80):
        half = (low + high) / 2
        low, high = (half, high) if excess(half) > 0 else (low, half)
    return (low + high) / 2


def shrink(values: Floats, variances: Floats) -> Shrunk:
    """Shrink values towards their group's middle.

    Args:
        values: One a person, on a scale where they are about normal.
        variances: Their sampling variances, above 0.

    Returns:
        Shrunken values with 90% intervals; a lone person's value is left alone.
    """
    count = len(values)
    if count == 1:
        reach = Z_90 * np.sqrt(variances)
        return Shrunk(values, values - reach, values + reach, float(values[0]), 0.0)
    tau2 = between_variance(values, variances)
    weights = 1 / (variances + tau2)
    middle = float((weights * values).sum() / weights.sum())
    pull = variances / (variances + tau2)
    pull = pull * max(count - 3, 1) / max(count - 1, 1) if count > 3 else pull
    shrunk = middle + (1 - pull) * (values - middle)
    middle_variance = 1 / weights.sum()
    own = variances * (1 - pull) + pull**2 * middle_variance
    # Morris's term: what is added because the spread itself was estimated from these persons.
    unsure = 2 / max(count - 3, 1) * pull**2 * (values - middle) ** 2 if tau2 > 0 else 0.0
    reach = Z_90 * np.sqrt(own + unsure)
    return Shrunk(shrunk, shrunk - reach, shrunk + reach, middle, float(np.sqrt(tau2)))
