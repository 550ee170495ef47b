"""When and with whom work is done, counted by hand; `at` is an hour ahead on the firm's wall clock."""

from datetime import date

import pytest

from tests.exposure.rows import leave, person, shift
from tests.signals.solved import solved, step
from tests.signals.talk import at, evidence, record, rows, turn, values

PEOPLE = [person("p0"), person("p1")]
OFFICE = [shift("p0", day, 9, 17) for day in range(5)]
AFTER = "after_hours_share"


def test_hours_outside_the_own_week_are_a_share_of_hours_with_work() -> None:
    # Local hours: 10 twice, 11, 8.5 (within the grace), 18 and 23; the second account of the person acts in the tenth hour too.
    said = [turn(str(h), "a0", h) for h in (0, 0.1, 1, -1.5, 8, 13)]
    told = record(*said, turn("m", "a0 at meetings", 0.2), people=PEOPLE, schedules=OFFICE)

    assert values(AFTER, told) == {"p0": (0.4, 5)}
    assert sum(row["effect"] for row in evidence(AFTER, told)) == 2


def test_a_night_shift_is_within_its_own_hours() -> None:
    nights = [shift("p0", day, 22, 6) for day in range(5)]
    # Monday 23:00 to Tuesday 06:00 local, and Tuesday noon.
    said = [turn(str(h), "a0", h) for h in (13, 15, 18, 20, 26)]

    assert values(AFTER, record(*said, people=PEOPLE, schedules=nights)) == {"p0": (0.2, 5)}


def test_leave_is_outside_and_days_before_the_known_week_are_left_out() -> None:
    week = [shift("p0", day, 9, 17, started_on=date(2026, 3, 3)) for day in range(5)]
    away = leave("p0", date(2026, 3, 5), date(2026, 3, 5))
    told = record(*(turn(str(day), "a0", 24.0 * day) for day in range(4)), people=PEOPLE, schedules=[*week, away])

    assert values(AFTER, told) == {"p0": (pytest.approx(1 / 3), 3)}


def test_who_has_no_week_of_their_own_is_left_out() -> None:
    told = record(
        turn("m", "a1", 13), people=PEOPLE, schedules=[*OFFICE, leave("p1", date(2026, 3, 5), date(2026, 3, 6))]
    )

    assert rows(AFTER, told) == {}


def test_steps_on_tickets_and_tasks_are_acts_and_booked_time_is_not() -> None:
    told = record(
        people=PEOPLE,
        schedules=OFFICE,
        ticket_events=[step("n", "a0", 13, "t", "status")],
        task_events=[{"event_id": "k", "task_id": "j", "kind": "tested", "actor_account_id": "a0", **at(1)}],
        time_entries=[{"time_entry_id": "b", "account_id": "a0", "hours": 1.0, **at(14)}],
    )

    assert values(AFTER, told) == {"p0": (0.5, 2)}


def test_resolved_alone_is_a_share_of_tickets_on_which_it_is_known() -> None:
    known = [solved("t0", helped=0.0), solved("t1", helped=1.0), solved("t2", helped=0.0), solved("t3", helped=0.0),
             solved("t4", helped=None)]  # fmt: skip

    assert values("solo_share", record(ticket_expectations=known)) == {"p0": (0.75, 4)}
