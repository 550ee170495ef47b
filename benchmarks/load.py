"""Loading ticket events by the million: seconds, rows a second, a first aggregate, first signals, peak memory.

Each size runs in a process of its own, so that its peak is its own. The rows are invented in bulk by the simulator
while they are staged; making them is timed apart from loading them.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

SEED, PEOPLE, MONTHS = 7, 500, 24
UNTIL = date(2026, 4, 30)
SIGNALS = ("delegation_share", "peer_answer_share")
KIB = 1024


def one(rows: int) -> dict[str, Any]:
    """Load about `rows` ticket events into a fresh workspace and ask the first questions of it."""
    from cadre.clock import SystemClock
    from cadre.records import Firm
    from cadre.simulator.bulk import bulk_events
    from cadre.simulator.world import load_world
    from cadre.warehouse import Collector, LoadFile, Warehouse

    with tempfile.TemporaryDirectory() as folder:
        house = Warehouse(Path(folder) / "workspace", Firm(name="Benchmark", window_days=0))
        now = SystemClock().now()
        making = 0.0
        began = time.perf_counter()
        with house.loading("simulated", now) as load:
            collector = Collector(load.folder, now)
            made = time.perf_counter()
            for name, table in bulk_events(
                load_world("helpful"), rows, SEED, people=PEOPLE, months=MONTHS, until=UNTIL
            ):
                making += time.perf_counter() - made
                collector.batch(name, table)
                made = time.perf_counter()
            stage = collector.close()
            tables = load.write(stage)
            load.note_newest(stage)
            files = [LoadFile(f"helpful-bulk-{SEED}", "benchmark", "benchmark")]
            count = load.count(stage, files, tables)
            load.publish()
        loading = time.perf_counter() - began - making
        peak_load = _peak_mib()
        result = {
            "ticket_events": tables["ticket_events"],
            "rows": count.rows_read,
            "make_seconds": making,
            "load_seconds": loading,
            "rows_per_second": round(count.rows_read / loading),
            "load_peak_mib": peak_load,
            **_first_answers(house),
            "refresh_seconds": _refreshed(house),
            "peak_mib": _peak_mib(),
        }
    return {key: round(value, 2) if isinstance(value, float) else value for key, value in result.items()}


def _first_answers(house: Any) -> dict[str, float]:
    from cadre.signals import SIGNALS as REGISTRY
    from cadre.signals import network

    began = time.perf_counter()
    with house.snapshot() as record:
        events = record["ticket_events"]
        record.arrow(events.group_by("actor_account_id", day=events.local_at.date()).agg(n=events.count()))
        counted = time.perf_counter()
        record.arrow(network.handover(network.steps(record)))
        built = time.perf_counter()
        signal = next(each for each in REGISTRY if each.name == SIGNALS[0])
        record.arrow(signal.partials(record))
        done = time.perf_counter()
    return {
        "first_aggregate_seconds": counted - began,
        "handover_seconds": built - counted,
        "first_signal_seconds": done - built,
    }


def _refreshed(house: Any) -> float:
    """Seconds until every signal and estimate of everybody stands, from nothing."""
    from cadre.access.principal import Principal
    from cadre.clock import SystemClock
    from cadre.db.database import open_database, sqlite_url
    from cadre.services.computing.refresh import refresh
    from cadre.services.unit_of_work import UnitOfWork

    work = UnitOfWork(open_database(sqlite_url(house.root)))
    began = time.perf_counter()
    refresh(Principal("benchmark", "owner"), house, work, SystemClock())
    return time.perf_counter() - began


def _peak_mib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // KIB


def main() -> None:
    """Run each size in a fresh process and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=float, nargs="+", default=[1e6], help="ticket events wanted, such as 1e6 1e7")
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.here:
        print(json.dumps(one(int(args.rows[0]))))
        return
    sizes = []
    for rows in args.rows:
        command = [sys.executable, __file__, "--rows", str(rows), "--here"]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        sizes.append(json.loads(done.stdout.splitlines()[-1]))
    print(json.dumps({"benchmark": "load", "signal": SIGNALS[0], "sizes": sizes}, indent=None if args.json else 2))


if __name__ == "__main__":
    main()
