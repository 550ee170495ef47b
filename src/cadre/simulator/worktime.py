"""Working time of one person: which spans they work, and how far some working hours reach.

Keeps true: spans do not overlap and lie in UTC seconds; a day's local hours are turned to UTC with the zone's
offset at that day's noon. Who works when is the roster's business.
"""

from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta
from math import inf
from zoneinfo import ZoneInfo

HOUR = 3600.0


def local_midnight(day: date, zone: ZoneInfo) -> float:
    """The instant, in seconds since 1970, from which that day's local hours are counted."""
    noon = datetime.combine(day, time(12), zone)
    return noon.astimezone(UTC).timestamp() - 12 * HOUR


class WorkTime:
    """The working spans of a person over the horizon.

    Args:
        spans: Day -> (first, last) second worked, in order of days.
    """

    def __init__(self, spans: dict[date, tuple[float, float]]) -> None:
        self._by_day = spans
        self._starts = [span[0] for span in spans.values()]
        self._ends = [span[1] for span in spans.values()]
        self._worked = [0.0]
        for start, end in spans.values():
            self._worked.append(self._worked[-1] + end - start)

    def span(self, day: date) -> tuple[float, float] | None:
        """First and last second worked on that day; None where the person is off."""
        return self._by_day.get(day)

    def is_on(self, at: float) -> bool:
        """Whether the person works at that instant."""
        index = bisect_right(self._starts, at) - 1
        return index >= 0 and at < self._ends[index]

    def after(self, at: float, hours: float) -> float:
        """The instant at which that many working hours have passed since `at`; infinity past the horizon."""
        index = bisect_right(self._starts, at) - 1
        done = self._worked[index] + min(at, self._ends[index]) - self._starts[index] if index >= 0 else 0.0
        target = done + hours * HOUR
        place = bisect_right(self._worked, target) - 1
        if place >= len(self._starts):
            return inf
        return self._starts[place] + target - self._worked[place]


def days_between(first: date, last: date) -> list[date]:
    """All days from first to last, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def months_before(day: date, months: int) -> date:
    """The day after the same day of the month that many months earlier, so that whole months are covered."""
    place = day.year * 12 + day.month - 1 - months
    year, month = divmod(place, 12)
    for back in range(4):
        try:
            return date(year, month + 1, day.day - back) + timedelta(days=1)
        except ValueError:
            continue
    raise ValueError(f"no such month before {day}")
