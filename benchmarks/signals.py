"""Every signal over ticket events and messages by the million: seconds, peak memory, and what one new day costs.

Each size runs in a process of its own, so that its peak is its own. The rows are invented in bulk; what turns of chat do is
invented too (reading words is measured by `annotate.py`). A refresh leaves out the signals that need words, since there are
none. Two signals are read straight with pandas too, from the same rows in the same run.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import peers

SEED, PEOPLE, MONTHS = 7, 500, 24
UNTIL = date(2026, 4, 30)
QUESTIONS_PER_TICKET = 3.6
"""So that there are about as many messages as ticket events."""
COMPARED = ("delegation_share", "peer_answer_share")
PEER = ("pandas>=2", "pyarrow>=20")
KIB = 1024


def one(rows: int) -> dict[str, Any]:
    """Load, value every signal from nothing, load one more day, value again; then the peers on the same rows."""
    from cadre.records import Firm
    from cadre.warehouse import Warehouse

    with tempfile.TemporaryDirectory() as folder:
        house = Warehouse(Path(folder) / "workspace", Firm(name="Benchmark", window_days=0))
        last = UNTIL - timedelta(days=1)
        told: dict[str, Any] = {"load_seconds": load(house, rows, lambda day: day <= last, "until yesterday")}
        annotate(house)
        told |= refreshed(house, "")
        told["load_peak_mib"] = _peak_mib()
        load(house, rows, lambda day: day > last, "today")
        annotate(house)
        told |= refreshed(house, "_new_day")
        with house.snapshot() as record:
            told |= {name: record.count(name) for name in ("tickets", "ticket_events", "messages", "signal_partials")}
        told["peak_mib"] = _peak_mib()
        note = peers.missing(*PEER)
        told |= {"note": note} if note else _pandas(house, Path(folder))
    return {key: round(value, 3) if isinstance(value, float) else value for key, value in told.items()}


def load(house: Any, rows: int, wanted: Any, name: str) -> float:
    """Load the rows whose local day is wanted; making them is not counted."""
    from cadre.clock import SystemClock
    from cadre.simulator.bulk import bulk_events
    from cadre.simulator.world import load_world
    from cadre.warehouse import Collector, LoadFile

    now = SystemClock().now()
    with house.loading("simulated", now) as load:
        collector = Collector(load.folder, now)
        for table, batch in _chosen(
            bulk_events(load_world("helpful"), rows, SEED, people=PEOPLE, months=MONTHS, until=UNTIL,
                        questions_per_ticket=QUESTIONS_PER_TICKET), wanted
        ):  # fmt: skip
            collector.batch(table, batch)
        stage = collector.close()
        began = time.perf_counter()
        tables = load.write(stage)
        load.note_newest(stage)
        load.count(stage, [LoadFile(name, name, "benchmark")], tables)
        load.publish()
    return time.perf_counter() - began


def _chosen(tables: Iterator[tuple[str, Any]], wanted: Any) -> Iterator[tuple[str, Any]]:
    import numpy as np
    import pyarrow as pa

    for name, rows in tables:
        if "occurred_at" not in rows.schema.names:
            yield name, rows
            continue
        days = rows.column("occurred_at").to_numpy().astype("datetime64[D]")
        kept = wanted(days) if callable(wanted) and len(days) else np.zeros(0, bool)
        yield name, rows.filter(pa.array(np.asarray(kept, bool)))


def annotate(house: Any) -> None:
    """Say of every message what it does: what stands at the head of a thread asks, what follows answers."""
    import ibis

    from cadre.clock import SystemClock
    from cadre.records import DERIVED_BY_NAME

    with house.deriving(SystemClock().now()) as derivation:
        messages = derivation.tables["messages"]
        asks = messages.thread_id.isnull()
        dice = (messages.message_id.hash() % 1000).abs().cast("float64") / 1000
        acts = {
            "act_question": asks.ifelse(0.9, 0.05), "act_answer": asks.ifelse(0.05, 0.9),
            "act_explanation": dice, "act_status": dice * 0.6, "asks_back": dice * dice, "constructive": dice,
        }  # fmt: skip
        schema = DERIVED_BY_NAME["message_annotations"].schema()
        named = {
            "message_id": messages.message_id, "container_id": messages.channel_id, "block": ibis.literal(""),
            "text_digest": ibis.literal(1), "word_count": ibis.literal(12), "is_readable": ibis.literal(value=True),
            "private_kinds": ibis.null("array<string>"), "model_version": ibis.literal("invented"), **acts,
        }  # fmt: skip
        rows = messages.select(**{n: named.get(n, ibis.literal(0.05)) for n in schema.names})
        derivation.write("message_annotations", rows)
        replies = derivation.tables["messages"].filter(lambda row: row.thread_id.notnull())
        derivation.write("reply_links", replies.select(
            record_table=ibis.literal("messages"), record_id="message_id", container_id="channel_id",
            block=ibis.literal(""), parent_id="thread_id", place=ibis.literal(1), probability=ibis.literal(1.0),
            how=ibis.literal("marked"), model_version=ibis.literal("invented"),
        ))  # fmt: skip
        derivation.publish()


def refreshed(house: Any, suffix: str) -> dict[str, Any]:
    """Seconds of a refresh, whole and by part."""
    from cadre.access.principal import Principal
    from cadre.clock import SystemClock
    from cadre.db.database import open_database, sqlite_url
    from cadre.services.computing.refresh import refresh
    from cadre.services.unit_of_work import UnitOfWork

    work = UnitOfWork(open_database(sqlite_url(house.root)))
    marks: list[tuple[str, float]] = []
    began = time.perf_counter()
    refresh(Principal("benchmark", "owner"), house, work, SystemClock(),
            progress=lambda step, _: marks.append((step, time.perf_counter())))  # fmt: skip
    ends = [began, *(at for _, at in marks)]
    parts = {step: round(after - before, 2) for (step, _), before, after in zip(marks, ends, ends[1:], strict=False)}
    return {f"refresh_seconds{suffix}": time.perf_counter() - began, f"stages{suffix}": parts}


def _pandas(house: Any, folder: Path) -> dict[str, Any]:
    """The same two signals by us and by pandas, from the same rows."""
    import pyarrow.parquet as pq

    from cadre.services.computing.values import window_of
    from cadre.signals import SIGNALS
    from cadre.signals.valuation import with_persons

    chosen = [signal for signal in SIGNALS if signal.name in COMPARED]
    told: dict[str, Any] = {}
    with house.snapshot() as record:
        began = time.perf_counter()
        for signal in chosen:
            record.arrow(signal.partials(record))
        told["two_signals_seconds"] = time.perf_counter() - began
        window = window_of(record, house.firm, UNTIL)
        ours = {}
        for signal in chosen:
            placed = with_persons(signal.partials(record), record["person_accounts"], window)
            rows = record.rows(signal.value(placed, window))
            ours[signal.name] = {row["person_id"]: row["raw_value"] for row in rows}
        for name in ("ticket_events", "question_waits", "person_accounts"):
            pq.write_table(record.arrow(record[name]), folder / f"{name}.parquet")
    theirs = peers.run("peer_signals.py", str(folder), *(signal.name for signal in chosen))
    for name, values in theirs.pop("values").items():
        mine = ours[name]
        told[f"{name}_equal_share"] = sum(
            person in mine and abs(mine[person] - value) < 1e-9 for person, value in values.items()
        ) / max(len(mine), 1)
    told |= theirs
    told["two_signals_ratio"] = theirs["pandas_seconds"] / told["two_signals_seconds"]
    return told


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
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        sizes.append(json.loads(done.stdout.splitlines()[-1]))
    print(json.dumps({"benchmark": "signals", "sizes": sizes}, indent=None if args.json else 2))


if __name__ == "__main__":
    main()
