"""Who shows what, and how sure that is: the people of the firm with what was measured of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cadre.estimate import Estimate, Measured
from cadre.records import Firm
from cadre.reports.head import dated_head
from cadre.reports.measure import COLLABORATION, CRAFT, ESTIMATES, Readings, readings, window
from cadre.reports.release import Gate, HeldBack, Withheld, purpose_word, release_persons
from cadre.reports.roster import Staff, staff
from cadre.reports.seen import seen_shares
from cadre.reports.signals.signals import SignalCard, Spread, cards, firm_spreads
from cadre.signals import SIGNALS, Signal
from cadre.warehouse import Snapshot

ORDERS = ("name", COLLABORATION, CRAFT)
"""How the list can be ordered. An estimate only strongest first: nobody is at the bottom of a list."""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person of the list.

    Attributes:
        person_id: Key.
        name: As shown.
        role: Missing where no roster tells.
        team: Missing where no roster tells.
        measured: Signal -> estimate or why there is none; a signal that is not there was not measured.
        estimates: The same for competencies.
        seen_share: Hours with a trace over hours scheduled, 0-1; missing without a schedule.
        is_open: Whether what was measured is released to whoever asks; where not, nothing of it stands here.
        team_id: Key of the team, for its page.
    """

    person_id: str
    name: str
    role: str | None
    team: str | None
    measured: Mapping[str, Measured]
    estimates: Mapping[str, Measured]
    seen_share: float | None
    is_open: bool = True
    team_id: str | None = None


@dataclass(frozen=True, slots=True)
class PeopleReport:
    """The people of the firm.

    Attributes:
        firm: The firm.
        purpose: The word to show; empty for a firm's own workspace.
        as_of: When the record was last changed; missing for an empty one.
        window_start: First local day counted; missing where nothing was computed.
        window_days: Days counted.
        signals: What was measured, in the order of the registry.
        rows: The people.
        spread: Signal or estimate -> how it is spread; not there with fewer than five estimates.
        withheld: Why numbers about persons are not shown; None where they are.
        order: How the rows are ordered.
        held: Those who are not released to whoever asks, counted by reason.
    """

    firm: Firm
    purpose: str
    as_of: datetime | None
    window_start: date | None
    window_days: int
    signals: tuple[SignalCard, ...]
    rows: tuple[PersonRow, ...]
    spread: Mapping[str, Spread]
    withheld: Withheld | None
    order: str = "name"
    held: tuple[HeldBack, ...] = ()

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            **dated_head(self.firm, self.purpose, self.as_of),
            "window_start": self.window_start.isoformat() if self.window_start else None,
            "window_days": self.window_days,
            "withheld": self.withheld.json() if self.withheld else None,
            "held": [each.json() for each in self.held],
            "signals": [c.name for c in self.signals],
            "people": [
                {
                    "person_id": r.person_id,
                    "name": r.name,
                    "role": r.role,
                    "team": r.team,
                    "released": r.is_open,
                    "seen_share": r.seen_share,
                    "measured": {k: m.json() for k, m in r.measured.items()},
                    "estimates": {k: m.json() for k, m in r.estimates.items()},
                }
                for r in self.rows
            ],
            "spread": {k: s.json() for k, s in self.spread.items()},
        }


def people(
    gate: Gate,
    snapshot: Snapshot,
    *,
    order: str = "name",
    registry: Sequence[Signal] = SIGNALS,
) -> PeopleReport:
    """The people of the firm with what was measured of each.

    Args:
        gate: Who asks.
        snapshot: The record.
        order: One of `ORDERS`; anything else means by name.
        registry: The signals.
    """
    firm = snapshot.firm
    span = window(snapshot)
    found = [s for s in staff(snapshot) if not _left_before(s, span.start_on)]
    values = readings(snapshot)
    among = frozenset(s.person_id for s in found)
    released = release_persons(gate, values, [s.person_id for s in found], Readings.only)
    known = released.content
    if released.withheld:
        rows = tuple(
            PersonRow(s.person_id, s.name, s.role, s.team, {}, {}, None, is_open=False, team_id=s.team_id)
            for s in found
        )
        spread: Mapping[str, Spread] = {}
    else:
        shares = seen_shares(snapshot, span)
        rows = tuple(
            _row(s, known.by_person.get(s.person_id, {}), shares.get(s.person_id), s.person_id in released.open)
            for s in found
        )
        rows = _ordered(rows, order)
        spread = firm_spreads(gate, snapshot, [*(s.name for s in registry), *ESTIMATES], among=among)
    return PeopleReport(
        firm=firm,
        purpose=purpose_word(firm),
        as_of=snapshot.manifest.made_at,
        window_start=span.start_on,
        window_days=span.days,
        signals=cards(registry),
        rows=rows,
        spread=spread,
        withheld=released.withheld,
        held=released.held,
        order=order if order in ORDERS else "name",
    )


def _row(person: Staff, known: Mapping[str, Measured], share: float | None, is_open: bool) -> PersonRow:
    return PersonRow(
        person_id=person.person_id,
        name=person.name,
        role=person.role,
        team=person.team,
        team_id=person.team_id,
        measured={k: m for k, m in known.items() if k not in ESTIMATES},
        estimates={k: m for k, m in known.items() if k in ESTIMATES},
        seen_share=share if is_open else None,
        is_open=is_open,
    )


def _ordered(rows: tuple[PersonRow, ...], order: str) -> tuple[PersonRow, ...]:
    """By name, or strongest first on an estimate; people without one follow by name."""
    if order not in ESTIMATES:
        return rows

    def place(row: PersonRow) -> tuple[bool, float]:
        held = row.estimates.get(order)
        return (False, -held.value) if isinstance(held, Estimate) else (True, 0.0)

    return tuple(sorted(rows, key=place))


def _left_before(person: Staff, day: date | None) -> bool:
    return day is not None and person.left_on is not None and person.left_on < day
