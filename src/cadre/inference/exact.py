"""Two shares at small n: an exact test of their being equal and an interval for their ratio that belongs to it.

Keeps true: nothing is approximated by a normal curve. All tables that could have come out are enumerated, ordered by the
score statistic, and weighed at the least favourable value of the share nobody knows. The interval leaves out a ratio
exactly where the test of that ratio rejects it, so that test and interval do not contradict each other. What the counts
mean, and how many tests were made, is left to the caller.

References:
    Barnard 1947, Significance tests for 2 x 2 tables; Suissa and Shuster 1985 (its score ordering);
    Koopman 1984; Miettinen and Nurminen 1985 (the score statistic of a ratio); Agresti and Min 2001, On small-sample
    confidence intervals (one two-sided test inverted is shorter than two one-sided); Clopper and Pearson 1934.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import inf, sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEVEL = 0.9
EXACT_TABLES = 4_000
"""Tables of a pair of groups up to which a ratio's interval is exact; above, the score interval, close at that size."""
_NUISANCE, _FINE, _RUNGS = 80, 33, 25
_EDGE = 1e-4
_TIE = 1e-9


@dataclass(frozen=True, slots=True)
class Interval:
    """Ends of an interval, and how it was made.

    Attributes:
        low: Lower end.
        high: Upper end; infinite where the counts set none.
        is_exact: Whether its coverage is guaranteed, rather than close.
    """

    low: float
    high: float
    is_exact: bool


def share_interval(count: int, people: int, level: float = LEVEL) -> Interval:
    """Clopper-Pearson interval of one share; `people` at least 1."""
    from scipy.stats import beta  # noqa: PLC0415

    tail = (1 - level) / 2
    low = float(beta.ppf(tail, count, people - count + 1)) if count else 0.0
    high = float(beta.ppf(1 - tail, count + 1, people - count)) if count < people else 1.0
    return Interval(low, high, is_exact=True)


def score(a: Floats, n_a: int, b: Floats, n_b: int, ratio: float, *, corrected: bool = False) -> Floats:
    """Score statistic of `share_a = ratio * share_b`; 0 where the counts say nothing about it.

    Args:
        a: Counts of the first group, in any shape that goes with `b`.
        n_a: People of the first group.
        b: Counts of the second group.
        n_b: People of the second group.
        ratio: The ratio that is tested, above 0.
        corrected: With Miettinen and Nurminen's factor N / (N - 1) on the variance.
    """
    people = n_a + n_b
    first, second, third = people * ratio, -(n_a * ratio + a + n_b + b * ratio), a + b
    held_b = (-second - np.sqrt(np.maximum(second**2 - 4 * first * third, 0.0))) / (2 * first)
    held_a = np.clip(ratio * held_b, 0.0, 1.0)
    held_b = np.clip(held_b, 0.0, 1.0)
    variance = held_a * (1 - held_a) / n_a + ratio**2 * held_b * (1 - held_b) / n_b
    if corrected:
        variance = variance * people / (people - 1)
    away = a / n_a - ratio * b / n_b
    return np.asarray(np.where(variance > 1e-14, away / np.sqrt(np.maximum(variance, 1e-14)), 0.0))


def ratio_p(a: int, n_a: int, b: int, n_b: int, ratio: float = 1.0) -> float:
    """Two-sided exact p-value of `share_a = ratio * share_b`; at ratio 1 Barnard's test with the pooled score.

    Args:
        a: Count of the first group, of `n_a` people.
        n_a: At least 1.
        b: Count of the second group, of `n_b` people.
        n_b: At least 1.
        ratio: The ratio that is tested, above 0.
    """
    seen = abs(float(score(np.array(float(a)), n_a, np.array(float(b)), n_b, ratio)))
    counts_a, counts_b = np.arange(n_a + 1.0)[:, None], np.arange(n_b + 1.0)[None, :]
    region = (np.abs(score(counts_a, n_a, counts_b, n_b, ratio)) >= seen * (1 - _TIE) - _TIE).astype(np.float64)
    grid = _nuisance(ratio)
    masses = _masses(region, grid, ratio, n_a, n_b)
    at = int(masses.argmax())
    # The sup over a grid is a little too low: look again between the neighbours of its best point.
    fine = np.linspace(grid[max(at - 1, 0)], grid[min(at + 1, len(grid) - 1)], _FINE)
    return min(1.0, float(max(masses.max(), _masses(region, fine, ratio, n_a, n_b).max())))


@lru_cache(maxsize=256)
def p_table(n_a: int, n_b: int, ratio: float = 1.0) -> Floats:
    """Exact p-values of all tables: rows are counts of the first group from 0, columns of the second; read-only."""
    counts_a, counts_b = np.arange(n_a + 1.0)[:, None], np.arange(n_b + 1.0)[None, :]
    extreme = np.abs(score(counts_a, n_a, counts_b, n_b, ratio)).ravel()
    order = np.argsort(-extreme, kind="stable")
    grid = _nuisance(ratio, 5 * _NUISANCE)
    best = np.zeros(len(order))
    for part in np.array_split(grid, max(1, len(grid) * len(order) // 2_000_000)):
        mass = (binomial(n_a, ratio * part)[:, :, None] * binomial(n_b, part)[:, None, :]).reshape(len(part), -1)
        best = np.maximum(best, mass[:, order].cumsum(axis=1).max(axis=0))
    # Tables as extreme as each other count together: each takes the mass up to the last of its ties.
    sorted_extreme = extreme[order]
    last = np.searchsorted(-sorted_extreme, -(sorted_extreme * (1 - _TIE) - _TIE), side="right") - 1
    flat = np.empty(len(order))
    flat[order] = np.minimum(best[last], 1.0)
    made: Floats = flat.reshape(n_a + 1, n_b + 1)
    made.setflags(write=False)
    return made


@lru_cache(maxsize=4096)
def ratio_interval(a: int, n_a: int, b: int, n_b: int, level: float = LEVEL) -> Interval:
    """Interval of `share_a / share_b`: exact up to `EXACT_TABLES` tables, the score interval above.

    Args:
        a: Count of the first group, of `n_a` people.
        n_a: At least 1.
        b: Count of the second group, of `n_b` people.
        n_b: At least 1.
        level: Level of the interval.

    Returns:
        From 0 where `a` is 0, without an upper end where `b` is 0.
    """
    if (n_a + 1) * (n_b + 1) > EXACT_TABLES:
        return score_interval(a, n_a, b, n_b, level)
    alpha = 1 - level

    def holds(ratio: float) -> bool:
        return ratio_p(a, n_a, b, n_b, ratio) > alpha

    near = score_interval(a, n_a, b, n_b, level)
    # The exact p-value is not monotone; the outermost ratio that holds is looked for from well outside the score interval.
    low = 0.0 if a == 0 else _outermost(holds, _ladder(near.low / 6, _middle(a, n_a, b, n_b)))
    high = inf if b == 0 else _outermost(holds, _ladder(near.high * 6, _middle(a, n_a, b, n_b)))
    # At 1 many tables tie, and the p-value may jump there alone: test and interval shall still agree.
    if holds(1.0):
        low, high = min(low, 1.0), max(high, 1.0)
    return Interval(low, high, is_exact=True)


def score_interval(a: int, n_a: int, b: int, n_b: int, level: float = LEVEL, *, corrected: bool = True) -> Interval:
    """Score interval of `share_a / share_b` (Miettinen and Nurminen; Koopman's where not corrected): close, not exact."""
    from scipy.stats import norm  # noqa: PLC0415

    reach = float(norm.ppf((1 + level) / 2))

    def holds(ratio: float) -> bool:
        z = score(np.array(float(a)), n_a, np.array(float(b)), n_b, ratio, corrected=corrected)
        return abs(float(z)) <= reach

    middle = _middle(a, n_a, b, n_b)
    low = 0.0 if a == 0 else _outermost(holds, _ladder(1e-6 * middle, middle))
    high = inf if b == 0 else _outermost(holds, _ladder(1e6 * middle, middle))
    return Interval(low, high, is_exact=False)


def _middle(a: int, n_a: int, b: int, n_b: int) -> float:
    """A ratio inside every interval; counts of 0 and of all are drawn in by a half."""
    return (a or 0.5) / n_a / ((b or 0.5) / n_b)


def _ladder(far: float, middle: float) -> list[float]:
    return [float(x) for x in np.geomspace(far, middle, _RUNGS)]


def _outermost(holds: Callable[[float], bool], ladder: list[float]) -> float:
    """Edge of what holds on the way in, from its outer side, to a part in ten thousand."""
    at = next((k for k, ratio in enumerate(ladder) if holds(ratio)), len(ladder) - 1)
    if at == 0:
        return ladder[0]
    out, within = ladder[at - 1], ladder[at]
    while abs(out / within - 1) > _EDGE:
        half = sqrt(out * within)
        out, within = (out, half) if holds(half) else (half, within)
    return out


def _nuisance(ratio: float, points: int = _NUISANCE) -> Floats:
    """Shares of the second group at which both shares are possible, denser towards the ends."""
    most = min(1.0, 1.0 / ratio)
    return np.asarray(most * np.sin(np.linspace(0, np.pi / 2, points + 2)[1:-1]) ** 2)


def _masses(region: Floats, shares: Floats, ratio: float, n_a: int, n_b: int) -> Floats:
    """Probability of a set of tables at each share of the second group."""
    return np.asarray(((binomial(n_a, ratio * shares) @ region) * binomial(n_b, shares)).sum(axis=1))


def binomial(people: int, shares: Floats) -> Floats:
    """Chance of each count from 0 to `people`, one row a share strictly between 0 and 1 (the ends are drawn in)."""
    counts = np.arange(people + 1.0)
    held = np.clip(shares, 1e-12, 1 - 1e-12)[:, None]
    return np.asarray(np.exp(_choices(people) + counts * np.log(held) + (people - counts) * np.log1p(-held)))


@lru_cache(maxsize=512)
def _choices(people: int) -> Floats:
    from scipy.special import gammaln  # noqa: PLC0415

    counts = np.arange(people + 1.0)
    return np.asarray(gammaln(people + 1) - gammaln(counts + 1) - gammaln(people - counts + 1))
