"""Adding many rows at once with a statement made once: for the few tables that grow with every decision.

Keeps true: a row is what `insert` would have written, types of columns included, and an error is the one that it would have
raised. Measured: SQLAlchemy binds names anew for each row, which costs more than SQLite takes to write it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Insert, Table, insert
from sqlalchemy.dialects.sqlite import dialect as _sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import StatementError

_WIDTHS = (16, 4, 1)
"""Rows of one statement: SQLite's driver lets go of the interpreter at each, and beside a busy thread that costs most."""

_LITE = _sqlite()


@dataclass(frozen=True, slots=True)
class _Plain:
    """A statement as the driver takes it.

    Attributes:
        text: Up to its rows.
        marks: A question mark for each column.
        pick: The values of a row in the order of the columns.
        changes: By place, what a column's type makes of a value.
    """

    text: str
    marks: str
    pick: Callable[[Mapping[str, Any]], tuple[Any, ...]]
    changes: tuple[tuple[int, Callable[[Any], Any]], ...]

    def values(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        """A row as the driver takes it.

        Raises:
            KeyError: It lacks a column.
        """
        told = self.pick(row)
        if not self.changes:
            return told
        made = list(told)
        for place, change in self.changes:
            made[place] = change(made[place])
        return tuple(made)


def add_rows(connection: Connection, rows_of: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows of one table at once.

    Args:
        connection: In a transaction.
        rows_of: The table.
        rows: All with the same columns by name; at least two columns.
    """
    if not rows:
        return
    if connection.dialect.paramstyle != "qmark":
        connection.execute(_insert(rows_of), rows)
        return
    try:
        plain = _plain(rows_of, connection.dialect, tuple(rows[0]))
        told = [plain.values(row) for row in rows]
    except (AttributeError, KeyError, TypeError, ValueError):  # a value that does not fit is said as `insert` says it
        connection.execute(_insert(rows_of), rows)
        return
    at = 0
    for width in _WIDTHS:
        end = at + (len(told) - at) // width * width
        if end > at:
            together = [tuple(chain.from_iterable(told[n : n + width])) for n in range(at, end, width)]
            connection.exec_driver_sql(f"{plain.text}{', '.join([plain.marks] * width)}", together)
        at = end


def packed(rows_of: Table, row: Mapping[str, Any]) -> tuple[str, tuple[Any, ...]]:
    """A row as SQLite's driver takes it: the statement, and plain values.

    Raises:
        KeyError: It lacks a column.
        StatementError: A value does not fit its column.
    """
    plain = _plain(rows_of, _LITE, tuple(row))
    try:
        return f"{plain.text}{plain.marks}", plain.values(row)
    except (AttributeError, TypeError, ValueError) as error:
        raise StatementError(f"a value does not fit {rows_of.name}", plain.text, None, error) from error


@cache
def _insert(rows_of: Table) -> Insert:
    return insert(rows_of)


@lru_cache(256)
def _plain(rows_of: Table, dialect: Dialect, names: tuple[str, ...]) -> _Plain:
    quoted = dialect.identifier_preparer
    columns = ", ".join(quoted.quote(rows_of.c[name].name) for name in names)
    marks = f"({', '.join('?' * len(names))})"
    text = f"INSERT INTO {quoted.format_table(rows_of)} ({columns}) VALUES "  # noqa: S608 (names of a table of ours)
    found = [(place, rows_of.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for place, name in enumerate(names)]  # fmt: skip
    return _Plain(text, marks, itemgetter(*names), tuple((place, change) for place, change in found if change))
