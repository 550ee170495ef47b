"""What several signals say of one competency: their true values together, with role as group, in closed form.

Of each signal a person's true value and an error of known size are seen together. True values differ around the middle of the
role and go together as they do in the firm, drawn towards a stated guess where few people tell. A competency is their weighted
mean; its posterior is a sum over the person's signals plus a pull to the middle of their role, so contributions are exact.

Keeps true: a missing signal adds nothing and widens the interval; a signal in which persons do not differ beyond chance says
nothing; more evidence never widens. Which signals belong to a competency is `competency.py`'s business.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cadre.inference.shrinkage import between_variance, shrink

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
TOGETHER = 0.3
"""Correlation of two signals of one competency, guessed: a usual size between single behaviours of one trait."""
TOGETHER_PEOPLE = 20.0
"""People that the guess counts as."""
TOGETHER_RANGE = (0.0, 0.9)
LEAST_PEOPLE = 5
"""People with a value that a scale of the firm's own needs."""
_LEAST_WITHIN = 0.1
"""Share of the differences that are at least within roles, so that a role never explains a person away."""
_MISSING = 1e9


@dataclass(frozen=True, slots=True)
class Measured:
    """One competency of everybody, in standard deviations between the firm's people.

    Attributes:
        mean: Posterior mean, one a person.
        variance: Posterior variance; at most about 1, where nothing of them was seen.
        parts: What each signal adds to the mean (people x signals); with `role` it adds up to it.
        role: What the middle of the role adds.
        reliability: Share of the differences between people with evidence that is theirs and not chance, 0-1.
        together: Correlation of signals' true parts, estimated; `TOGETHER` where there is one signal.
        seen: Signals with a value, one a person.
        used: Whether each signal tells people apart in this firm at all.
    """

    mean: Floats
    variance: Floats
    parts: Floats
    role: Floats
    reliability: float
    together: float
    seen: Whole
    used: NDArray[np.bool_]

    def only(self, kept: Whole) -> "Measured":
        """The same of some people, by place."""
        return replace(
            self, mean=self.mean[kept], variance=self.variance[kept], parts=self.parts[kept], role=self.role[kept],
            seen=self.seen[kept],
        )  # fmt: skip


def measured(values: Floats, variances: Floats, roles: Sequence[str], weights: Sequence[float]) -> Measured:
    """Estimate one competency.

    Args:
        values: People x signals on their working scales, better upwards; NaN where missing.
        variances: Their sampling variances; NaN where missing.
        roles: Role of each person; empty where it is not told.
        weights: Of the signals in the competency; signals that tell nobody apart fall out.

    References:
        Morris 1983 for shrinkage to a group; the posterior is that of a normal model with known errors.
    """
    people = len(values)
    y, noise = standardised(values, variances)
    used = np.asarray(~np.isnan(y).all(axis=0))
    if not used.any():
        nothing = np.zeros(people)
        return Measured(
            nothing, np.ones(people), np.zeros_like(values), nothing, 0.0, TOGETHER, np.zeros(people, np.int64), used
        )
    y, noise = y[:, used], noise[:, used]
    a = np.array(weights, dtype=np.float64)[used]
    a = a / a.sum()
    middles, middle_variances, within = _by_role(y, noise, roles)
    together = _together((y - middles) / np.sqrt(within), noise / within)
    spread = np.sqrt(within)
    truth = np.outer(spread, spread) * (together + (1 - together) * np.eye(len(a)))
    errors = np.where(np.isnan(y), _MISSING, noise)
    whole = truth + np.einsum("ij,jk->ijk", errors, np.eye(len(a)))
    gain = np.linalg.solve(whole, np.broadcast_to(truth @ a, (people, len(a)))[..., None])[..., 0]
    before = float(a @ truth @ a)
    own = np.maximum(before - gain @ (truth @ a), 1e-6)
    role = middles @ a - (gain * middles).sum(axis=1)
    variance = own + ((a - gain) ** 2 * middle_variances).sum(axis=1)
    unit = float(np.sqrt(before + np.var(middles @ a)))
    some = ~np.isnan(y).all(axis=1)
    parts = np.zeros_like(values)
    parts[:, used] = gain * np.nan_to_num(y) / unit
    return Measured(
        mean=(role + (gain * np.nan_to_num(y)).sum(axis=1)) / unit,
        variance=variance / unit**2,
        parts=parts,
        role=role / unit,
        reliability=float(np.clip(1 - (variance[some] / unit**2).mean(), 0, 1)),
        together=together,
        seen=(~np.isnan(y)).sum(axis=1),
        used=used,
    )


def standardised(values: Floats, variances: Floats) -> tuple[Floats, Floats]:
    """Signals from the firm's middle in standard deviations between people, chance taken out; and their error variances.

    A signal with too few people, or in which they do not differ beyond chance, is missing for all.
    """
    y, noise = np.full_like(values, np.nan), np.full_like(values, np.nan)
    for k in range(values.shape[1]):
        some = ~np.isnan(values[:, k]) & (variances[:, k] > 0)
        if some.sum() < LEAST_PEOPLE:
            continue
        between = between_variance(values[some, k], variances[some, k])
        if between <= 0:
            continue
        weight = 1 / (variances[some, k] + between)
        middle = (weight * values[some, k]).sum() / weight.sum()
        y[some, k] = (values[some, k] - middle) / np.sqrt(between)
        noise[some, k] = variances[some, k] / between
    return y, noise


def _by_role(y: Floats, noise: Floats, roles: Sequence[str]) -> tuple[Floats, Floats, Floats]:
    """Middle of each person's role in each signal, its variance, and each signal's variance within roles."""
    middles, unsure = np.zeros_like(y), np.zeros_like(y)
    within = np.ones(y.shape[1])
    names = sorted(set(roles))
    mine = {name: np.array([role == name for role in roles]) for name in names}
    for k in range(y.shape[1]):
        told = {name: mine[name] & ~np.isnan(y[:, k]) for name in names}
        held = [name for name in names if told[name].any()]
        if len(held) > 1:
            weights = [1 / (noise[told[name], k] + 1) for name in held]
            means = [float((w * y[told[name], k]).sum() / w.sum()) for name, w in zip(held, weights, strict=True)]
            errors = np.array([1 / w.sum() for w in weights])
            drawn = shrink(np.array(means), errors)
            spread = drawn.spread**2
            for name, value, error in zip(held, drawn.value, errors, strict=True):
                middles[mine[name], k] = value
                unsure[mine[name], k] = error * spread / (error + spread)
        some = ~np.isnan(y[:, k])
        within[k] = np.clip(between_variance(y[some, k] - middles[some, k], noise[some, k]), _LEAST_WITHIN, 1.5)
    return middles, unsure, within


def _together(y: Floats, noise: Floats) -> float:
    """Mean correlation of signals' true parts within roles, drawn towards `TOGETHER` as if by so many people."""
    products = weights = 0.0
    for a in range(y.shape[1]):
        for b in range(a):
            both = ~np.isnan(y[:, a]) & ~np.isnan(y[:, b])
            if both.any():
                weight = 1 / ((1 + noise[both, a]) * (1 + noise[both, b]))
                products += float((weight * y[both, a] * y[both, b]).sum())
                weights += float(weight.sum())
    found = (products + TOGETHER_PEOPLE * TOGETHER) / (weights + TOGETHER_PEOPLE)
    return float(np.clip(found, *TOGETHER_RANGE))
