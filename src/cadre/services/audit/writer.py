"""A writer that answers only when an event is on disk: one thread, many events to a transaction.

Keeps true: what was answered is in the database after a power cut (SQLite writes through, `synchronous=FULL`); what cannot
be written is answered with an error, never later; what waits is bounded. Where a decision has rows of its own, they go into
the same transaction, so that both are true or neither.
"""

import queue
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine, Table
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from cadre.audit.event import Event
from cadre.db.plain import add_rows
from cadre.errors import CadreError, NotWrittenError
from cadre.services.append import Sequence as Places

MOST_WAITING = 10_000
MOST_TOGETHER = 512
"""Events in one transaction: past this, waiting for the disk no longer weighs anything."""

Write = Callable[[Connection], None]
Row = tuple[Table, Mapping[str, Any]]
"""A row with its table."""


@dataclass(frozen=True, slots=True)
class _Asked:
    event: Event
    write: Write | None = None
    rows: Sequence[Row] = ()
    place: Future[int] = field(default_factory=Future)

    def add_to(self, connection: Connection) -> None:
        """Add what belongs to it, by itself."""
        for table, row in self.rows:
            add_rows(connection, table, [row])
        if self.write:
            self.write(connection)


class EventWriter:
    """A thread that appends events.

    Args:
        engine: Database of decisions, with the newest schema.
        most_waiting: Events that may wait; past that, asking is refused at once.
    """

    def __init__(self, engine: Engine, *, most_waiting: int = MOST_WAITING) -> None:
        self._engine = engine
        self._waiting: queue.SimpleQueue[_Asked | None] = queue.SimpleQueue()
        self._most_waiting = most_waiting
        self._closing = threading.Lock()
        self._is_open = True
        self._before: Places | None = None
        self._thread = threading.Thread(target=self._run, name="audit-writer", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def submit(self, event: Event, write: Write | None = None, *, rows: Sequence[Row] = ()) -> Future[int]:
        """Ask for an event to be written.

        Args:
            event: What happened, or was decided.
            write: Adds further rows in the same transaction. Where it fails, the event is not written either, and others
                are not touched by it.
            rows: The same for plain rows, which many decisions add together.

        Returns:
            Its place in the log, once it is on disk. Or a `NotWrittenError`: then it does not hold, and is refused.

        Raises:
            NotWrittenError: Too many wait already, or the writer was closed.
        """
        asked = _Asked(event, write, rows)
        with self._closing:  # so that nothing is put behind the end
            if not self._is_open:
                raise NotWrittenError("the audit log is closed", hint="Ask again once the server runs.")
            if self._waiting.qsize() >= self._most_waiting:
                raise NotWrittenError(f"{self._most_waiting} events wait to be written", hint="Ask again in a second.")
            self._waiting.put(asked)
        return asked.place

    def close(self) -> None:
        """Write what waits, then stop."""
        with self._closing:
            if not self._is_open:
                return
            self._is_open = False
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        is_last = False
        while not is_last:
            first = self._waiting.get()
            batch = [] if first is None else [first]
            is_last = first is None
            while not is_last and len(batch) < MOST_TOGETHER:
                try:
                    more = self._waiting.get_nowait()
                except queue.Empty:
                    break
                is_last = more is None
                batch += [more] if more else []
            if batch:
                self._write(batch)

    def _write(self, batch: list[_Asked]) -> None:
        """Write a batch in one transaction and answer it; whatever goes wrong is an answer, too."""
        refused: list[tuple[_Asked, Exception]] = []
        wanted = [asked for asked in batch if asked.place.set_running_or_notify_cancel()]  # for the rest nobody waits
        try:
            for asked, place in self._place(wanted, refused):
                asked.place.set_result(place)
        except Exception as error:  # noqa: BLE001 (an error not passed on would leave somebody waiting for ever)
            self._engine.dispose()  # after a full disk a connection may hold more than it tells
            told = NotWrittenError(
                f"the audit log cannot be written ({type(error).__name__}), so nothing was decided",
                hint="See that the disk has room and that no other program holds the database; then ask again.",
            )
            told.__cause__ = error
            answered = {id(asked) for asked, _ in refused}
            refused += [(asked, told) for asked in wanted if id(asked) not in answered]
        for asked, reason in refused:
            asked.place.set_exception(reason)

    def _place(self, wanted: list[_Asked], refused: list[tuple[_Asked, Exception]]) -> list[tuple[_Asked, int]]:
        """Write all of a batch, or, where one of it does not hold, all the others; on disk once this returns."""
        before, self._before = self._before, None
        try:
            with self._begun() as connection:
                made = Places(connection, before)
                placed = [(asked, made.add(asked.event)) for asked in wanted]
                _add_together(connection, wanted)
                made.finish()
        except OperationalError:  # full, locked or gone: trying each by itself would only take longer
            raise
        except (CadreError, SQLAlchemyError):
            with self._begun() as connection:
                made = Places(connection)
                placed = _one_by_one(connection, made, wanted, refused)
                made.finish()
        self._before = made
        return placed

    @contextmanager
    def _begun(self) -> Iterator[Connection]:
        with self._engine.begin() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA synchronous=FULL")
            yield connection


def _add_together(connection: Connection, wanted: list[_Asked]) -> None:
    many: dict[Table, list[Mapping[str, Any]]] = {}
    for asked in wanted:
        for table, row in asked.rows:
            many.setdefault(table, []).append(row)
    for table, rows in many.items():
        add_rows(connection, table, rows)
    for asked in wanted:
        if asked.write:
            asked.write(connection)


def _one_by_one(connection: Connection, made: Places, wanted: list[_Asked],
                refused: list[tuple[_Asked, Exception]]) -> list[tuple[_Asked, int]]:  # fmt: skip
    """Where one of them does not hold, it alone is refused."""
    found = []
    for asked in wanted:
        try:
            with connection.begin_nested():
                asked.add_to(connection)
                found.append((asked, made.add(asked.event)))
        except (CadreError, SQLAlchemyError) as error:
            refused.append((asked, error))
    return found
