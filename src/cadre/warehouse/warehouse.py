"""The warehouse of one workspace: the door through which everything above reads and writes evidence."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cadre.records import READ, Firm
from cadre.warehouse import erasure, tombstone
from cadre.warehouse import manifest as manifests
from cadre.warehouse.conform import key_of
from cadre.warehouse.derive import Derivation, deriving
from cadre.warehouse.layout import Layout
from cadre.warehouse.load import Load, loading
from cadre.warehouse.manifest import Manifest
from cadre.warehouse.snapshot import Snapshot


@dataclass(frozen=True)
class Warehouse:
    """The work record of one workspace.

    Attributes:
        root: The workspace's folder.
        firm: Facts about the firm.
    """

    root: Path
    firm: Firm

    @property
    def layout(self) -> Layout:
        """Where things lie."""
        return Layout(self.root)

    def newest(self) -> Manifest:
        """The newest manifest; the empty one in a new workspace."""
        return manifests.newest(self.layout.manifests)

    def snapshot(self) -> Snapshot:
        """The record as the newest manifest sees it; close it, or use it as a context."""
        return Snapshot(self.layout, self.firm)

    def loading(self, source: str, now: datetime) -> AbstractContextManager[Load]:
        """A load of one source; `BusyError` while another process writes."""
        return loading(self.layout, source, self.firm.zone, now)

    def deriving(self, now: datetime) -> AbstractContextManager[Derivation]:
        """A rewriting of derived tables; `BusyError` while another process writes."""
        return deriving(self.layout, self.firm, now)

    def erase(self, keys: tuple[str, ...], now: datetime) -> Manifest:
        """Erase accounts and people by their hashed keys; see `erasure`."""
        spared = READ if self.firm.keep_text_days is not None else ()
        return erasure.erase(self.layout, keys, now, spared)

    def drop_texts(self, records: dict[str, list[str]], now: datetime) -> int:
        """Drop the words of records (table -> keys) from every version; see `erasure.drop_texts`."""
        return erasure.drop_texts(self.layout, records, now)

    def key_of(self, source: str, table: str, raw: str) -> str:
        """The stored key of a record of a source instance whose raw key is known."""
        return key_of(self.layout.secret, source, table, raw)

    def erased_keys(self, keys: tuple[str, ...]) -> dict[str, str]:
        """Of keys that were erased, the random ones that their rows have now."""
        held = tombstone.read_tombstones(self.layout.tombstones)
        return {key: held[key] for key in keys if key in held}

    def erased_count(self) -> int:
        """Accounts and people erased so far."""
        return len(tombstone.read_tombstones(self.layout.tombstones))
