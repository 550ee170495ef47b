"""The selection lens: whom a rule would choose, and how many of those the model would expect below the firm's middle as leads.

A rule is an order of people. Keeps true: the same draws judge every rule, so that rules are compared and not luck; an expected
share counts what is not known of people and what no competency tells, and its interval what is not known of the weights. It is
what the model expects, which is no more than the model knows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cadre.inference.shrinkage import LEVEL
from cadre.readiness.competency import CRAFT, LEADING, Competence
from cadre.readiness.estimator import Floats
from cadre.readiness.readiness import Standing


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whom one rule would choose.

    Attributes:
        rule: Its name.
        people: Keys, the first choice first; empty for a choice by lot.
        value: Expected share of below-median leads among them, 0-1.
        low: Lower end of the 90% interval.
        high: Upper end.
        n: People chosen.
    """

    rule: str
    people: tuple[str, ...]
    value: float
    low: float
    high: float
    n: int


def chosen(standing: Standing, rules: Mapping[str, Sequence[str]], count: int) -> tuple[Chosen, ...]:
    """What each rule would do with so many seats.

    Args:
        standing: Readiness of everybody; people it does not rank can be chosen by no rule.
        rules: Name -> people in the order the rule takes them.
        count: Seats.

    Returns:
        One a rule with enough people, and `lot` last.
    """
    place = {person: i for i, person in enumerate(standing.order)}
    made = []
    for name, order in rules.items():
        people = [person for person in order if person in place][:count]
        if len(people) == count and count:
            share = standing.below[[place[person] for person in people]].mean(axis=0)
            low, high = np.quantile(share, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
            made.append(Chosen(name, tuple(people), float(share.mean()), float(low), float(high), count))
    if standing.ranked >= count > 0:
        share = standing.below.mean(axis=0)  # by lot everybody is as likely
        low, high = np.quantile(share, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        made.append(Chosen("lot", (), float(share.mean()), float(low), float(high), count))
    return tuple(made)


@dataclass(frozen=True, slots=True)
class LeaderType:
    """Where a person stands between technical and people leader.

    Attributes:
        person_id: Whose.
        value: Craft less leading, in standard deviations of that difference: above 0 more technical. None where abstained.
        low: Lower end of the 90% interval.
        high: Upper end.
        reason: Why there is none.
    """

    person_id: str
    value: float | None
    low: float | None
    high: float | None
    reason: str | None


LEAST_SEEN = 0.3
"""Share of an axis that evidence must settle: people-leaders' work leaves fewer rows, so an unseen side is no weak side."""


def leader_types(known: Competence, weights: Mapping[str, float]) -> tuple[LeaderType, ...]:
    """Craft against leading of everybody.

    Args:
        known: Competencies.
        weights: Competency of leading -> weight, as in the profile.
    """
    w = np.array([max(weights.get(name, 0.0), 0.0) for name in LEADING])
    w = w / (w.sum() or 1.0)
    leading, unsure = known.means(LEADING) @ w, known.variances(LEADING) @ w**2
    whole = float((w**2).sum()) or 1.0
    unit = np.sqrt(whole)  # so that both sides weigh alike
    craft, craft_unsure = known.measured[CRAFT].mean, known.measured[CRAFT].variance
    apart = (craft - leading / unit) / np.sqrt(2)
    reach = 1.6448536269514722 * np.sqrt((craft_unsure + unsure / whole) / 2)
    made = []
    for i, person in enumerate(known.people):
        if 1 - craft_unsure[i] < LEAST_SEEN or 1 - unsure[i] / whole < LEAST_SEEN:
            made.append(
                LeaderType(person, None, None, None, "one of the two sides left too little trace to compare them")
            )
        else:
            value, by = float(apart[i]), float(reach[i])
            made.append(LeaderType(person, value, value - by, value + by, None))
    return tuple(made)


def would_narrow(
    known: Competence, person: str, names: Sequence[str], weights: Floats, sds: Floats
) -> dict[str, float]:
    """What keeps an estimate wide: share of its variance by competency not seen well, and `weights` not known well; sums to 1.

    Args:
        known: Competencies.
        person: Whose.
        names: Competencies, in the order of the weights.
        weights: Posterior means, the intercept left out.
        sds: Posterior standard deviations, likewise.
    """
    i = known.people.index(person)
    mean = np.array([known.measured[name].mean[i] for name in names])
    variance = np.array([known.measured[name].variance[i] for name in names])
    seen = (weights**2 + sds**2) * variance
    believed = sds**2 * mean**2
    whole = float((seen + believed).sum()) or 1.0
    return {**{n: float(s / whole) for n, s in zip(names, seen, strict=True)}, "weights": float(believed.sum() / whole)}
