"""Small records with words, and what the stage made of them: shared by the tests of the stage."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cadre.access.principal import Principal
from cadre.clock import FixedClock
from cadre.language.blocks import ANNOTATED, KEYS
from cadre.services.computing import annotate as stage
from cadre.services.computing.ingest import Progress
from cadre.warehouse import Warehouse
from tests.conftest import NOW, Rows
from tests.language.links.talking import HELPING

OWNER = Principal("owner", "owner")
PEOPLE = ("anna", "bert", "carla", "dmitri", "erik")
TABLES = (*ANNOTATED.values(), "reply_links", "annotation_blocks")
Told = dict[str, list[dict[str, Any]]]

ACCOUNTS: Rows = [
    row
    for k, who in enumerate(PEOPLE)
    for row in (
        ("accounts", {"external_id": who, "kind": "staff"}, 10 * k + 1),
        (
            "identities",
            {"external_id": who, "account_id": who, "handle": who, "display_name": f"{who.title()} Q"},
            10 * k + 2,
        ),
    )
]
DESK = [
    ("anna", "my laptop does not start since the update"), ("bert", "Is the power light on?"), ("anna", "Yes, it blinks three times."),
    ("bert", "Please hold the power button for thirty seconds, then try again."), ("anna", "That worked, thank you!"),
]  # fmt: skip


def body(table: str, key: str, who: str, words: str, line: int) -> tuple[str, dict[str, Any], int]:
    return ("texts", {"external_id": f"{table}{key}", "record_table": table, "record_id": key, "field": "body",
                      "account_id": who, "body": words}, line)  # fmt: skip


def chat(channel: str, month: int, *, lines: Iterable[tuple[float, str | None, str]] = HELPING, **more: Any) -> Rows:
    """A conversation in a month of a channel."""
    rows: Rows = []
    for k, (minute, who, words) in enumerate(lines):
        if who:
            key, at = f"{channel}-{month}-{k}", datetime(2024, month, 15, 9, tzinfo=UTC) + timedelta(minutes=minute)
            rows.append(("messages", {"external_id": key, "channel_id": channel, "occurred_at": at, "kind": "message",
                                      "account_id": who, **more}, 2 * len(rows)))  # fmt: skip
            rows.append(body("messages", key, who, words, 2 * len(rows)))
    return rows


def ticket(key: str) -> Rows:
    rows: Rows = [("tickets", {"external_id": key, "occurred_at": datetime(2024, 1, 2, tzinfo=UTC)}, 1)]
    for k, (who, words) in enumerate(DESK):
        at = datetime(2024, 1, 2, 10, 7 * k, 20, tzinfo=UTC)
        rows.append(("ticket_events", {"external_id": f"{key}-{k}", "ticket_id": key, "occurred_at": at, "kind": "reply",
                                       "actor_account_id": who}, 10 + k))  # fmt: skip
        rows.append(body("ticket_events", f"{key}-{k}", who, words, 20 + k))
    return rows


def meeting(key: str) -> Rows:
    rows: Rows = [("meetings", {"external_id": key, "occurred_at": datetime(2024, 1, 3, 9, tzinfo=UTC)}, 1)]
    for k, (who, words) in enumerate(DESK):
        rows.append(("utterances", {"external_id": f"{key}-{k}", "meeting_id": key, "ordinal": k, "account_id": who,
                                    "start_seconds": 5.0 * k, "end_seconds": 5.0 * k + 3}, 10 + k))  # fmt: skip
        rows.append(body("utterances", f"{key}-{k}", who, words, 20 + k))
    return rows


EVERYTHING: Rows = [
    *ACCOUNTS,
    *chat("help", 1),
    *chat("help", 2),
    *chat("help", 3),
    *chat("ops", 1),
    *ticket("t1"),
    *ticket("t2"),
    *meeting("m1"),
]
CHATS: Rows = [*ACCOUNTS, *chat("help", 1), *chat("help", 2), *chat("help", 3), *chat("ops", 1)]
READ = {"messages": 4 * 12, "ticket_events": 2 * 5, "utterances": 5}


def annotate(warehouse: Warehouse, progress: Progress = lambda step, rows: None) -> dict[str, int]:
    return stage.annotate(OWNER, warehouse, FixedClock(NOW), progress=progress)


def told(warehouse: Warehouse) -> Told:
    """Every annotation, in order."""
    with warehouse.snapshot() as record:
        return {name: sorted(record.rows(record[name]), key=repr) for name in TABLES}


def fresh(tmp_path: Any, name: str) -> Warehouse:
    """Another workspace under the same secret, so that keys are the same."""
    import shutil

    from cadre.records import Firm

    return Warehouse(
        shutil.copytree(tmp_path / "workspace", tmp_path / name), Firm(name="Test firm", zone="Europe/Berlin")
    )


def differing(one: Told, other: Told) -> list[tuple[str, dict[str, tuple[Any, Any]]]]:
    """Where two readings differ by more than a thousandth, row by row."""
    found: list[tuple[str, dict[str, tuple[Any, Any]]]] = []
    for table in TABLES:
        rows = [{row_key(table, row): row for row in told[table]} for told in (one, other)]
        for key in sorted(rows[0].keys() | rows[1].keys()):
            mine, theirs = (each.get(key, {}) for each in rows)
            unlike = {
                name: (mine.get(name), theirs.get(name))
                for name in mine.keys() | theirs.keys()
                if not alike(mine.get(name), theirs.get(name))
            }
            found += [(f"{table} {key}", unlike)] if unlike else []
    return found


def row_key(table: str, row: dict[str, Any]) -> str:
    key = next((k for t, k in KEYS.items() if ANNOTATED[t] == table), None)
    names = (
        [key]
        if key
        else ["record_table", "record_id", "place"]
        if table == "reply_links"
        else ["record_table", "container_id", "block"]
    )
    return " ".join(str(row[name]) for name in names)


def alike(one: Any, other: Any) -> bool:
    numbers = isinstance(one, float) and isinstance(other, float)
    return one == other or (numbers and one == pytest.approx(other, abs=1e-3, nan_ok=True))


def load_into(warehouse: Warehouse, rows: Rows) -> None:
    from cadre.warehouse import Collector, LoadFile

    with warehouse.loading("psa", NOW) as under_way:
        collector = Collector(under_way.folder, NOW)
        for table, values, line in rows:
            collector.record(table, values, "export.csv", line)
        stage_ = collector.close()
        tables = under_way.write(stage_)
        under_way.note_newest(stage_)
        under_way.count(stage_, [LoadFile("export.csv", "d", "s")], tables)
        under_way.publish()
