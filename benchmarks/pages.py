"""What a page of agents costs: seconds of the processor and of the wall for each, over a workspace of so many decisions a month.

The decisions are those that invented agents get from the real gate over a few days, with their approvals, reports and events;
then their rows are repeated at other instants, since asking the gate a hundred thousand times takes an hour and the pages read
the same rows. The log of events is repeated as rows alone, without its hashes. Each page is asked for once to warm up, then
`--times` times; the middle is told. `python benchmarks/pages.py --decisions 12000 --json` prints one object.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any, cast

import anyio
import httpx
from sqlalchemy import Table, func, insert, select, update
from sqlalchemy.orm import Session

from cadre.clock import FixedClock
from cadre.config import load_settings
from cadre.db.audit import AuditEvent, AuditHead, AuditPayload
from cadre.db.governance import ActionDecision, ActionReport, ActionRequest, ApprovalAsked, ApprovalStep
from cadre.runtime import AT_MACHINE, Runtime, open_invented
from cadre.services.agents.simulate import MovingClock, clients_of, invent_agents
from cadre.services.computing.refresh import refresh
from cadre.services.computing.simulate import simulate
from cadre.simulator.agents import month, waiting
from cadre.web import create_app

DAYS, SEED, PEOPLE = 30, 3, 25
PAGES = ("/agents", "/decisions", "/decisions?found=deny", "/decisions?found=silent", "/approvals", "/clients",
         "/clients/{client}", "/clients/{client}/statement", "/machines", "/ai-register", "/audit", "/audit?client={client}",
         "/govern", "/", "/people")  # fmt: skip
_IDS = ("decision_id", "approval_id")


def build(root: Path) -> None:
    """An invented firm whose agents asked the real gate for a month of little work."""
    runtime = open_invented(root)
    simulate(runtime.principal, runtime.warehouse, runtime.clock, world="helpful", people=PEOPLE, months=3, seed=SEED)
    now = runtime.clock.now()
    clients, first = clients_of(runtime.warehouse, 6), now.date() - timedelta(days=DAYS)
    calls = [one for one in month(SEED, clients, people=PEOPLE, first=first, days=DAYS + 1, scale=0.12, triage_scale=0.1,
                                  hijacked=0.05) if one.at < now - timedelta(hours=1)]  # fmt: skip
    calls += waiting(SEED, clients[0], now)
    clock = MovingClock(calls[0].at - timedelta(minutes=1))
    then = replace(runtime, clock=clock)
    invent_agents(then.principal, then.warehouse, then.sessions, clock, then.governor, calls, until=now)
    refresh(runtime.principal, runtime.warehouse, runtime.work(), runtime.clock)
    then.close()


def repeat(session: Session, wanted: int, now: datetime) -> int:
    """Repeat the rows of a month at other instants of it until there are so many decisions; gives how many there are."""
    since = now - timedelta(days=DAYS)
    first = session.scalars(select(ActionDecision).where(ActionDecision.at > since)).all()
    held = {one.decision_id: one.at for one in first}
    whole = {model: [_plain(row) for row in session.scalars(select(model))]
             for model in (ActionDecision, ActionRequest, ApprovalAsked, ApprovalStep, ActionReport)}  # fmt: skip
    of_approval = {row["approval_id"]: row["decision_id"] for row in whole[ApprovalAsked]}
    copies = max(0, -(-wanted // len(held)) - 1)
    for copy in range(1, copies + 1):
        # The golden section of the month spreads the copies evenly, however many there are.
        turn = timedelta(days=DAYS) * (copy * 0.6180339887 % 1)
        shift = {key: (since + (at - since + turn) % timedelta(days=DAYS)) - at for key, at in held.items()}
        for model, rows in whole.items():
            made = [
                _again(row, copy, shift.get(row.get("decision_id") or of_approval[row["approval_id"]])) for row in rows
            ]
            session.execute(insert(model), [row for row in made if row])
    session.commit()
    return session.scalar(select(func.count()).select_from(ActionDecision)) or 0


def repeat_events(session: Session, wanted: int) -> None:
    """Repeat the events of the log until there are so many; the pages read them as any others, a verifier would not."""
    rows = [(_plain(event), _plain(payload)) for event, payload in session.execute(
        select(AuditEvent, AuditPayload).join(AuditPayload, AuditPayload.position == AuditEvent.position)
        .where(AuditEvent.kind.startswith("a")).order_by(AuditEvent.position))]  # fmt: skip
    size = session.scalars(select(AuditHead.size)).one()
    nth = dict(
        session.execute(select(AuditEvent.client_id, func.max(AuditEvent.nth)).group_by(AuditEvent.client_id)).all()
    )
    while size < wanted:
        events, payloads = [], []
        for event, payload in rows:
            client = event["client_id"]
            nth[client] = (nth.get(client) or 0) + 1
            events.append(event | {"position": size, "nth": nth[client] if client else None})
            payloads.append(payload | {"position": size})
            size += 1
        session.execute(insert(AuditEvent), events)
        session.execute(insert(AuditPayload), payloads)
    session.execute(update(cast("Table", AuditHead.__table__)).values(size=size))
    session.commit()


def _plain(row: Any) -> dict[str, Any]:
    """What was written of a row; what the database derives it derives again."""
    return {c.key: getattr(row, c.key) for c in row.__table__.columns if c.server_default is None}


def _again(row: Mapping[str, Any], copy: int, shift: timedelta | None) -> dict[str, Any] | None:
    """A row of another decision at another instant; None where its decision is no longer of the month."""
    if shift is None:
        return None
    made = {key: value for key, value in row.items() if key != "id"}
    for key, value in made.items():
        if key in _IDS:
            made[key] = f"{value}{copy:x}"
        elif isinstance(value, datetime):
            made[key] = value + shift
    return made


@contextmanager
def grown(workspace: Path | None, decisions: int) -> Iterator[Runtime]:
    """A workspace with so many decisions, of a copy of one or of a new one; gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "w"
        if workspace is None:
            build(root)
        else:
            shutil.copytree(workspace, root)
        runtime = Runtime(root, load_settings(root), _newest(root), AT_MACHINE)
        with runtime.sessions() as session:
            repeat(session, decisions, runtime.clock.now())
            repeat_events(session, 2 * decisions)
        yield runtime
        runtime.close()


def _newest(root: Path) -> FixedClock:
    """The instant after the newest decision, so that an older workspace has its month before it."""
    from cadre.db.database import open_database, sqlite_url

    with open_database(sqlite_url(root))() as session:
        return FixedClock(session.scalars(select(func.max(ActionDecision.at))).one() + timedelta(minutes=5))


def measured(runtime: Runtime, paths: tuple[str, ...], times: int) -> list[dict[str, Any]]:
    """Milliseconds of the processor and of the wall of each page, the middle of so many."""
    app = create_app(runtime)
    found: list[dict[str, Any]] = []

    async def run() -> None:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8765", timeout=600) as client:
            for path in paths:
                first = await client.get(path)
                took = []
                for _ in range(times):
                    cpu, wall = time.process_time(), time.perf_counter()
                    answer = await client.get(path)
                    took.append((time.process_time() - cpu, time.perf_counter() - wall))
                found.append({"page": path, "status": first.status_code, "kilobytes": len(answer.content) / 1e3,
                              "cpu_ms": 1e3 * median(cpu for cpu, _ in took),
                              "wall_ms": 1e3 * median(wall for _, wall in took)})  # fmt: skip

    anyio.run(run)
    return found


def main() -> int:
    """Grow, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--decisions", type=float, default=12_000, help="a month")
    parser.add_argument("--workspace", type=Path, help="one that `cadre demo` made, copied; a new one unless given")
    parser.add_argument("--times", type=int, default=7)
    parser.add_argument("--page", action="append", help="only these; {client} stands for a client's key")
    parser.add_argument("--json", action="store_true")
    told = parser.parse_args()
    with grown(told.workspace, int(told.decisions)) as runtime:
        with runtime.sessions() as session:
            own = select(ActionDecision.client_id).where(ActionDecision.client_id != "").limit(1)
            client = session.scalars(own).one()
        pages = tuple(page.replace("{client}", client) for page in told.page or PAGES)
        rows = measured(runtime, pages, told.times)
    if told.json:
        print(json.dumps({"decisions": int(told.decisions), "pages": rows}))
        return 0
    for row in rows:
        print(
            f"{row['page'][:60]:62}{row['status']}{row['cpu_ms']:9.0f} ms CPU{row['wall_ms']:9.0f} ms wall{row['kilobytes']:8.0f} kB"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
