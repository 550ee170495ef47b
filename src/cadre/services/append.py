"""Giving events their places: the only code that appends to the audit log, inside the transaction of whoever calls.

Keeps true: whoever appends holds the head of the log until their transaction ends, so places have no gap and no event two;
times never run backwards (an earlier clock is flagged in the header); a log begins with `log:started`.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.orm import Session, sessionmaker

from cadre.audit.event import Entry, Event, entry
from cadre.audit.tree import TILE_WIDTH, tile_root
from cadre.clock import Clock
from cadre.db.audit import AuditAbout, AuditEvent, AuditPayload, AuditTile
from cadre.db.audit_rows import add_rows, counts, hashes, held_head, move_head, newest_own, size_of
from cadre.services.actor import MACHINE

_MOST_KNOWN = 10_000


class Sequence:
    """Events being appended in one transaction.

    Args:
        connection: In a transaction; from here until it ends nobody else appends.
        before: A sequence that was written; where nobody appended since, what it knew is not asked for again.
    """

    def __init__(self, connection: Connection, before: "Sequence | None" = None) -> None:
        self._connection = connection
        self._start, self._last_at = held_head(connection)
        is_next = before is not None and before.end == self._start
        self._nth: dict[str, int] = dict(before._nth) if before and is_next and len(before._nth) < _MOST_KNOWN else {}  # noqa: SLF001
        self._entries: list[Entry] = []

    @property
    def end(self) -> int:
        """Size of the log with what was added."""
        return self._start + len(self._entries)

    def add(self, event: Event) -> int:
        """Give an event its place.

        Raises:
            UsageError: Its payload cannot be written.
        """
        self.begin(event.at)
        return self._write(event)

    def begin(self, at: datetime) -> None:
        """Let an empty log begin, and say how many rows of each table were there before it."""
        if self._start == 0 and not self._entries:
            earlier = counts(self._connection, ("audit_", "alembic_"))
            self._write(Event("log:started", at, MACHINE, payload={"earlier_rows": earlier}))

    def finish(self) -> None:
        """Write what was added; it is true once the transaction is."""
        if not self._entries:
            return
        placed = list(enumerate(self._entries, self._start))
        add_rows(self._connection, AuditEvent, [
            {"position": at, "kind": e.event.kind, "actor": e.event.actor, "client_id": e.event.client_id, "nth": e.nth,
             "header": e.header, "leaf": e.leaf} for at, e in placed
        ])  # fmt: skip
        add_rows(
            self._connection, AuditPayload, [{"position": at, "salt": e.salt, "payload": e.payload} for at, e in placed]
        )
        about = [{"position": at, "person_id": who} for at, e in placed for who in dict.fromkeys(e.event.about)]
        add_rows(self._connection, AuditAbout, about)
        self._fill(0, self._start, self.end)
        move_head(self._connection, self.end, self._entries[-1].at)

    def _write(self, event: Event) -> int:
        nth = None
        if event.client_id:
            known = self._nth.get(event.client_id)
            nth = 1 + (newest_own(self._connection, event.client_id) if known is None else known)
        made = entry(event, nth=nth, not_before=self._last_at)
        if nth:
            self._nth[event.client_id] = nth
        self._last_at = made.at
        self._entries.append(made)
        return self._start + len(self._entries) - 1

    def _fill(self, level: int, start: int, end: int) -> None:
        """Keep the tiles that became full when a level grew from `start` to `end` hashes."""
        first, last = start // TILE_WIDTH, end // TILE_WIDTH
        made = []
        for place in range(first, last):
            full = hashes(self._connection, level, place * TILE_WIDTH, TILE_WIDTH)
            made.append({"level": level, "place": place, "hashes": full, "root": tile_root(full)})
        add_rows(self._connection, AuditTile, made)
        if made:
            self._fill(level + 1, first, last)


def begin_log(sessions: sessionmaker[Session], clock: Clock) -> None:
    """Let the log of a database begin, where it has none yet: what was decided before it is not in it."""
    with sessions.begin() as session:
        if size_of(session.connection()):
            return
        under_way = Sequence(session.connection())
        under_way.begin(clock.now())
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
    under_way = Sequence(connection)
    places = [under_way.add(event) for event in events]
    under_way.finish()
    return places
