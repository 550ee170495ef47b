"""Invented firms kept on disk between runs, so that a long study can be stopped and goes on where it was.

A firm's folder is named for what it was made of: world, seed, people, months, draw, correlation, and a digest of the code that
makes and values it. After a change to that code a firm is made anew; a change to readiness alone finds the kept firms, since
readiness is computed from their signals in every run. A folder appears whole or not at all.
"""

import hashlib
import os
import shutil
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cadre.signals import Window

SOURCE = Path(__file__).resolve().parents[1] / "src" / "cadre"
MADE_BY = (
    "simulator", "records", "warehouse", "identity", "language", "exposure", "signals", "inference", "readiness/barrier.py",
    "services/annotate.py", "services/expect.py", "services/flags.py", "services/lift.py", "services/partials.py",
    "services/refresh.py", "services/values.py",
)  # fmt: skip
"""What a kept firm's truth, signal values and flags follow from; readiness is not among it."""
Rows = list[dict[str, Any]]


@cache
def digest() -> str:
    """Ten letters that change with the code of `MADE_BY` and of `invented.py`."""
    found = hashlib.sha256()
    for name in MADE_BY:
        files = sorted((SOURCE / name).rglob("*")) if (SOURCE / name).is_dir() else [SOURCE / name]
        for path in files:
            if path.is_file() and path.suffix != ".pyc":
                found.update(path.relative_to(SOURCE).as_posix().encode() + path.read_bytes())
    found.update((Path(__file__).parent / "invented.py").read_bytes())
    return found.hexdigest()[:10]


def kept(folder: Path, windows: Sequence[Window]) -> tuple[Rows, Mapping[Window, Rows], Rows] | None:
    """Truth (one row a person, its key as `key`), signal values by window and flags of a kept firm; None where any is not there."""
    paths = [folder / "truth.parquet", folder / "flags.parquet", *(folder / _name(window) for window in windows)]
    if not all(path.exists() for path in paths):
        return None
    truth, flags, *values = (pq.read_table(path).to_pylist() for path in paths)
    return truth, dict(zip(windows, values, strict=True)), flags


def keep(folder: Path, truth: Rows, values: Mapping[Window, Rows], flags: Rows) -> None:
    """Write a firm down, all at once; one that stands there with other windows is replaced."""
    part = folder.with_name(f".{folder.name}.{os.getpid()}")
    part.mkdir(parents=True)
    tables = {"truth.parquet": truth, "flags.parquet": flags} | {_name(w): rows for w, rows in values.items()}
    for name, rows in tables.items():
        pq.write_table(pa.Table.from_pylist(rows), part / name)
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)


def _name(window: Window) -> str:
    started: date = window.start
    return f"values-{started.isoformat()}-{window.days}.parquet"
