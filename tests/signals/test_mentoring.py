"""Help on others' work: once a ticket, and never one's own."""

from importlib import util
from pathlib import Path
from typing import Any

from cadre.signals import SIGNALS

_SPEC = util.spec_from_file_location("signals_record", Path(__file__).with_name("conftest.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
made = util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(made)
ASSIST = next(s for s in SIGNALS if s.name == "assist_credit")


def _helped(extra: list[dict[str, Any]]) -> list[tuple[str, str]]:
    rows = {**{name: [] for name in made.record()}, "tickets": made.record()["tickets"][:1]}
    rows["ticket_events"] = extra
    found = ASSIST.evidence(made.tables(rows)).to_pyarrow().to_pylist()
    return sorted((r["account_id"], r["record_id"]) for r in found)


def _event(key: str, actor: str, kind: str = "note", **more: str) -> dict[str, Any]:
    at = made.START.replace(minute=len(key))
    return {"event_id": key, "ticket_id": "t0", "kind": kind, "actor_account_id": actor, "occurred_at": at,
            "local_at": at, **more}  # fmt: skip


def test_many_notes_on_one_ticket_are_one_help() -> None:
    assert _helped([_event("n", "a3"), _event("nn", "a3"), _event("nnn", "a4")]) == [("a3", "n"), ("a4", "nnn")]


def test_notes_of_the_one_who_holds_or_held_the_ticket_are_no_help() -> None:
    passed = _event("hhh", "a3", "handed_over", from_account_id="a3", to_account_id="a0")

    assert _helped([_event("n", "a3"), passed, _event("nnnn", "a0")]) == []
