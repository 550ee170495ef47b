"""A writer that answers only when an event is on disk: one thread, many events to a transaction.

Keeps true: what was answered is in the database after a power cut (SQLite writes through, `synchronous=FULL`); what cannot
be written is answered with an error, never later; what waits is bounded. Where a decision has rows of its own, they go into
the same transaction, so that both are true or neither. What was decided without knowing of what another process decided
meanwhile is decided anew before it is written.
"""

import queue
import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self, cast

from sqlalchemy import Engine, Table

from cadre.audit.event import Draft, Event, draft
from cadre.db.log_lite import LiteLog
from cadre.db.log_rows import SqlLog
from cadre.db.log_shape import Told
from cadre.errors import NotWrittenError
from cadre.services.audit.pen import UNKNOWN, OnePen, Pen, Piece
from cadre.services.audit.written import Written

MOST_WAITING = 10_000
MOST_TOGETHER = 512
"""Events in one transaction: past this, waiting for the disk no longer weighs anything."""
_MOST_TRIES = 50

Row = tuple[Table, Mapping[str, Any]]
"""A row with its table."""


@dataclass(slots=True)
class Ground:
    """What decisions about one actor are made on.

    Attributes:
        seen: Decisions of other processes before this place of the log are counted.
        is_over: It no longer holds; the next decision counts anew.
    """

    seen: int
    is_over: bool = False


@dataclass(slots=True)
class Asked:
    """An event that was asked for.

    Attributes:
        event: What happened.
        rows: What becomes true with it.
        ground: What it was decided on; missing where nothing was counted for it.
        seen: `ground.seen` at that moment.
        again: Decides anew, where that no longer holds; changes event, rows and ground.
        written: Where the answer goes.
        tries: How often it was decided anew.
    """

    event: Event | Draft
    rows: Sequence[Row] = ()
    ground: Ground | None = None
    seen: int = UNKNOWN
    again: "Callable[[Asked], None] | None" = None
    written: Written = field(default_factory=Written)
    tries: int = 0

    @property
    def is_stale(self) -> bool:
        """Whether others have decided since it was."""
        return self.ground is not None and (self.ground.is_over or self.ground.seen > self.seen)

    def decide_anew(self) -> None:
        """Decide it on what is known now.

        Raises:
            NotWrittenError: That never ends.
        """
        self.tries += 1
        if self.again is None or self.tries > _MOST_TRIES:
            raise NotWrittenError("another process decides for this agent all the time", hint="Ask again in a second.")
        self.again(self)


class EventWriter:
    """A thread that appends events.

    Args:
        engine: Database of decisions, with the newest schema.
        most_waiting: Events that may wait; past that, asking is refused at once.
        pen: What writes them; unless given, this thread does.

    Attributes:
        heard: Is told of decisions that others made, before anything decided without them is decided anew; of None where
            these are too many, or where nobody knows what was written.
    """

    def __init__(self, engine: Engine, *, most_waiting: int = MOST_WAITING, pen: Pen | None = None) -> None:
        self._pen: Pen = pen or _pen_for(engine)
        self.heard: Callable[[list[Told] | None, int], None] | None = None
        self._end = UNKNOWN
        self._waiting: queue.SimpleQueue[Asked | None] = queue.SimpleQueue()
        self._most_waiting = most_waiting
        self._closing = threading.Lock()
        self._is_open = True
        self._thread = threading.Thread(target=self._run, name="audit-writer", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def submit(self, event: Event, *, rows: Sequence[Row] = ()) -> Written:
        """Ask for an event to be written.

        Args:
            event: What happened, or was decided.
            rows: Added in the same transaction. Where they do not hold, the event is not written either, and others are
                not touched by it.

        Returns:
            Its place in the log, once it is on disk. Or a `NotWrittenError`: then it does not hold, and is refused.

        Raises:
            NotWrittenError: Too many wait already, or the writer was closed.
        """
        return self.ask(Asked(event, rows))

    def ask(self, asked: Asked) -> Written:
        """The same, for what was decided on counts that others may have changed.

        Raises:
            NotWrittenError: Too many wait already, or the writer was closed.
        """
        with self._closing:  # so that nothing is put behind the end
            if not self._is_open:
                raise NotWrittenError("the audit log is closed", hint="Ask again once the server runs.")
            if self._waiting.qsize() >= self._most_waiting:
                raise NotWrittenError(f"{self._most_waiting} events wait to be written", hint="Ask again in a second.")
            self._waiting.put(asked)
        return asked.written

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
            wanted = [asked for asked in batch if asked.written.begin()]  # for the rest nobody waits
            while wanted:
                wanted = self._write(wanted)
        self._pen.close()

    def _write(self, wanted: list[Asked]) -> list[Asked]:
        """Write a batch and answer it; whatever goes wrong is an answer, too. Gives back what has to be decided anew."""
        pieces, ready = self._pieces(wanted)
        if not pieces:
            return []
        try:
            kept = self._pen.write(pieces, self._end)
            self._end = kept.end
            if kept.foreign is None or kept.foreign:
                self._tell(kept.foreign, kept.end)
        except Exception as error:  # noqa: BLE001 (an error not passed on would leave somebody waiting for ever)
            self._end = UNKNOWN
            self._tell(None, UNKNOWN)
            told = NotWrittenError(
                f"the audit log cannot be written ({getattr(error, 'kind', type(error).__name__)}), so nothing was decided",
                hint="See that the disk has room and that no other program holds the database; then ask again.",
            )
            told.__cause__ = error
            for asked in ready:
                asked.written.settle(error=told)
            return []
        stale: list[Asked] = []
        for asked, place in zip(ready, kept.places, strict=True):
            if isinstance(place, int):
                asked.written.settle(place)
            elif place is None:
                self._decide_anew(asked, stale)
            else:
                asked.written.settle(error=_refused(place))
        return stale

    def _pieces(self, wanted: list[Asked]) -> tuple[list[Piece], list[Asked]]:
        pieces, ready = [], []
        for asked in wanted:
            try:
                while asked.is_stale:
                    asked.decide_anew()
                rows = tuple([self._pen.pack(table, row) for table, row in asked.rows])
                told = asked.event if isinstance(asked.event, Draft) else draft(asked.event)
                pieces.append(Piece(told, rows, asked.seen))
            except Exception as error:  # noqa: BLE001 (it alone is refused)
                asked.written.settle(error=error)
            else:
                ready.append(asked)
        return pieces, ready

    @staticmethod
    def _decide_anew(asked: Asked, stale: list[Asked]) -> None:
        try:
            asked.decide_anew()
        except Exception as error:  # noqa: BLE001 (it alone is refused)
            asked.written.settle(error=error)
        else:
            stale.append(asked)

    def _tell(self, foreign: list[Told] | None, end: int) -> None:
        if self.heard is not None:
            self.heard(foreign, end)


def _refused(kind: str) -> NotWrittenError:
    return NotWrittenError(f"this cannot be written beside what is there ({kind})", hint="Ask again.")


def _pen_for(engine: Engine) -> Pen:
    if engine.dialect.name != "sqlite":
        return OnePen(SqlLog(engine))

    def connect() -> tuple[sqlite3.Connection, Callable[[], None]]:
        held = engine.raw_connection()
        return cast("sqlite3.Connection", held.driver_connection), held.invalidate  # closed, not given back to the pool

    return OnePen(LiteLog(connect))
