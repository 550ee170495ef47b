"""Writing derived tables: each stage sees what the stages before it wrote, readers see all of it or nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import ibis.expr.types as ir
import pyarrow as pa

from cadre.estimate import Sealed, open_sealed
from cadre.records import DERIVED_BY_NAME, VERSION, Firm
from cadre.warehouse import delta
from cadre.warehouse import manifest as manifests
from cadre.warehouse.counted import Counted
from cadre.warehouse.layout import Layout
from cadre.warehouse.load import recover
from cadre.warehouse.lock import writing
from cadre.warehouse.manifest import Manifest, TableState
from cadre.warehouse.snapshot import Snapshot
from cadre.warehouse.tidy import tidy


class Derivation:
    """Derived tables being rewritten, inside `deriving`."""

    def __init__(self, layout: Layout, firm: Firm, now: datetime, base: Manifest) -> None:
        self._layout, self._firm, self._now, self._base = layout, firm, now, base
        self._states: dict[str, TableState] = {}
        self.tables = Snapshot(layout, firm, base)

    @property
    def manifest(self) -> Manifest:
        """The record as it will be once published."""
        return self._base.following(self._now, VERSION, self._states)

    def write(self, name: str, rows: ir.Table | pa.Table | Sealed[pa.Table]) -> int:
        """Replace a derived table; the next stage reads the new rows.

        Args:
            name: A derived table.
            rows: Its rows, as an expression over `tables` or in memory; column order is free. Sealed rows are stored
                unseen, and sealed again by the report that reads them.

        Returns:
            Rows written.
        """
        schema = DERIVED_BY_NAME[name].schema()
        if isinstance(rows, Sealed):
            rows = open_sealed(rows)
        source = rows.to_reader() if isinstance(rows, pa.Table) else self.tables.reader(rows)
        counted = Counted(source, schema)
        delta.overwrite(self._layout.table(name), counted.reader())
        self._states[name] = delta.state(self._layout.table(name), counted.rows)
        self.tables.close()
        self.tables = Snapshot(self._layout, self._firm, self.manifest)
        return counted.rows

    def append(self, name: str, rows: pa.Table) -> int:
        """Add rows to a derived table, for stages that recompute only what changed.

        Returns:
            Rows the table now has.
        """
        counted = Counted(rows.to_reader(), DERIVED_BY_NAME[name].schema())
        before = self.manifest.rows(name)
        delta.append(self._layout.table(name), counted.reader())
        self._states[name] = delta.state(self._layout.table(name), before + counted.rows)
        self.tables.close()
        self.tables = Snapshot(self._layout, self._firm, self.manifest)
        return before + counted.rows

    def publish(self) -> Manifest:
        """Make the derived tables part of the newest record."""
        following = self.manifest
        manifests.publish(self._layout.manifests, following)
        tidy(self._layout)
        return following

    def close(self) -> None:
        """Give up the reader."""
        self.tables.close()


@contextmanager
def deriving(layout: Layout, firm: Firm, now: datetime) -> Iterator[Derivation]:
    """Hold the lock and give a derivation; nothing counts until it publishes."""
    with writing(layout.lock):
        derivation = Derivation(layout, firm, now, recover(layout))
        try:
            yield derivation
        finally:
            derivation.close()
