"""Cases and holds counted by hand: who resolved, what became of it, what the source does not tell."""

from datetime import datetime, timedelta
from typing import Any

import ibis.expr.types as ir

from cadre.exposure import cases, holds
from tests.exposure.rows import tables

START = datetime(2026, 3, 2, 9)


def _at(hours: float) -> dict[str, Any]:
    return {"occurred_at": START + timedelta(hours=hours), "local_at": START + timedelta(hours=hours)}


def _ticket(key: str, opened: float = 0, done: float | None = 2, **told: Any) -> dict[str, Any]:
    end = START + timedelta(hours=done) if done is not None else None
    return {"ticket_id": key, "source": "psa", "resolved_at": end, "resolver_account_id": "a", **_at(opened), **told}


def _event(key: str, ticket: str, kind: str, hours: float, actor: str, **told: Any) -> dict[str, Any]:
    return {
        "event_id": key,
        "ticket_id": ticket,
        "source": "psa",
        "kind": kind,
        "actor_account_id": actor,
        **_at(hours),
        **told,
    }


def _by(table: ir.Table, key: str = "ticket_id") -> dict[str, dict[str, Any]]:
    return {row[key]: row for row in table.to_pyarrow().to_pylist()}


def test_hours_are_the_resolvers_own() -> None:
    found = _by(cases(tables(tickets=[_ticket("t", done=26)])))  # nine on Monday to eleven on Tuesday, 8 to 18 each day

    assert found["t"]["open_hours"] == 9 + 3
    assert found["t"]["local_at"] == START + timedelta(hours=26)


def test_what_the_source_does_not_tell_is_missing() -> None:
    row = _by(cases(tables(tickets=[_ticket("t")])))["t"]

    assert [row[n] for n in ("reopened", "late", "recurred", "helped", "rating_share")] == [None] * 5


def test_reopening_is_known_once_a_source_writes_any() -> None:
    found = _by(cases(tables(
        tickets=[_ticket("t"), _ticket("u"), _ticket("v", source="other"), _ticket("w", source="other", reopen_count=2)],
        ticket_events=[_event("e", "t", "reopened", 1, "c")],
    )))  # fmt: skip

    assert {key: row["reopened"] for key, row in found.items()} == {"t": 1.0, "u": 0.0, "v": None, "w": 1.0}


def test_a_return_is_the_same_at_the_same_client_and_is_unknown_near_the_end() -> None:
    same: dict[str, Any] = {"category": "mail", "client_id": "x"}
    found = _by(cases(tables(tickets=[
        _ticket("first", **same), _ticket("again", opened=24, done=25, **same),
        _ticket("other", category="vpn", client_id="x"), _ticket("late", opened=24 * 40, done=24 * 40 + 1, **same),
    ])))  # fmt: skip

    assert {key: row["recurred"] for key, row in found.items()} == {
        "first": 1.0, "again": 0.0, "other": 0.0, "late": None,
    }  # fmt: skip


def test_help_is_by_a_colleague_who_never_held_it() -> None:
    found = _by(cases(tables(
        tickets=[_ticket("t"), _ticket("u"), _ticket("v")],
        ticket_events=[
            _event("1", "t", "note", 1, "b"),
            _event("2", "u", "note", 1, "b"), _event("3", "u", "handed_over", 1.5, "b", from_account_id="b", to_account_id="a"),
            _event("4", "v", "note", 1, "client"), _event("5", "v", "note", 1, "a"),
        ],
        person_accounts=[{"account_id": "client", "person_id": "client", "rule": "own", "kind": "client"}],
    )))  # fmt: skip

    assert {key: row["helped"] for key, row in found.items()} == {"t": 1.0, "u": 0.0, "v": 0.0}


def test_backlog_is_what_the_team_had_open() -> None:
    rows = [_ticket(f"t{n}", opened=n / 10, done=5, team_id="desk") for n in range(8)]
    found = _by(cases(tables(tickets=[*rows, _ticket("other", opened=1, done=5, team_id="noc")])))

    assert [found[f"t{n}"]["backlog"] for n in range(8)] == ["0", "1", "1", "2", "2", "2", "2", "3"]
    assert found["other"]["backlog"] == "0"


def test_holds_know_who_passed_on_and_who_took_back() -> None:
    held = [
        _event("1", "t", "assigned", 0, "dispatch", to_account_id="boss", to_team_id="one"),
        _event("2", "t", "handed_over", 1, "boss", from_account_id="boss", to_account_id="junior"),
        _event("3", "t", "handed_over", 2, "boss", from_account_id="junior", to_account_id="boss"),
        _event("4", "u", "assigned", 0, "dispatch", to_account_id="boss"),
        _event("5", "u", "escalated", 1, "boss", from_account_id="boss", to_account_id="other", from_team_id="one", to_team_id="two"),
        _event("6", "u", "handed_over", 2, "other", from_account_id="other", to_account_id="boss"),
        _event("7", "v", "assigned", 0, "dispatch", to_account_id="boss"),
        _event("8", "v", "handed_over", 1, "chief", from_account_id="boss", to_account_id="junior"),
    ]  # fmt: skip
    found = {(r["ticket_id"], r["account_id"]): r for r in
             holds(tables(ticket_events=held, tickets=[_ticket(t) for t in "tuv"])).to_pyarrow().to_pylist()}  # fmt: skip
    back = found["t", "boss"]

    assert (back["passed"], back["to_account_id"], back["is_escalated"]) == (1.0, "junior", False)
    assert back["taken_back_at"] is not None
    assert back["came_back_at"] is None
    assert found["u", "boss"]["is_escalated"] is True
    assert found["u", "boss"]["came_back_at"] is not None
    assert found["v", "boss"]["passed"] == 0.0  # somebody else moved it
    assert (found["t", "junior"]["from_account_id"], found["t", "junior"]["passed"]) == ("boss", 0.0)
