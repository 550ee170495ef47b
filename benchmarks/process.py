"""Reading an XES log into a record and its handover network, against pm4py in the same run.

Cadre does more in its time: it hashes the people, accounts for every row and writes tables that survive a crash. pm4py
(AGPL) lives in `.venv-peers`, which this makes with uv; where it cannot be made the ratio is null and a note says why.
"""

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / ".venv-peers"
PEER = "pm4py>=2.7,<2.8"
CASES, PEOPLE, SEED = 7_500, 400, 7
_EVENT = (
    '<event><string key="org:resource" value={who}/><date key="time:timestamp" value="{at}"/>'
    '<string key="concept:name" value="Accepted"/><string key="lifecycle:transition" value="In Progress"/>'
    '<string key="org:group" value="Line {line}"/></event>\n'
)


def write_log(path: Path, cases: int = CASES, seed: int = SEED) -> int:
    """Write an invented log of the size of a year of a small desk.

    Returns:
        Events in it.
    """
    dice = random.Random(seed)  # noqa: S311 (invented data)
    first = datetime(2024, 1, 1, 8, tzinfo=UTC)
    events = 0
    with path.open("w", encoding="utf-8") as out:
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1849.2016">\n')
        for case in range(cases):
            at = first + timedelta(minutes=60 * case)
            who = dice.randrange(PEOPLE)
            out.write(f'<trace><string key="concept:name" value="C{case}"/>\n')
            for _ in range(2 + min(int(dice.expovariate(1 / 7)), 60)):
                at += timedelta(minutes=dice.randrange(1, 600))
                who = dice.randrange(PEOPLE) if dice.random() < 0.4 else who
                out.write(_EVENT.format(who=quoteattr(f"P{who}"), at=at.isoformat(), line=1 + who % 3))
                events += 1
            out.write("</trace>\n")
        out.write("</log>\n")
    return events


def make_peers() -> str:
    """Make the environment of the peer.

    Returns:
        Empty, or why it could not be made.
    """
    python = PEERS / "bin" / "python"
    if python.exists():
        return ""
    uv = shutil.which("uv") or str(Path(sys.executable).parent / "uv")
    try:
        for command in ([uv, "venv", "--quiet", "--python", sys.executable, str(PEERS)],
                        [uv, "pip", "install", "--quiet", "--python", str(python), PEER]):  # fmt: skip
            subprocess.run(command, check=True, capture_output=True, text=True, timeout=600)
    except (OSError, subprocess.SubprocessError) as error:
        shutil.rmtree(PEERS, ignore_errors=True)
        return f"pm4py could not be installed ({type(error).__name__}); the ratio is not measured"
    return ""


def peer(path: Path) -> dict[str, Any]:
    """What pm4py needs for the log."""
    done = subprocess.run(
        [str(PEERS / "bin" / "python"), str(ROOT / "benchmarks" / "peer_process.py"), str(path)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def cadre(path: Path) -> dict[str, Any]:
    """What Cadre needs for it: parsing alone, the whole load, and the network."""
    from cadre.access.principal import Principal
    from cadre.clock import SystemClock
    from cadre.records import Firm
    from cadre.services.ingest import ingest
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
            steps, told = network.steps(record), record["identities"]
            names = told.select(actor="account_id", shown="display_name")
            named = steps.join(names, "actor").select("ticket_id", "place", actor="shown")
            rows = record.rows(network.handover(named))
        built = time.perf_counter()
    return {
        "events": done.count.rows_read,
        "parse_seconds": parsed - began,
        "load_seconds": loaded - parsed,
        "network_seconds": built - loaded,
        "edges": {f"{row['source']}\t{row['target']}": row["times"] for row in rows},
    }


def measure(data: Path | None) -> dict[str, Any]:
    """Both on one log."""
    with tempfile.TemporaryDirectory() as folder:
        path = data or Path(folder) / "invented.xes"
        if data is None:
            write_log(path)
        mine = cadre(path)
        note = make_peers()
        theirs = None if note else peer(path)
    edges = mine.pop("edges")
    result: dict[str, Any] = {"benchmark": "process", "data": path.name, "cadre": _rounded(mine), "pm4py": None,
                              "ratio": None, "edges_equal_share": None, "notes": [note] if note else []}  # fmt: skip
    if theirs:
        other = theirs.pop("edges")
        every = set(edges) | set(other)
        result["edges_equal_share"] = sum(edges.get(e) == other.get(e) for e in every) / max(len(every), 1)
        result["pm4py"] = _rounded(theirs)
        result["ratio"] = {
            "parse": round(theirs["read_seconds"] / mine["parse_seconds"], 2),
            "load": round(theirs["read_seconds"] / mine["load_seconds"], 2),
            "network": round(theirs["network_seconds"] / mine["network_seconds"], 2),
        }
        result["notes"].append("ratio: pm4py's seconds over Cadre's; above 1 Cadre is faster. parse is reading alone")
    return result


def _rounded(told: dict[str, Any]) -> dict[str, Any]:
    return {key: round(value, 3) if isinstance(value, float) else value for key, value in told.items()}


def main() -> None:
    """Parse and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="an XES log, plain or gzip; default: an invented one")
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    args = parser.parse_args()
    print(json.dumps(measure(args.data), indent=None if args.json else 2))


if __name__ == "__main__":
    main()
