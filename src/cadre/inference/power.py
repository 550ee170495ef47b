"""What so few people can show: how large a true difference between two shares must be for the exact test to find it.

Everything is enumerated: the power at a true ratio is the chance of all tables that the exact test would reject. Where
that would take too many tables, a normal approximation is used and the result says so. Assumes that people are
independent of each other; where exactly so many are chosen, power is a little different, and not reliably higher.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from cadre.inference.exact import LEVEL, binomial, p_table

Floats = NDArray[np.float64]

POWER = 0.8
"""Chance of finding a true difference that is asked for; a convention (Cohen 1988)."""
ENUMERATED_TABLES = 10_000
_STEP = 0.01


@dataclass(frozen=True, slots=True)
class Seen:
    """What a comparison of two groups could have found.

    Attributes:
        ratio: The true ratio nearest to 1 that is found with the power asked for, in hundredths rounded down; None where
            not even a share of nothing would be.
        base: Share of the other group it was asked at, 0 to 1.
        power: Chance of finding it.
        people: People of the group and of the other.
        is_exact: Whether it was enumerated.
    """

    ratio: float | None
    base: float
    power: float
    people: tuple[int, int]
    is_exact: bool


def power(n_a: int, n_b: int, base: float, ratios: Floats, level: float = LEVEL) -> Floats:
    """Chance that the exact test tells the shares apart, at each true ratio.

    Args:
        n_a: People of the group.
        n_b: People of the group it is held against.
        base: Share of the latter, 0 to 1.
        ratios: True ratios of the shares; `ratio * base` is at most 1.
        level: One minus the level of the test.
    """
    shares = np.asarray(ratios, np.float64) * base
    if (n_a + 1) * (n_b + 1) > ENUMERATED_TABLES:
        return _about(n_a, n_b, base, shares, level)
    rejected = (p_table(n_a, n_b) <= 1 - level + 1e-12).astype(np.float64)
    return np.asarray(binomial(n_a, shares) @ rejected @ binomial(n_b, np.array([base]))[0])


def smallest_ratio(n_a: int, n_b: int, base: float, level: float = LEVEL, asked: float = POWER) -> Seen:
    """The true ratio below 1 and nearest to it that would be found, with every lower one.

    Args:
        n_a: People of the group, at least 1.
        n_b: People of the group it is held against, at least 1.
        base: Share of the latter, 0 to 1.
        level: One minus the level of the test.
        asked: Power asked for.
    """
    is_exact = (n_a + 1) * (n_b + 1) <= ENUMERATED_TABLES
    ladder = np.round(np.arange(0.0, 1.0, _STEP), 2)
    misses = np.flatnonzero(power(n_a, n_b, base, ladder, level) < asked)
    found = int(misses[0]) if len(misses) else len(ladder)
    ratio = float(ladder[found - 1]) if found else None
    return Seen(ratio, base, asked, (n_a, n_b), is_exact)


def people_needed(ratio: float, base: float, level: float = LEVEL, asked: float = POWER) -> int:
    """About how many people each of two equal groups would need for a true ratio below 1 to be found (normal approximation).

    References:
        Fleiss, Levin and Paik 2003, Statistical Methods for Rates and Proportions, section 4.3.
    """
    from scipy.stats import norm  # noqa: PLC0415

    other = ratio * base
    middle = (base + other) / 2
    reach = float(norm.ppf((1 + level) / 2)) * sqrt(2 * middle * (1 - middle))
    chance = float(norm.ppf(asked)) * sqrt(base * (1 - base) + other * (1 - other))
    return int(np.ceil(((reach + chance) / (base - other)) ** 2))


def _about(n_a: int, n_b: int, base: float, shares: Floats, level: float) -> Floats:
    from scipy.stats import norm  # noqa: PLC0415

    pooled = (n_a * shares + n_b * base) / (n_a + n_b)
    under_null = np.sqrt(pooled * (1 - pooled) * (1 / n_a + 1 / n_b))
    true = np.sqrt(shares * (1 - shares) / n_a + base * (1 - base) / n_b)
    reach = norm.ppf((1 + level) / 2) * under_null
    away = np.abs(shares - base)
    return np.asarray(norm.cdf((away - reach) / np.maximum(true, 1e-12)))
