"""Read access: the record as one manifest saw it, through Ibis on in-process DuckDB.

Keeps true: a snapshot never changes under its reader, a table without rows is there with its columns, and a file
written before a column existed reads as missing there. While it is open, its files are not vacuumed.
"""

import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC
from functools import cache, cached_property
from itertools import count
from pathlib import Path
from typing import Any, Self

import duckdb
import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa

from cadre.clock import SystemClock
from cadre.records import BY_NAME, DERIVED_BY_NAME, Firm
from cadre.records.ledger import LEDGER
from cadre.warehouse import manifest as manifests
from cadre.warehouse.engine import connect, files_sql
from cadre.warehouse.layout import Layout
from cadre.warehouse.manifest import Manifest
from cadre.warehouse.migration import check_schema

_LEASE_SECONDS = 3600.0


@cache
def stored_schemas() -> dict[str, pa.Schema]:
    """Every table's columns on disk, by table name."""
    return {
        **{name: table.stored_schema() for name, table in BY_NAME.items()},
        **{name: table.schema() for name, table in DERIVED_BY_NAME.items()},
        **{table.name: table.schema() for table in LEDGER},
    }


class Snapshot(Mapping[str, ir.Table]):
    """The tables of one manifest, by name; a context manager.

    Args:
        layout: The workspace's folders.
        firm: Facts about the firm.
        manifest: Which state to read; the newest unless one is given.
    """

    def __init__(self, layout: Layout, firm: Firm, manifest: Manifest | None = None) -> None:
        self.firm = firm
        self._layout = layout
        self._lease = layout.leases / f"{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self._spill = layout.spills / self._lease.name
        layout.leases.mkdir(parents=True, exist_ok=True)
        self.manifest = manifest or self._leased()
        if manifest:
            self._hold(manifest)
        check_schema(self.manifest)
        self._schemas = stored_schemas()
        self._made: dict[str, ir.Table] = {}
        self._held = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the files up and close the engine."""
        self._lease.unlink(missing_ok=True)
        self._made.clear()
        if "_duckdb" in self.__dict__:
            self._duckdb.close()

    @cached_property
    def _duckdb(self) -> duckdb.DuckDBPyConnection:
        """The engine, started by the first question: what is kept in memory needs none, and starting takes 15 ms."""
        return connect(self._spill)

    @cached_property
    def _ibis(self) -> Any:
        return ibis.duckdb.from_connection(self._duckdb)

    def _leased(self) -> Manifest:
        """The newest manifest, held: read again once the lease lies there, since files may go in between."""
        while True:
            found = manifests.newest(self._layout.manifests)
            self._hold(found)
            if manifests.newest(self._layout.manifests).number == found.number:
                return found

    def _hold(self, manifest: Manifest) -> None:
        self._lease.write_text(json.dumps({"pid": os.getpid(), "manifest": manifest.number}), "ascii")

    def __getitem__(self, name: str) -> ir.Table:
        if name not in self._made:
            self._duckdb.execute(view_sql(name, self._schemas[name], self.manifest, self._layout))
            self._made[name] = self._shaped(name)
        return self._made[name]

    def _shaped(self, name: str) -> ir.Table:
        """A table whose columns are asked of the engine once a process: they follow from the schema, and asking takes 5 ms."""
        if name not in _SHAPES:
            _SHAPES[name] = self._ibis.table(name).schema()
        return ops.DatabaseTable(name, schema=_SHAPES[name], source=self._ibis).to_expr()

    def __iter__(self) -> Iterator[str]:
        return iter(self._schemas)

    def __len__(self) -> int:
        return len(self._schemas)

    @property
    def root(self) -> Path:
        """The workspace's folder."""
        return self._layout.root

    def table(self, name: str) -> ir.Table:
        """The table of that name; `KeyError` for one that does not exist."""
        return self[name]

    def arrow(self, expression: ir.Table) -> pa.Table:
        """The rows of an expression over this snapshot's tables."""
        # Through the engine itself: Ibis' own way imports pandas, a second of every command.
        return self._duckdb.sql(ibis.to_sql(expression, dialect="duckdb")).to_arrow_table()

    def reader(self, expression: ir.Table, *, chunk_rows: int = 200_000) -> pa.RecordBatchReader:
        """The rows of an expression as a stream, for results that do not fit memory."""
        return self._duckdb.sql(ibis.to_sql(expression, dialect="duckdb")).to_arrow_reader(chunk_rows)

    def rows(self, expression: ir.Table) -> list[dict[str, Any]]:
        """The rows of an expression as dictionaries, for results of page size."""
        found = self.arrow(expression)
        columns = {name: _plain(found.column(name)) for name in found.column_names}
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]

    @contextmanager
    def held(self, expression: ir.Table) -> Iterator[ir.Table]:
        """The rows of an expression worked out once, as a table of its own that many expressions may read.

        Args:
            expression: Over this snapshot's tables.
        """
        self._held += 1
        name = f"held_{self._held}"
        self._duckdb.execute(f"CREATE TEMP TABLE {name} AS {ibis.to_sql(expression, dialect='duckdb')}")
        try:
            yield self._ibis.table(name)
        finally:
            self._duckdb.execute(f"DROP TABLE {name}")

    def view(self, make: Callable[[Mapping[str, ir.Table]], ir.Table]) -> ir.Table:
        """What a function of the tables gives, as a table of its own whose statement is compiled once a process.

        Args:
            make: A pure function of tables by name; it is called once, with tables that have columns and no rows.
        """
        if make not in _STATEMENTS:
            given = _Unbound(self)
            expression = make(given)
            _STATEMENTS[make] = (f"view_{next(_NUMBERS)}", _compiled(expression), tuple(given.named))
        name, statement, needed = _STATEMENTS[make]
        if name not in self._made:
            for each in needed:
                self.table(each)
            self._duckdb.execute(f"CREATE OR REPLACE VIEW {name} AS {statement}")
            self._made[name] = self._ibis.table(name)
        return self._made[name]

    def filled(self) -> frozenset[str]:
        """Names of the tables that have rows."""
        return frozenset(name for name, state in self.manifest.tables.items() if state.rows)

    def count(self, name: str) -> int:
        """Rows of a table, from the manifest alone."""
        return self.manifest.rows(name)


class _Unbound(Mapping[str, ir.Table]):
    """The tables of a snapshot without their rows, which remembers those that were asked for."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.named: dict[str, ir.Table] = {}

    def __getitem__(self, name: str) -> ir.Table:
        if name not in self.named:
            self.named[name] = ibis.table(self._snapshot.table(name).schema(), name=name)
        return self.named[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._snapshot)

    def __len__(self) -> int:
        return len(self._snapshot)


_STATEMENTS: dict[Callable[[Mapping[str, ir.Table]], ir.Table], tuple[str, str, tuple[str, ...]]] = {}
"""Function of the tables -> name of its view, its statement, and the tables that reads."""
_SHAPES: dict[str, ibis.Schema] = {}
"""Table -> its columns as the engine tells them."""
_NUMBERS = count()
"""Of views; never the same twice, whichever thread asks."""


def _compiled(expression: ir.Table) -> str:
    """An expression over unbound tables in the engine's words, to be kept: compiling takes longer than running it."""
    return str(ibis.to_sql(expression, dialect="duckdb"))


def view_sql(name: str, schema: pa.Schema, manifest: Manifest, layout: Layout) -> str:
    """SQL that defines a view over a table's files in one manifest."""
    state = manifest.tables.get(name)
    nothing = ", ".join(f"NULL::{_sql_type(f.type)} AS {f.name}" for f in schema)
    empty = f"SELECT {nothing} WHERE false"
    if state is None or not state.files:
        return f'CREATE OR REPLACE VIEW "{name}" AS {empty}'
    folder = layout.table(name)
    files = files_sql([str(folder / file) for file in state.files])
    names = ", ".join(schema.names)
    whole = f"SELECT * FROM read_parquet({files}, union_by_name = true) UNION ALL BY NAME {empty}"
    return f'CREATE OR REPLACE VIEW "{name}" AS SELECT {names} FROM ({whole})'


def open_leases(layout: Layout) -> list[Path]:
    """Leases of readers that still run; those of dead ones are removed, with what outgrew their memory."""
    alive = []
    for lease in layout.leases.glob("*"):
        if _runs(lease):
            alive.append(lease)
        else:
            lease.unlink(missing_ok=True)
            shutil.rmtree(layout.spills / lease.name, ignore_errors=True)
    return alive


def _runs(lease: Path) -> bool:
    """Whether the process that wrote a lease runs."""
    if os.name == "nt":  # asking for a process by signal would stop it there: age decides instead
        return SystemClock().now().timestamp() - lease.stat().st_mtime < _LEASE_SECONDS
    try:
        os.kill(int(lease.name.split("-")[0]), 0)
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False
    return True


def _plain(column: pa.ChunkedArray) -> list[Any]:
    """A column's values; times with a zone by a way of our own, since Arrow's imports pandas, half a second of a command."""
    if pa.types.is_timestamp(column.type) and column.type.tz:
        times = column.cast(pa.timestamp("us")).to_pylist()
        return [None if at is None else at.replace(tzinfo=UTC) for at in times]
    return list(column.to_pylist())


def _sql_type(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return "VARCHAR[]"
    if pa.types.is_timestamp(kind):
        return "TIMESTAMPTZ" if kind.tz else "TIMESTAMP"
    return {
        pa.string(): "VARCHAR", pa.int64(): "BIGINT", pa.float64(): "DOUBLE",
        pa.bool_(): "BOOLEAN", pa.date32(): "DATE",
    }[kind]  # fmt: skip
