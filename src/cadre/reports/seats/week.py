"""What *This week* asks about lead seats: the days on which somebody looks how a lead is doing. Reads decisions, names nobody."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from cadre.reports.release import Gate
from cadre.reports.seats.seats import seats
from cadre.reports.week.agenda import AgendaItem
from cadre.warehouse import Snapshot

MINUTES = {6: 8, 12: 10, 18: 10}


def due_outcomes(
    gate: Gate, snapshot: Snapshot, sessions: sessionmaker[Session], now: datetime
) -> Iterator[AgendaItem]:
    """How a lead turned out is due 6, 12 and 18 months after a seat was decided; one item a seat, for owner and manager."""
    for listed in seats(gate.principal, snapshot, sessions, now).rows:
        due = [date for date in listed.decided.dates if date.is_due] if listed.decided else []
        for date in due[-1:]:  # what was not said after six months cannot be said as of then any more
            assert listed.decided is not None
            seat, decision = listed.seat, listed.decided.decision_id
            yield AgendaItem(
                kind="seat",
                key=f"seat:{seat.seat_key}:{decision}:{date.months}",
                happened=f"{seat.name} was filled {date.months} months ago, on {_day(listed.decided.row.decided_at)}",
                matters="How it went, asked now and in the same words each time, is what next year's decisions learn from.",
                rows=f"/seats/{seat.seat_key}/outcome/{date.months}",
                row_count=1,
                minutes=MINUTES[date.months],
                action="Say what you have seen, and hand the team its questions",
                weight=55 + date.months / 2,
            )


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B %Y}"
