"""Writing a batch of events in one transaction, with the rows that come with them.

Keeps true: all of a batch is on disk, or none; where one of it does not hold, it alone is refused; what was decided
without knowing of what another process decided meanwhile is not written and comes back.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, NamedTuple, Protocol

from cadre.audit.event import Draft
from cadre.audit.sequence import Places
from cadre.db.log_shape import LogRows, Told

MOST_FOREIGN = 20_000
"""Events of others that are looked through at once; where there were more, everything is counted anew."""
UNKNOWN = -1


class Piece(NamedTuple):
    """An event with its rows.

    Attributes:
        draft: The event.
        rows: As `pack` made them.
        seen: Up to which place of the log decisions of its actor were known when it was decided; `UNKNOWN` where that
            does not matter.
    """

    draft: Draft
    rows: tuple[Any, ...]
    seen: int


class Kept(NamedTuple):
    """What became of a batch.

    Attributes:
        end: Size of the log with it.
        foreign: What others decided since the last batch; None where that is too much to tell.
        places: Of each, its place; None where it was decided without knowing of those; else why it does not hold.
    """

    end: int
    foreign: list[Told] | None
    places: list[int | str | None]


class Pen(Protocol):
    """Writes batches."""

    def pack(self, table: Any, row: Mapping[str, Any]) -> Any:
        """A row of a table as `Piece` holds it."""

    def write(self, pieces: Sequence[Piece], end: int) -> Kept:
        """Write a batch.

        Args:
            pieces: In their order.
            end: Size of the log after the batch before; `UNKNOWN` where there was none, or nobody knows whether it holds.

        Raises:
            Exception: None of it can be written.
        """

    def close(self) -> None:
        """Let go of the database."""


class Rows(LogRows, Protocol):
    """The log and other tables of the same database, in a transaction."""

    def add_all(self, rows: Iterable[Any]) -> None:
        """Add rows of other tables."""

    def apart(self) -> AbstractContextManager[None]:
        """A part that may fail by itself."""


class Log(Protocol):
    """A log that transactions begin on."""

    @property
    def BROKEN(self) -> type[Exception]:  # noqa: N802 (a constant of whoever has it)
        """Full, locked or gone: trying parts by themselves would only take longer."""

    @property
    def WRONG(self) -> type[Exception]:  # noqa: N802 (the same)
        """Whatever a database says of what does not hold."""

    def pack(self, table: Any, row: Mapping[str, Any]) -> Any:
        """A row of a table as `add_all` takes it."""

    def begun(self) -> AbstractContextManager[Rows]:
        """A transaction."""

    def drop(self) -> None:
        """Let go of connections."""


class OnePen:
    """Writes batches by itself.

    Args:
        log: Where to.
    """

    def __init__(self, log: Log) -> None:
        self._log = log
        self._before: Places | None = None

    def pack(self, table: Any, row: Mapping[str, Any]) -> Any:
        """A row of a table as `Piece` holds it."""
        return self._log.pack(table, row)

    def write(self, pieces: Sequence[Piece], end: int) -> Kept:
        """Write a batch."""
        before, self._before = self._before, None
        try:
            try:
                with self._log.begun() as rows:
                    made = Places(rows, before)
                    kept = _together(rows, made, pieces, end)
            except self._log.BROKEN:
                raise
            except self._log.WRONG:
                with self._log.begun() as rows:
                    made = Places(rows)
                    kept = _one_by_one(rows, made, pieces, end, self._log.WRONG)
        except Exception:
            self._log.drop()
            raise
        self._before = made
        return kept

    def close(self) -> None:
        """Let go of the database."""
        self._log.drop()


def _together(rows: Rows, made: Places, pieces: Sequence[Piece], end: int) -> Kept:
    foreign, is_stale = _others(rows, made.start, pieces, end)
    fresh = [piece for piece, stale in zip(pieces, is_stale, strict=True) if not stale]
    placed = iter([made.add(piece.draft) for piece in fresh])
    rows.add_all(row for piece in fresh for row in piece.rows)
    made.finish()
    return Kept(made.end, foreign, [None if stale else next(placed) for stale in is_stale])


def _one_by_one(rows: Rows, made: Places, pieces: Sequence[Piece], end: int, wrong: type[Exception]) -> Kept:
    """Where one of them does not hold, it alone is refused."""
    foreign, is_stale = _others(rows, made.start, pieces, end)
    places: list[int | str | None] = []
    for piece, stale in zip(pieces, is_stale, strict=True):
        if stale:
            places.append(None)
            continue
        try:
            with rows.apart():
                rows.add_all(piece.rows)
            places.append(made.add(piece.draft))
        except wrong as error:
            places.append(type(error).__name__)
    made.finish()
    return Kept(made.end, foreign, places)


def _others(rows: Rows, start: int, pieces: Sequence[Piece], end: int) -> tuple[list[Told] | None, list[bool]]:
    """What others decided before this batch, and which of it did not know of that."""
    since = end if end != UNKNOWN else min((piece.seen for piece in pieces if piece.seen != UNKNOWN), default=start)
    if since >= start:
        return [], [False] * len(pieces)
    if start - since > MOST_FOREIGN:
        return None, [UNKNOWN != piece.seen < start for piece in pieces]
    foreign = rows.decided(since, start)
    newest = {actor: place for place, _, actor, _ in foreign}
    return foreign, [UNKNOWN != piece.seen <= newest.get(piece.draft.actor, UNKNOWN) for piece in pieces]
