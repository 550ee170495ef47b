"""Conversations of a few turns with what models would read in them, and the values that come of them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import ibis.expr.types as ir

from cadre.signals import SIGNALS, Window
from cadre.signals.valuation import with_persons
from tests.exposure.rows import tables

START = datetime(2026, 3, 2, 9)
WINDOW = Window(date(2026, 2, 1), 100)
_KEYS = {"messages": "message_id", "ticket_events": "event_id", "utterances": "utterance_id"}
_READ = {"messages": "message", "ticket_events": "ticket", "utterances": "utterance"}
_WHERE = {"messages": "channel_id", "ticket_events": "ticket_id", "utterances": "meeting_id"}
_PERSONS = [
    *({"account_id": f"a{n}", "person_id": f"p{n}", "kind": "staff", "rule": "own"} for n in range(6)),
    {"account_id": "a0 at meetings", "person_id": "p0", "kind": "staff", "rule": "name"},
    {"account_id": "client", "person_id": "client", "kind": "client", "rule": "own"},
    {"account_id": "bot", "person_id": "bot", "kind": "bot", "rule": "own"},
]


def at(hours: float) -> dict[str, Any]:
    """Instant and local time so many hours after `START`; the firm's wall clock is an hour ahead."""
    when = START + timedelta(hours=hours)
    return {"occurred_at": when.replace(tzinfo=UTC), "local_at": when + timedelta(hours=1)}


def turn(key: str, who: str, hours: float, *acts: str, to: str = "", **told: Any) -> dict[str, Any]:
    """A turn; `table`, `where`, `sure` (of the link), and what was read of it or its record may be told."""
    return {"key": key, "who": who, "hours": hours, "acts": acts, "to": to, "table": "messages", "where": "c",
            "sure": 0.9, "is_readable": True, "word_count": 9, **told}  # fmt: skip


def record(*turns: dict[str, Any], **rows: list[dict[str, Any]]) -> Mapping[str, ir.Table]:
    """Tables of the turns, and of the rows told."""
    made: dict[str, list[dict[str, Any]]] = {name: list(part) for name, part in rows.items()}
    for said in turns:
        table = said["table"]
        key = {_KEYS[table]: said["key"]}
        actor = "actor_account_id" if table == "ticket_events" else "account_id"
        made.setdefault(table, []).append(
            {"kind": "message", **key, actor: said["who"], _WHERE[table]: said["where"], **at(said["hours"]), **said}
        )
        read = {
            **key,
            "container_id": said["where"],
            "act_question": 0.1,
            **{f"act_{act}": 0.9 for act in said["acts"]},
        }
        made.setdefault(f"{_READ[table]}_annotations", []).append({**said, **read})
        if said["to"]:
            made.setdefault("reply_links", []).append(
                {"record_table": table, "record_id": said["key"], "parent_id": said["to"], "place": 1,
                 "probability": said["sure"]}
            )  # fmt: skip
    return tables(None, person_accounts=_PERSONS, **made)


def values(name: str, told: Mapping[str, ir.Table]) -> dict[str, tuple[Any, int]]:
    """Person -> value (to nine digits) and n."""
    return {person: (round(row["raw_value"], 9), row["n"]) for person, row in rows(name, told).items()}


def rows(name: str, told: Mapping[str, ir.Table]) -> dict[str, dict[str, Any]]:
    """Person -> row of the signal's value step."""
    signal = next(s for s in SIGNALS if s.name == name)
    placed = with_persons(signal.partials(told), told["person_accounts"], WINDOW)
    return {row["person_id"]: row for row in signal.value(placed, WINDOW).to_pyarrow().to_pylist()}


def evidence(name: str, told: Mapping[str, ir.Table]) -> list[dict[str, Any]]:
    """The rows behind a signal, by record."""
    signal = next(s for s in SIGNALS if s.name == name)
    return sorted(signal.evidence(told).to_pyarrow().to_pylist(), key=lambda row: str(row["record_id"]))
