"""What is known by a date about how a lead is doing, and what is still to be asked. It shows no estimate, on purpose.

Keeps true: only owner and manager see it; what is computed is about the team, from five people up; a team's answers are told
together or not at all.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from cadre.db.seats import LeadOutcome, Seat, SeatDecision, TeamAnswer, TeamToken
from cadre.errors import ForbiddenError, NotFoundError
from cadre.estimate import Sealed
from cadre.readiness.outcome import LEAST_ANSWERS, QUESTIONS, Part, difference, from_difference, from_retention
from cadre.records import Firm
from cadre.reports.release import Gate, Withheld, purpose_word, release_group
from cadre.reports.seats.seats import Date, Decided, decided, described, local_day
from cadre.stewardship.review import questions
from cadre.warehouse import Snapshot


@dataclass(frozen=True, slots=True)
class OutcomeReport:
    """One date of one decision.

    Attributes:
        firm: The firm.
        purpose: The word to show.
        seat: The seat.
        decided: The decision.
        date: The date.
        computed: What the record says of the team, in parts.
        withheld: Why nothing computed is shown; None where it is.
        members: People of the team on the day of the decision who are still here, without the lead; missing where no
            roster tells.
        handed_out: Links handed to the team.
        answered: How many answered; missing below five, so that nobody can be told by it.
        recorded: What was recorded; missing until then.
        parts: Its parts.
    """

    firm: Firm
    purpose: str
    seat: Seat
    decided: Decided
    date: Date
    computed: tuple[Part, ...]
    withheld: Withheld | None
    members: int | None
    handed_out: int
    answered: int | None
    recorded: LeadOutcome | None
    parts: tuple[Part, ...]

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            "seat": self.seat.seat_key,
            "decision_id": self.decided.decision_id,
            "months": self.date.months,
            "due_on": self.date.due_on.isoformat(),
            "verdict": self.recorded.verdict if self.recorded else None,
            "parts": [{"name": p.name, "says": p.says, "found": p.found} for p in self.parts or self.computed],
            "handed_out": self.handed_out,
            "answered": self.answered,
        }


@dataclass(frozen=True, slots=True)
class Instrument:
    """The questions, their scale and the answer for what was not seen."""

    questions: tuple[tuple[str, str], ...]
    steps: tuple[str, ...]
    unseen: str


def instrument() -> Instrument:
    """What manager and team are asked, in the same words each time."""
    scale = questions()
    return Instrument(QUESTIONS, scale.steps, scale.unseen)


def asked_about(sessions: sessionmaker[Session], token: TeamToken) -> tuple[str, int]:
    """Name of the seat a team's link asks about, and how many months on: so that nobody answers about another lead.

    The lead's name is left out: whoever finds a link learns nothing about a person.
    """
    with sessions() as session:
        key = select(SeatDecision.seat_key).where(SeatDecision.id == token.decision_id).scalar_subquery()
        name = session.scalars(select(Seat.name).where(Seat.seat_key == key).order_by(Seat.id.desc()).limit(1)).one()
    return name, token.months


def lead_outcome(
    gate: Gate, snapshot: Snapshot, sessions: sessionmaker[Session], key: str, months: int, now: datetime
) -> OutcomeReport:
    """What is known about a decision by one of its dates.

    Args:
        gate: Who asks.
        snapshot: The record.
        sessions: Sessions on the database of decisions.
        key: Key of the seat.
        months: 6, 12 or 18.
        now: The current instant.

    Raises:
        ForbiddenError: They are neither owner nor manager.
        NotFoundError: The seat was not given to anybody, or there is no such date.
    """
    if gate.principal.role not in ("owner", "manager"):
        raise ForbiddenError("how a lead is doing is for owner and manager", hint="Ask one of them.")
    seat, _ = described(sessions, key)
    newest = next(iter(decided(gate.principal, snapshot, sessions, key, now)), None)
    date = next((d for d in newest.dates if d.months == months), None) if newest else None
    if newest is None or date is None:
        raise NotFoundError("this seat was not given to anybody", hint="See its sheet.")
    members = _members(snapshot, seat, newest)
    sealed = Sealed(tuple(_computed(snapshot, members, newest.row.decided_at, now)))
    shown = release_group(gate, sealed, len(members), lambda parts: parts)
    with sessions() as session:
        tokens = select(TeamToken.id).where(TeamToken.decision_id == newest.decision_id, TeamToken.months == months)
        handed = len(session.scalars(tokens).all())
        answered = session.scalar(select(func.count(TeamAnswer.id)).where(TeamAnswer.token_id.in_(tokens))) or 0
        chosen = select(LeadOutcome).where(LeadOutcome.decision_id == newest.decision_id, LeadOutcome.months == months)
        recorded = session.scalar(chosen)
    told = json.loads(recorded.parts)["parts"] if recorded else []
    return OutcomeReport(
        firm=snapshot.firm,
        purpose=purpose_word(snapshot.firm),
        seat=seat,
        decided=newest,
        date=date,
        computed=() if isinstance(shown, Withheld) else shown,
        withheld=shown if isinstance(shown, Withheld) else None,
        members=sum(members.values()) or None,
        handed_out=handed,
        answered=answered if answered >= LEAST_ANSWERS else None,
        recorded=recorded,
        parts=tuple(Part(**each) for each in told),
    )


def _members(snapshot: Snapshot, seat: Seat, decision: Decided) -> dict[str, bool]:
    """Who was in the team on the day of the decision, without the lead -> whether they still work here."""
    if seat.team_id is None:
        return {}
    day = local_day(decision.row.decided_at, snapshot.firm)
    people, memberships = snapshot.table("people"), snapshot.table("memberships")
    rows = snapshot.rows(people.select("person_id", "team_id", "started_on", "left_on"))
    left = {row["person_id"]: row["left_on"] for row in rows}
    chosen = memberships.filter(memberships.team_id == seat.team_id)
    then = {
        row["person_id"]
        for row in snapshot.rows(chosen.select("person_id", "started_on", "ended_on"))
        if (row["started_on"] is None or row["started_on"] <= day)
        and (row["ended_on"] is None or row["ended_on"] > day)
    } or {row["person_id"] for row in rows if row["team_id"] == seat.team_id}
    there = [person for person in then if person in left and (left[person] is None or left[person] > day)]
    return {person: left[person] is None for person in there if person != decision.person_id}


def _computed(snapshot: Snapshot, members: Mapping[str, bool], decided_at: datetime, now: datetime) -> list[Part]:
    if not members:
        return []
    accounts = snapshot.table("person_accounts")
    own = accounts.filter(accounts.person_id.isin(sorted(members))).select("account_id")
    # As long after as before, so that a season does not pass for a lead.
    reach = now - decided_at
    results = _two(snapshot, "ticket_expectations", "log_ratio", own.account_id, decided_at, reach)
    ratings = _two(snapshot, "ratings", "score_share", own.account_id, decided_at, reach)
    found = [
        from_retention(sum(members.values()), len(members)),
        from_difference("team results", difference(*results), better="low", unit="log hours against expectation"),
        from_difference("clients", difference(*ratings), better="high", unit="of the rating scale"),
    ]
    return [part for part in found if part is not None]


def _two(
    snapshot: Snapshot, name: str, column: str, accounts: Any, at: datetime, reach: timedelta
) -> tuple[Sequence[float], Sequence[float]]:
    """Values of the team's rows in the span before an instant and in the one after it."""
    table = snapshot.table(name)
    chosen = table.filter(table.account_id.isin(accounts) & table[column].notnull())
    chosen = chosen.filter((chosen.occurred_at >= at - reach) & (chosen.occurred_at <= at + reach))
    rows = snapshot.rows(chosen.select("occurred_at", value=chosen[column]))
    return [r["value"] for r in rows if r["occurred_at"] < at], [r["value"] for r in rows if r["occurred_at"] >= at]
