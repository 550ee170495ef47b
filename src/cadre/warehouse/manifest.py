"""The manifest: one small file that names every table's files, and so what "the record" is at an instant.

Keeps true: a manifest is complete when it is there at all (written aside, synced, renamed), numbers only grow, and
readers open the newest manifest, never the newest table. Who may write is the lock's business.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

KEPT = 200
"""Manifests kept for repeating an assessment; older ones go with the files only they name."""


@dataclass(frozen=True, slots=True)
class TableState:
    """A table as a manifest sees it.

    Attributes:
        version: Version of the Delta table.
        files: Its Parquet files, relative to the table's folder.
        rows: Rows in them.
    """

    version: int
    files: tuple[str, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """Every table's state at one instant.

    Attributes:
        number: Grows by one with each manifest; 0 is the empty record.
        made_at: When it was made, UTC; None for the empty record.
        schema_version: Version of the canonical tables.
        tables: Table name -> state; a table that is not named has no rows.
    """

    number: int = 0
    made_at: datetime | None = None
    schema_version: int = 0
    tables: Mapping[str, TableState] = field(default_factory=dict)

    def rows(self, table: str) -> int:
        """Rows of a table; 0 where it has none."""
        state = self.tables.get(table)
        return state.rows if state else 0

    def following(self, made_at: datetime, schema_version: int, changed: Mapping[str, TableState]) -> "Manifest":
        """The next manifest, with some tables changed."""
        return replace(
            self,
            number=self.number + 1,
            made_at=made_at,
            schema_version=schema_version,
            tables={**self.tables, **changed},
        )


def newest(folder: Path) -> Manifest:
    """The newest manifest of a folder; the empty one where there is none."""
    names = sorted(folder.glob("[0-9]*.json"), reverse=True)
    return read(names[0]) if names else Manifest()


def read(path: Path) -> Manifest:
    """A manifest from its file."""
    data = json.loads(path.read_text("utf-8"))
    return Manifest(
        number=data["number"],
        made_at=datetime.fromisoformat(data["made_at"]),
        schema_version=data["schema_version"],
        tables={n: TableState(t["version"], tuple(t["files"]), t["rows"]) for n, t in data["tables"].items()},
    )


def publish(folder: Path, manifest: Manifest) -> None:
    """Make a manifest the newest, at once and for good."""
    folder.mkdir(parents=True, exist_ok=True)
    data = {
        "number": manifest.number,
        "made_at": manifest.made_at.isoformat() if manifest.made_at else None,
        "schema_version": manifest.schema_version,
        "tables": {
            n: {"version": t.version, "files": list(t.files), "rows": t.rows} for n, t in manifest.tables.items()
        },
    }
    aside = folder / f".{manifest.number:08d}.{os.getpid()}"
    with aside.open("w", encoding="utf-8") as out:
        json.dump(data, out, indent=1, sort_keys=True)
        out.flush()
        os.fsync(out.fileno())
    aside.replace(folder / f"{manifest.number:08d}.json")
    _sync_folder(folder)
    for old in sorted(folder.glob("[0-9]*.json"), reverse=True)[KEPT:]:
        old.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows cannot open a folder to sync it; the rename itself is journalled
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
