"""Where things lie in a workspace."""

import secrets
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cadre.records import BY_NAME, TABLES
from cadre.records.ledger import LEDGER

IN_RECORD = frozenset(BY_NAME) | {table.name for table in LEDGER}
PRIVATE = frozenset(table.name for table in TABLES if table.private)


@dataclass(frozen=True)
class Layout:
    """The folders of one workspace."""

    root: Path

    def table(self, name: str) -> Path:
        """Folder of a table: `record/` for what sources said, `derived/` for what was computed."""
        return self.root / ("record" if name in IN_RECORD else "derived") / name

    @property
    def manifests(self) -> Path:
        """Folder of the manifests."""
        return self.root / "manifests"

    @property
    def staging(self) -> Path:
        """Folder of a load under way; emptied before the next."""
        return self.root / "staging"

    @property
    def lock(self) -> Path:
        """File of the write lock."""
        return self.root / "private" / "lock"

    @property
    def tombstones(self) -> Path:
        """File of the erased accounts' keyed hashes."""
        return self.root / "private" / "tombstones.json"

    @property
    def leases(self) -> Path:
        """Folder in which open readers say which manifest they read."""
        return self.root / "private" / "readers"

    @property
    def spills(self) -> Path:
        """Folder in which readers lay down what outgrows memory, each under the name of its lease: it holds content."""
        return self.root / "private" / "spill"

    @cached_property
    def secret(self) -> str:
        """The workspace's key for hashes of people's keys; made on first use, readable by the owner alone."""
        path = self.root / "private" / "key"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(32), "ascii")
        return path.read_text("ascii").strip()
