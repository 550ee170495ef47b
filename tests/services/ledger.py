"""A log on real files: a migrated database of its own, events of two clients, and somebody who edits the file."""

import shutil
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

from cadre.access.principal import Principal
from cadre.audit.event import Event
from cadre.db.database import open_database, sqlite_url
from cadre.services.audit.bundle import export_bundle
from cadre.services.audit.check import Checked, check_log
from cadre.services.audit.checkpoint import make_checkpoint
from cadre.services.audit.key import KeyFile
from cadre.services.unit_of_work import UnitOfWork
from tests.services.door import AT_MACHINE, TurnedClock

AT = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
CLIENTS = ("c_1", "c_2", "")


@dataclass
class Ledger:
    root: Path
    sessions: sessionmaker[Session]
    clock: TurnedClock = field(default_factory=lambda: TurnedClock(AT))
    principal: Principal = AT_MACHINE

    @property
    def keys(self) -> KeyFile:
        return KeyFile(self.root / "private" / "audit-key")

    @property
    def path(self) -> Path:
        return self.root / "decisions.sqlite"

    def work(self) -> UnitOfWork:
        return UnitOfWork(self.sessions)

    def close(self) -> None:
        """Let go of the file, so that it can be copied."""
        self.sessions.kw["bind"].dispose()

    def grow(self, count: int, **told: Any) -> None:
        """Append events of the two clients and of the firm, in turn."""
        with self.work() as work:
            for i in range(count):
                self.clock.turn(seconds=1)
                given = {"client_id": CLIENTS[i % 3], "about": (f"p_{i % 5}",), "payload": {"number": i}, **told}
                work.record(Event("log:started", self.clock.now(), "machine", **given))
            work.commit()

    def checkpoint(self) -> str:
        return make_checkpoint(self.principal, self.work(), self.clock, self.keys)

    def bundle(self, client_id: str = "c_1", **told: Any) -> dict[str, Any]:
        return export_bundle(self.principal, self.work(), self.clock, self.keys, client_id=client_id, **told)

    def check(self, *held: str, key: str = "") -> Checked:
        return check_log(self.principal, self.work(), held=held, key=key)

    def edit(self, *statements: str | tuple[str, Sequence[Any]]) -> None:
        """Change the file as somebody would who owns the machine: the triggers go first."""
        with sqlite3.connect(self.path) as file:
            for (name,) in file.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit_%'"
            ).fetchall():
                file.execute(f"DROP TRIGGER {name}")
            for each in statements:
                file.execute(*((each,) if isinstance(each, str) else each))
        file.close()


def new_ledger(root: Path, migrated: Path | None = None) -> Ledger:
    """An empty log; a copy of the folder of another spares the migrations."""
    root.mkdir(parents=True, exist_ok=True)
    if migrated is None:
        return Ledger(root, open_database(sqlite_url(root)))
    shutil.copytree(migrated, root, dirs_exist_ok=True)
    return Ledger(root, sessionmaker(create_engine(sqlite_url(root)), expire_on_commit=False))
