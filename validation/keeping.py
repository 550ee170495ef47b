"""Invented firms kept on disk between runs, so that a long study can be stopped and goes on where it was.

A firm's folder is named for what it was made of: world, seed, people, months, draw, correlation, and a digest of the code that
makes and values it. After a change to that code a firm is made anew; a change to readiness alone finds the kept firms, since
readiness is computed from their signals in every run. A folder appears whole or not at all.
"""

import hashlib
import os
import shutil
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

SOURCE = Path(__file__).resolve().parents[1] / "src" / "cadre"
MADE_BY = (
    "simulator", "records", "warehouse", "identity", "language", "exposure", "signals", "inference", "readiness/barrier.py",
    "readiness/reliability.py", "services/computing/annotate.py", "services/computing/expect.py", "services/computing/flags.py", "services/computing/lift.py", "services/computing/partials.py",
    "services/computing/refresh.py", "services/computing/repeats.py", "services/computing/values.py",
)  # fmt: skip
"""What a kept firm's truth, signal values, their reliability and flags follow from; readiness is not among it."""
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


def kept(folder: Path, names: Sequence[str]) -> dict[str, Rows] | None:
    """Tables of a kept firm by name; None where any of them is not there."""
    paths = {name: folder / f"{name}.parquet" for name in names}
    if not all(path.exists() for path in paths.values()):
        return None
    return {name: pq.read_table(path).to_pylist() for name, path in paths.items()}


def keep(folder: Path, tables: Mapping[str, Rows]) -> None:
    """Write a firm down, all at once; one that stands there with other tables is replaced."""
    part = folder.with_name(f".{folder.name}.{os.getpid()}")
    part.mkdir(parents=True)
    for name, rows in tables.items():
        pq.write_table(pa.Table.from_pylist(rows), part / f"{name}.parquet")
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)
