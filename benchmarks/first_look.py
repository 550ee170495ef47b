"""The first look at every page about people: of a server that has just begun, and after a refresh while it runs.

Seconds of processor, since a newcomer's click waits for these alone on a machine with nothing else to do; each page is asked for
by itself. Cold: a process of its own for each page, which has loaded the application and answered a page that needs no record.
Refreshed: a process that has shown the page before, whose record is new. Ready: the same once what follows was worked out ahead,
as a server does in its first seconds. Again: the next look.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import signals

PAGES = ("/", "/people", "/people/{person}", "/people/{person}/evidence/collaboration", "/flags", "/selection", "/seats",
         "/structure", "/compare", "/fairness", "/validity", "/teams", "/teams/{team}", "/structure/reliance", "/network",
         "/network?name=working_together", "/network?name=subcontracting", "/network?name=who_answers_whom",
         "/network?name=mentoring", "/signals", "/coverage", "/record")  # fmt: skip
WANTED_MS = 300.0


def build(folder: Path, people: int, rows: int) -> None:
    """A workspace of a firm invented in bulk, refreshed."""
    from cadre.config import create_workspace
    from cadre.runtime import open_runtime

    create_workspace(folder, name="Benchmark", purpose="study", invented=True, zone="Europe/Berlin")
    runtime = open_runtime(folder)
    signals.PEOPLE, signals.MONTHS = people, 6
    signals.load(runtime.warehouse, rows, lambda day: day <= signals.UNTIL, "all")
    signals.annotate(runtime.warehouse)
    signals.refreshed(runtime.warehouse, "")


def looked(folder: Path, path: str) -> dict[str, Any]:
    """Milliseconds of processor of one page in this process: cold, refreshed, ready and again; run it in a fresh one."""
    from starlette.testclient import TestClient

    from cadre.reports.kept import forget
    from cadre.runtime import open_runtime
    from cadre.web.app import create_app
    from cadre.web.ready import Readier

    runtime = open_runtime(folder)
    client = TestClient(create_app(runtime), base_url="http://127.0.0.1")
    assert client.get("/style").status_code == 200
    told: dict[str, Any] = {"path": path}

    def timed(name: str) -> None:
        began = time.process_time()
        told["status"] = client.get(path).status_code
        told[name] = round(1000 * (time.process_time() - began), 1)

    timed("cold_ms")
    forget()
    timed("refreshed_ms")
    forget()
    began = time.process_time()
    Readier(runtime).look()
    told["readying_ms"] = round(1000 * (time.process_time() - began), 1)
    timed("ready_ms")
    timed("again_ms")
    runtime.close()
    return told


def places(folder: Path) -> dict[str, str]:
    """A person and a team of the workspace, for the pages about one."""
    from cadre.reports.roster import staff
    from cadre.runtime import open_runtime

    with open_runtime(folder).snapshot() as snapshot:
        some = next(one for one in staff(snapshot) if one.team_id)
    return {"person": some.person_id, "team": some.team_id or ""}


def measure(folder: Path) -> dict[str, Any]:
    """Every page of a workspace, each in a process of its own."""
    known, pages = places(folder), []
    for path in PAGES:
        command = [sys.executable, __file__, "--workspace", str(folder), "--page", path.format(**known)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        pages.append(json.loads(done.stdout.splitlines()[-1]) | {"path": path})
    slow = [page["path"] for page in pages if page["refreshed_ms"] > WANTED_MS]
    return {"pages": pages, "wanted_ms": WANTED_MS, "over": slow}


def table(told: dict[str, Any]) -> str:
    """The pages as a table, those that take longest first."""
    columns = ("cold_ms", "refreshed_ms", "ready_ms", "again_ms")
    lines = [f"{'page':<44}" + "".join(f"{column[:-3]:>11}" for column in columns) + "  ms of processor"]
    lines += [
        f"{page['path']:<44}" + "".join(f"{page[column]:>11,.0f}" for column in columns)
        for page in sorted(told["pages"], key=lambda page: -page["cold_ms"])
    ]
    return "\n".join(lines)


def main() -> None:
    """Print a table, or one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--workspace", type=Path, help="a refreshed workspace, such as the demo's; else one is invented"
    )
    parser.add_argument("--people", type=int, default=30, help="of an invented firm")
    parser.add_argument("--rows", type=float, default=1e5, help="ticket events of an invented firm")
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    parser.add_argument("--page", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.page:
        print(json.dumps(looked(args.workspace, args.page)))
        return
    with tempfile.TemporaryDirectory() as made:
        folder = args.workspace or Path(made)
        if not args.workspace:
            build(folder, args.people, int(args.rows))
        told = measure(folder)
    print(json.dumps({"benchmark": "first_look", **told}) if args.json else table(told))


if __name__ == "__main__":
    main()
