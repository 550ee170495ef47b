"""A firm of ten for the seat sheet: a lead and nine technicians, with booked hours, solved tickets and every competency."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from cadre.access.principal import Principal
from cadre.clock import FixedClock
from cadre.config import create_workspace, load_settings
from cadre.db.stewardship import BlindReview, FairnessAudit, NoticeDelivery, NoticeReceipt, NoticeVersion
from cadre.readiness.competency import COMPETENCIES
from cadre.records import DERIVED_BY_NAME
from cadre.runtime import Runtime
from cadre.signals import SIGNALS
from cadre.warehouse import Collector, LoadFile, Warehouse
from tests.firms import again

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
START = date(2025, 11, 3)
DAYS = 182
OWNER = Principal("owner at this machine", "owner")
NAMES = (
    "Lea Lead",
    "Ada Lind",
    "Bo Berg",
    "Cem Aydin",
    "Dora Novak",
    "Eli Stone",
    "Fay Wong",
    "Gus Rey",
    "Hana Kim",
    "Ivo Roth",
)
UNSEEN = "Ivo Roth"
WEEKS = 6


def build(root: Path, *, purpose: str = "study", noise: float = 0.02) -> Runtime:
    """The firm; the further down the list of names, the more was seen of every competency, and the last left no trace.

    Args:
        root: Folder of the workspace.
        purpose: `study` or `firm`.
        noise: Sampling variance of every signal; large ones tell nobody apart.
    """

    def made(folder: Path) -> None:
        create_workspace(folder, name="Lindgren IT", purpose=purpose, invented=True, zone="Europe/Berlin")
        path = folder / "cadre.toml"
        path.write_text(path.read_text("utf-8").replace("# window_days = 182", f"window_days = {DAYS}"), "utf-8")
        warehouse = _opened(folder).warehouse
        _load(warehouse)
        _derive(warehouse, noise)

    again(root, f"seat {purpose} {noise}", made)
    return _opened(root)


def _opened(root: Path) -> Runtime:
    return Runtime(root, load_settings(root), FixedClock(NOW), OWNER)


def keys(runtime: Runtime) -> dict[str, str]:
    """Name -> key of a person."""
    with runtime.snapshot() as record:
        told = record.table("identities")
        rows = record.rows(told.filter(told.person_id.notnull()).select("person_id", "display_name"))
    return {row["display_name"]: row["person_id"] for row in rows}


def tell(runtime: Runtime, *people: str) -> None:
    """Everything the rule asks before somebody is shown as a candidate."""
    long_ago = NOW - timedelta(days=30)
    with runtime.sessions() as session:
        session.add(NoticeVersion(number=1, text="Told", published_by="owner", published_at=long_ago))
        session.add(FairnessAudit(audit_on=long_ago.date(), summary="", recorded_by="o", recorded_at=long_ago))
        session.flush()
        for person in people:
            session.add(NoticeDelivery(number=1, person_id=person, delivered_by="owner", delivered_at=long_ago))
            session.add(NoticeReceipt(number=1, person_id=person, how="page", recorded_by=person, received_at=long_ago))
            session.add(
                BlindReview(
                    person_id=person, reviewer_key="account:9", reviewer="R", questions_version=1, finished_at=long_ago
                )
            )
        session.commit()


def _rows() -> Iterator[tuple[str, dict[str, Any]]]:
    yield "teams", {"external_id": "t1", "name": "Service desk", "tier": "1"}
    for number, name in enumerate(NAMES):
        told = {"external_id": f"e{number}", "role": "Technician", "team_id": "t1"}
        yield "people", told if number == 0 else {**told, "lead_person_id": "e0"}
        yield "identities", {"external_id": f"i{number}", "person_id": f"e{number}", "display_name": name}
        yield "accounts", {"external_id": f"u{number}", "kind": "staff"}
        yield "identities", {"external_id": f"u{number}", "account_id": f"u{number}", "display_name": name}
        for week in range(WEEKS + 2):
            at = datetime(2026, 1, 7, 10, 0, tzinfo=UTC) + timedelta(weeks=week)
            yield "time_entries", {
                "external_id": f"h{number}-{week}", "occurred_at": at, "account_id": f"u{number}",
                "hours": 10.0 + number + week % 2,
            }  # fmt: skip


def _load(warehouse: Warehouse) -> None:
    with warehouse.loading("roster", NOW) as under_way:
        collector = Collector(under_way.folder, NOW)
        for line, (table, values) in enumerate(_rows(), start=2):
            collector.record(table, values, "roster.csv", line)
        stage = collector.close()
        tables = under_way.write(stage)
        under_way.note_newest(stage)
        under_way.count(stage, [LoadFile("roster.csv", "roster", "s")], tables)
        under_way.publish()


def _derive(warehouse: Warehouse, noise: float) -> None:
    with warehouse.deriving(NOW) as derivation:
        tables = derivation.tables
        told = tables.rows(tables["identities"].select("account_id", "person_id", "display_name"))
        people = {r["display_name"]: r["person_id"] for r in told if r["person_id"]}
        accounts = {r["display_name"]: r["account_id"] for r in told if r["account_id"]}
        joined = [{"account_id": accounts[n], "person_id": people[n], "rule": "listed", "kind": "staff"} for n in NAMES]
        solved = [
            (accounts["Ada Lind"], "vpn", 8),
            (accounts["Bo Berg"], "vpn", 2),
            (accounts["Cem Aydin"], "mail", 30),
        ]
        _write(derivation, "person_accounts", joined)
        _write(derivation, "ticket_expectations", list(_cases(solved)))
        _write(derivation, "signal_values", list(_values(people, noise)))
        derivation.publish()


def _cases(solved: list[tuple[str, str, int]]) -> Iterator[dict[str, Any]]:
    for account, topic, count in solved:
        for number in range(count):
            at = datetime(2026, 2, 2, 9, 0, tzinfo=UTC) + timedelta(hours=number)
            yield {"ticket_id": f"{topic}-{account}-{number}", "account_id": account, "occurred_at": at,
                   "local_at": at.replace(tzinfo=None), "client_id": "c1", "topic": topic, "open_hours": 2.0,
                   "expected_hours": 2.0, "log_ratio": 0.1, "doubt_hours": 0.1, "difficulty": 0.0,
                   "doubt_difficulty": 0.1, "fold": 0, "model_version": "case-mix-2"}  # fmt: skip


def _values(people: dict[str, str], noise: float) -> Iterator[dict[str, Any]]:
    low = {signal.name for signal in SIGNALS if signal.direction == "low"}
    for each in COMPETENCIES:
        for signal in each.signals:
            for number, name in enumerate(NAMES):
                raw = 0.1 + 0.08 * number if signal not in low else 0.9 - 0.08 * number
                if name != UNSEEN:
                    yield {"signal": signal, "person_id": people[name], "window_start": START, "window_days": DAYS,
                           "raw_value": raw, "variance": noise, "value": raw, "low": raw - 0.05, "high": raw + 0.05,
                           "level": 0.9, "n": 100}  # fmt: skip


def _write(derivation: Any, name: str, rows: list[dict[str, Any]]) -> None:
    schema = DERIVED_BY_NAME[name].schema()
    wanted = [{column: row.get(column) for column in schema.names} for row in rows]
    derivation.write(name, pa.Table.from_pylist(wanted, schema=schema))
