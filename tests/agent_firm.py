"""A small firm whose invented agents asked the real gate for a week, built once where several tests look at it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from cadre.access.principal import Principal
from cadre.config import create_workspace, load_settings
from cadre.policy.agents import shipped_agents
from cadre.runtime import Runtime
from cadre.services.agents.decide import Governor
from cadre.services.agents.simulate import MovingClock, invent_agents
from cadre.simulator.agents import month
from cadre.warehouse import Collector, LoadFile

OWNER = Principal("owner at this machine", "owner")
UNTIL = datetime(2026, 5, 11, 9, 0, tzinfo=UTC)
CLIENTS = ("psa/alder", "psa/birch")
ROWS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("people", {"external_id": "ann", "role": "Technician"}),
    ("clients", {"external_id": "alder"}), ("clients", {"external_id": "birch"}),
    ("identities", {"external_id": "c-a", "client_id": "alder", "display_name": "Alder Foods"}),
    ("identities", {"external_id": "c-b", "client_id": "birch", "display_name": "Birch Law"}),
    ("agent_actions", {"external_id": "a1", "occurred_at": UNTIL - timedelta(days=1), "tool": "Set-Mailbox",
                       "client_id": "alder", "outcome": "done"}),
    ("agent_actions", {"external_id": "a2", "occurred_at": UNTIL - timedelta(days=1), "tool": "get_ticket",
                       "decision_id": "d1"}),
)  # fmt: skip


def build(root: Path, *, days: int = 7) -> Runtime:
    """The firm, its record and a week of decisions; its clock stands at the end of the week."""
    create_workspace(root, name="Lindgren IT", purpose="study", invented=True, zone="Europe/Berlin")
    first = date(2026, 5, 11) - timedelta(days=days)
    clock = MovingClock(datetime.combine(first, datetime.min.time(), UTC) - timedelta(minutes=1))
    runtime = Runtime(root, load_settings(root), clock, OWNER)
    load_record(runtime)
    calls = list(month(3, CLIENTS, people=25, first=first, days=days, scale=0.12, triage_scale=0.1, hijacked=0.2))
    governor = Governor(runtime.sessions, runtime.audit_writer, clock, shipped_agents())
    invent_agents(OWNER, runtime.warehouse, runtime.sessions, clock, governor, calls, until=UNTIL)
    return runtime


def load_record(runtime: Runtime) -> None:
    """Give a workspace a person on the staff, two clients with names, and acts of machines that went past the gate."""
    with runtime.warehouse.loading("psa", UNTIL) as under_way:
        collector = Collector(under_way.folder, UNTIL)
        for line, (table, values) in enumerate(ROWS, 1):
            collector.record(table, values, "export.csv", line)
        stage = collector.close()
        tables = under_way.write(stage)
        under_way.note_newest(stage)
        under_way.count(stage, [LoadFile("export.csv", "d", "s")], tables)
        under_way.publish()
