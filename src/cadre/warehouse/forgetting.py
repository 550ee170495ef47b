"""The second half of an erasure: older manifests, old files and old log entries go for good.

Keeps true: once an erasure was published, a crash does not leave the erased rows in an older version. A marker lies in
the workspace from before the first change until the last file is gone; whoever takes the write lock next finishes it.
"""

import time
from pathlib import Path

from cadre.records import DERIVED_BY_NAME
from cadre.warehouse import delta
from cadre.warehouse import manifest as manifests
from cadre.warehouse.layout import Layout
from cadre.warehouse.snapshot import open_leases, stored_schemas

_WAIT_SECONDS = 5.0


def marker(layout: Layout) -> Path:
    """The file that says an erasure is under way."""
    return layout.root / "private" / "erasing"


def begin(layout: Layout) -> None:
    """Say that an erasure is under way."""
    marker(layout).parent.mkdir(parents=True, exist_ok=True)
    marker(layout).touch()


def finish(layout: Layout) -> None:
    """Leave nothing but the newest manifest and what it names; call with the lock held and tables rolled back."""
    newest = manifests.newest(layout.manifests)
    for path in layout.manifests.glob("[0-9]*.json"):
        if path.name != f"{newest.number:08d}.json":
            path.unlink()
    end = time.monotonic() + _WAIT_SECONDS
    while open_leases(layout) and time.monotonic() < end:
        time.sleep(0.1)  # pages close their files in a moment; after that erasure wins
    for name in stored_schemas():
        folder = layout.table(name)
        if name in newest.tables:
            delta.vacuum(folder, keep_hours=0)
            delta.forget_history(folder)
        elif name in DERIVED_BY_NAME:
            delta.roll_back(folder, None)
    marker(layout).unlink(missing_ok=True)
