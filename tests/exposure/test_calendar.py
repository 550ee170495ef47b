"""Calendars and the clock that reads them: shifts, leave, employment, zones, holidays; spans add up."""

from datetime import date, datetime, timedelta
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadre.errors import UsageError
from cadre.exposure import with_hours, working_days
from cadre.records import Firm
from tests.exposure.rows import SPAN, leave, person, shift

MONDAY = date(2026, 3, 2)
FIRM = Firm(workdays=(0, 1, 2, 3, 4), start_hour=9.0, end_hour=17.0)


def _day(calendar: str, day: date, people: Any = (), schedules: Any = (), firm: Firm = FIRM) -> list[float | None]:
    rows = working_days(people, schedules, firm, SPAN).to_pylist()
    found = next(r for r in rows if r["calendar_id"] == calendar and r["day"] == day)
    return [found[n] for n in ("first_start", "first_end", "second_start", "second_end")]


def test_the_firm_works_its_week_and_nobody_else_is_needed() -> None:
    assert _day("", MONDAY) == [9.0, 17.0, None, None]
    assert _day("", MONDAY + timedelta(days=5)) == [None] * 4


def test_a_schedule_replaces_the_firms_week() -> None:
    assert _day("p", MONDAY, [person("p")], [shift("p", 0, 7, 12), shift("p", 0, 13, 16)]) == [7.0, 12.0, 13.0, 16.0]
    assert _day("p", MONDAY + timedelta(days=1), [person("p")], [shift("p", 0, 7, 12)]) == [None] * 4


def test_a_night_shift_ends_on_the_next_day() -> None:
    night = [shift("p", 0, 22, 6)]

    assert _day("p", MONDAY, [person("p")], night) == [22.0, 24.0, None, None]
    assert _day("p", MONDAY + timedelta(days=1), [person("p")], night) == [0.0, 6.0, None, None]


def test_leave_and_days_outside_employment_are_off() -> None:
    people = [person("p", started_on=MONDAY, left_on=MONDAY + timedelta(days=3))]
    away = [leave("p", MONDAY + timedelta(days=1), MONDAY + timedelta(days=1))]

    assert _day("p", MONDAY, people, away)[0] == 9.0
    assert _day("p", MONDAY + timedelta(days=1), people, away) == [None] * 4
    assert _day("p", MONDAY - timedelta(days=3), people, away) == [None] * 4
    assert _day("p", MONDAY + timedelta(days=4), people, away) == [None] * 4


def test_another_zone_is_put_on_the_firms_clock() -> None:
    firm = Firm(zone="Europe/Berlin", start_hour=9.0, end_hour=17.0)

    assert _day("p", MONDAY, [person("p", zone="Europe/Lisbon")], firm=firm) == [10.0, 18.0, None, None]
    assert _day("p", MONDAY, [person("p", zone="Asia/Manila")], firm=firm) == [2.0, 10.0, None, None]


def test_public_holidays_and_own_days_off_are_nobodys() -> None:
    firm = Firm(holidays="DE-BY", days_off=("2026-03-02",))

    assert _day("", date(2026, 1, 6), firm=firm) == [None] * 4  # Epiphany, in Bavaria alone
    assert _day("p", MONDAY, [person("p")], [shift("p", 0, 7, 12)], firm) == [None] * 4
    assert _day("", date(2026, 1, 6), firm=Firm(holidays="DE"))[0] == 8.0


def test_an_unknown_country_is_named() -> None:
    with pytest.raises(UsageError, match="'XX'"):
        working_days([], [], Firm(holidays="XX"), SPAN)


def test_more_than_two_spans_are_joined_across_the_shortest_gap() -> None:
    three = [shift("p", 0, 6, 8), shift("p", 0, 12, 13), shift("p", 0, 13.5, 17)]

    assert _day("p", MONDAY, [person("p")], three) == [6.0, 8.0, 12.0, 17.0]


AT = st.datetimes(datetime(2026, 1, 2), datetime(2026, 6, 29)).map(lambda at: at.replace(second=0, microsecond=0))
WEEK = [
    shift("p", 0, 22, 6),
    shift("p", 2, 7.5, 12),
    shift("p", 2, 13, 17.25),
    leave("p", date(2026, 4, 1), date(2026, 4, 9)),
]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(AT, st.integers(0, 3_000)), min_size=1, max_size=8))
def test_the_clock_counts_every_minute_of_the_calendar(asked: list[tuple[datetime, int]]) -> None:
    days = working_days([person("p")], WEEK, FIRM, SPAN)
    spans: dict[date, list[tuple[float, float]]] = {}
    for row in days.to_pylist():
        if row["calendar_id"] == "p":
            pairs = ((row["first_start"], row["first_end"]), (row["second_start"], row["second_end"]))
            spans[row["day"]] = [(a, b) for a, b in pairs if a is not None]
    rows = [
        {"calendar_id": "p", "a": at, "b": min(at + timedelta(minutes=n), datetime(2026, 6, 30))} for at, n in asked
    ]
    schema = pa.schema([("calendar_id", pa.string()), ("a", pa.timestamp("us")), ("b", pa.timestamp("us"))])
    table = ibis.memtable(pa.Table.from_pylist(rows, schema))
    got = (
        with_hours(table, {"working_days": ibis.memtable(days)}, hours=("a", "b"))
        .to_pyarrow()
        .column("hours")
        .to_pylist()
    )

    def minutes(start: datetime, end: datetime) -> int:
        count = 0
        for n in range(int((end - start).total_seconds() // 60)):
            now = start + timedelta(minutes=n)
            hour = now.hour + now.minute / 60
            count += any(a <= hour < b for a, b in spans[now.date()])
        return count

    assert sorted(got) == pytest.approx(sorted(minutes(r["a"], r["b"]) / 60 for r in rows), abs=1e-6)


def test_an_instant_that_is_missing_or_outside_has_no_hours() -> None:
    days = {"working_days": ibis.memtable(working_days([], [], FIRM, SPAN))}
    schema = pa.schema([("calendar_id", pa.string()), ("a", pa.timestamp("us")), ("b", pa.timestamp("us"))])
    rows = [{"calendar_id": "", "a": datetime(2026, 3, 2, 9), "b": None},
            {"calendar_id": "", "a": datetime(2020, 3, 2, 9), "b": datetime(2026, 3, 2, 12)}]  # fmt: skip
    table = ibis.memtable(pa.Table.from_pylist(rows, schema))

    assert with_hours(table, days, hours=("a", "b")).to_pyarrow().column("hours").to_pylist() == [None, None]
