"""The leader profile: how much each competency is believed to matter before a firm has outcomes of its own.

Keeps true: all weights together can never claim more than the best selection methods reach; what only an invented firm has
shown weighs near nothing; craft is believed to add nothing to leading. Every number here has its source beside it and can
be changed one at a time on the page of prior sensitivity.

References:
    Sackett, Zhang, Berry, Lievens 2022: even the best selection methods have validities around .4.
    Dawes 1979: with few outcomes equal weights beat fitted ones.
    Benson, Li, Shue 2019: best sellers promoted; their teams' results fell as their own prior sales rose.
    Judge, Piccolo, Ilies 2004: consideration and initiating structure both go with leaders' results.
    Hogan, Hogan, Kaiser 2011: published shares of managers who fail lie between 30 and 67%, 47% in the mean; as others
    summarise the chapter, which was not read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import pi, sqrt

import numpy as np
from numpy.typing import NDArray

from cadre.readiness.competency import COMPETENCIES, CRAFT, GRADE_WEIGHT, LEADING, Grade
from cadre.signals import SIGNALS

Floats = NDArray[np.float64]
VALIDITY = 0.40
"""Correlation with later success that the best methods reach; all weights together stay under it."""
GOING_TOGETHER = 0.3
"""Correlation of competencies, guessed: scales the weights, and says how far one that is read speaks for those that are not."""
BELIEF: Mapping[Grade, tuple[float, float]] = {
    "A": (GRADE_WEIGHT["A"], 0.4),
    "B": (GRADE_WEIGHT["B"], 0.5),
    "C": (GRADE_WEIGHT["C"], 0.3),
}
"""Grade -> (mean, sd) of how far a competency's signals tell it: A shown on a real outcome, B on a proxy, C invented data only.
Wide enough that some dozens of a firm's own outcomes move it."""
INTERCEPT = (0.0, 0.5)
"""Log odds that somebody in the middle of the firm turns out well: mean and sd between firms. Even odds, and nine firms in ten
between 31 and 69%, as published shares of managers who do not fail are spread (33 to 70%: Hogan, Hogan, Kaiser 2011)."""


def full_weight() -> float:
    """Log odds a standard deviation of one competency, if all of them together reached `VALIDITY`.

    A latent logistic outcome has variance pi^2/3; a predictor with variance v correlates sqrt(v / (v + pi^2/3)) with it.
    """
    count = len(LEADING)
    spread = VALIDITY**2 / (1 - VALIDITY**2) * pi**2 / 3
    return sqrt(spread / (count + count * (count - 1) * GOING_TOGETHER))


@dataclass(frozen=True, slots=True)
class Weight:
    """What is believed of one competency.

    Attributes:
        competency: Its name.
        grade: Best grade among its signals.
        mean: Log odds a standard deviation.
        sd: How sure.
    """

    competency: str
    grade: Grade
    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class Profile:
    """What a good lead is believed to show.

    Attributes:
        name: Key.
        about: In one sentence, with what it assumes.
        weights: One a competency, craft last.
        intercept: Mean and sd of the log odds in the middle.
    """

    name: str
    about: str
    weights: tuple[Weight, ...]
    intercept: tuple[float, float] = INTERCEPT

    @property
    def names(self) -> tuple[str, ...]:
        """Competencies, in the order of the weights."""
        return tuple(weight.competency for weight in self.weights)

    def prior(self) -> tuple[Floats, Floats]:
        """Means and standard deviations, the intercept first."""
        means = [self.intercept[0], *(w.mean for w in self.weights)]
        return np.array(means), np.array([self.intercept[1], *(w.sd for w in self.weights)])


def carried(trust: Floats) -> Floats:
    """Weights of competencies as they are read, when all that is meant by them matters alike and fully.

    A reading goes with what it reads by a correlation, its trust; competencies go together by `GOING_TOGETHER`. So one that is
    read well also tells something of those that are not, and a weight is what a reading tells of all of them together.

    Args:
        trust: Of each competency of leading, 0-1.

    Returns:
        Log odds a standard deviation; `full_weight` each where all are trusted fully. What is told by no reading counts as
        chance, so that the validity claimed grows with trust and never passes `VALIDITY`.

    References:
        Regression on fallible measures: Fuller 1987, Measurement Error Models, ch. 1.
    """
    count, full, chance = len(trust), full_weight(), pi**2 / 3
    among = GOING_TOGETHER * np.outer(trust, trust)
    np.fill_diagonal(among, 1.0)
    shared = full * trust * (1 + GOING_TOGETHER * (count - 1))
    slopes = np.linalg.solve(among, shared)
    whole = full**2 * (count + count * (count - 1) * GOING_TOGETHER)
    left = max(whole - float(shared @ slopes), 0.0)
    told: Floats = np.asarray(slopes * sqrt(chance / (chance + left)), dtype=np.float64)
    return told


def grade_of(competency: str) -> Grade:
    """The best grade among a competency's signals: one that was validated carries it."""
    signals = next(c.signals for c in COMPETENCIES if c.name == competency)
    grades = {s.name: s.grade for s in SIGNALS if not s.is_experimental}
    found = sorted(grades[name] for name in signals if name in grades)
    return found[0] if found else "C"


def default_profile(grades: Mapping[str, Grade] | None = None) -> Profile:
    """The profile a firm starts with.

    Args:
        grades: Competency -> grade in place of today's, for studies of what a grade is worth.
    """
    told = {name: (grades or {}).get(name) or grade_of(name) for name in (*LEADING, CRAFT)}
    trust, doubt = np.array([BELIEF[told[name]] for name in LEADING]).T
    means = carried(trust)
    sds = doubt * means / trust
    weights = [
        Weight(name, told[name], mean, sd) for name, mean, sd in zip(LEADING, means.tolist(), sds.tolist(), strict=True)
    ]
    craft = Weight(CRAFT, told[CRAFT], 0.0, BELIEF[told[CRAFT]][1] * full_weight())
    return Profile(
        "default",
        "All competencies of leading matter alike as far as their signals were validated; craft adds nothing to leading.",
        (*weights, craft),
    )


def variants() -> tuple[Profile, ...]:
    """The default and other beliefs a careful reader could hold, for prior sensitivity."""
    default = default_profile()
    full = full_weight()
    alike = tuple(replace(w, mean=0.0 if w.competency == CRAFT else full, sd=0.5 * full) for w in default.weights)
    doubtful = tuple(replace(w, mean=w.mean / 2) for w in default.weights)
    most = max(default.weights, key=lambda w: w.mean)
    starred = tuple(replace(w, mean=most.mean, sd=most.sd) if w.competency == CRAFT else w for w in default.weights)
    return (
        default,
        Profile("alike", "All competencies of leading matter fully and alike, whatever was validated.", alike),
        Profile("doubtful", "Every weight of the default is half as large.", doubtful),
        Profile("craft", "The default, and craft matters as much as any competency of leading.", starred),
    )
