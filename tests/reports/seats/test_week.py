"""The dates of a decision come up in This week when they are due, and no earlier."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cadre.access.principal import Principal
from cadre.db.seats import LeadOutcome
from cadre.reports.seats.week import due_outcomes
from cadre.reports.week.agenda import AgendaItem
from cadre.reports.week.decision import decisions
from cadre.reports.week.week import week
from cadre.runtime import Runtime
from cadre.services.people.seat import decide_seat, open_seat
from tests.seat_firm import NOW, OWNER, build, keys


@pytest.fixture
def decided(tmp_path: Path) -> Runtime:
    runtime = build(tmp_path)
    open_seat(OWNER, runtime.work(), runtime.clock, name="Desk lead")
    _decide(runtime, keys(runtime)["Hana Kim"])
    return runtime


def _decide(runtime: Runtime, person_id: str | None) -> None:
    decide_seat(
        OWNER, runtime.work(), runtime.clock, runtime.warehouse, key="desk-lead", person_id=person_id, reason="x"
    )


def _items(runtime: Runtime, at: datetime, asking: Principal = OWNER) -> list[AgendaItem]:
    with runtime.looking(asking) as (gate, record):
        return list(due_outcomes(gate, record, runtime.sessions, at))


@pytest.mark.parametrize(("days", "keys_due"), [(183, []), (184, [6]), (365, [12]), (548, [12]), (549, [18])])
def test_a_date_is_asked_for_from_its_day_on_until_the_next(decided: Runtime, days: int, keys_due: list[int]) -> None:
    found = _items(decided, NOW + timedelta(days=days))

    assert [f"seat:desk-lead:1:{months}" for months in keys_due] == [item.key for item in found]


def test_what_was_recorded_is_not_asked_for_again(decided: Runtime) -> None:
    with decided.sessions() as session:
        session.add(LeadOutcome(1, 6, "too_early", "[]", "owner", NOW))
        session.commit()

    assert [12] == [int(i.key.rsplit(":", 1)[1]) for i in _items(decided, NOW + timedelta(days=400))]


def test_a_decision_that_was_replaced_or_is_nobody_has_no_dates(decided: Runtime) -> None:
    _decide(decided, None)

    assert [] == _items(decided, NOW + timedelta(days=600))


@pytest.mark.parametrize("role", ["reviewer", "technician"])
def test_dates_are_for_owner_and_manager(decided: Runtime, role: str) -> None:
    assert [] == _items(decided, NOW + timedelta(days=600), Principal(role, role))  # type: ignore[arg-type]


def test_a_date_names_nobody_and_fits_in_the_week(decided: Runtime) -> None:
    at = NOW + timedelta(days=600)
    with decided.looking() as (gate, record):
        further = tuple(due_outcomes(gate, record, decided.sessions, at))
        report = week(gate, record, decisions(decided.sessions), now=at, further=further)

    assert {i.key for i in further} <= {i.key for i in (*report.items, *report.later)}
    assert not [name for name in keys(decided) for item in further if name in str(item.json())]
