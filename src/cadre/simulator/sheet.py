"""Rows put down one by one, handed over as Arrow tables in the canonical raw schema.

Keeps true: a row names only columns its table has, every row carries the simulation as its file and a running
number as its line, and nothing stays in memory after `flush`. What the rows mean is the caller's business.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from cadre.records import BY_NAME
from cadre.simulator.grammar import second_language


class Sheet:
    """Rows of all tables since the last flush.

    Args:
        file: Value of `source_file`, such as `helpful-7`.
        end: First instant after the data, in seconds since 1970; later facts are not put down.
        with_texts: Whether words are kept.
        second_language: Accounts whose words are put as in a second language.
    """

    def __init__(
        self, file: str, end: float, *, with_texts: bool, second_language: frozenset[str] = frozenset()
    ) -> None:
        self.file, self.end, self.with_texts = file, end, with_texts
        self._second_language = second_language
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._line = 0

    def put(self, table: str, external_id: str, **values: Any) -> str:
        """Put down a row; returns its id. Instants are seconds since 1970."""
        self._line += 1
        values["external_id"] = external_id
        values["source_file"] = self.file
        values["source_line"] = self._line
        self._rows.setdefault(table, []).append(values)
        return external_id

    def text(self, table: str, record_id: str, account: str | None, body: str, field: str = "body") -> None:
        """Put down the words of a record."""
        if self.with_texts and body:
            body = second_language(body) if account in self._second_language else body
            self.put(
                "texts",
                f"{table}:{record_id}:{field}",
                record_table=table,
                record_id=record_id,
                field=field,
                account_id=account,
                body=body,
            )

    def seen(self, at: float) -> bool:
        """Whether that instant lies within the data."""
        return at < self.end

    def flush(self) -> Iterator[tuple[str, pa.Table]]:
        """What was put down since the last flush, a table at a time, in the order tables were first used."""
        rows, self._rows = self._rows, {}
        for name, found in rows.items():
            yield name, _table(name, found)


def _table(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    schema = BY_NAME[name].raw_schema()
    unknown = {key for row in rows for key in row} - set(schema.names)
    if unknown:
        raise KeyError(f"{name} has no column {sorted(unknown)}")
    columns = []
    for field in schema:
        cells = [row.get(field.name) for row in rows]
        if pa.types.is_timestamp(field.type):
            micros = [None if cell is None else round(cell * 1_000_000) for cell in cells]
            columns.append(pa.array(micros, pa.int64()).cast(field.type))
        else:
            columns.append(pa.array(cells, field.type))
    return pa.Table.from_arrays(columns, schema=schema)


def instant(at: float) -> datetime:
    """Seconds since 1970 as a datetime in UTC."""
    return datetime.fromtimestamp(at, UTC)
