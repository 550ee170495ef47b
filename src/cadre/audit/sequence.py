"""Giving events their places: the only code that appends to the audit log, inside the transaction of whoever calls.

Keeps true: whoever appends holds the head of the log until their transaction ends, so places have no gap and no event two;
times never run backwards (an earlier clock is flagged in the header); a log begins with `log:started`.
"""

from datetime import datetime

from cadre.audit.event import Draft, Entry, Event, draft, entry
from cadre.audit.tree import TILE_WIDTH, tile_root
from cadre.db.log_shape import LogRows

_MOST_KNOWN = 10_000


class Places:
    """Events being appended in one transaction.

    Args:
        rows: The log, in a transaction; from here until it ends nobody else appends.
        before: A sequence that was written; where nobody appended since, what it knew is not asked for again.
    """

    def __init__(self, rows: LogRows, before: "Places | None" = None) -> None:
        self._rows = rows
        self.start, self._last_at = rows.held_head()
        is_next = before is not None and before.end == self.start
        self._nth: dict[str, int] = before._nth if before and is_next and len(before._nth) < _MOST_KNOWN else {}  # noqa: SLF001
        self._entries: list[Entry] = []

    @property
    def end(self) -> int:
        """Size of the log with what was added."""
        return self.start + len(self._entries)

    def add(self, told: Draft) -> int:
        """Give an event its place."""
        self.begin(told.at)
        return self._write(told)

    def begin(self, at: str) -> None:
        """Let an empty log begin, and say how many rows of each table were there before it."""
        if self.start == 0 and not self._entries:
            earlier = self._rows.counts(("audit_", "alembic_"))
            begun = Event("log:started", datetime.fromisoformat(at), "machine", payload={"earlier_rows": earlier})
            self._write(draft(begun))

    def finish(self) -> None:
        """Write what was added; it is true once the transaction is."""
        if not self._entries:
            return
        placed = list(enumerate(self._entries, self.start))
        self._rows.add("audit_events", [
            (at, e.draft.kind, e.draft.actor, e.draft.client_id, e.nth, e.header, e.leaf) for at, e in placed
        ])  # fmt: skip
        self._rows.add("audit_payloads", [(at, e.salt, e.draft.payload) for at, e in placed])
        about = [(at, who) for at, e in placed for who in dict.fromkeys(e.draft.about)]
        self._rows.add("audit_about", about)
        self._fill(0, self.start, self.end)
        self._rows.move_head(self.end, self._last_at)

    def _write(self, told: Draft) -> int:
        nth = None
        if client := told.client_id:
            known = self._nth.get(client)
            nth = self._nth[client] = 1 + (self._rows.newest_own(client) if known is None else known)
        made = entry(told, nth=nth, not_before=self._last_at)
        self._last_at = made.at
        self._entries.append(made)
        return self.end - 1

    def _fill(self, level: int, start: int, end: int) -> None:
        """Keep the tiles that became full when a level grew from `start` to `end` hashes."""
        first, last = start // TILE_WIDTH, end // TILE_WIDTH
        made = []
        for place in range(first, last):
            full = self._rows.hashes(level, place * TILE_WIDTH, TILE_WIDTH)
            made.append((level, place, full, tile_root(full)))
        self._rows.add("audit_tiles", made)
        if made:
            self._fill(level + 1, first, last)
