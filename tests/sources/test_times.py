"""Times as written, read by rules that hold for a whole source."""

from datetime import UTC, date, datetime

import pytest

from cadre.errors import UsageError
from cadre.sources.times import date_habit, day, instant, looks_numeric, zone_of

BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-15T09:00:00Z", datetime(2026, 1, 15, 9, tzinfo=UTC)),
        ("2026-01-15T09:00:00-05:00", datetime(2026, 1, 15, 14, tzinfo=UTC)),
        ("2026-01-15 09:00", datetime(2026, 1, 15, 8, tzinfo=UTC)),
        ("03/04/2026 12:30 AM", datetime(2026, 4, 2, 22, 30, tzinfo=UTC)),
        ("03.04.26 12:30 pm", datetime(2026, 4, 3, 10, 30, tzinfo=UTC)),
        ("1768467600", datetime(2026, 1, 15, 9, tzinfo=UTC)),
        ("2026-10-25 02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2026-03-29 02:30", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
    ],
)
def test_a_time_becomes_its_instant(text: str, expected: datetime) -> None:
    assert expected == instant(text, BERLIN, day_first=True)


@pytest.mark.parametrize("text", ["", "soon", "31/02/2026", "13:00", "01/02/2026 13:30 PM", "01/02/2026 0:30 AM"])
def test_what_is_no_time_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected|no such"):
        instant(text, BERLIN, day_first=True)


@pytest.mark.parametrize("text", ["0001-01-01T00:00", "9999-12-31T23:59-05:00"])
def test_a_time_at_the_edge_of_the_calendar_is_an_error_and_no_crash(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        instant(text, BERLIN)


def test_a_date_whose_order_nobody_settled_is_an_error() -> None:
    with pytest.raises(ValueError, match="not settled"):
        instant("03/04/2026", BERLIN)


def test_a_date_that_breaks_the_habit_is_an_error() -> None:
    with pytest.raises(ValueError, match="month first"):
        day("15/01/2026", day_first=False)


def test_a_day_is_read_in_the_settled_order() -> None:
    assert date(2026, 4, 3) == day("03/04/2026", day_first=True)
    assert date(2026, 3, 4) == day("03/04/2026", day_first=False)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["03/04/2026", "", "soon"], (None, 0, 0)),
        (["13/04/2026", " 14/04/2026"], (True, 2, 0)),
        (["04/13/2026", "03/04/2026"], (False, 0, 1)),
        (["04/13/2026", "13/04/2026", "14/04/2026"], (True, 2, 1)),
    ],
)
def test_the_habit_is_what_most_dates_prove(texts: list[str], expected: tuple[bool | None, int, int]) -> None:
    assert expected == date_habit(texts)


def test_only_dates_whose_order_matters_look_numeric() -> None:
    assert [True, False] == [looks_numeric("3/4/2026"), looks_numeric("2026-04-03")]


@pytest.mark.parametrize("name", ["Mars/Base", "", "../etc/passwd"])
def test_an_unknown_zone_is_named(name: str) -> None:
    with pytest.raises(UsageError, match="unknown time zone"):
        zone_of(name)
