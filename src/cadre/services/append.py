"""Appending events to the audit log with a change: what a unit of work calls before it commits."""

from collections.abc import Iterable

from sqlalchemy import Connection
from sqlalchemy.orm import Session, sessionmaker

from cadre.audit.event import Event, draft, instant
from cadre.audit.sequence import Places
from cadre.clock import Clock
from cadre.db.audit_rows import size_of
from cadre.db.log_rows import SqlRows


def begin_log(sessions: sessionmaker[Session], clock: Clock) -> None:
    """Let the log of a database begin, where it has none yet: what was decided before it is not in it."""
    with sessions.begin() as session:
        if size_of(session.connection()):
            return
        under_way = Places(SqlRows(session.connection()))
        under_way.begin(instant(clock.now()))
        under_way.finish()


def append(connection: Connection, events: Iterable[Event]) -> list[int]:
    """Append events to the log.

    Args:
        connection: In the transaction that makes true what happened.
        events: In their order.

    Returns:
        Their places.

    Raises:
        UsageError: A payload cannot be written; nothing is appended.
    """
    told = [draft(event) for event in events]
    under_way = Places(SqlRows(connection))
    places = [under_way.add(one) for one in told]
    under_way.finish()
    return places
