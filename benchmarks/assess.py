"""Assessing many people from ready signals, and the pages about one of them and all of them at that size.

The record is invented in bulk and refreshed once, which is not counted. Assessing starts from stored values of signals: reading
them, competencies, readiness of everybody, their ranks and the pairs. Pages are asked for through the application itself.
"""

import argparse
import json
import sys
import tempfile
import time
from math import ceil
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import signals

TIMES = 20
"""Looks at a page after its first; of persons each look is at another."""


def measure(people: int, rows: int) -> dict[str, Any]:
    """Build a workspace, then time both."""
    from starlette.testclient import TestClient

    from cadre.config import create_workspace
    from cadre.reports import readiness
    from cadre.reports.kept import forget
    from cadre.runtime import open_runtime
    from cadre.web.app import create_app

    with tempfile.TemporaryDirectory() as folder:
        create_workspace(Path(folder), name="Benchmark", purpose="study", invented=True, zone="Europe/Berlin")
        runtime = open_runtime(Path(folder))
        signals.PEOPLE, signals.MONTHS = people, 6
        signals.load(runtime.warehouse, rows, lambda day: day <= signals.UNTIL, "all")
        signals.annotate(runtime.warehouse)
        signals.refreshed(runtime.warehouse, "")
        seconds = []
        for _ in range(3):
            forget()  # what is kept would answer at once
            with runtime.snapshot() as record:
                began = time.perf_counter()
                stands = readiness.standing(record)
                stands.map(lambda told: told.above)
                seconds.append(time.perf_counter() - began)
        client = TestClient(create_app(runtime), base_url="http://127.0.0.1")
        persons = [each["person_id"] for each in client.get("/people?format=json").json()["people"]]
        forget()
        told: dict[str, Any] = {"people": people, "assess_seconds": min(seconds), "assess_seconds_first": seconds[0]}
        for name, path in (("person", "/people/{}"), ("people", "/people"), ("selection", "/selection"), ("week", "/")):
            times = []
            for look in range(1 + TIMES):
                began = time.perf_counter()
                answer = client.get(path.format(persons[look * 7 % len(persons)]))
                times.append(time.perf_counter() - began)
                assert answer.status_code == 200, path
            told[f"{name}_page_first_ms"] = 1000 * times[0]
            warm = sorted(times[1:])
            told[f"{name}_page_ms"] = 1000 * sum(warm) / TIMES
            told[f"{name}_page_p95_ms"] = 1000 * warm[ceil(0.95 * TIMES) - 1]
    return {key: round(value, 2) if isinstance(value, float) else value for key, value in told.items()}


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=[30, 1000])
    parser.add_argument(
        "--rows", type=float, default=1e6, help="ticket events of the largest firm; smaller ones have their part"
    )
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    args = parser.parse_args()
    most = max(args.people)
    sizes = [measure(people, int(args.rows * people / most)) for people in args.people]
    print(json.dumps({"benchmark": "assess", "sizes": sizes}, indent=None if args.json else 2))


if __name__ == "__main__":
    main()
