"""Counts, hours, freezes and order, at their edges; a clock that is set back makes no room."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from cadre.governance.action import Effect
from cadre.governance.situation import Freeze, Hours, Past, Request, Standing, Switch, situation

AT = datetime(2026, 3, 3, 10, 30, tzinfo=UTC)  # a Tuesday
REQUEST = Request("patcher", "acme", AT, task="t1")
WRITE, READ = (Effect.CHANGE,), (Effect.READ,)


def _past(minutes: float, client: str = "acme", task: str = "t1", effects: tuple[Effect, ...] = WRITE, *,
          cost: int | None = None, refused: bool = False, data: tuple[str, ...] = ()) -> Past:  # fmt: skip
    return Past(AT - timedelta(minutes=minutes), client, task, effects, data, cost, is_refused=refused)


@pytest.mark.parametrize(("past", "name", "expected"), [
    ([_past(0.5), _past(0.9, effects=READ), _past(1)], "calls_last_minute", 2),
    ([_past(-600)], "calls_last_minute", 1),
    ([_past(59), _past(60), _past(5, effects=READ), _past(5, "other"), _past(5, refused=True)], "writes_last_hour", 1),
    ([_past(5, effects=())], "writes_last_hour", 1),
    ([_past(5, cost=40), _past(10 * 60 + 29, cost=2), _past(10 * 60 + 31, cost=500), _past(5)], "cost_today_cents", 42),
    ([_past(5, refused=True), _past(60, refused=True)], "refusals_last_hour", 1),
    ([_past(300, "b", effects=READ)], "other_clients_read", ("b",)),
    ([_past(5, "b", "t2", READ)], "other_clients_read", ()),
    ([_past(5, "b", "", READ), _past(31, "c", "", READ)], "other_clients_read", ("b",)),
    ([_past(5, "b", effects=WRITE), _past(5, "c", effects=READ, refused=True), _past(5, "", effects=READ)],
     "other_clients_read", ()),
    ([_past(5, "b", effects=())], "other_clients_read", ("b",)),
    ([_past(5, effects=READ, data=("credential",))], "classes_read", ("credential",)),
])  # fmt: skip
def test_what_came_before_is_counted(past: list[Past], name: str, expected: object) -> None:
    assert expected == situation(REQUEST, Standing(), past).facts[name]


@pytest.mark.parametrize(("at", "expected"), [
    (datetime(2026, 3, 3, 8, tzinfo=UTC), True), (datetime(2026, 3, 3, 7, 59, tzinfo=UTC), False),
    (datetime(2026, 3, 3, 18, tzinfo=UTC), False), (datetime(2026, 3, 7, 10, tzinfo=UTC), False),
    (datetime(2026, 3, 4, 10, tzinfo=UTC), False),
])  # fmt: skip
def test_business_hours_begin_and_end_on_the_minute(at: datetime, expected: object) -> None:
    assert expected == Hours(closed_on=frozenset({date(2026, 3, 4)})).is_open(at)


@pytest.mark.parametrize(("hour", "day", "expected"), [(23, 6, True), (5, 7, True), (5, 2, False), (12, 3, False)])
def test_a_night_shift_belongs_to_the_day_it_began(hour: int, day: int, expected: object) -> None:
    assert expected == Hours(opens=time(22), closes=time(6)).is_open(datetime(2026, 3, day, hour, tzinfo=UTC))


def test_hours_are_the_clients_own() -> None:
    here = situation(REQUEST, Standing(hours=Hours("America/Chicago"))).facts

    assert (4, 2, False) == (here["hour"], here["weekday"], here["is_business_hours"])


@pytest.mark.parametrize(("freeze", "expected"), [
    (Freeze("acme", AT, AT + timedelta(hours=1)), True), (Freeze("", AT, AT + timedelta(hours=1)), True),
    (Freeze("other", AT, AT + timedelta(hours=1)), False), (Freeze("acme", AT - timedelta(hours=1), AT), False),
])  # fmt: skip
def test_a_freeze_holds_for_its_client_and_its_time(freeze: Freeze, expected: object) -> None:
    assert expected == situation(REQUEST, Standing(freezes=(freeze,))).facts["is_frozen"]


def test_only_switches_that_are_down_and_reach_the_call_stop_it() -> None:
    switches = (Switch("agent", "other"), Switch("client", "acme"), Switch("firm", ""),
                Switch("agent", "patcher", is_down=False))  # fmt: skip

    assert ("client", "firm") == situation(REQUEST, Standing(switches=switches)).stopped


def test_what_was_not_said_is_missing() -> None:
    assert set() == {"cost_cents", "confidence_percent"} & {*situation(REQUEST, Standing()).facts}
