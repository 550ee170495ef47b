"""Networks counted by hand: who answers whom, who helps whose work, persons in place of accounts, presence."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest

from cadre.records import DERIVED_BY_NAME
from cadre.signals import Window
from cadre.signals.network import NETWORKS, among_persons, mentoring, who_answers_whom, with_months
from tests.signals.conftest import START, record, tables

EVERY = pytest.mark.parametrize("network", NETWORKS, ids=lambda n: n.name)
Tables = Mapping[str, ir.Table]


def _rows(table: ir.Table) -> list[dict[str, Any]]:
    return sorted(table.to_pyarrow().to_pylist(), key=lambda r: (r["source"], r["target"]))


def _at(hours: float) -> dict[str, datetime]:
    return {name: START + timedelta(hours=hours) for name in ("occurred_at", "local_at")}


def _nothing() -> dict[str, list[dict[str, Any]]]:
    return {name: [] for name in record()}


def _asked(rows: dict[str, list[dict[str, Any]]], key: str, asker: str, put_to: str, at: float) -> None:
    rows["messages"].append({"message_id": key, "channel_id": "c", "account_id": asker, "kind": "message",
                             "mention_account_ids": [put_to], **_at(at)})  # fmt: skip
    rows["texts"].append({"text_id": f"x{key}", "record_table": "messages", "record_id": key, "field": "body",
                          "account_id": asker, "body": "Which switch is it?"})  # fmt: skip


def _answered(rows: dict[str, list[dict[str, Any]]], key: str, who: str, question: str, at: float) -> None:
    rows["messages"].append({"message_id": key, "channel_id": "c", "account_id": who, "kind": "message",
                             "thread_id": question, **_at(at)})  # fmt: skip


@EVERY
def test_every_network_is_lazy_and_has_the_columns_of_all(network: Any, busy: Tables) -> None:
    edges = network.edges(busy, None)
    found = _rows(edges)

    assert isinstance(edges, ir.Table)
    assert {"source", "target", "times", "judged", "good"} == set(edges.columns)
    assert found
    assert all(r["times"] >= 1 and r["source"] != r["target"] for r in found)
    assert all((r["good"] is None) == (r["judged"] == 0) for r in found)
    assert all(isinstance(r["good"], float | None) for r in found)
    assert all(0 <= r["good"] <= r["judged"] <= r["times"] for r in found if r["judged"])
    assert bool(network.good) == any(r["judged"] for r in found)


@EVERY
def test_a_record_without_rows_has_no_edges(network: Any, empty: Tables) -> None:
    assert [] == _rows(network.edges(empty, None))


@EVERY
def test_the_order_of_rows_changes_no_edge(network: Any, busy: Tables, backwards: Tables) -> None:
    assert _rows(network.edges(busy, None)) == _rows(network.edges(backwards, None))


@EVERY
def test_windows_side_by_side_hold_no_more_than_the_whole(network: Any, busy: Tables) -> None:
    whole = sum(r["times"] for r in _rows(network.edges(busy, None)))
    halves = [Window(date(2026, 3, 1), 15), Window(date(2026, 3, 16), 200)]
    parts = [sum(r["times"] for r in _rows(network.edges(busy, half))) for half in halves]

    assert all(part > 0 for part in parts)
    assert network.name == "working_together" or sum(parts) <= whole


def test_an_answer_within_a_working_day_is_soon_and_a_later_one_is_not() -> None:
    rows = _nothing() | {"people": record()["people"]}
    _asked(rows, "q1", "a0", "a1", 0)
    _answered(rows, "r1", "a1", "q1", 3)
    _asked(rows, "q2", "a0", "a1", 24)
    _answered(rows, "r2", "a1", "q2", 24 * 3)  # two of the firm's working days later
    _asked(rows, "q3", "a0", "a1", 24 * 14)  # so that the record goes on
    _answered(rows, "r3", "a2", "q1", 4)  # who was not asked: no wait is known

    found = _rows(who_answers_whom(tables(rows)))

    assert found == [
        {"source": "a0", "target": "a1", "times": 2, "judged": 2, "good": 1.0},
        {"source": "a0", "target": "a2", "times": 1, "judged": 0, "good": None},
    ]


def test_many_messages_in_answer_to_one_question_count_once() -> None:
    rows = _nothing() | {"people": record()["people"]}
    _asked(rows, "q1", "a0", "a1", 0)
    for n in range(9):
        _answered(rows, f"r{n}", "a1", "q1", 1 + n / 10)

    assert [1] == [r["times"] for r in _rows(who_answers_whom(tables(rows)))]


def test_help_counts_once_a_ticket_and_nothing_for_work_that_came_back() -> None:
    rows = _nothing()
    for n, reopened in enumerate((0, 1)):
        rows["tickets"].append({"ticket_id": f"t{n}", "resolver_account_id": "a1", "reopen_count": reopened,
                                "resolved_at": START + timedelta(days=2), **_at(0)})  # fmt: skip
        rows["ticket_events"] += [
            {"event_id": f"n{n}{k}", "ticket_id": f"t{n}", "kind": "note", "actor_account_id": "a0", **_at(1 + k)}
            for k in range(5)
        ]

    found = _rows(mentoring(tables(rows)))

    assert found == [{"source": "a0", "target": "a1", "times": 2, "judged": 2, "good": 1.0}]


def test_two_accounts_of_a_person_are_one_and_bots_are_passed_over() -> None:
    rows = _nothing()
    for n, who in enumerate(("a0", "bot", "a1", "a2", "a0")):
        rows["ticket_events"].append({"event_id": f"e{n}", "ticket_id": "t", "kind": "note", "actor_account_id": who,
                                      "source_file": "f", "source_line": n, **_at(n)})  # fmt: skip
    made = dict(tables(rows))
    owners = [("a0", "p0", "staff"), ("a1", "p1", "staff"), ("a2", "p1", "unknown"), ("bot", "p9", "bot")]
    made["person_accounts"] = _owners(owners)

    placed = among_persons(made)
    told = {network.name: _rows(network.edges(placed, None)) for network in NETWORKS[:3]}

    assert [("p0", "p1", 1), ("p1", "p0", 1)] == [(r["source"], r["target"], r["times"]) for r in told["handover"]]
    assert [("p0", "p1", 1)] == [(r["source"], r["target"], r["times"]) for r in told["working_together"]]
    assert [] == told["subcontracting"]


def _owners(rows: list[tuple[str, str, str]]) -> ir.Table:
    told = [{"account_id": a, "person_id": p, "rule": "own", "kind": k} for a, p, k in rows]
    return ibis.memtable(pa.Table.from_pylist(told, DERIVED_BY_NAME["person_accounts"].schema()))


def test_presence_is_that_of_the_less_present_and_never_under_a_month() -> None:
    rows = _nothing()
    for day in range(60):  # one is there for sixty days, one for thirty, one for five
        for who, last in (("a0", 60), ("a1", 30), ("a2", 5)):
            if day < last:
                rows["ticket_events"].append({"event_id": f"e{who}{day}", "ticket_id": f"t{day}", "kind": "note",
                                              "actor_account_id": who, **_at(24 * day)})  # fmt: skip
    made = tables(rows)
    found = with_months(NETWORKS[1].edges(made, None), made)

    assert {("a0", "a1"): 1.5, ("a0", "a2"): 1.0, ("a1", "a2"): 1.0} == {
        (r["source"], r["target"]): r["months"] for r in _rows(found)
    }
