"""Delegation counted by hand: what was passed on, taken back and stepped in on."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest

from cadre.records import BY_NAME, DERIVED_BY_NAME
from cadre.signals import SIGNALS, Window
from cadre.signals.valuation import with_persons

AT = datetime(2026, 3, 2, 9)
WINDOW = Window(date(2026, 2, 1), 100)
Place = Callable[..., ir.Table]


def _hold(n: int, **told: Any) -> dict[str, Any]:
    at = AT + timedelta(days=n)
    return {"ticket_id": f"t{n}", "account_id": "a0", "occurred_at": at.replace(tzinfo=UTC), "local_at": at,
            "event_id": f"e{n}", "passed": 0.0, "fold": 0, "model_version": "x", **told}  # fmt: skip


def _passed(n: int, **told: Any) -> dict[str, Any]:
    at = AT + timedelta(days=n, hours=1)
    return _hold(n, passed=1.0, passed_at=at.replace(tzinfo=UTC), passed_local_at=at, to_account_id="a1",
                 passed_event_id=f"p{n}", **told)  # fmt: skip


def _note(n: int, hours: float, actor: str = "a0") -> dict[str, Any]:
    at = AT + timedelta(days=n, hours=hours)
    return {"event_id": f"n{n}-{hours}", "ticket_id": f"t{n}", "kind": "note", "actor_account_id": actor,
            "occurred_at": at.replace(tzinfo=UTC), "local_at": at}  # fmt: skip


def _value(name: str, place: Place, holds: list[dict[str, Any]], events: list[dict[str, Any]]) -> tuple[float, int]:
    signal = next(s for s in SIGNALS if s.name == name)
    tables = {
        "ticket_holds": ibis.memtable(pa.Table.from_pylist(holds, DERIVED_BY_NAME["ticket_holds"].schema())),
        "ticket_events": ibis.memtable(pa.Table.from_pylist(events, BY_NAME["ticket_events"].stored_schema())),
    }
    placed = with_persons(signal.partials(tables), place(), WINDOW)
    row = signal.value(placed, WINDOW).to_pyarrow().to_pylist()[0]
    assert len(signal.evidence(tables).to_pyarrow()) == row["n"]
    return row["raw_value"], row["n"]


def test_passed_on_is_a_share_of_what_was_held(place: Place) -> None:
    assert _value("delegation_share", place, [_hold(0), _hold(1), _hold(2), _passed(3)], []) == (0.25, 4)


def test_keeping_counts_against_what_peers_would_pass_on(place: Place) -> None:
    holds = [_hold(0, expected_passed=0.75), _passed(1, expected_passed=0.25), _hold(2, expected_passed=None)]

    assert _value("hold_share", place, holds, []) == (pytest.approx(0.0), 2)


def test_only_what_the_person_took_back_counts(place: Place) -> None:
    back = (AT + timedelta(days=4)).replace(tzinfo=UTC)
    holds = [
        _passed(0, taken_back_at=back),
        _passed(1, came_back_at=back),
        _passed(2),
        _passed(3),
        _passed(4, is_escalated=True),
    ]

    assert _value("take_back_share", place, holds, []) == (0.25, 4)


def test_steps_count_after_passing_on_and_until_taking_back(place: Place) -> None:
    back = (AT + timedelta(hours=5)).replace(tzinfo=UTC)
    holds = [_passed(0, taken_back_at=back), _passed(1), _passed(2)]
    events = [_note(0, 0.5), _note(0, 2), _note(0, 6), _note(1, 2, actor="a1"), _note(2, 3), _note(2, 24 * 40)]

    assert _value("touches_per_delegated", place, holds, events) == (pytest.approx(2.5 / 3), 3)
