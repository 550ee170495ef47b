"""What a connector makes of a fixture, checked against the canonical schemas on the way."""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from cadre.records import BY_NAME
from cadre.sources import ReadOptions, Record, Rejected, Source, SourceFile


@dataclass
class Taken:
    """Rows by table, refused lines with reasons, and every (file, line) accounted for."""

    tables: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    refused: dict[int, str] = field(default_factory=dict)
    lines: set[tuple[str, int]] = field(default_factory=set)

    def by_id(self, table: str) -> dict[str, dict[str, Any]]:
        return {row["external_id"]: row for row in self.tables[table]}

    def body(self, record_id: str, name: str = "body") -> str:
        found = [row["body"] for row in self.tables["texts"] if (row["record_id"], row["field"]) == (record_id, name)]
        assert 1 == len(found)
        return str(found[0])

    def name(self, account: str, column: str = "display_name") -> str | None:
        rows = [row for row in self.tables["identities"] if row.get("account_id") == account]
        return rows[0].get(column) if rows else None


def take(source: Source, folder: Path, texts: dict[str, str | bytes], **options: Any) -> Taken:
    """Write files, read them, and hold every value against its table's schema."""
    files = []
    for name, text in texts.items():
        path = folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        files.append(SourceFile(path, name))
    taken = Taken()
    for item in source.read(files, ReadOptions(**options)):
        if isinstance(item, Rejected):
            taken.refused[item.line] = item.reason
            taken.lines.add((item.file, item.line))
        else:
            assert isinstance(item, Record)
            assert item.table in source.yields
            taken.tables[item.table].append(dict(item.values))
            if item.line is not None:
                taken.lines.add((item.file, item.line))
    for name, rows in taken.tables.items():
        spec = BY_NAME[name]
        schema = spec.raw_schema()
        for column in schema:
            pa.array([row.get(column.name) for row in rows], column.type)
        for row in rows:
            assert set(row) <= set(schema.names), (name, set(row) - set(schema.names))
            assert all(row.get(c.name) not in {None, ""} for c in spec.columns if c.required and c.kind != "texts"), row
        ids = [row["external_id"] for row in rows]
        assert name in {"texts", "teams"} or len(ids) == len(set(ids)), (name, ids)
    return taken
