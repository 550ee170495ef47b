"""A load: stage, conform, dedupe, anti-join, append; then one manifest makes it true, or nothing happened.

Keeps true: re-ingesting changes nothing; a corrected or later revision replaces what it corrects; of two rows of one
load with one id the last stands and the other is counted as refused; a crash leaves the last manifest's record.
Reading files is the connectors' business, deciding what follows from new rows that of `services.refresh`.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from cadre.records import BY_NAME, HASHED, VERSION, Table
from cadre.records.ledger import LOADS, REJECTED
from cadre.warehouse import delta, forgetting
from cadre.warehouse import manifest as manifests
from cadre.warehouse.conform import conform_sql
from cadre.warehouse.counted import Counted
from cadre.warehouse.engine import connect, define_tomb, files_sql
from cadre.warehouse.layout import PRIVATE, Layout
from cadre.warehouse.lock import writing
from cadre.warehouse.manifest import Manifest, TableState
from cadre.warehouse.migration import check_schema
from cadre.warehouse.snapshot import stored_schemas, view_sql
from cadre.warehouse.staging import Stage
from cadre.warehouse.tidy import tidy
from cadre.warehouse.tombstone import read_tombstones

_CHUNK_FILES_ROWS = 1_000_000
_MERGE_ROWS = 200_000


@dataclass(frozen=True, slots=True)
class LoadFile:
    """A file of a load, with the digests by which it is known again."""

    name: str
    digest: str
    settings_digest: str


@dataclass(slots=True)
class LoadCount:
    """What a load did: source rows by fate, and rows written by table."""

    rows_read: int = 0
    rows_accepted: int = 0
    rows_rejected: int = 0
    rows_unchanged: int = 0
    tables: dict[str, int] = field(default_factory=dict)


class Load:
    """One load under way, inside `loading`."""

    def __init__(self, layout: Layout, source: str, zone: str, now: datetime, base: Manifest) -> None:
        self._layout, self._source, self._zone, self._now, self._base = layout, source, zone, now, base
        self.load_id = f"{now:%Y%m%dT%H%M%S}-{base.number + 1}-{source}"
        self.folder = layout.staging / "load"
        self._duckdb = connect(layout.staging / "spill")
        self._duckdb.execute(
            "CREATE TABLE changed (source_file VARCHAR, source_line BIGINT);"
            "CREATE TABLE new_ids (record_table VARCHAR, external_id VARCHAR);"
            "CREATE TABLE superseded (source_file VARCHAR, source_line BIGINT, reason VARCHAR);"
        )
        self._erased = read_tombstones(layout.tombstones)
        define_tomb(self._duckdb, self._erased)
        self._states: dict[str, TableState] = {}
        self._folds = False

    def write(self, stage: Stage) -> dict[str, int]:
        """Write a stage's rows into the tables.

        Returns:
            Table name -> rows that were new or corrected.
        """
        written = {}
        self._folds = bool(stage.folded)
        for name in BY_NAME:  # canonical order, so that a load is the same whatever the connector's order
            files = stage.tables.get(name)
            if files:
                written[name] = sum(self._write_chunk(BY_NAME[name], chunk) for chunk in _chunks(files))
        return written

    def count(self, stage: Stage, files: list[LoadFile], tables: dict[str, int]) -> LoadCount:
        """Count every source row by its fate and write `loads` and `rejected`."""
        run = self._duckdb.execute
        seen = [f"SELECT source_file, source_line FROM read_parquet({_list(f)}) WHERE source_line > 0"
                for f in (*stage.tables.values(), stage.refused, stage.folded) if f]  # fmt: skip
        run("CREATE TABLE seen (source_file VARCHAR, source_line BIGINT)")
        if seen:
            run(f"INSERT INTO seen SELECT DISTINCT * FROM ({' UNION ALL '.join(seen)})")
        if stage.folded:
            run("INSERT INTO changed SELECT f.source_file, f.source_line FROM "
                f"read_parquet({_list(stage.folded)}) f JOIN new_ids USING (record_table, external_id)")  # fmt: skip
        refused = (
            [f"SELECT source_file, source_line, reason FROM read_parquet({_list(stage.refused)})"]
            if stage.refused
            else []
        )
        refused.append("SELECT source_file, source_line, reason FROM superseded")
        run(f"CREATE TABLE refused AS {' UNION ALL '.join(refused)}")
        totals = run(
            "WITH bad AS (SELECT DISTINCT source_file, source_line FROM refused WHERE source_line > 0),"
            " good AS (SELECT DISTINCT source_file, source_line FROM changed WHERE source_line IS NOT NULL"
            "          EXCEPT SELECT * FROM bad),"
            " r AS (SELECT source_file, count(*) n FROM seen GROUP BY 1),"
            " b AS (SELECT source_file, count(*) n FROM bad GROUP BY 1),"
            " g AS (SELECT source_file, count(*) n FROM good GROUP BY 1)"
            " SELECT r.source_file, r.n, coalesce(g.n, 0), coalesce(b.n, 0) FROM r"
            " LEFT JOIN g USING (source_file) LEFT JOIN b USING (source_file)"
        ).fetchall()
        by_file = {name: (read, good, bad) for name, read, good, bad in totals}
        count = LoadCount(tables=tables)
        for read, good, bad in by_file.values():
            count.rows_read += read
            count.rows_accepted += good
            count.rows_rejected += bad
            count.rows_unchanged += read - good - bad
        self._write_ledger(files, by_file)
        return count

    def reasons(self) -> dict[str, int]:
        """Why rows were refused, with how many; most frequent first. After `count`."""
        found = self._duckdb.execute(
            "SELECT reason, count(DISTINCT (source_file, source_line)) FROM refused GROUP BY 1 ORDER BY 2 DESC, 1"
        ).fetchall()
        return {str(reason): int(rows) for reason, rows in found}

    def publish(self) -> Manifest:
        """Make what was written the newest record."""
        for name in list(self._states):
            folder = self._layout.table(name)
            if delta.compact(folder):
                self._states[name] = delta.state(folder, self._states[name].rows)
        following = self._base.following(self._now, VERSION, self._states)
        manifests.publish(self._layout.manifests, following)
        tidy(self._layout)
        return following

    def close(self) -> None:
        """Give up the engine and the staged files."""
        self._duckdb.close()
        shutil.rmtree(self._layout.staging, ignore_errors=True)

    def _write_chunk(self, table: Table, files: list[Path]) -> int:
        run = self._duckdb.execute
        run(f"CREATE OR REPLACE VIEW staged AS SELECT * FROM read_parquet({_list(files)})")
        sql = conform_sql(table, "staged")
        if table.name in PRIVATE and self._erased:
            graves = ", ".join(f"'{key}'" for key in self._erased.values())
            own = [c.name for c in table.columns if c.ref in HASHED]
            sql = f"SELECT * FROM ({sql}) WHERE " + " AND ".join(
                f"coalesce({name} NOT IN ({graves}), true)" for name in own
            )
        wanted = {name: value for name, value in
                  {"source": self._source, "secret": self._layout.secret, "zone": self._zone}.items()
                  if f"${name}" in sql}  # fmt: skip
        run(f"CREATE OR REPLACE TEMP TABLE conformed AS {sql}", wanted)
        self._supersede_within(table)
        self._view(table.name)
        run(
            "CREATE OR REPLACE TEMP TABLE fresh AS SELECT c.*, k.external_id IS NOT NULL AS is_correction,"
            " k.load_id AS kept_load, k.source_file AS kept_file, k.source_line AS kept_line"
            f" FROM conformed c LEFT JOIN (SELECT external_id, content_digest, revised_at, load_id, source_file,"
            f' source_line FROM "{table.name}" WHERE source = $source) k USING (external_id)'
            " WHERE k.external_id IS NULL OR (k.content_digest <> c.content_digest"
            " AND NOT coalesce(c.revised_at < k.revised_at, false))",
            {"source": self._source},
        )
        run("DROP TABLE conformed")
        run("INSERT INTO superseded SELECT kept_file, kept_line, 'the same id comes again further down with other content'"
            " FROM fresh WHERE is_correction AND kept_load = ? AND kept_line IS NOT NULL AND source_line IS NOT NULL AND ?",
            [self.load_id, table.name not in _SUMMED])  # fmt: skip
        run("INSERT INTO changed SELECT source_file, source_line FROM fresh WHERE source_line IS NOT NULL")
        if self._folds:
            run("INSERT INTO new_ids SELECT ?, external_id FROM fresh", [table.name])
        return self._store(table)

    def _supersede_within(self, table: Table) -> None:
        run = self._duckdb.execute
        total, distinct = run("SELECT count(*), count(DISTINCT external_id) FROM conformed").fetchall()[0]
        if total == distinct:
            return
        run(
            "CREATE OR REPLACE TEMP TABLE placed AS SELECT *, row_number() OVER last_first AS place,"
            " first_value(content_digest) OVER last_first AS last_digest FROM conformed"
            " WINDOW last_first AS (PARTITION BY external_id ORDER BY revised_at DESC NULLS LAST, seq DESC)"
        )
        run("INSERT INTO superseded SELECT source_file, source_line, 'the same id comes again with other content'"
            " FROM placed WHERE place > 1 AND content_digest <> last_digest AND source_line IS NOT NULL"
            " AND $counted", {"counted": table.name not in _SUMMED})  # fmt: skip
        run(
            "CREATE OR REPLACE TEMP TABLE conformed AS SELECT * EXCLUDE (place, last_digest) FROM placed WHERE place = 1"
        )
        run("DROP TABLE placed")

    def _store(self, table: Table) -> int:
        schema = table.stored_schema()
        names = ", ".join(n for n in schema.names if n not in {"ingested_at", "load_id"})
        stamped = f"SELECT {names}, $now::TIMESTAMPTZ AS ingested_at, $load AS load_id FROM fresh"
        order = " ORDER BY occurred_at" if table.is_fact else ""
        parameters = {"now": self._now.isoformat(), "load": self.load_id}
        folder = self._layout.table(table.name)
        run = self._duckdb.execute
        new, corrected = run(
            "SELECT count(*) FILTER (NOT is_correction), count(*) FILTER (is_correction) FROM fresh"
        ).fetchall()[0]
        if new:
            sql = f"SELECT {', '.join(schema.names)} FROM ({stamped} WHERE NOT is_correction{order})"
            delta.append(
                folder, Counted(self._duckdb.sql(sql, params=parameters).to_arrow_reader(200_000), schema).reader()
            )
        for start in range(0, corrected, _MERGE_ROWS):
            sql = (f"SELECT {', '.join(schema.names)} FROM ({stamped} WHERE is_correction ORDER BY external_id"
                   f" LIMIT {_MERGE_ROWS} OFFSET {start})")  # fmt: skip
            rows = (
                Counted(self._duckdb.sql(sql, params=parameters).to_arrow_reader(200_000), schema).reader().read_all()
            )
            delta.replace_rows(folder, rows, ("source", "external_id"))
        if new or corrected:
            before = self._states.get(table.name) or self._base.tables.get(table.name)
            self._states[table.name] = delta.state(folder, (before.rows if before else 0) + new)
        run("DROP TABLE fresh")
        return int(new + corrected)

    def _write_ledger(self, files: list[LoadFile], by_file: dict[str, tuple[int, int, int]]) -> None:
        told = self._duckdb.sql("SELECT * FROM newest").to_arrow_table().to_pylist() if self._has("newest") else []
        newest = {row["source_file"]: row["newest_at"] for row in told}
        loads = [
            {"load_id": self.load_id, "source": self._source, "file": f.name, "file_digest": f.digest,
             "settings_digest": f.settings_digest, "began_at": self._now, "ended_at": self._now,
             "rows_read": r, "rows_accepted": g, "rows_rejected": b, "rows_unchanged": r - g - b,
             "newest_at": newest.get(f.name)}
            for f in files for r, g, b in [by_file.get(f.name, (0, 0, 0))]
        ]  # fmt: skip
        self._append("loads", pa.Table.from_pylist(loads, LOADS.schema()))
        self._view("rejected")  # a line refused for the same reason before is listed once
        refused = self._duckdb.sql(
            "SELECT DISTINCT $load AS load_id, $source AS source, source_file AS file, source_line AS line, r.reason,"
            " $now::TIMESTAMPTZ AS rejected_at FROM refused r WHERE NOT EXISTS (SELECT 1 FROM rejected k"
            " WHERE k.source = $source AND k.file = source_file AND k.line = source_line AND k.reason = r.reason)",
            params={"load": self.load_id, "source": self._source, "now": self._now.isoformat()},
        )  # fmt: skip
        rows = Counted(refused.to_arrow_reader(200_000), REJECTED.schema()).reader().read_all()
        if rows.num_rows:
            self._append("rejected", rows)

    def note_newest(self, stage: Stage) -> None:
        """Remember the newest instant each file tells of, for the age of a source."""
        parts = [f"SELECT source_file, max(occurred_at) AS newest_at FROM read_parquet({_list(f)}) GROUP BY 1"
                 for name, f in stage.tables.items() if BY_NAME[name].is_fact]  # fmt: skip
        if parts:
            self._duckdb.execute(
                f"CREATE TABLE newest AS SELECT source_file, max(newest_at) AS newest_at FROM ({' UNION ALL '.join(parts)}) GROUP BY 1"
            )

    def _append(self, name: str, rows: pa.Table) -> None:
        folder = self._layout.table(name)
        delta.append(folder, rows.to_reader())
        before = self._states.get(name) or self._base.tables.get(name)
        self._states[name] = delta.state(folder, (before.rows if before else 0) + rows.num_rows)

    def _view(self, name: str) -> None:
        now = self._base.following(self._now, VERSION, self._states)
        self._duckdb.execute(view_sql(name, stored_schemas()[name], now, self._layout))

    def _has(self, table: str) -> bool:
        found = self._duckdb.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = ?", [table]).fetchall()
        return bool(found[0][0])


_SUMMED: frozenset[str] = frozenset({"accounts", "identities", "teams", "clients", "channels", "people", "memberships"})
"""Tables in which one thing may be told by many rows of a file; telling it again is no contradiction."""


@contextmanager
def loading(layout: Layout, source: str, zone: str, now: datetime) -> Iterator[Load]:
    """Hold the lock, undo what a crash left, and give a load; nothing counts until it publishes."""
    with writing(layout.lock):
        base = recover(layout)
        load = Load(layout, source, zone, now, base)
        try:
            yield load
        finally:
            load.close()


def recover(layout: Layout) -> Manifest:
    """Bring every table back to the newest manifest; call with the lock held."""
    shutil.rmtree(layout.staging, ignore_errors=True)
    base = manifests.newest(layout.manifests)
    check_schema(base)
    for name in stored_schemas():
        delta.roll_back(layout.table(name), base.tables.get(name))
    if forgetting.marker(layout).exists():
        forgetting.finish(layout)
    return base


def _chunks(files: list[Path]) -> Iterator[list[Path]]:
    import pyarrow.parquet as pq  # noqa: PLC0415

    chunk: list[Path] = []
    rows = 0
    for file in files:
        chunk.append(file)
        rows += pq.ParquetFile(file).metadata.num_rows
        if rows >= _CHUNK_FILES_ROWS:
            yield chunk
            chunk, rows = [], 0
    if chunk:
        yield chunk


def _list(files: list[Path]) -> str:
    return files_sql([str(file) for file in files])
