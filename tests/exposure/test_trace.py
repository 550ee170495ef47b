"""Scheduled hours and hours seen: leave, nights and days a schedule does not reach, against plain sets of hours."""

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa

from cadre.exposure.trace import counted, scheduled_hours, seen_hours

MONDAY = date(2026, 3, 2)
DAYS = 21
END = MONDAY + timedelta(days=DAYS)


def _work(**told: Any) -> dict[str, Any]:
    return {"person_id": "p", "kind": "work", "started_on": None, "ended_on": None, "weekday": 0, "start_hour": 9.0,
            "end_hour": 17.0, **told}  # fmt: skip


def _told(rows: list[dict[str, Any]], end: date) -> dict[date, set[int]]:
    """Person `p`: day -> clock hours, days without any left out."""
    hours = scheduled_hours(rows, MONDAY, end).get("p")
    days = {} if hours is None else {MONDAY + timedelta(days=n): int(bits) for n, bits in enumerate(hours)}
    return {day: {h for h in range(24) if bits >> h & 1} for day, bits in days.items() if bits}


def test_leave_takes_scheduled_hours_away() -> None:
    rows = [_work(), _work(kind="leave", weekday=None, started_on=MONDAY, ended_on=MONDAY)]

    assert _told(rows, MONDAY + timedelta(days=14)) == {MONDAY + timedelta(days=7): set(range(9, 17))}


def test_a_shift_past_midnight_reaches_into_the_next_day() -> None:
    found = _told([_work(start_hour=22.0, end_hour=6.0)], MONDAY + timedelta(days=2))

    assert found == {MONDAY: {22, 23}, MONDAY + timedelta(days=1): set(range(6))}


def test_on_call_is_not_scheduled_work() -> None:
    assert scheduled_hours([_work(kind="on_call")], MONDAY, END) == {}


def test_hours_are_those_of_plain_sets_whatever_the_schedule() -> None:
    for seed in range(60):
        dice = random.Random(seed)
        rows = [_any(dice) for _ in range(dice.randint(1, 6))]
        expected = _plain(rows)

        assert expected == _told(rows, END), rows


def test_seen_are_hours_both_scheduled_and_traced_and_nobody_without_a_schedule_has_a_row() -> None:
    scheduled = scheduled_hours([_work()], MONDAY, END)
    bits = sum(1 << hour for hour in (8, 9, 16, 17))
    traced = pa.table({"person_id": ["p", "p", "q"], "day": [MONDAY, MONDAY + timedelta(days=1), MONDAY],
                       "hours": [Decimal(bits), Decimal(bits), Decimal(bits)]})  # fmt: skip
    rows = seen_hours(scheduled, traced, MONDAY, DAYS).to_pylist()

    assert counted(scheduled["p"]) == 24
    assert rows == [
        {"person_id": "p", "window_start": MONDAY, "window_days": DAYS, "scheduled_count": 24, "seen_count": 2}
    ]


def _any(dice: random.Random) -> dict[str, Any]:
    start = dice.choice([None, MONDAY + timedelta(days=dice.randint(-9, DAYS + 3))])
    end = dice.choice([None, MONDAY + timedelta(days=dice.randint(-9, DAYS + 9))])
    return _work(
        kind=dice.choice(["work", "work", "work", "leave", "on_call"]), started_on=start, ended_on=end,
        weekday=dice.choice([None, *range(7)]), start_hour=dice.choice([None, 0.0, 8.5, 22.0]),
        end_hour=dice.choice([None, 6.0, 12.5, 23.5, 24.0]),
    )  # fmt: skip


def _plain(rows: list[dict[str, Any]]) -> dict[date, set[int]]:
    work: dict[date, set[int]] = {}
    leave: set[date] = set()
    for day in (MONDAY + timedelta(days=n) for n in range(DAYS)):
        for row in rows:
            if not (row["started_on"] or day) <= day <= (row["ended_on"] or day):
                continue
            if row["kind"] == "leave":
                leave.add(day)
            elif row["kind"] == "work" and row["weekday"] in (None, day.weekday()):
                start, end = row["start_hour"], row["end_hour"]
                if start is None or end is None:
                    continue
                touched = [h for h in range(48) if int(start) <= h < (end if end > start else end + 24)]
                for hour in touched:
                    work.setdefault(day + timedelta(days=hour // 24), set()).add(hour % 24)
    return {day: hours for day, hours in sorted(work.items()) if day not in leave and hours}
