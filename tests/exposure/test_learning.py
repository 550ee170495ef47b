"""The next ticket after help, counted by hand."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from cadre.exposure import helps, learning_steps, tries
from tests.exposure.rows import tables

START = datetime(2026, 3, 2, 9)
WHO = [{"account_id": p, "person_id": p, "rule": "own", "kind": "staff"} for p in "abc"]


def _solved(key: str, topic: str, day: float, *, helped: float = 0.0, by: str = "a") -> dict[str, Any]:
    at = START + timedelta(days=day)
    return {"ticket_id": key, "account_id": by, "topic": topic, "helped": helped, "expected_helped": 0.25,
            "opened": at, "occurred_at": at + timedelta(hours=1), "local_at": at + timedelta(hours=1)}  # fmt: skip


def _note(key: str, by: str, day: float) -> dict[str, Any]:
    return {"event_id": f"{key}{by}{day}", "ticket_id": key, "kind": "note", "actor_account_id": by,
            "occurred_at": START + timedelta(days=day, minutes=30)}  # fmt: skip


def _steps(
    solved: list[dict[str, Any]], events: list[dict[str, Any]], **more: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    made = tables(
        person_accounts=WHO,
        tickets=[{"ticket_id": s["ticket_id"], "occurred_at": s["opened"]} for s in solved],
        ticket_expectations=[{k: v for k, v in s.items() if k != "opened"} for s in solved],
        ticket_events=events,
        **more,
    )
    return learning_steps(helps(made).to_pyarrow(), tries(made).to_pyarrow()).to_pylist()  # type: ignore[no-any-return]


def _others(day: float, helped: int = 0) -> list[dict[str, Any]]:
    """Five tickets of another topic on the five days before, some of them helped on."""
    return [_solved(f"o{day}{n}", "other", day - 5 + n, helped=float(n < helped)) for n in range(5)]


def test_the_next_ticket_is_held_against_its_case_and_the_other_topics() -> None:
    found = _steps(
        [_solved("t", "vpn", 0, helped=1.0), _solved("u", "vpn", 9), *_others(8, helped=1)], [_note("t", "b", 0)]
    )

    # Done alone 1 against 0.75; four of five others alone: 0.8 - 0.75.
    assert [(r["account_id"], r["learner_account_id"], r["ticket_id"], r["helped_ticket_id"]) for r in found] == [
        ("b", "a", "u", "t")
    ]
    assert found[0]["gain"] == pytest.approx(0.25 - 0.05)
    assert found[0]["elsewhere_count"] == 5
    assert found[0]["local_at"] == START + timedelta(days=9, hours=1)


def test_being_helped_again_is_not_alone() -> None:
    found = _steps(
        [_solved("t", "vpn", 0, helped=1.0), _solved("u", "vpn", 9, helped=1.0), *_others(8)], [_note("t", "b", 0)]
    )

    assert found[0]["gain"] == pytest.approx(-0.75 - 0.25)


def test_passing_the_next_one_on_is_not_alone_against_how_likely_that_was() -> None:
    given = {"ticket_id": "u", "account_id": "a", "passed": 1.0, "expected_passed": 0.2}
    found = _steps(
        [_solved("t", "vpn", 0), _solved("u", "vpn", 9, by="c"), *_others(8)],
        [_note("t", "b", 0)],
        ticket_holds=[given],
    )

    assert [(r["learner_account_id"], r["ticket_id"], r["alone"]) for r in found] == [("a", "u", 0.0)]
    assert found[0]["expected_alone"] == pytest.approx(0.75 * 0.8)


def test_many_notes_and_two_helped_tickets_before_the_next_count_once() -> None:
    found = _steps(
        [_solved("s", "vpn", 0), _solved("t", "vpn", 1), _solved("u", "vpn", 9), *_others(8)],
        [_note("s", "b", 0.1), _note("t", "b", 1), _note("t", "b", 1.2), _note("t", "c", 1.3)],
    )

    assert sorted((r["account_id"], r["helped_ticket_id"], r["ticket_id"]) for r in found if r["ticket_id"] == "u") == [
        ("b", "t", "u"), ("c", "t", "u")
    ]  # fmt: skip


def test_what_comes_late_what_was_held_and_ones_own_notes_do_not_count() -> None:
    solved = [_solved("t", "vpn", 0), _solved("u", "vpn", 61), *_others(60)]
    held = {"event_id": "h", "ticket_id": "t", "kind": "handed_over", "actor_account_id": "b", "from_account_id": "b",
            "to_account_id": "a", "occurred_at": START}  # fmt: skip

    assert _steps(solved, [_note("t", "b", 0)]) == []
    assert _steps([_solved("t", "vpn", 0), _solved("u", "vpn", 9), *_others(8)], [_note("t", "b", 0), held]) == []
    assert _steps([_solved("t", "vpn", 0), _solved("u", "vpn", 9), *_others(8)], [_note("t", "a", 0)]) == []


def test_with_too_few_other_tickets_there_is_nothing_to_hold_it_against() -> None:
    assert _steps([_solved("t", "vpn", 0), _solved("u", "vpn", 9), *_others(8)[:4]], [_note("t", "b", 0)]) == []
    assert _steps([], []) == []
