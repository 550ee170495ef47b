"""The firm's own leads: what those who turned out well showed on the day they were chosen, beside those who did not, and a check.

Everything here is about groups of leads as they were known on the day of the decision. Keeps true: no figure about fewer than
`LEAST_LEADS` of a kind, so that nobody can be read off it; a check of estimates against outcomes uses weights that no outcome
here has moved. Leads are those who were chosen: what they have in common tells nothing about those who were not.

References:
    Inman and Bradley 1989 for the overlap of two normal distributions; Newcombe 2006 for the interval of an area.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from cadre.estimate import Abstained, Estimate, Measured
from cadre.inference.ranks import area, area_interval
from cadre.inference.shrinkage import LEVEL, Z_90
from cadre.readiness.estimator import Floats, ReadinessModel

LEAST_LEADS = 5
"""Leads of one kind under whom nothing is told of them."""
LEAST_CHECKED = 20
"""Outcomes under which estimates are not held against them: at twenty the interval of an area is still some .4 wide."""
DRAWS = 400
SEED = 20261121
_POINTS = np.linspace(-6.0, 6.0, 601)
_LEAST_SPREAD = 0.2

Known = Mapping[str, tuple[float, float]]
"""Competencies of one lead on the day of the decision: mean and variance; what is not there was not seen."""
Leads = Sequence[tuple[bool, Known]]
"""Whether each turned out well, and what was known."""


@dataclass(frozen=True, slots=True)
class LeaderProfile:
    """Leads of one kind.

    Attributes:
        went_well: Which kind.
        n: How many there are.
        competencies: Competency -> their mean, in standard deviations between people of one team.
    """

    went_well: bool
    n: int
    competencies: Mapping[str, Measured]


@dataclass(frozen=True, slots=True)
class Check:
    """Estimates of the day held against how it went.

    Attributes:
        n: Outcomes.
        well: How many turned out well.
        area: Of pairs of a lead who turned out well and one who did not, the share in which the estimate of the former was higher.
        gap: Share that turned out well less the share the estimates led one to expect.
    """

    n: int
    well: int
    area: Measured
    gap: Measured


def leader_profiles(leads: Leads, names: Sequence[str]) -> tuple[LeaderProfile, LeaderProfile]:
    """What leads who turned out well, and those who did not, showed on the day they were chosen.

    Args:
        leads: All with an outcome.
        names: Competencies.
    """
    made = []
    for kind in (True, False):
        own = [known for well, known in leads if well is kind]
        made.append(LeaderProfile(kind, len(own), {name: _mean(own, name) for name in names}))
    return made[0], made[1]


def check(leads: Leads, names: Sequence[str], prior: tuple[Floats, Floats]) -> Check:
    """How estimates fared.

    Args:
        leads: All with an outcome.
        names: Competencies, in the order of the weights.
        prior: Means and standard deviations of intercept and weights, as believed before any outcome.
    """
    n, well = len(leads), sum(turned for turned, _ in leads)
    few = Abstained("too few outcomes to tell", n, LEAST_CHECKED)
    if n < LEAST_CHECKED or min(well, n - well) < LEAST_LEADS:
        return Check(n, well, few, few)
    x, v = np.zeros((n, len(names))), np.ones((n, len(names)))
    for i, (_, known) in enumerate(leads):
        for k, name in enumerate(names):
            x[i, k], v[i, k] = known.get(name, (0.0, 1.0))
    turned = np.array([float(kind) for kind, _ in leads])
    model = ReadinessModel(*prior).fit(np.zeros((0, len(names))), np.zeros(0))
    chance = model.predict_proba(x, v)[:, 1]
    found = area(model.decision_function(x), turned)
    ends = area_interval(found, well, n - well, LEVEL)
    gap, reach = float(turned.mean() - chance.mean()), Z_90 * sqrt(float((chance * (1 - chance)).sum())) / n
    return Check(
        n, well, Estimate(found, min(ends.low, found), max(ends.high, found), LEVEL, n),
        Estimate(gap, gap - reach, gap + reach, LEVEL, n),
    )  # fmt: skip


def likeness(person: Known, leads: Leads, names: Sequence[str], *, went_well: bool) -> Measured:
    """How far what is known of a person overlaps with how leads of one kind are spread, 0-1, mean over competencies.

    Args:
        person: Their competencies.
        leads: All with an outcome.
        names: Competencies of leading.
        went_well: Which kind.

    Returns:
        `n` is leads of that kind; abstained under `LEAST_LEADS`, or where none of the competencies was seen of both.
    """
    own = [known for well, known in leads if well is went_well]
    if len(own) < LEAST_LEADS:
        return Abstained("too few leads turned out that way here", len(own), LEAST_LEADS)
    shared = [name for name in names if name in person and sum(name in known for known in own) >= LEAST_LEADS]
    if not shared:
        return Abstained("no competency was seen of them and of enough leads", len(own), LEAST_LEADS)
    dice = np.random.default_rng(SEED)
    found = float(np.mean([_overlap(person[name], _told(own, name)) for name in shared]))
    drawn = []
    for _ in range(DRAWS):
        again = [own[int(i)] for i in dice.integers(0, len(own), len(own))]
        drawn.append(np.mean([_overlap(person[name], told) for name in shared if len(told := _told(again, name))]))
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Estimate(found, min(float(low), found), max(float(high), found), LEVEL, len(own))


def _told(leads: Sequence[Known], name: str) -> Floats:
    """Mean and variance of each of whom it was seen (leads x 2)."""
    return np.array([known[name] for known in leads if name in known], dtype=np.float64).reshape(-1, 2)


def _mean(leads: Sequence[Known], name: str) -> Measured:
    told = _told(leads, name)
    n = len(told)
    if n < LEAST_LEADS:
        return Abstained("too few such leads", n, LEAST_LEADS)
    from scipy.stats import t  # noqa: PLC0415 (a tenth of a second)

    # Posterior means vary less than the truth; what is not known of each puts that back.
    error = sqrt((float(told[:, 0].var(ddof=1)) + float(told[:, 1].mean())) / n)
    middle, reach = float(told[:, 0].mean()), float(t.ppf((1 + LEVEL) / 2, n - 1)) * error
    return Estimate(middle, middle - reach, middle + reach, LEVEL, n)


def _overlap(person: tuple[float, float], told: Floats) -> float:
    """Area under both the person's distribution and that of the leads' true values."""
    spread = max(float(told[:, 0].var()) + float(told[:, 1].mean()), _LEAST_SPREAD**2)
    one, other = _density(person[0], person[1]), _density(float(told[:, 0].mean()), spread)
    return float(np.minimum(one, other).sum() / max(one.sum(), other.sum()))


def _density(mean: float, variance: float) -> Floats:
    made: Floats = np.exp(-0.5 * (_POINTS - mean) ** 2 / variance) / sqrt(variance)
    return made
