"""What the audit log costs: rows appended and answered a second, a whole log read anew, proofs made and checked a second.

Appending is measured as it is used: many threads that each wait for the disk. The disk is whatever the folder lies on, so
that a figure without its disk says little; the floor of the disk itself (one small fsync after another) is told beside.
`python benchmarks/audit.py --rows 1e6 --json` prints one object.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine

from cadre.access.principal import Principal
from cadre.audit.event import Event
from cadre.audit.tree import inclusion_proof, root_of
from cadre.audit.verify import check_inclusion
from cadre.clock import SystemClock
from cadre.db.audit_rows import hashes, size_of
from cadre.db.database import open_database, sqlite_url
from cadre.services.append import append
from cadre.services.audit.check import check_log
from cadre.services.audit.checkpoint import make_checkpoint, reader
from cadre.services.audit.key import KeyFile
from cadre.services.audit.writer import EventWriter
from cadre.services.audit.written import Written
from cadre.services.unit_of_work import UnitOfWork

OWNER = Principal("owner", "owner")
AT = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
ARGUMENTS = {"tool": "reset_password", "arguments": {"user": "u_81f3", "notify": True}, "reasons": ["tier", "policy 7"]}


def decision(number: int) -> Event:
    """An event of the size of a small decision, of one of twenty clients."""
    told = {**ARGUMENTS, "number": number}
    return Event("log:started", AT, "agent:patcher", f"c_{number % 20}", (f"decision:{number}",), payload=told)


def fsyncs(folder: Path, count: int = 200) -> float:
    """Small synced writes a second."""
    began = time.perf_counter()
    with (folder / "probe").open("wb") as out:
        for _ in range(count):
            out.write(b"x" * 4096)
            out.flush()
            os.fsync(out.fileno())
    return count / (time.perf_counter() - began)


def answered(url: str, rows: int, callers: int) -> dict[str, Any]:
    """Decisions from so many callers, each waiting for its answer before it asks again."""
    waits: list[float] = []
    with EventWriter(create_engine(url)) as writer, ThreadPoolExecutor(callers) as pool:

        def ask(number: int) -> None:
            began = time.perf_counter()
            writer.submit(decision(number)).result()
            waits.append(time.perf_counter() - began)

        began = time.perf_counter()
        list(pool.map(ask, range(rows)))
        took = time.perf_counter() - began
    waits.sort()
    return {"callers": callers, "rows_per_second": rows / took, "p50_ms": 1e3 * waits[rows // 2],
            "p99_ms": 1e3 * waits[rows * 99 // 100]}  # fmt: skip


def queued(url: str, rows: int) -> float:
    """Rows a second where nobody waits before asking again, so that batches are full."""
    with EventWriter(create_engine(url)) as writer:
        began = time.perf_counter()
        waiting: deque[Written] = deque()
        for number in range(rows):
            waiting.append(writer.submit(decision(number)))
            if len(waiting) >= 5_000:
                waiting.popleft().result()
        while waiting:
            waiting.popleft().result()
        return rows / (time.perf_counter() - began)


def measure(folder: Path, rows: int) -> dict[str, Any]:
    """All of it on one log."""
    url = sqlite_url(folder)
    sessions = open_database(url)
    told: dict[str, Any] = {"fsyncs_per_second": fsyncs(folder)}
    told["answered"] = [answered(url, min(4_000, rows), callers) for callers in (8, 32)]
    cpu = time.process_time()
    many = min(50_000, rows)
    told["queued_rows_per_second"] = queued(url, many)
    told["cpu_us_per_row"] = 1e6 * (time.process_time() - cpu) / many
    while True:
        with sessions.begin() as session:
            missing = rows - size_of(session.connection())
            if missing <= 0:
                break
            append(session.connection(), map(decision, range(min(missing, 20_000))))
    make_checkpoint(OWNER, UnitOfWork(sessions), SystemClock(), KeyFile(folder / "private" / "audit-key"))
    began, cpu = time.perf_counter(), time.process_time()
    found = check_log(OWNER, UnitOfWork(sessions))
    told |= {"rows": found.size, "verify_seconds": time.perf_counter() - began, "problems": found.problems}
    told["verify_cpu_seconds"] = time.process_time() - cpu
    told["bytes_per_row"] = (folder / "decisions.sqlite").stat().st_size / found.size
    with sessions() as session:
        connection = session.connection()
        read, dice = reader(connection), random.Random(7)  # noqa: S311 (which rows are tried, not a secret)
        places = [dice.randrange(found.size) for _ in range(min(2_000, rows))]
        root = root_of(read, found.size)
        began = time.perf_counter()
        proofs = [inclusion_proof(read, place, found.size) for place in places]
        told["proofs_per_second"] = len(places) / (time.perf_counter() - began)
        leaves = [hashes(connection, 0, place, 1) for place in places]
        began = time.perf_counter()
        for place, leaf, proof in zip(places, leaves, proofs, strict=True):
            check_inclusion(leaf, place, found.size, proof, root)
        told["checks_per_second"] = len(places) / (time.perf_counter() - began)
    return told


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=float, default=1e6)
    parser.add_argument(
        "--folder", type=Path, help="Where the log is written; unless given, the system's temporary one."
    )
    parser.add_argument("--json", action="store_true")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=told.folder) as folder:
        found = measure(Path(folder), int(told.rows))
    if told.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name}: {value}")
    sys.exit(1 if found["problems"] else 0)


if __name__ == "__main__":
    main()
