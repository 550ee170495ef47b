"""Seats as the database of decisions tells them: what each is, what was decided, and when somebody looks how it went."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from cadre.access.principal import Principal
from cadre.db.seats import LeadOutcome, Seat, SeatCost, SeatDecision
from cadre.db.stewardship import Contest, ContestAnswer
from cadre.errors import NotFoundError
from cadre.readiness.outcome import MONTHS, months_after
from cadre.records import Firm
from cadre.reports.readiness import Known, Outcome
from cadre.reports.release import purpose_word
from cadre.reports.roster import short
from cadre.warehouse import Snapshot


@dataclass(frozen=True, slots=True)
class Date:
    """A day on which somebody looks how it went.

    Attributes:
        months: After the decision.
        due_on: The day.
        is_due: Whether it has come and nothing was recorded.
        verdict: What was recorded; missing where nothing was.
    """

    months: int
    due_on: date
    is_due: bool
    verdict: str | None


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision about a seat, and what followed.

    Attributes:
        decision_id: Key.
        person_id: Who takes it; missing for nobody.
        name: Their name; missing for nobody.
        row: Everything that was written down.
        dates: When somebody looks; none where nobody takes it.
    """

    decision_id: int
    person_id: str | None
    name: str | None
    row: SeatDecision
    dates: tuple[Date, ...]

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            "decision_id": self.decision_id,
            "person_id": self.person_id,
            "name": self.name,
            "reason": self.row.reason,
            "decided_by": self.row.decided_by,
            "decided_at": self.row.decided_at.isoformat(),
            "manifest": self.row.manifest,
            "code_version": self.row.code_version,
            "settings_digest": self.row.settings_digest,
            "dates": [{"months": d.months, "due_on": d.due_on.isoformat(), "verdict": d.verdict} for d in self.dates],
        }


@dataclass(frozen=True, slots=True)
class Listed:
    """A seat in the list.

    Attributes:
        seat: As described last.
        team: Name of its team; missing for a seat above teams.
        decided: The newest decision; missing while it is open, and for who may not know.
    """

    seat: Seat
    team: str | None
    decided: Decided | None


@dataclass(frozen=True, slots=True)
class SeatsReport:
    """All seats, and the teams one can open a seat for."""

    firm: Firm
    purpose: str
    as_of: datetime | None
    rows: tuple[Listed, ...]
    teams: tuple[tuple[str, str], ...]

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            "firm": self.firm.name,
            "purpose": self.firm.purpose,
            "seats": [
                {
                    "key": r.seat.seat_key,
                    "name": r.seat.name,
                    "team": r.team,
                    "decision": r.decided.json() if r.decided else None,
                }
                for r in self.rows
            ],
        }


def seats(principal: Principal, snapshot: Snapshot, sessions: sessionmaker[Session], now: datetime) -> SeatsReport:
    """Every seat as it was described last, the newest first.

    Args:
        principal: Who asks; decisions are for owner and manager.
        snapshot: The record.
        sessions: Sessions on the database of decisions.
        now: The current instant.
    """
    with sessions() as session:
        rows = session.scalars(select(Seat).order_by(Seat.id.desc())).all()
    newest = {row.seat_key: row for row in reversed(rows)}
    names = team_names(snapshot)
    told = [
        Listed(seat, names.get(seat.team_id or ""), next(iter(decided(principal, snapshot, sessions, key, now)), None))
        for key, seat in sorted(newest.items(), key=lambda pair: -(pair[1].id or 0))
    ]
    return SeatsReport(
        firm=snapshot.firm,
        purpose=purpose_word(snapshot.firm),
        as_of=snapshot.manifest.made_at,
        rows=tuple(told),
        teams=tuple(sorted(names.items(), key=lambda pair: pair[1])),
    )


def described(sessions: sessionmaker[Session], key: str) -> tuple[Seat, SeatCost | None]:
    """A seat as described last, and its cost as entered last.

    Raises:
        NotFoundError: There is no such seat.
    """
    with sessions() as session:
        row = session.scalars(select(Seat).where(Seat.seat_key == key).order_by(Seat.id.desc()).limit(1)).first()
        cost = select(SeatCost).where(SeatCost.seat_key == key).order_by(SeatCost.id.desc()).limit(1)
        found = session.scalars(cost).first()
    if row is None:
        raise NotFoundError(f"no seat {key!r}", hint="Open one with `cadre seat open NAME`, or on the page Seats.")
    return row, found


def cost_json(cost: SeatCost | None) -> dict[str, Any] | None:
    """What a failure would cost, with where the range is from; None where nobody entered it."""
    if cost is None:
        return None
    return {
        "low": cost.yearly_pay * cost.low_multiple,
        "high": cost.yearly_pay * cost.high_multiple,
        "currency": cost.currency,
        "source": cost.source,
        "entered_by": cost.entered_by,
    }


def seat_of(sessions: sessionmaker[Session], told: str) -> str:
    """Key of the seat that somebody named by name or key.

    Raises:
        NotFoundError: There is none.
    """
    with sessions() as session:
        rows = session.execute(select(Seat.seat_key, Seat.name)).all()
    wanted = told.strip().casefold()
    found: set[str] = {row.seat_key for row in rows if wanted in (row.seat_key, row.name.casefold())}
    if not found:
        raise NotFoundError(
            f"no seat {told!r}", hint="Open one with `cadre seat open NAME`; `cadre seat list` lists them."
        )
    return min(found)


def decided(
    principal: Principal, snapshot: Snapshot, sessions: sessionmaker[Session], key: str, now: datetime
) -> tuple[Decided, ...]:
    """Decisions about a seat, the newest first; none for those who may not know."""
    if principal.role not in ("owner", "manager"):
        return ()
    with sessions() as session:
        chosen = select(SeatDecision).where(SeatDecision.seat_key == key).order_by(SeatDecision.id.desc())
        rows = session.scalars(chosen).all()
        outcomes = session.scalars(select(LeadOutcome).order_by(LeadOutcome.id)).all()
    names = person_names(snapshot, [row.person_id for row in rows if row.person_id])
    verdicts = {(o.decision_id, o.months): o.verdict for o in outcomes}
    today = local_day(now, snapshot.firm)
    return tuple(_decided(row, names, verdicts, today, snapshot.firm, is_last=i == 0) for i, row in enumerate(rows))


def outcomes(sessions: sessionmaker[Session]) -> tuple[Outcome, ...]:
    """How the firm's own leads turned out, with what was known of them on the day of the decision, for the estimator."""
    return tuple(Outcome(person, well, known) for person, _, well, known in lead_outcomes(sessions))


def lead_outcomes(sessions: sessionmaker[Session]) -> tuple[tuple[str, datetime, bool, Known], ...]:
    """Who was decided for when, whether it went well, and what was known then; the newest verdict of a decision, if it is one."""
    with sessions() as session:
        found = session.execute(
            select(
                SeatDecision.id,
                SeatDecision.person_id,
                SeatDecision.decided_at,
                SeatDecision.known,
                LeadOutcome.verdict,
            )
            .join(LeadOutcome, LeadOutcome.decision_id == SeatDecision.id)
            .order_by(LeadOutcome.id)
        ).all()
    newest = {row.id: row for row in found if row.person_id and row.verdict != "too_early"}
    return tuple((row.person_id, row.decided_at, row.verdict == "well", known_of(row.known)) for row in newest.values())


def known_of(told: str) -> Known:
    """Competencies as they were written on the day of a decision: (competency, mean, variance)."""
    return tuple(
        (name, float(mean), float(variance)) for name, (mean, variance) in sorted(json.loads(told or "{}").items())
    )


def local_day(at: datetime, firm: Firm) -> date:
    """The firm's local day of an instant."""
    return at.astimezone(ZoneInfo(firm.zone)).date()


def open_contests(sessions: sessionmaker[Session], people: Collection[str]) -> dict[str, int]:
    """Rows that these persons contested and nobody has answered yet, counted."""
    unanswered = Contest.id.not_in(select(ContestAnswer.contest_id))
    chosen = select(Contest.person_id, func.count().label("waiting")).where(
        Contest.person_id.in_(sorted(people)), unanswered
    )
    with sessions() as session:
        return {row.person_id: row.waiting for row in session.execute(chosen.group_by(Contest.person_id))}


def team_names(snapshot: Snapshot) -> dict[str, str]:
    """Team -> its name."""
    rows = snapshot.rows(snapshot.table("teams").select("team_id", "name"))
    return {row["team_id"]: row["name"] or row["team_id"] for row in rows}


def team_key(snapshot: Snapshot, told: str) -> str:
    """Key of the team that somebody named by name or key.

    Raises:
        NotFoundError: There is none, or the name is shared.
    """
    names = team_names(snapshot)
    found = [key for key, name in names.items() if told.strip().casefold() in (key.casefold(), name.casefold())]
    if len(found) != 1:
        raise NotFoundError(
            f"{len(found) or 'no'} teams are called {told!r}", hint=f"There are: {', '.join(names.values())}."
        )
    return found[0]


def person_names(snapshot: Snapshot, people: Sequence[str]) -> dict[str, str]:
    """Person -> name, or a short form of the key."""
    told = snapshot.table("identities")
    chosen = told.filter(told.person_id.isin(list(people)) & told.display_name.notnull())
    found = {row["person_id"]: row["display_name"] for row in snapshot.rows(chosen.select("person_id", "display_name"))}
    return {person: found.get(person) or short(person) for person in people}


def _decided(
    row: SeatDecision,
    names: dict[str, str],
    verdicts: dict[tuple[int, int], str],
    today: date,
    firm: Firm,
    *,
    is_last: bool,
) -> Decided:
    assert row.id is not None
    day = local_day(row.decided_at, firm)
    dates = []
    for months in MONTHS if row.person_id else ():
        due_on = months_after(day, months)
        verdict = verdicts.get((row.id, months))
        dates.append(Date(months, due_on, is_last and verdict is None and due_on <= today, verdict))
    return Decided(row.id, row.person_id, names.get(row.person_id or ""), row, tuple(dates))
