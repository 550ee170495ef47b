"""Rows of the audit log straight through SQLite's driver, as `log_shape` asks for them; without SQLAlchemy.

Keeps true: what was committed is on disk after a power cut (`synchronous=FULL`), and what is erased stays in no byte
(`secure_delete`). The statements are few and never change, so that this takes a fraction of the time; a process that does
nothing but append starts with no more than this.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from cadre.db.log_shape import DECIDED, Told

Row = tuple[str, tuple[Any, ...]]
"""A statement that adds a row, and its values."""
INSERTS: Mapping[str, str] = {
    "audit_events": "INSERT INTO audit_events (position, kind, actor, client_id, nth, header, leaf) VALUES (?, ?, ?, ?, ?, ?, ?)",
    "audit_payloads": "INSERT INTO audit_payloads (position, salt, payload) VALUES (?, ?, ?)",
    "audit_about": "INSERT INTO audit_about (position, person_id) VALUES (?, ?)",
    "audit_tiles": "INSERT INTO audit_tiles (level, place, hashes, root) VALUES (?, ?, ?, ?)",
}
_MARKS = ", ".join("?" * len(DECIDED))
_WHERE = f"WHERE position >= ? AND position < ? AND +kind IN ({_MARKS})"
_BETWEEN = f"SELECT position, kind, actor, header FROM audit_events {_WHERE} ORDER BY position"  # noqa: S608 (marks alone)


class LiteRows:
    """The log through the driver.

    Args:
        connection: In a transaction.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def held_head(self) -> tuple[int, str]:
        """Size of the log and the instant of its newest event; from here on nobody else appends."""
        size, last_at = self._connection.execute("SELECT size, last_at FROM audit_head").fetchone()
        return size, f"{last_at.replace(' ', 'T')}Z" if last_at else ""

    def move_head(self, size: int, last_at: str) -> None:
        """Say how long the log is now."""
        self._connection.execute("UPDATE audit_head SET size = ?, last_at = ?", (size, last_at[:26].replace("T", " ")))

    def newest_own(self, client_id: str) -> int:
        """Number of a client's newest event; 0 where it has none."""
        asked = "SELECT max(nth) FROM audit_events WHERE client_id = ? AND client_id <> ''"
        return self._connection.execute(asked, (client_id,)).fetchone()[0] or 0

    def hashes(self, level: int, start: int, count: int) -> bytes:
        """Neighbouring hashes of a level of tiles."""
        leaves = "SELECT leaf FROM audit_events WHERE position >= ? AND position < ? ORDER BY position"
        roots = "SELECT root FROM audit_tiles WHERE place >= ? AND place < ? AND level = ? ORDER BY place"
        told = (start, start + count) if level == 0 else (start, start + count, level - 1)
        return b"".join(row[0] for row in self._connection.execute(leaves if level == 0 else roots, told))

    def counts(self, besides: Iterable[str]) -> dict[str, int]:
        """Rows of every table that has some and whose name does not begin as one of these."""
        before, found = tuple(besides), {}
        tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_' ORDER BY name"
        for (name,) in self._connection.execute(tables).fetchall():
            if not name.startswith(before):
                found[name] = self._connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 (ours)
        return {name: count for name, count in found.items() if count}

    def decided(self, start: int, end: int) -> list[Told]:
        """Events from one place to before another that count against budgets."""
        return self._connection.execute(_BETWEEN, (start, end, *DECIDED)).fetchall()

    def add(self, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Add rows of a table of the log."""
        if rows:
            self._connection.executemany(INSERTS[table], rows)

    def add_all(self, rows: Iterable[Row]) -> None:
        """Add rows of other tables, those of one statement together."""
        many: dict[str, list[tuple[Any, ...]]] = {}
        for text, values in rows:
            many.setdefault(text, []).append(values)
        for text, some in many.items():
            self._connection.executemany(text, some)

    @contextmanager
    def apart(self) -> Iterator[None]:
        """A part that may fail by itself."""
        self._connection.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK TO part")
            raise
        finally:
            self._connection.execute("RELEASE part")


class LiteLog:
    """Transactions on the log of one SQLite file, on one connection of its own.

    Args:
        connect: Opens the file, and says how that is closed.
    """

    BROKEN: type[Exception] = sqlite3.OperationalError
    """Full, locked or gone: trying parts by themselves would only take longer."""
    WRONG: type[Exception] = sqlite3.Error

    def __init__(self, connect: Callable[[], tuple[sqlite3.Connection, Callable[[], None]]]) -> None:
        self._connect = connect
        self._held: tuple[sqlite3.Connection, Callable[[], None]] | None = None

    @contextmanager
    def begun(self) -> Iterator[LiteRows]:
        """A transaction; on disk once this ends."""
        if self._held is None:
            self._held = self._connect()
            self._held[0].isolation_level = None  # transactions are begun and ended here
            self._held[0].execute("PRAGMA synchronous=FULL")
        held = self._held[0]
        held.execute("BEGIN IMMEDIATE")
        try:
            yield LiteRows(held)
            held.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):  # a full disk may have rolled it back already
                held.execute("ROLLBACK")
            raise

    @staticmethod
    def pack(table: Any, row: Mapping[str, Any]) -> Row:
        """A row of one of SQLAlchemy's tables as `add_all` takes it."""
        from cadre.db.plain import packed  # noqa: PLC0415 (a process that only writes needs no SQLAlchemy)

        return packed(table, row)

    def drop(self) -> None:
        """Let go of the connection: after a full disk it may hold more than it tells."""
        held, self._held = self._held, None
        if held is not None:
            with suppress(sqlite3.Error):
                held[1]()


def opened(path: str, seconds: float) -> tuple[sqlite3.Connection, Callable[[], None]]:
    """A connection as Cadre's database has them, and what closes it.

    Args:
        path: The file.
        seconds: How long to wait while another holds it.
    """
    made = sqlite3.connect(path, timeout=seconds, check_same_thread=False)
    prepare(made)
    return made, made.close


def prepare(connection: sqlite3.Connection) -> None:
    """Let pages be read while a decision is written, keep rows' references, and leave nothing of what is erased."""
    for told in ("journal_mode=WAL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {told}").close()
