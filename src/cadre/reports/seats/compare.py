"""Compare: two to four released people side by side, what differs between them, and what cannot be told apart.

Keeps true: everybody shown passes the release rule for the purpose asked; every number has its interval and n on one scale; who
is higher is said only from 95 in 100 on, and of an order the chance that it is this one. Nobody is recommended.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from math import erf, sqrt
from typing import Any

import numpy as np
from sqlalchemy.orm import Session, sessionmaker

from cadre.errors import UsageError
from cadre.estimate import Abstained, Estimate, Measured
from cadre.readiness.competency import COMPETENCIES
from cadre.readiness.readiness import APART
from cadre.records import Firm
from cadre.reports.head import head
from cadre.reports.readiness import Prepared, prepared
from cadre.reports.release import CANDIDATE, READINESS, Gate, HeldBack, Withheld, purpose_word, release_persons
from cadre.reports.roster import Staff, staff
from cadre.reports.seats.seat import competencies_of
from cadre.reports.seats.seats import open_contests, outcomes
from cadre.reports.seats.selection import leaning, readiness_of
from cadre.warehouse import Snapshot

LEAST, MOST = 2, 4
FOR_A_SEAT = "selection_for_seat"
_MOST_ORDERS = 3


@dataclass(frozen=True, slots=True)
class Compared:
    """One of those compared.

    Attributes:
        person: Who.
        estimate: Readiness in standard deviations, or why there is none.
        kind: Between technical and people leader, in words.
        contested: Rows of theirs that they contested and nobody has answered yet.
    """

    person: Staff
    estimate: Measured
    kind: str
    contested: int


@dataclass(frozen=True, slots=True)
class Line:
    """One competency of everybody.

    Attributes:
        name: Key.
        label: As shown.
        behaviour: What is meant.
        measured: Person -> estimate in standard deviations, or why there is none.
        apart: (higher, lower, chance) of every pair that can be told apart, the surest first.
    """

    name: str
    label: str
    behaviour: str
    measured: Mapping[str, Measured]
    apart: tuple[tuple[str, str, float], ...]

    @property
    def can_be_told(self) -> bool:
        """Whether at least two have evidence of it."""
        return sum(isinstance(m, Estimate) for m in self.measured.values()) > 1


@dataclass(frozen=True, slots=True)
class CompareReport:
    """People side by side.

    Attributes:
        firm: The firm.
        purpose: The word to show; empty for a firm's own workspace.
        as_of: When the record was last changed.
        asked: How many were asked for.
        people: Those who are open, in the order asked.
        lines: Competencies.
        orders: (people, chance), the likeliest orders by readiness of those placed; none of fewer than two.
        above: Two people -> chance that the first stands above the second, for pairs in the order asked.
        held: Who is not released, counted.
        withheld: Why nobody is; None where somebody is.
        choices: Others who could be put beside them, by name.
        outcomes: Outcomes of the firm's own behind the estimates.
    """

    firm: Firm
    purpose: str
    as_of: datetime | None
    asked: int
    people: tuple[Compared, ...]
    lines: tuple[Line, ...]
    orders: tuple[tuple[tuple[str, ...], float], ...]
    above: Mapping[tuple[str, str], float]
    held: tuple[HeldBack, ...]
    withheld: Withheld | None
    choices: tuple[Staff, ...]
    outcomes: int

    @property
    def names(self) -> dict[str, str]:
        """Key -> name of those compared."""
        return {each.person.person_id: each.person.name for each in self.people}

    @property
    def apart(self) -> tuple[tuple[str, str], ...]:
        """Pairs told apart in readiness, the higher first."""
        ways = [(pair, chance) for pair, chance in self.above.items()]
        ways += [((b, a), 1 - chance) for (a, b), chance in self.above.items()]
        return tuple(pair for pair, chance in ways if chance >= APART)

    @property
    def headline(self) -> str:
        """What can be said of them, in one sentence."""
        if self.withheld or not self.people:
            return "Nobody of them can be shown yet" if self.asked else "Choose two to four people"
        if len(self.people) < LEAST:
            return "One person alone cannot be compared"
        if not self.above:
            return "Too little was seen to place them beside each other"
        if not self.apart:
            return "These people cannot be told apart in readiness to lead"
        if len(self.above) == 1:
            higher, lower = self.apart[0]
            return f"{self.names[higher]} stands above {self.names[lower]} in readiness to lead"
        return f"{len(self.apart)} of {len(self.above)} pairs can be told apart"

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            **head(self.firm, self.purpose),
            "headline": self.headline,
            "people": [
                {"person_id": c.person.person_id, "name": c.person.name, "role": c.person.role,
                 "readiness": c.estimate.json(), "kind": c.kind, "contested_rows_open": c.contested} for c in self.people
            ],
            "competencies": [
                {"name": line.name, "measured": {who: m.json() for who, m in line.measured.items()},
                 "apart": [{"higher": a, "lower": b, "chance": c} for a, b, c in line.apart]} for line in self.lines
            ],
            "orders": [{"people": list(order), "chance": chance} for order, chance in self.orders],
            "above": [{"first": a, "second": b, "chance": chance} for (a, b), chance in self.above.items()],
            "outcomes": self.outcomes,
            "held": [each.json() for each in self.held],
            "withheld": self.withheld.json() if self.withheld else None,
        }  # fmt: skip


def compare(gate: Gate, snapshot: Snapshot, sessions: sessionmaker[Session], people: Sequence[str]) -> CompareReport:
    """People side by side.

    Args:
        gate: Who asks; as candidates where the purpose is a seat, else as their readiness is opened.
        snapshot: The record.
        sessions: Sessions on the database of decisions.
        people: Keys of two to four; none asks only who could be chosen.

    Raises:
        UsageError: There are more, or one alone.
    """
    wanted = list(dict.fromkeys(people))
    if wanted and not LEAST <= len(wanted) <= MOST:
        raise UsageError(f"{LEAST} to {MOST} people are compared, and {len(wanted)} were named",
                         hint="Name two to four.")  # fmt: skip
    kind = CANDIDATE if gate.asker.purpose == FOR_A_SEAT else READINESS
    here = {s.person_id: s for s in staff(snapshot) if s.left_on is None}
    turned = outcomes(sessions)
    told = release_persons(gate, prepared(snapshot, turned), wanted, lambda ready, some: ready.only(some), kind=kind)
    ready, shown = told.content, [p for p in wanted if p in told.open and p in here]
    shut = gate.withheld(here, kind=kind)  # asking opens nothing
    waiting = open_contests(sessions, shown)
    return CompareReport(
        firm=snapshot.firm,
        purpose=purpose_word(snapshot.firm),
        as_of=snapshot.manifest.made_at,
        asked=len(wanted),
        people=tuple(_compared(here[p], ready, waiting.get(p, 0)) for p in shown),
        lines=_lines(ready, shown),
        orders=_orders(ready, shown),
        above=_above(ready, shown),
        held=told.held,
        withheld=told.withheld,
        choices=tuple(s for p, s in here.items() if p not in shut and p not in shown),
        outcomes=len(turned),
    )


def _compared(person: Staff, ready: Prepared, contested: int) -> Compared:
    found = next((each for each in ready.standing.people if each.person_id == person.person_id), None)
    estimate = Abstained("none of their work was measured") if found is None else readiness_of(found)
    return Compared(person, estimate, leaning(ready.types.get(person.person_id)), contested)


def _lines(ready: Prepared, shown: Sequence[str]) -> tuple[Line, ...]:
    measured = {p: competencies_of(ready, p) for p in shown if p in ready.competence.people}
    made = []
    for each in COMPETENCIES:
        found = {p: competencies[each.name] for p, competencies in measured.items()}
        told = [(a, b, _higher(found[a], found[b])) for a, b in combinations(found, 2)]
        ways = [*told, *((b, a, 1 - chance) for a, b, chance in told if chance is not None)]
        apart = [(a, b, chance) for a, b, chance in ways if chance is not None and chance >= APART]
        made.append(Line(each.name, each.label, each.behaviour, found, tuple(sorted(apart, key=lambda way: -way[2]))))
    return tuple(made)


def _higher(one: Measured, other: Measured) -> float | None:
    """Chance that the first is higher; None where either abstained. The ends of a 90% interval lie 1.645 sd from the middle."""
    if not isinstance(one, Estimate) or not isinstance(other, Estimate):
        return None
    spread = sqrt((one.high - one.low) ** 2 + (other.high - other.low) ** 2) / (2 * 1.6448536269514722)
    return 0.5 * (1 + erf((one.value - other.value) / (spread or 1e-9) / sqrt(2)))


def _orders(ready: Prepared, shown: Sequence[str]) -> tuple[tuple[tuple[str, ...], float], ...]:
    """The likeliest orders of those placed, over the draws of their readiness."""
    rows = [i for i, p in enumerate(ready.standing.order) if p in shown]
    if len(rows) < LEAST:
        return ()
    keys = [ready.standing.order[i] for i in rows]
    drawn = np.argsort(-ready.standing.odds[rows], axis=0, kind="stable").T
    count = Counter(map(tuple, drawn.tolist()))
    return tuple((tuple(keys[i] for i in order), n / len(drawn)) for order, n in count.most_common(_MOST_ORDERS))


def _above(ready: Prepared, shown: Sequence[str]) -> dict[tuple[str, str], float]:
    place = {person: i for i, person in enumerate(ready.standing.order)}
    return {
        (a, b): float(ready.standing.above[place[a], place[b]])
        for a, b in combinations(shown, 2)
        if a in place and b in place
    }
