"""What connectors yield, checked and laid down as Parquet: the first half of a load.

Keeps true: memory is bounded by one chunk a table; every item is a staged row, a folded line or a rejected line;
a value of the wrong type refuses its row, not the load. Keys are still the source's own here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cadre.records import BY_NAME, Table
from cadre.records.schema import FILLED, POINTER, Column

CHUNK_ROWS = 100_000
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_GRACE = timedelta(days=1)
"""Clocks and zones differ; an instant further ahead than this is refused."""

FOLDED = pa.schema([("record_table", pa.string()), ("external_id", pa.string()), ("source_file", pa.string()),
                    ("source_line", pa.int64())])  # fmt: skip
REFUSED = pa.schema([("source_file", pa.string()), ("source_line", pa.int64()), ("reason", pa.string())])


@dataclass(frozen=True, slots=True)
class Stage:
    """A staged load: the Parquet files of each table, in the order the rows came.

    Attributes:
        tables: Table name -> files, raw schema and `seq`.
        folded: Files of folded lines.
        refused: Files of refused lines.
    """

    tables: dict[str, list[Path]] = field(default_factory=dict)
    folded: list[Path] = field(default_factory=list)
    refused: list[Path] = field(default_factory=list)


def staged_schema(table: Table) -> pa.Schema:
    """A table's raw schema with `seq`, the place of a row in its load."""
    return table.raw_schema().append(pa.field("seq", pa.int64()))


class Collector:
    """Takes what a connector yields and writes it down in chunks.

    Args:
        folder: An empty folder for the staged files.
        now: The present; instants well after it are refused.
    """

    def __init__(self, folder: Path, now: datetime) -> None:
        self._folder, self._latest = folder, now + _GRACE
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._folded: list[tuple[str, str, str, int]] = []
        self._refused: list[tuple[str, int, str]] = []
        self._seq = self._parts = 0
        self.stage = Stage()
        folder.mkdir(parents=True, exist_ok=True)

    def record(self, table: str, values: dict[str, Any], file: str, line: int | None) -> None:
        """Take one row; refuse it where a needed value is missing or an instant is impossible."""
        spec = BY_NAME[table]
        problem = self._problem(spec, values)
        if problem:
            self.refuse(file, line or 0, problem)
            return
        self._seq += 1
        rows = self._rows.setdefault(table, [])
        rows.append({**values, "source_file": file, "source_line": line, "seq": self._seq})
        if len(rows) >= CHUNK_ROWS:
            self._flush(table)

    def batch(self, table: str, rows: pa.Table) -> None:
        """Take many rows in the table's raw schema; `pa.ArrowInvalid` where they are not."""
        spec = BY_NAME[table]
        full = rows.select([name for name in spec.raw_schema().names if name in rows.column_names])
        for column in spec.raw_schema():
            if column.name not in full.column_names:
                full = full.append_column(column, pa.nulls(full.num_rows, column.type))
        full = full.select(spec.raw_schema().names).cast(spec.raw_schema())
        seq = pa.array(range(self._seq + 1, self._seq + 1 + full.num_rows), pa.int64())
        self._seq += full.num_rows
        self._write(table, full.append_column("seq", seq))

    def fold(self, table: str, external_id: str, file: str, line: int) -> None:
        """Account for a source row by the record it went into."""
        self._folded.append((table, external_id, file, line))
        if len(self._folded) >= CHUNK_ROWS:
            self._flush_lines()

    def refuse(self, file: str, line: int, reason: str) -> None:
        """Account for a source row by the reason it was not taken."""
        self._refused.append((file, line, reason))
        if len(self._refused) >= CHUNK_ROWS:
            self._flush_lines()

    def close(self) -> Stage:
        """Write what is left; the stage is complete."""
        for table in list(self._rows):
            self._flush(table)
        self._flush_lines()
        return self.stage

    @property
    def staged_rows(self) -> int:
        """Rows taken so far."""
        return self._seq

    def _problem(self, spec: Table, values: dict[str, Any]) -> str:
        for column in (*FILLED, *spec.columns):
            value = values.get(column.name)
            if value is None or value == "":
                if column.required:
                    return f"no {column.name} for {spec.name}"
            elif column.kind == "instant":
                if value > self._latest and not column.ahead:
                    return f"{column.name} lies in the future"
                if value < _EARLIEST:
                    return f"{column.name} lies before 1970"
        return ""

    def _flush(self, table: str) -> None:
        rows = self._rows.pop(table, [])
        if not rows:
            return
        spec = BY_NAME[table]
        schema = staged_schema(spec)
        bad: dict[int, str] = {}
        arrays = []
        columns = {c.name: c for c in (*FILLED, *spec.columns, *POINTER)}
        for column in schema:
            values = [row.get(column.name) for row in rows]
            try:
                arrays.append(pa.array(values, column.type))
            except (pa.ArrowException, UnicodeEncodeError, TypeError, OverflowError):
                arrays.append(_checked(values, column.type, columns[column.name], bad))
        chunk = pa.Table.from_arrays(arrays, schema=schema)
        for at, reason in bad.items():
            self.refuse(rows[at]["source_file"], rows[at]["source_line"] or 0, reason)
        if bad:
            chunk = chunk.take([i for i in range(len(rows)) if i not in bad])
        self._write(table, chunk)

    def _flush_lines(self) -> None:
        if self._folded:
            names = FOLDED.names
            rows = [dict(zip(names, row, strict=True)) for row in self._folded]
            self.stage.folded.append(self._put("folded", pa.Table.from_pylist(rows, FOLDED)))
            self._folded.clear()
        if self._refused:
            rows = [dict(zip(REFUSED.names, row, strict=True)) for row in self._refused]
            self.stage.refused.append(self._put("refused", pa.Table.from_pylist(rows, REFUSED)))
            self._refused.clear()

    def _write(self, table: str, rows: pa.Table) -> None:
        if rows.num_rows:
            self.stage.tables.setdefault(table, []).append(self._put(table, rows))

    def _put(self, name: str, rows: pa.Table) -> Path:
        self._parts += 1
        path = self._folder / f"{name}-{self._parts:06d}.parquet"
        pq.write_table(rows, path, compression="zstd", compression_level=1)
        return path


def _checked(values: Iterable[Any], kind: pa.DataType, column: Column, bad: dict[int, str]) -> pa.Array:
    """An array with the values that fit; the places of the others go to `bad` with a reason."""
    good: list[Any] = []
    for at, value in enumerate(values):
        try:
            pa.array([value], kind)
            good.append(value)
        except (pa.ArrowException, UnicodeEncodeError, TypeError, OverflowError):
            good.append(None)
            bad[at] = f"{column.name} is not {_EXPECTED.get(column.kind, column.kind)}"
    return pa.array(good, kind)


_EXPECTED = {
    "text": "valid text", "integer": "a whole number", "real": "a number", "flag": "yes or no",
    "instant": "an instant", "date": "a date", "texts": "a list of text",
}  # fmt: skip
