"""Ridge regressions over levels, each case holding one level of each factor: arrays in, arrays out."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PENALTIES = (5.0, 25.0, 120.0)
"""How hard weights are held back, weakest first; in cases of a level that would count as much as nothing."""
TRIAL_CASES = 30_000
"""Cases on which penalties are tried."""
MAX_CASES = 200_000
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
    made: dict[int, float] = {}
    for left_out in range(max(found) + 1):
        others = [g for g in found if g != left_out]
        losses = np.zeros(len(PENALTIES))
        for held in others if len(others) > 1 else []:
            train = [g for g in others if g != held]
            middle = float(np.mean(target[np.isin(groups, train)]))
            gram, total = sum(grams[g] for g in train), sum(sums[g] - middle * counts[g] for g in train)
            for k, penalty in enumerate(PENALTIES):
                weights = np.linalg.solve(gram + penalty * np.eye(width), total)
                told = middle + weights[design[parts[held]]].sum(axis=1)
                losses[k] += float(((target[parts[held]] - told) ** 2).sum())
        made[left_out] = PENALTIES[int(np.argmin(losses))] if losses.any() else PENALTIES[len(PENALTIES) // 2]
    return made


def solved(design: Ints, target: Floats, width: int, penalty: float, *, is_share: bool) -> Solved:
    """A ridge regression, logistic for shares.

    Args:
        design: Place of each case's levels in the weights. Shape (cases, factors).
        target: One a case; 0 or 1 for a share.
        width: How many weights there are.
        penalty: How hard weights are held back.
        is_share: Whether the target is a share.
    """
    design, target = _spaced(MAX_CASES, design, target)
    middle, weights = (_logistic if is_share else _ridge)(design, target, width, penalty)
    told = middle + weights[design].sum(axis=1)
    return Solved(weights, middle, float(told.mean()), float(told.std()) or 1.0)


def _spaced(most: int, *arrays: Any) -> tuple[Any, ...]:
    """The arrays, thinned evenly to at most so many cases."""
    count = len(arrays[0])
    if count <= most:
        return arrays
    kept = np.linspace(0, count - 1, most).astype(np.int64)
    return tuple(each[kept] for each in arrays)


def _ridge(design: Ints, target: Floats, width: int, penalty: float) -> tuple[float, Floats]:
    middle = float(target.mean())
    normal = _gram(design, None, width) + penalty * np.eye(width)
    return middle, np.asarray(np.linalg.solve(normal, _sums(design, target - middle, width)), np.float64)


def _logistic(design: Ints, target: Floats, width: int, penalty: float) -> tuple[float, Floats]:
    """By Newton steps from the base rate; the middle stays the base rate's log odds."""
    share = (target.sum() + 0.5) / (len(target) + 1)
    middle = float(np.log(share / (1 - share)))
    held_back = penalty * share * (1 - share)  # so that a penalty means the same number of cases as for values
    weights = np.zeros(width)
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-(middle + weights[design].sum(axis=1))))
        slope = _sums(design, target - chance, width) - held_back * weights
        curve = _gram(design, chance * (1 - chance), width) + held_back * np.eye(width)
        step = np.linalg.solve(curve, slope)
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
