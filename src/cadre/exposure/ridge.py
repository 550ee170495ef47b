"""Ridge regressions over levels, each case holding one level of each factor: arrays in, arrays out."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PENALTIES = (5.0, 25.0, 120.0)
"""How hard weights are held back, weakest first; in cases of a level that would count as much as nothing."""
TRIAL_CASES, TRIAL_PARTNERS = 20_000, 3
"""Cases on which penalties are tried, and groups that each group is left out with."""
MAX_CASES = 50_000
"""Cases a model is fitted on at most, evenly spaced: more would not move a few hundred weights."""
_STEPS = 8


@dataclass(frozen=True, slots=True)
class Solved:
    """A model: `middle` + the sum of the weights of a case's levels.

    Attributes:
        weights: One a level.
        middle: Mean of the target, or its log odds.
        centre: Mean of what it expects over the cases it was fitted on.
        spread: Standard deviation of the same; 1 where there is none.
    """

    weights: Floats
    middle: float
    centre: float
    spread: float


def penalties(design: Ints, target: Floats, groups: Ints, width: int) -> dict[int, float]:
    """For each group of persons the penalty that does best without it, on the other groups held out in turn.

    Tried as a plain ridge for shares too, where a penalty means the same number of cases.

    Args:
        design: Place of each case's levels in the weights. Shape (cases, factors).
        target: One a case.
        groups: Group of persons of each case.
        width: How many weights there are.
    """
    design, target, groups = _spaced(TRIAL_CASES, design, target, groups)
    found = sorted({int(group) for group in groups})
    parts = {g: groups == g for g in found}
    grams = {g: _gram(design[mine], None, width) for g, mine in parts.items()}
    sums = {g: _sums(design[mine], target[mine], width) for g, mine in parts.items()}
    counts = {g: _sums(design[mine], np.ones(mine.sum()), width) for g, mine in parts.items()}
    losses = np.zeros((max(found) + 1, len(PENALTIES)))
    for k, one in enumerate(found):
        # Without two groups the weights are the same whichever of the two is held out; a few partners say enough.
        for other in found[k + 1 : k + 1 + TRIAL_PARTNERS]:
            train = [g for g in found if g not in {one, other}]
            if not train:
                continue
            middle = float(np.mean(target[np.isin(groups, train)]))
            gram = np.sum([grams[g] for g in train], axis=0)
            total = np.sum([sums[g] - middle * counts[g] for g in train], axis=0)
            for n, penalty in enumerate(PENALTIES):
                weights = _solve(gram + penalty * np.eye(width), total)
                for left_out, held in ((one, other), (other, one)):
                    told = middle + weights[design[parts[held]]].sum(axis=1)
                    losses[left_out, n] += float(((target[parts[held]] - told) ** 2).sum())
    usual = PENALTIES[int(np.argmin(losses.sum(axis=0)))] if losses.any() else PENALTIES[len(PENALTIES) // 2]
    return {g: PENALTIES[int(np.argmin(each))] if each.any() else usual for g, each in enumerate(losses)}


def solved(
    design: Ints, target: Floats, width: int, penalty: float, *, is_share: bool, start: Floats | None = None
) -> Solved:
    """A ridge regression, logistic for shares.

    Args:
        design: Place of each case's levels in the weights. Shape (cases, factors).
        target: One a case; 0 or 1 for a share.
        width: How many weights there are.
        penalty: How hard weights are held back.
        is_share: Whether the target is a share.
        start: Weights of the same persons to begin from; saves steps and changes nothing else.
    """
    design, target = _spaced(MAX_CASES, design, target)
    if is_share:
        middle, weights = _logistic(design, target, width, penalty, np.zeros(width) if start is None else start)
    else:
        middle, weights = _ridge(design, target, width, penalty)
    told = middle + weights[design].sum(axis=1)
    return Solved(weights, middle, float(told.mean()), float(told.std()) or 1.0)


def _spaced(most: int, *arrays: Any) -> tuple[Any, ...]:
    """The arrays, thinned evenly to at most so many cases."""
    count = len(arrays[0])
    if count <= most:
        return arrays
    kept = np.linspace(0, count - 1, most).astype(np.int64)
    return tuple(each[kept] for each in arrays)


def chances(log_odds: Floats) -> Floats:
    """Probabilities of log odds, however far from even."""
    from scipy.special import expit  # noqa: PLC0415

    return np.asarray(expit(log_odds), np.float64)


def _ridge(design: Ints, target: Floats, width: int, penalty: float) -> tuple[float, Floats]:
    middle = float(target.mean())
    normal = _gram(design, None, width) + penalty * np.eye(width)
    return middle, _solve(normal, _sums(design, target - middle, width))


def _logistic(design: Ints, target: Floats, width: int, penalty: float, weights: Floats) -> tuple[float, Floats]:
    """By Newton steps from the base rate; the middle stays the base rate's log odds."""
    share = (target.sum() + 0.5) / (len(target) + 1)
    middle = float(np.log(share / (1 - share)))
    held_back = penalty * share * (1 - share)  # so that a penalty means the same number of cases as for values
    for _ in range(_STEPS):
        chance = chances(middle + weights[design].sum(axis=1))
        slope = _sums(design, target - chance, width) - held_back * weights
        curve = _gram(design, chance * (1 - chance), width) + held_back * np.eye(width)
        step = _solve(curve, slope)
        weights = weights + step
        if np.abs(step).max() < 1e-4:
            break
    return middle, weights


def _sums(design: Ints, values: Floats, width: int) -> Floats:
    """Sum of the values of the cases of each level."""
    found = np.zeros(width)
    for column in design.T:
        found += np.bincount(column, values, minlength=width)
    return found


def _gram(design: Ints, weight: Floats | None, width: int) -> Floats:
    """Weighted counts of the cases that share each pair of levels. Shape (width, width)."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415

    count, factors = design.shape
    cells = np.ones(design.size) if weight is None else np.repeat(weight, factors)
    pointers, shape = np.arange(0, design.size + 1, factors), (count, width)
    known = csr_matrix((np.ones(design.size), design.ravel(), pointers), shape=shape)
    weighted = csr_matrix((cells, design.ravel(), pointers), shape=shape)
    return np.asarray((known.T @ weighted).toarray())


def _solve(matrix: Floats, right: Floats) -> Floats:
    from scipy.linalg import solve  # noqa: PLC0415

    return np.asarray(solve(matrix, right, assume_a="pos", check_finite=False), np.float64)


def one_thread() -> AbstractContextManager[Any]:
    """Small systems are solved sooner by one thread than by many that wait for each other."""
    import scipy.linalg  # noqa: F401, PLC0415 (a library loaded later would not be limited)
    from threadpoolctl import threadpool_limits  # noqa: PLC0415

    limits: AbstractContextManager[Any] = threadpool_limits(1)
    return limits
