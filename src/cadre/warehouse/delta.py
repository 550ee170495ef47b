"""Delta tables written, pinned and rolled back; the only user of the deltalake package.

Keeps true: statistics in the log cover keys and times only (by default they would hold whole texts, and keep them
after delete and vacuum), and a table's newest version may run ahead of the manifest only while a load runs.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
from deltalake import DeltaTable, WriterProperties, write_deltalake

from cadre.warehouse.manifest import TableState

_STATISTICS = "external_id,occurred_at,day,signal"
_COMPACT_FROM_FILES = 24
_WRITER = WriterProperties(compression="ZSTD", compression_level=1, max_row_group_size=256 * 1024)


def _configuration(schema: pa.Schema) -> dict[str, str | None]:
    columns = [name for name in _STATISTICS.split(",") if name in schema.names]
    return {"delta.dataSkippingStatsColumns": ",".join(columns or schema.names[:1])}


def append(folder: Path, rows: pa.RecordBatchReader) -> None:
    """Append rows; the table is made on first use."""
    write_deltalake(
        folder,
        rows,
        mode="append",
        configuration=_configuration(rows.schema),
        writer_properties=_WRITER,
        schema_mode="merge" if folder.exists() else None,
    )


def overwrite(folder: Path, rows: pa.RecordBatchReader) -> None:
    """Replace all rows."""
    write_deltalake(
        folder,
        rows,
        mode="overwrite",
        configuration=_configuration(rows.schema),
        writer_properties=_WRITER,
        schema_mode="overwrite",
    )


def replace_rows(folder: Path, rows: pa.Table, keys: Sequence[str]) -> None:
    """Replace the rows whose keys match by the given ones (MERGE: for corrections, which are few)."""
    on = " AND ".join(f"kept.{key} = new.{key}" for key in keys)
    merge = DeltaTable(folder).merge(
        rows, predicate=on, source_alias="new", target_alias="kept", writer_properties=_WRITER
    )
    merge.when_matched_update_all().execute()


def state(folder: Path, rows: int) -> TableState:
    """The table's newest version as a manifest names it."""
    table = DeltaTable(folder)
    return TableState(table.version(), tuple(sorted(_relative(uri) for uri in table.file_uris())), rows)


def compact(folder: Path) -> bool:
    """Join small files where there are many; the old ones stay for open readers until `vacuum`."""
    table = DeltaTable(folder)
    if len(table.file_uris()) < _COMPACT_FROM_FILES:
        return False
    table.optimize.compact(writer_properties=_WRITER)
    table.create_checkpoint()
    return True


def roll_back(folder: Path, kept: TableState | None) -> bool:
    """Undo what a crashed load left: the table says again what the manifest says.

    Returns:
        Whether anything had to be undone.
    """
    if not folder.exists():
        return False
    if kept is None:
        shutil.rmtree(folder)
        return True
    table = DeltaTable(folder)
    if tuple(sorted(_relative(uri) for uri in table.file_uris())) == kept.files:
        return False
    table.restore(kept.version)
    return True


def vacuum(folder: Path, *, keep_hours: float) -> None:
    """Delete files that no version within `keep_hours` names; 0 leaves the newest version alone."""
    DeltaTable(folder).vacuum(
        retention_hours=int(keep_hours), dry_run=False, enforce_retention_duration=False, full=True
    )


def forget_history(folder: Path) -> None:
    """Leave of the log only what the newest version needs, so that no old entry tells of erased rows."""
    table = DeltaTable(folder)
    table.create_checkpoint()
    newest = table.version()
    log = folder / "_delta_log"
    for entry in log.glob("*.json"):
        if entry.stem.isdigit() and int(entry.stem) < newest:
            entry.unlink()
    for entry in log.glob("*.checkpoint*.parquet"):
        if int(entry.name.split(".")[0]) < newest:
            entry.unlink()


def _relative(uri: str) -> str:
    return uri.rsplit("/", 1)[-1]
