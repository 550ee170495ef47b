"""Study: handover, working-together and subcontracting networks, read through the product's own connectors.

It asks whether the networks of `cadre.signals.network` over a record made from the file equal those counted by a plain
loop over the file itself, and how fast that is. It does not say that anybody who hands over much leads, or should.
"""

import argparse
import csv
import gzip
import itertools
import json
import subprocess
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from cadre.access.principal import Principal
from cadre.clock import SystemClock
from cadre.records import Firm
from cadre.services.computing.ingest import ingest
from cadre.signals import network
from cadre.sources import ReadOptions, find_source, xes
from cadre.warehouse import Snapshot, Warehouse

ROOT = Path(__file__).resolve().parents[1]
Edge = tuple[str, str, str]
NETWORKS = {
    "handover": network.handover,
    "subcontracting": network.subcontracting,
    "working_together": network.working_together,
}
CASE = ("number", "case:concept:name", "case_id", "case", "Case ID")
ACTOR = ("sys_updated_by", "org:resource", "resource", "Resource", "actor")
AT = ("sys_updated_at", "time:timestamp", "timestamp", "Complete Timestamp", "time")
MISSING = frozenset({"", "?"})


def is_xes(path: Path) -> bool:
    """Whether a file is an XES log by its name."""
    return path.name.lower().removesuffix(".gz").endswith(".xes")


def header_of(path: Path) -> list[str]:
    """The column names of a CSV."""
    with _text(path) as lines:
        return next(csv.reader(lines))


def pick(header: list[str], wanted: tuple[str, ...]) -> str:
    """The first wanted column a header has."""
    found = next((name for name in wanted if name in header), None)
    if found is None:
        raise SystemExit(f"the event CSV has none of the columns {', '.join(wanted)}")
    return found


def load(path: Path, folder: Path) -> tuple[Warehouse, dict[str, int]]:
    """The file in a record of its own, through the connector that fits; and how many rows had which fate."""
    warehouse = Warehouse(folder, Firm(name="Study", zone="UTC"))
    options = ReadOptions()
    if is_xes(path):
        source = xes.SOURCE
    else:
        header = header_of(path)
        if "sys_updated_at" in header:
            source = find_source("servicenow")
        else:
            source = find_source("table")
            columns = {"ticket_id": pick(header, CASE), "actor_account_id": pick(header, ACTOR),
                       "occurred_at": pick(header, AT)}  # fmt: skip
            target = {"to": "ticket_events", "columns": columns, "constants": {"kind": "update"}}
            options = ReadOptions(mapping={"table": [target]})
    done = ingest(Principal("study", "owner"), warehouse, SystemClock(), source, [path], options)
    return warehouse, {"read": done.count.rows_read, "refused": done.count.rows_rejected}


def networks(record: Snapshot) -> Counter[Edge]:
    """Edges of all three networks, with the names of the source in place of keys."""
    steps = network.steps(record)
    told = record["identities"]
    named = told.filter(told.account_id.notnull()).select(
        actor="account_id", shown=told.display_name.fill_null(told.handle).fill_null(told.email)
    )
    steps = steps.join(named, "actor").mutate(actor=lambda t: t.shown.re_replace(r"^\w+:", "")).drop("shown")
    found: Counter[Edge] = Counter()
    for name, build in NETWORKS.items():
        for row in record.rows(build(steps)):
            found[name, row["source"], row["target"]] += row["times"]
    return found


def reference(path: Path) -> Counter[Edge]:
    """The same counted by a loop over the file itself."""
    cases: dict[str, list[tuple[datetime, int, str]]] = defaultdict(list)
    for place, (case, at, actor) in enumerate(_xes_events(path) if is_xes(path) else _csv_events(path)):
        cases[case].append((at, place, actor))
    found: Counter[Edge] = Counter()
    for events in cases.values():
        actors = [actor for _, _, actor in sorted(events)]
        found.update(("handover", a, b) for a, b in itertools.pairwise(actors) if a != b)
        found.update(
            ("subcontracting", a, b)
            for a, b, c in zip(actors, actors[1:], actors[2:], strict=False) if a == c and a != b
        )  # fmt: skip
        names = sorted(set(actors))
        found.update(("working_together", a, b) for i, a in enumerate(names) for b in names[i + 1 :])
    return found


def _xes_events(path: Path) -> Iterator[tuple[str, datetime, str]]:
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
        for _, element in ET.iterparse(stream):  # noqa: S314 (a study file, from whoever runs the study)
            if element.tag.rsplit("}", 1)[-1] != "trace":
                continue
            case = _attributes(element).get("concept:name", "")
            for child in element:
                if child.tag.rsplit("}", 1)[-1] == "event":
                    told = _attributes(child)
                    if told.get("org:resource") and told.get("time:timestamp"):
                        yield case, datetime.fromisoformat(told["time:timestamp"]), told["org:resource"]
            element.clear()


def _attributes(element: ET.Element) -> dict[str, str]:
    return {child.get("key", ""): child.get("value", "") for child in element}


def _csv_events(path: Path) -> Iterator[tuple[str, datetime, str]]:
    header = header_of(path)
    case, actor, at = pick(header, CASE), pick(header, ACTOR), pick(header, AT)
    with _text(path) as lines:
        for row in csv.DictReader(lines):
            if row[actor] not in MISSING and row[at] not in MISSING:
                yield row[case], _instant(row[at]), row[actor]


def _instant(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return datetime.strptime(text, "%d/%m/%Y %H:%M")  # noqa: DTZ007 (only the order matters)


def _text(path: Path) -> Any:
    return gzip.open(path, "rt", encoding="utf-8-sig") if path.suffix == ".gz" else path.open(encoding="utf-8-sig")


def study(path: Path, predict: Path | None) -> dict[str, Any]:
    """Run it."""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        warehouse, rows = load(path, Path(folder) / "workspace")
        loaded = time.perf_counter()
        with warehouse.snapshot() as record:
            found = networks(record)
        built = time.perf_counter()
    if predict:
        with predict.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(("network", "source", "target", "count"))
            writer.writerows((*edge, times) for edge, times in sorted(found.items()))
    expected = reference(path)
    every = set(found) | set(expected)
    equal = sum(found[edge] == expected[edge] for edge in every)
    notes = [
        f"{rows['read']} rows read, {rows['refused']} refused",
        f"load {loaded - began:.2f} s, networks {built - loaded:.2f} s",
    ]
    peer = peer_of(path)
    ratio = sum(peer[f"{part}_seconds"] for part in ("read", "sort", "network")) / (built - began) if peer else None
    if peer is None:
        notes.append("pm4py is not here, so no speed ratio: benchmarks/process.py makes an environment for it")
    if not is_xes(path):
        notes.append(f"the actor of an event is `{pick(header_of(path), ACTOR)}`")
    unlike = sorted(edge for edge in every if found[edge] != expected[edge])
    if unlike:
        notes.append(f"{len(unlike)} of {len(every)} edges differ from the plain count over the file")
    return {
        "study": "handover",
        "data": path.name,
        "seconds": round(built - began, 2),
        "figures": {
            "edges_equal_share": _figure(equal / len(every) if every else None, len(every)),
            "speed_ratio": _figure(ratio, 1 if peer else 0),
        },
        "baselines": {},
        "notes": notes,
    }


def peer_of(path: Path) -> dict[str, Any] | None:
    """What pm4py needs for the same file now, in its own environment; None where that was not made."""
    python = ROOT / ".venv-peers" / "bin" / "python"
    if not python.exists():
        return None
    command = [str(python), str(ROOT / "benchmarks" / "peer_process.py"), str(path)]
    if not is_xes(path):
        header = header_of(path)
        command += [pick(header, CASE), pick(header, ACTOR), pick(header, AT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else None


def _figure(value: float | None, n: int) -> dict[str, float | None]:
    return {"value": value, "low": None, "high": None, "n": n}


def main() -> None:
    """Parse and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="an XES log or an event CSV, plain or gzip")
    parser.add_argument("--predict", type=Path, help="where to write network,source,target,count")
    parser.add_argument("--json", action="store_true", help="one JSON object on the last line (always printed)")
    args = parser.parse_args()
    print(json.dumps(study(args.data, args.predict)))


if __name__ == "__main__":
    main()
