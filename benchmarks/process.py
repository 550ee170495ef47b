"""The handover network of a million events, with and without reading them from XES, against pm4py in the same run.

In memory both get the same events in the same order. Loading, Cadre does more: it hashes the people, accounts for every row
and writes tables that survive a crash. pm4py (AGPL) lives in an environment of its own; where it cannot be
made the ratio is null and a note says why. How many people there are matters to pm4py, which looks each up in a list.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import duckdb
import ibis
import pyarrow as pa
import pyarrow.compute as pc

sys.path.insert(0, str(Path(__file__).parent))

import peers

PEER = "pm4py>=2.7,<2.8"
EVENTS, PEOPLE, SEED = 1_000_000, 400, 7
TIMES, PEER_TIMES = 15, 3
_EVENT = (
    '<event><string key="org:resource" value={who}/><date key="time:timestamp" value="{at}"/>'
    '<string key="concept:name" value="Accepted"/><string key="lifecycle:transition" value="In Progress"/>'
    '<string key="org:group" value="Line {line}"/></event>\n'
)


def write_log(path: Path, least: int = EVENTS, people: int = PEOPLE, seed: int = SEED) -> int:
    """Write an invented log of a desk's tickets, case by case until there are so many events.

    Returns:
        Events in it.
    """
    dice = random.Random(seed)  # noqa: S311 (invented data)
    first = datetime(2024, 1, 1, 8, tzinfo=UTC)
    events = case = 0
    with path.open("w", encoding="utf-8") as out:
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1849.2016">\n')
        while events < least:
            at = first + timedelta(minutes=10 * case)
            who = dice.randrange(people)
            out.write(f'<trace><string key="concept:name" value="C{case}"/>\n')
            for _ in range(2 + min(int(dice.expovariate(1 / 7)), 60)):
                at += timedelta(minutes=dice.randrange(1, 600))
                who = dice.randrange(people) if dice.random() < 0.4 else who
                out.write(_EVENT.format(who=quoteattr(f"P{who}"), at=at.isoformat(), line=1 + who % 3))
                events += 1
            out.write("</trace>\n")
            case += 1
        out.write("</log>\n")
    return events


def cadre(path: Path) -> dict[str, Any]:
    """What Cadre needs for it: parsing alone, the whole load, the network out of the record, and that in memory."""
    from cadre.access.principal import Principal
    from cadre.clock import SystemClock
    from cadre.records import Firm
    from cadre.services.computing.ingest import ingest
    from cadre.signals import network
    from cadre.sources import ReadOptions, SourceFile, xes
    from cadre.warehouse import Warehouse

    began = time.perf_counter()
    for _ in xes.SOURCE.read([SourceFile(path, path.name)], ReadOptions()):
        pass
    parsed = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        house = Warehouse(Path(folder) / "workspace", Firm(name="Benchmark"))
        done = ingest(Principal("benchmark", "owner"), house, SystemClock(), xes.SOURCE, [path], ReadOptions())
        loaded = time.perf_counter()
        with house.snapshot() as record:
            record.arrow(network.handover(network.steps(record)))
            built = time.perf_counter()
            told = record["identities"].select(actor="account_id", shown="display_name")
            named = network.steps(record).join(told, "actor").drop("actor").rename(actor_account_id="shown")
            # The order in which pm4py gets them.
            events = record.arrow(named.order_by("ticket_id", "occurred_at", "source_file", "source_line"))
    return {
        "events": done.count.rows_read,
        "parse_seconds": parsed - began,
        "load_seconds": loaded - parsed,
        "network_from_record_seconds": built - loaded,
        **in_memory(events),
    }


def in_memory(events: pa.Table) -> dict[str, Any]:
    """The product's own expression over events that lie in memory as Arrow; the best of `TIMES`.

    Args:
        events: `ticket_id`, `actor_account_id` and what orders the steps.
    """
    from cadre.signals import network

    engine = duckdb.connect()
    engine.execute("SET TimeZone = 'UTC'")
    engine.register("ticket_events", events)
    tables = {"ticket_events": ibis.duckdb.from_connection(engine).table("ticket_events")}
    seconds, compiling = [], []
    for _ in range(TIMES):
        start, cpu = time.perf_counter(), time.process_time()
        query = ibis.to_sql(network.handover(network.steps(tables)), dialect="duckdb")
        compiling.append(time.perf_counter() - start)
        edges = engine.sql(query).to_arrow_table()
        seconds.append((time.perf_counter() - start, time.process_time() - cpu))
    return {
        "people": pc.count_distinct(events["actor_account_id"]).as_py(),
        "network_seconds": min(wall for wall, _ in seconds),
        "network_cpu_seconds": min(cpu for _, cpu in seconds),
        "of_that_compiling_seconds": min(compiling),
        "edges": {f"{row['source']}\t{row['target']}": row["times"] for row in edges.to_pylist()},
    }


def measure(data: Path | None, events: int, people: int) -> dict[str, Any]:
    """Both on one log: pm4py first, so that Cadre does not gain from a file just read."""
    with tempfile.TemporaryDirectory() as folder:
        path = data or Path(folder) / "invented.xes"
        if data is None:
            write_log(path, events, people)
        note = peers.missing(PEER)
        theirs = None if note else peers.run("peer_process.py", str(path), f"--times={PEER_TIMES}")
        mine = cadre(path)
    edges = mine.pop("edges")
    result: dict[str, Any] = {"benchmark": "process", "data": path.name, "cadre": _rounded(mine), "pm4py": None,
                              "ratio": None, "edges_equal_share": None, "notes": [note] if note else []}  # fmt: skip
    if theirs:
        other = theirs.pop("edges")
        every = set(edges) | set(other)
        result["edges_equal_share"] = sum(edges.get(e) == other.get(e) for e in every) / max(len(every), 1)
        result["edges"] = len(every)
        result["pm4py"] = _rounded(theirs)
        result["ratio"] = ratios(mine, theirs)
        result["notes"].append(
            "ratio: pm4py's seconds over Cadre's; above 1 Cadre is faster. network: both in memory, the best of "
            f"{TIMES} and {PEER_TIMES}; network_cpu: the same in seconds of one core. with_loading: from the file to the edges, "
            "for Cadre by way of a record that survives a crash"
        )
    return result


def ratios(mine: Mapping[str, float], theirs: Mapping[str, float]) -> dict[str, float]:
    """pm4py's seconds over Cadre's; its sorting counts only where loading does."""
    whole = theirs["read_seconds"] + theirs["sort_seconds"] + theirs["network_seconds"]
    return {
        "network": round(theirs["network_seconds"] / mine["network_seconds"], 1),
        "network_cpu": round(theirs["network_cpu_seconds"] / mine["network_cpu_seconds"], 1),
        "parse": round(theirs["read_seconds"] / mine["parse_seconds"], 2),
        "with_loading": round(whole / (mine["load_seconds"] + mine["network_from_record_seconds"]), 2),
    }


def _rounded(told: dict[str, Any]) -> dict[str, Any]:
    return {key: round(value, 3) if isinstance(value, float) else value for key, value in told.items()}


def main() -> None:
    """Parse and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="an XES log, plain or gzip; default: an invented one")
    parser.add_argument("--events", type=float, default=EVENTS, help="events of the invented log, such as 1e6")
    parser.add_argument("--people", type=int, default=PEOPLE, help="people in the invented log")
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    args = parser.parse_args()
    print(json.dumps(measure(args.data, int(args.events), args.people), indent=None if args.json else 2))


if __name__ == "__main__":
    main()
