"""Rows of the audit log through SQLAlchemy, on any database, as `log_shape` asks for them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import Connection, Engine, Table, bindparam, select
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from cadre.db import audit_rows, plain
from cadre.db.audit import AuditAbout, AuditEvent, AuditPayload, AuditTile
from cadre.db.log_shape import DECIDED, Told

Row = tuple[Table, Mapping[str, Any]]
"""A row with its table."""
_TABLES = {
    model.__tablename__: cast("Table", model.__table__) for model in (AuditEvent, AuditPayload, AuditAbout, AuditTile)
}
_AT = AuditEvent.position
_BETWEEN = (
    select(_AT, AuditEvent.kind, AuditEvent.actor, AuditEvent.header)
    .where(bindparam("start") <= _AT, bindparam("end") > _AT, AuditEvent.kind.in_(DECIDED))
    .order_by(_AT)
)


class SqlRows:
    """The log through SQLAlchemy.

    Args:
        connection: In a transaction.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def held_head(self) -> tuple[int, str]:
        """Size of the log and the instant of its newest event; from here on nobody else appends."""
        size, last_at = audit_rows.held_head(self._connection)
        return size, last_at.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z" if last_at else ""

    def move_head(self, size: int, last_at: str) -> None:
        """Say how long the log is now."""
        audit_rows.move_head(self._connection, size, datetime.fromisoformat(last_at))

    def newest_own(self, client_id: str) -> int:
        """Number of a client's newest event; 0 where it has none."""
        return audit_rows.newest_own(self._connection, client_id)

    def hashes(self, level: int, start: int, count: int) -> bytes:
        """Neighbouring hashes of a level of tiles."""
        return audit_rows.hashes(self._connection, level, start, count)

    def counts(self, besides: Iterable[str]) -> dict[str, int]:
        """Rows of every table that has some and whose name does not begin as one of these."""
        return audit_rows.counts(self._connection, besides)

    def decided(self, start: int, end: int) -> list[Told]:
        """Events from one place to before another that count against budgets."""
        found = self._connection.execute(_BETWEEN, {"start": start, "end": end})
        return [(row.position, row.kind, row.actor, row.header) for row in found]

    def add(self, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Add rows of a table of the log."""
        into = _TABLES[table]
        names = [column.name for column in into.columns]
        plain.add_rows(self._connection, into, [dict(zip(names, row, strict=True)) for row in rows])

    def add_all(self, rows: Iterable[Row]) -> None:
        """Add rows of other tables, those of one table together."""
        many: dict[Table, list[Mapping[str, Any]]] = {}
        for table, row in rows:
            many.setdefault(table, []).append(row)
        for table, some in many.items():
            plain.add_rows(self._connection, table, some)

    @contextmanager
    def apart(self) -> Iterator[None]:
        """A part that may fail by itself."""
        with self._connection.begin_nested():
            yield


class SqlLog:
    """Transactions on the log of any database.

    Args:
        engine: Of the database of decisions.
    """

    BROKEN: type[Exception] = OperationalError
    """Full, locked or gone: trying parts by themselves would only take longer."""
    WRONG: type[Exception] = SQLAlchemyError

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def begun(self) -> Iterator[SqlRows]:
        """A transaction; on disk once this ends."""
        with self._engine.begin() as connection:
            yield SqlRows(connection)

    @staticmethod
    def pack(table: Table, row: Mapping[str, Any]) -> Row:
        """A row as `add_all` takes it."""
        return table, row

    def drop(self) -> None:
        """Let go of connections: after a full disk one may hold more than it tells."""
        self._engine.dispose()
