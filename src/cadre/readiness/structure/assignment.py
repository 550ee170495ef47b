"""Who could take which open seat: the assignment with the highest expected fit, and how often it stays the same.

A fit is a draw of readiness to lead plus how the person's kind of lead goes with what the seat asks for. Keeps true: both come
from one draw of the same competencies, so that what is unsure of one is unsure of the other; a kind that cannot be told is
drawn as unknown, never as neutral; who gets a seat in fewer than half of the draws is not called its candidate.

References:
    Kuhn 1955, The Hungarian method (through scipy.optimize.linear_sum_assignment).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cadre.readiness.competency import CRAFT, LEADING, Competence
from cadre.readiness.estimator import Floats

MATCH = 0.5
"""What one standard deviation of the wanted kind adds to a seat that asks wholly for it, in standard deviations of readiness.
A default of ours and nobody's finding; 0 leaves readiness alone."""
MOST_DRAWS = 500
HOLDS = 0.5
"""Share of draws in which somebody has to get a seat before they are called its candidate."""
NAMED = 0.05
"""Share of draws from which somebody is named among those who cannot be told apart."""
_MOST_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Place:
    """A seat and who would take it.

    Attributes:
        seat: Its key.
        person: Who gets it in the assignment of expected fits; missing where there are fewer people than seats.
        share: Share of draws in which that person gets it, 0-1.
        holds: Whether that is at least half.
        others: Who gets it how often, the most frequent first, the person among them.
        draws: Draws made.
    """

    seat: str
    person: str | None
    share: float
    holds: bool
    others: tuple[tuple[str, float], ...]
    draws: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """Draws about people, each person's readiness and kind from the same draw.

    Attributes:
        people: Keys, rows of both.
        ready: Readiness in standard deviations between people (people x draws).
        kind: Craft less leading, in standard deviations: above 0 more technical (people x draws).
    """

    people: tuple[str, ...]
    ready: Floats
    kind: Floats


def drawn(
    known: Competence, people: Sequence[str], weights: Floats, names: Sequence[str], told: frozenset[str]
) -> Drawn:
    """Draws of readiness and kind.

    Args:
        known: Competencies.
        people: Of whom; each has to be in `known`.
        weights: Draws of the weights of readiness (draws x competencies).
        names: Competencies, in the order of the weights; craft among them.
        told: People of whom the kind can be told; that of the others is drawn as unknown.
    """
    dice = np.random.default_rng(20260504)
    some = weights[:MOST_DRAWS]
    rows = np.array([known.people.index(person) for person in people], dtype=np.int64)
    mean, sd = known.means(names)[rows], np.sqrt(known.variances(names)[rows])
    unit = float(np.sqrt((weights.mean(axis=0) ** 2).sum())) or 1.0
    leading = np.array([max(float(weights[:, names.index(name)].mean()), 0.0) for name in LEADING])
    leading = leading / (float(np.sqrt((leading**2).sum())) or 1.0)
    ready = np.empty((len(rows), len(some)))
    kind = np.empty_like(ready)
    for k, weight in enumerate(some):
        each = mean + sd * dice.standard_normal(mean.shape)
        ready[:, k] = each @ weight / unit
        led = each[:, [names.index(name) for name in LEADING]] @ leading
        kind[:, k] = (each[:, names.index(CRAFT)] - led) / np.sqrt(2)
    unknown = [i for i, person in enumerate(people) if person not in told]
    kind[unknown] = dice.standard_normal((len(unknown), len(some)))
    return Drawn(tuple(people), ready, kind)


def assign(found: Drawn, seats: Mapping[str, float | None], match: float = MATCH) -> tuple[Place, ...]:
    """Who would take each seat, over all draws.

    Args:
        found: Draws about the people.
        seats: Seat -> what it asks for, 0 technical to 1 people leader; None asks for neither.
        match: What one standard deviation of the wanted kind adds.

    Returns:
        One a seat, in the order given; nobody in any where there are no people.
    """
    keys = list(seats)
    if not keys:
        return ()
    if not found.people:
        return tuple(Place(key, None, 0.0, holds=False, others=(), draws=0) for key in keys)
    wanted = np.array([0.0 if (at := seats[key]) is None else 1 - 2 * at for key in keys])
    ready, kind = np.ascontiguousarray(found.ready.T), np.ascontiguousarray(found.kind.T)
    best = _solved(ready.mean(axis=0) + match * wanted[:, None] * kind.mean(axis=0))
    count = np.zeros((len(keys), len(found.people)))
    for k in range(len(ready)):
        for seat, person in enumerate(_solved(ready[k] + match * wanted[:, None] * kind[k])):
            if person is not None:
                count[seat, person] += 1
    share = count / len(ready)
    return tuple(_place(key, found.people, best[i], share[i], len(ready)) for i, key in enumerate(keys))


def _solved(fit: Floats) -> list[int | None]:
    """Seat -> place of its person in the assignment with the highest sum."""
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 (half a second)

    few = len(fit)
    if (
        fit.shape[1] > few * few
    ):  # whoever gets a seat is among its best `few`: else one of these would be free and better
        some = np.unique(np.argpartition(-fit, few - 1, axis=1)[:, :few])
    else:
        some = np.arange(fit.shape[1])
    seats, people = linear_sum_assignment(fit[:, some], maximize=True)
    made: list[int | None] = [None] * few
    for seat, person in zip(seats.tolist(), some[people].tolist(), strict=True):
        made[seat] = person
    return made


def _place(key: str, people: Sequence[str], best: int | None, share: Floats, draws: int) -> Place:
    order = [i for i in np.argsort(-share, kind="stable").tolist() if share[i] >= NAMED or i == best]
    others = tuple((people[i], float(share[i])) for i in order[:_MOST_SHOWN])
    mine = 0.0 if best is None else float(share[best])
    return Place(key, None if best is None else people[best], mine, mine >= HOLDS, others, draws)
