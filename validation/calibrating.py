"""Do chances hold in invented firms: of turning out above the middle before any outcome, and of turning out well after some.

Part of `recovery.py`. Before outcomes the claim is the one of the selection lens: how likely a person is to turn out above the
middle of those ranked. How they would turn out is planted: leading times the worlds' slope plus what nothing tells, over many
draws. Chances are held against that by firm, so that firms can be drawn anew.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

sys.path.insert(0, str(Path(__file__).parent))

from invented import Invented
from meeting_lead import slope
from selecting import known, standing

from cadre.readiness.estimator import ReadinessModel, logistic
from cadre.readiness.profile import VALIDITY, default_profile
from cadre.readiness.readiness import readiness
from cadre.signals import Window

OUTCOME_SLOPE = 1.6
"""Log odds of turning out well a standard deviation of leading, as the worlds have it; an average leader's is a coin toss."""
BETWEEN = {"outcome": 0.0, "outcome_between": 0.5, "outcome_far_between": 1.0}
"""Figure -> by how much firms differ in what share turns out well: not at all, as the worlds have it; as belief has it; twice that."""
STARS_SHARE = 1 / 3
"""Share of a firm that was promoted for its craft: those whose outcomes the firm knows."""
TIMES, REPEATS = 400, 10
BINS = np.array([0.3, 0.4, 0.5, 0.6, 0.7])
"""Edges of chances; without outcomes hardly any is far from one half."""
DRAWS = 500
MEASURES = ("slope", "slope_within", "gap", "error")
Floats = NDArray[np.float64]
Figure = dict[str, float | int | None]


@dataclass(frozen=True, slots=True)
class Chances:
    """What was told of some people of one firm and how they would turn out.

    Attributes:
        told: Chance of each, 0-1.
        came: How often it would come, 0-1, over what nothing tells.
        person: Number of each in the firm; a person is there once for each time outcomes were drawn.
        draw: Which drawing of outcomes each chance is of.
    """

    told: Floats
    came: Floats
    person: NDArray[np.int64]
    draw: NDArray[np.int64]


def above_middle(firm: Invented, window: Window, seed: int) -> Chances:
    """Chance of each ranked person to turn out above the middle of those ranked, and how often each would."""
    stands = standing(firm, window)
    leading = np.array([firm.truth[p]["leading"] for p in stands.order], dtype=np.float64)
    if not len(leading):
        return Chances(leading, leading, *np.zeros((2, 0), np.int64))
    dice = np.random.default_rng(seed)
    luck = dice.logistic(size=(len(leading), TIMES))
    turned = OUTCOME_SLOPE * leading[:, None] + luck
    would = (turned > np.median(turned, axis=0)).mean(axis=1)
    return Chances(1 - stands.below.mean(axis=1), would, np.arange(len(leading)), np.zeros(len(leading), np.int64))


def at_ceiling(firm: Invented, window: Window, seed: int) -> Chances:
    """The same people with the chances that their order would have if it were known to reach `VALIDITY`, the most the belief allows."""
    found, stands = above_middle(firm, window, seed), standing(firm, window)
    score = stands.means @ stands.weights.mean(axis=0)
    z = (score - np.median(score)) / (score.std() or 1.0) if len(score) else score
    return replace(found, told=ndtr(z * VALIDITY / np.sqrt(1 - VALIDITY**2)))


def after_outcomes(firm: Invented, window: Window, seed: int, between: float = 0.0) -> Chances:
    """The model fitted on how a firm's stars turned out, and the chances it tells of the others, over `REPEATS` draws of outcomes.

    Who is not ranked is told no chance, and nobody is where outcomes of one kind are too few.

    Args:
        firm: The firm.
        window: Over which it is seen.
        seed: Of the draws.
        between: Standard deviation (log odds) by which firms differ in what share turns out well; each repeat is another firm then.
    """
    known_of, profile, dice = known(firm, window), default_profile(), np.random.default_rng(seed)
    leading = OUTCOME_SLOPE * np.array([firm.truth[p]["leading"] for p in known_of.people])
    order = np.argsort(-known_of.measured["craft"].mean, kind="stable")
    stars, rest = np.split(order, [max(3, round(STARS_SHARE * len(order)))])
    x, v = known_of.means(profile.names), known_of.variances(profile.names)
    others = known_of.only(frozenset(known_of.people[i] for i in rest))
    place = {person: i for i, person in enumerate(known_of.people)}
    rows = []
    for repeat in range(REPEATS):
        well = logistic(between * dice.standard_normal() + leading)
        turned = dice.random(len(stars)) < well[stars]
        model = ReadinessModel(*profile.prior()).fit(x[stars], turned, v[stars])
        split = int(min(turned.sum(), (~turned).sum()))
        told_of = readiness(others, profile, model, outcomes_split=split).people
        rows += [(r.chance[0], well[k], k, repeat) for r in told_of if r.chance for k in [place[r.person_id]]]
    told, came, person, draw = np.array(rows, np.float64).reshape(-1, 4).T
    return Chances(told, came, person.astype(np.int64), draw.astype(np.int64))


def calibration(firms: Sequence[Chances], seed: int) -> dict[str, Figure]:
    """Slope, in the large and expected error of chances.

    Args:
        firms: One a firm; firms are drawn anew, of one firm its people.
        seed: Of the draws.

    Returns:
        `slope`: 1 where chances are neither too bold (under it) nor too shy; `slope_within`: the same of how people of one
        firm differ, whatever share of all turns out well; `gap`: mean chance less share that came; `error`: mean distance of
        chance and share over bins of chances (expected calibration error). `n` is people.
    """
    firms = [firm for firm in firms if len(firm.told)]
    if not firms:
        return {name: {"value": None, "low": None, "high": None, "n": 0} for name in MEASURES}
    p, y = (np.concatenate([getattr(firm, name) for firm in firms]) for name in ("told", "came"))
    odds = np.log(np.clip(p, 1e-4, 1 - 1e-4)) - np.log(np.clip(1 - p, 1e-4, 1 - 1e-4))
    which = np.repeat(np.arange(len(firms)), [len(firm.told) for firm in firms])
    person, draw = (np.concatenate([getattr(firm, name) for firm in firms]) for name in ("person", "draw"))
    group = which * (draw.max() + 1) + draw
    within = odds - (np.bincount(group, odds) / np.maximum(np.bincount(group), 1))[group]
    people = len(set(zip(which.tolist(), person.tolist(), strict=True)))
    unit = which if len(firms) > 1 else person
    dice, count = np.random.default_rng(seed), int(unit.max()) + 1
    weights = [np.bincount(dice.integers(0, count, count), minlength=count)[unit].astype(float) for _ in range(DRAWS)]
    measures: dict[str, Callable[[Floats], float]] = {
        "slope": lambda w: slope(odds, y, w), "slope_within": lambda w: slope(within, y, w),
        "gap": lambda w: float((w * (p - y)).sum() / w.sum()), "error": lambda w: _error(p, y, w),
    }  # fmt: skip
    made: dict[str, Figure] = {}
    for name in MEASURES:
        low, high = np.quantile([measures[name](w) for w in weights], [0.05, 0.95])
        told = measures[name](np.ones(len(p)))
        made[name] = {"value": told, "low": float(low), "high": float(high), "n": people}
    return made


def _error(p: Floats, y: Floats, w: Floats) -> float:
    place = np.digitize(p, BINS)
    apart = np.bincount(place, w * (p - y), minlength=len(BINS) + 1)
    return float(np.abs(apart).sum() / w.sum())
