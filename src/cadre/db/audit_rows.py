"""Reading and adding rows of the audit log, in SQL alone: what they mean is said by `cadre.audit`."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Row, Table, bindparam, func, inspect, select, table, update

from cadre.db import plain
from cadre.db.audit import OWN, AuditEvent, AuditHead, AuditPayload, AuditTile

_STEP = 20_000
# Made once: each transaction of the log asks these, and making them costs more than asking them.
_HEAD = cast("Table", AuditHead.__table__)
_HOLD = update(_HEAD).values(size=_HEAD.c.size).returning(_HEAD.c.size, _HEAD.c.last_at)
_MOVE = update(_HEAD).values(size=bindparam("new_size"), last_at=bindparam("new_last_at"))


def held_head(connection: Connection) -> tuple[int, datetime | None]:
    """Size of the log and when its newest event was, held: nobody else appends before this transaction ends."""
    row = connection.execute(_HOLD).one()
    return row.size, row.last_at


def move_head(connection: Connection, size: int, last_at: datetime) -> None:
    """Say how long the log is now."""
    connection.execute(_MOVE, {"new_size": size, "new_last_at": last_at})


def size_of(connection: Connection) -> int:
    """Events in the log."""
    return connection.execute(select(AuditHead.size)).scalar_one()


def add_rows(connection: Connection, model: type[Any], rows: Sequence[dict[str, Any]]) -> None:
    """Add rows of one table at once."""
    plain.add_rows(connection, model.__table__, rows)


def newest_own(connection: Connection, client_id: str) -> int:
    """Number of a client's newest event; 0 where it has none."""
    own = (AuditEvent.client_id == client_id, OWN)
    return connection.execute(select(func.max(AuditEvent.nth)).where(*own)).scalar() or 0


def tile(connection: Connection, level: int, place: int) -> bytes | None:
    """Hashes of a full tile."""
    where = (AuditTile.level == level, AuditTile.place == place)
    return connection.execute(select(AuditTile.hashes).where(*where)).scalar()


def hashes(connection: Connection, level: int, start: int, count: int) -> bytes:
    """Neighbouring hashes of a level of tiles: leaves, or roots of the tiles below."""
    if level == 0:
        found = select(AuditEvent.leaf).where(AuditEvent.position >= start, AuditEvent.position < start + count)
        return b"".join(connection.execute(found.order_by(AuditEvent.position)).scalars())
    within = (AuditTile.level == level - 1, AuditTile.place >= start, AuditTile.place < start + count)
    return b"".join(connection.execute(select(AuditTile.root).where(*within).order_by(AuditTile.place)).scalars())


def whole_log(connection: Connection) -> Iterator[Row[Any]]:
    """Every event with its payload where there is one, in order, read in steps."""
    columns = (*AuditEvent.__table__.columns, AuditPayload.salt, AuditPayload.payload)
    found = select(*columns).outerjoin(AuditPayload, AuditPayload.position == AuditEvent.position)
    last = -1
    while rows := connection.execute(
        found.where(AuditEvent.position > last).order_by(AuditEvent.position).limit(_STEP)
    ).all():
        yield from rows
        last = rows[-1].position


def counts(connection: Connection, besides: Iterable[str]) -> dict[str, int]:
    """Rows of every table that has some and whose name does not begin as one of these."""
    before = tuple(besides)
    found = {}
    for name in sorted(inspect(connection).get_table_names()):
        if not name.startswith(before):
            found[name] = connection.execute(select(func.count()).select_from(table(name))).scalar_one()
    return {name: count for name, count in found.items() if count}
