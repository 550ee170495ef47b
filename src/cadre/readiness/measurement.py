"""What several signals say of one competency: their true values together, what a team has in common taken out, in closed form.

Of each signal a person's true value and an error of known size are seen together, and what everybody of their team has in common:
its queue, its shifts, how many ask there. No record can tell a team's work from its people's habits, so only what sets a person
apart from their own team counts as theirs. True values go together as they do in the firm, drawn towards a stated guess where few
people tell. A competency is their weighted mean; its posterior is a sum over the person's signals less their team's part, so
contributions are exact.

Keeps true: a missing signal adds nothing and widens the interval; a signal in which persons of one team do not differ beyond chance
says nothing; more evidence never widens. Which signals belong to a competency is `competency.py`'s business.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cadre.inference.shrinkage import between_variance, within_variance

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
TOGETHER = 0.3
"""Correlation of two signals of one competency, guessed: a usual size between single behaviours of one trait."""
TOGETHER_PEOPLE = 20.0
"""People that the guess counts as."""
TOGETHER_RANGE = (0.0, 0.9)
LEAST_PEOPLE = 5
"""People with a value that a scale of the firm's own needs."""
_MISSING = 1e9


@dataclass(frozen=True, slots=True)
class Measured:
    """One competency of everybody, in standard deviations between people of one team.

    Attributes:
        mean: Posterior mean, one a person.
        variance: Posterior variance; at most about 1, where nothing of them was seen.
        parts: What each signal adds to the mean (people x signals); with `team` it adds up to it.
        team: What is taken off or added for what their team has in common.
        team_variance: Part of the variance that comes from not knowing what that is; the same people meet it every time.
        reliability: Share of the differences between people with evidence that is theirs and not chance, 0-1.
        together: Correlation of signals' true parts, estimated; `TOGETHER` where there is one signal.
        seen: Signals with a value, one a person.
        used: Whether each signal tells people apart in this firm at all.
    """

    mean: Floats
    variance: Floats
    parts: Floats
    team: Floats
    team_variance: Floats
    reliability: float
    together: float
    seen: Whole
    used: NDArray[np.bool_]

    def only(self, kept: Whole) -> "Measured":
        """The same of some people, by place."""
        return replace(
            self, mean=self.mean[kept], variance=self.variance[kept], parts=self.parts[kept], team=self.team[kept],
            seen=self.seen[kept], team_variance=self.team_variance[kept],
        )  # fmt: skip


def measured(values: Floats, variances: Floats, teams: Sequence[str], weights: Sequence[float]) -> Measured:
    """Estimate one competency.

    Args:
        values: People x signals on their working scales, better upwards; NaN where missing.
        variances: Their sampling variances; NaN where missing.
        teams: Team of each person; those of whom it is not told are one.
        weights: Of the signals in the competency; signals that tell nobody apart fall out.

    References:
        Robinson 1991, That BLUP is a good thing: a person's part beside their group's, both drawn from what varies between them.
    """
    people = len(values)
    scaled = standardised(values, variances, teams)
    y, noise = scaled.values, scaled.noise
    used = np.asarray(~np.isnan(y).all(axis=0))
    if not used.any():
        nothing = np.zeros(people)
        return Measured(
            nothing,
            np.ones(people),
            np.zeros_like(values),
            nothing,
            nothing,
            0.0,
            TOGETHER,
            np.zeros(people, np.int64),
            used,
        )
    y, noise, shared, unsure = y[:, used], noise[:, used], scaled.shared[:, used], scaled.unsure[:, used]
    a = np.array(weights, dtype=np.float64)[used]
    a = a / a.sum()
    together = _together(y - shared, noise)
    truth = together + (1 - together) * np.eye(len(a))
    errors = np.where(np.isnan(y), _MISSING, noise)
    whole = truth + np.einsum("ij,jk->ijk", errors, np.eye(len(a)))
    gain = np.linalg.solve(whole, np.broadcast_to(truth @ a, (people, len(a)))[..., None])[..., 0]
    before = float(a @ truth @ a)
    own = np.maximum(before - gain @ (truth @ a), 1e-6)
    # An unseen signal has next to no gain; what is not known of its team adds nothing either.
    team_variance = (gain**2 * unsure).sum(axis=1) / before
    variance = own / before + team_variance
    unit = float(np.sqrt(before))
    some = ~np.isnan(y).all(axis=1)
    parts = np.zeros_like(values)
    parts[:, used] = gain * np.nan_to_num(y) / unit
    team = -(gain * shared).sum(axis=1) / unit
    return Measured(
        mean=team + parts.sum(axis=1),
        variance=variance,
        parts=parts,
        team=team,
        team_variance=team_variance,
        reliability=float(np.clip(1 - variance[some].mean(), 0, 1)),
        together=together,
        seen=(~np.isnan(y)).sum(axis=1),
        used=used,
    )


@dataclass(frozen=True, slots=True)
class Scaled:
    """Signals on one scale: standard deviations between people of one team, chance taken out.

    Attributes:
        values: People x signals, from the firm's middle; a signal in which they do not differ is missing for all.
        noise: Their error variances.
        shared: What each person's team has in common.
        unsure: Variance of that.
    """

    values: Floats
    noise: Floats
    shared: Floats
    unsure: Floats


def standardised(values: Floats, variances: Floats, teams: Sequence[str] = ()) -> Scaled:
    """Signals on one scale.

    Args:
        values: People x signals; NaN where missing.
        variances: Their sampling variances.
        teams: Team of each person; one for all unless given. Where hardly anybody shares a team, team and person cannot be told
            apart, and all are taken as one.

    Returns:
        With too few people, or where those of one team do not differ beyond chance, a signal is missing for all.
    """
    made = Scaled(
        np.full_like(values, np.nan), np.full_like(values, np.nan), np.zeros_like(values), np.zeros_like(values)
    )
    names = np.array(list(teams) or [""] * len(values))
    for k in range(values.shape[1]):
        some = ~np.isnan(values[:, k]) & (variances[:, k] > 0)
        if some.sum() < LEAST_PEOPLE:
            continue
        y, noise = values[some, k], variances[some, k]
        _, group = np.unique(names[some], return_inverse=True)
        if len(y) - group.max() < LEAST_PEOPLE:
            group = np.zeros(len(y), dtype=np.int64)
        count = int(group.max()) + 1
        own = within_variance(y, noise, group, count)
        if own <= 0:
            continue
        weight = 1 / (noise + own)
        held = np.bincount(group, weight, count)
        middles = np.bincount(group, weight * y, count) / held
        among = between_variance(middles, 1 / held)
        trust = 1 / (1 / held + among)
        middle = float((trust * middles).sum() / trust.sum())
        drawn = among / (among + 1 / held)
        made.values[some, k] = (y - middle) / np.sqrt(own)
        made.noise[some, k] = noise / own
        made.shared[some, k] = (drawn * (middles - middle))[group] / np.sqrt(own)
        made.unsure[some, k] = (drawn / held)[group] / own
    return made


def _together(y: Floats, noise: Floats) -> float:
    """Mean correlation of signals' true parts within teams, drawn towards `TOGETHER` as if by so many people."""
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
