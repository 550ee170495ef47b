"""Spans of heavy work, counted by hand."""

from datetime import UTC, datetime, timedelta
from typing import Any

from cadre.exposure import stress_windows
from cadre.records import DERIVED_BY_NAME
from tests.exposure.rows import tables

START = datetime(2026, 3, 2, 9)


def _ticket(key: str, opened: float = 0, done: float | None = None, **told: Any) -> dict[str, Any]:
    at = START + timedelta(hours=opened)
    # The firm's wall clock is an hour ahead of the instants.
    return {"ticket_id": key, "occurred_at": at.replace(tzinfo=UTC), "local_at": at + timedelta(hours=1),
            "resolved_at": None if done is None else (START + timedelta(hours=done)).replace(tzinfo=UTC), **told}  # fmt: skip


def _found(*tickets: dict[str, Any]) -> list[tuple[str, str | None, float, float]]:
    """Kind, ticket, and hours after `START` from when until when."""
    made = stress_windows(tables(tickets=list(tickets))).to_pyarrow()
    rows = made.select(DERIVED_BY_NAME["stress_windows"].schema().names).to_pylist()
    start = START.replace(tzinfo=UTC)
    return sorted(
        (r["kind"], r["ticket_id"], *((r[n] - start) / timedelta(hours=1) for n in ("started_at", "ended_at")))
        for r in rows
    )


def test_urgent_and_major_last_until_resolved_and_a_day_where_nothing_is_told() -> None:
    assert _found(
        _ticket("a", done=3, priority=2),
        _ticket("b", opened=1, priority=1, is_major=True, done=None),
        _ticket("c", done=5, priority=3),
        _ticket("d", done=5, is_major=False),
    ) == [("major", "b", 1, 25), ("urgent", "a", 0, 3), ("urgent", "b", 1, 25)]


def test_what_stays_open_for_weeks_ends_after_one() -> None:
    assert _found(_ticket("a", done=24 * 30, priority=1)) == [("urgent", "a", 0, 24 * 7)]


def test_a_ticket_closed_when_it_opened_is_no_span() -> None:
    assert _found(_ticket("a", done=0, priority=1)) == []


def test_an_agreement_presses_from_shortly_before_it_is_due() -> None:
    due = (START + timedelta(hours=10)).replace(tzinfo=UTC)

    assert _found(
        _ticket("in time", done=7, sla_due_at=due),
        _ticket("just", done=9, sla_due_at=due),
        _ticket("late", done=40, sla_due_at=due),
        _ticket("new", opened=9, sla_due_at=due),
    ) == [("due", "just", 8, 9), ("due", "late", 8, 18), ("due", "new", 9, 18)]


def test_a_surge_is_a_local_day_above_what_the_team_usually_gets() -> None:
    usual = [_ticket(f"u{day}", opened=24 * day, team_id="t") for day in range(9)]
    many = [_ticket(f"m{n}", opened=24 * 9 + n / 10, team_id="t") for n in range(5)]
    other = [_ticket(f"o{n}", opened=24 * 9 + n / 10, team_id="o") for n in range(5)]

    # Nine days of one and a day of five: mean 1.4, sd 1.26. Local midnight is 23:00 before, ten hours before nine.
    assert _found(*usual, *many, *other) == [("surge", None, 24 * 9 - 10, 24 * 10 - 10)]
    assert _found(*usual, *many[:4]) == []


def test_nothing_in_nothing_out() -> None:
    assert _found() == []
