"""Help on others' work: once a ticket, and never one's own."""

from importlib import util
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa

from cadre.records import DERIVED_BY_NAME
from cadre.signals import SIGNALS

_SPEC = util.spec_from_file_location("signals_record", Path(__file__).with_name("conftest.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
made = util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(made)
ASSIST = next(s for s in SIGNALS if s.name == "assist_credit")


def _helped(
    extra: list[dict[str, Any]], read: list[dict[str, Any]] | None = None, **more: list[dict[str, Any]]
) -> list[tuple[str, str]]:
    rows = {**{name: [] for name in made.record()}, "tickets": made.record()["tickets"][:1], **more}
    rows["ticket_events"] = extra
    schema = DERIVED_BY_NAME["ticket_annotations"].schema()
    tables = {**made.tables(rows), "ticket_annotations": ibis.memtable(pa.Table.from_pylist(read or [], schema))}
    found = ASSIST.evidence(tables).to_pyarrow().to_pylist()
    return sorted((r["account_id"], r["record_id"]) for r in found)


def _read(key: str, words: int) -> dict[str, Any]:
    return {"event_id": key, "word_count": words, "is_readable": True}


def _event(key: str, actor: str, kind: str = "note", **more: Any) -> dict[str, Any]:
    at = made.START.replace(minute=len(key))
    return {"event_id": key, "ticket_id": "t0", "kind": kind, "actor_account_id": actor, "occurred_at": at,
            "local_at": at, **more}  # fmt: skip


def test_many_notes_on_one_ticket_are_one_help() -> None:
    assert _helped([_event("n", "a3"), _event("nn", "a3"), _event("nnn", "a4")]) == [("a3", "n"), ("a4", "nnn")]


def test_notes_of_the_one_who_holds_or_held_the_ticket_are_no_help() -> None:
    passed = _event("hhh", "a3", "handed_over", from_account_id="a3", to_account_id="a0")

    assert _helped([_event("n", "a3"), passed, _event("nnnn", "a0")]) == []


def test_a_note_that_says_next_to_nothing_is_no_help() -> None:
    told = [_event("n", "a3"), _event("nn", "a4"), _event("nnn", "a5")]
    read = [_read("n", 1), _read("nn", 12)]  # the third was not read: missing is not short

    assert _helped(told, read) == [("a4", "nn"), ("a5", "nnn")]


def test_a_short_note_helps_where_it_names_the_owner_or_time_was_booked() -> None:
    owner = made.record()["tickets"][0]["resolver_account_id"]
    at = made.START.replace(minute=30)
    hours = [
        {"time_entry_id": "h", "ticket_id": "t0", "account_id": "a4", "occurred_at": at, "local_at": at, "hours": 0.5}
    ]
    told = [
        _event("n", "a3", mention_account_ids=[owner]),
        _event("nn", "a4"),
        _event("nnn", "a5", mention_account_ids=["a9"]),
    ]
    read = [_read("n", 1), _read("nn", 1), _read("nnn", 1)]

    assert _helped(told, read, time_entries=hours) == [("a3", "n"), ("a4", "nn")]


def test_help_without_a_trace_counts_once_the_colleague_confirmed_it() -> None:
    at = made.START
    said = [
        {
            "statement_id": "7",
            "account_id": "a3",
            "other_account_id": "a0",
            "occurred_at": at,
            "local_at": at,
            "ticket_id": None,
        }
    ]
    schema = DERIVED_BY_NAME["stated_help"].schema()
    told = made.tables({name: [] for name in made.record()} | {"people": made.record()["people"]})
    tables = {**told, "stated_help": ibis.memtable(pa.Table.from_pylist(said, schema))}
    (row,) = ASSIST.evidence(tables).to_pyarrow().to_pylist()

    assert (row["account_id"], row["record_table"], float(row["effect"])) == ("a3", "stated_help", 0.5)
