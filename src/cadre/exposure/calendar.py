"""Who works when: one row a calendar and day, on the firm's wall clock, from schedules, leaves, employment and holidays.

Keeps true: every day of the span has a row in every calendar, a day off is a row without spans, and `hours_before` adds
up the days before. A person without a schedule works the firm's week in the zone the person is in; time on call is no
working time. Hours between two instants are read off by `exposure.clock`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from cadre.errors import UsageError
from cadre.records import DERIVED_BY_NAME, Firm

FIRM = ""
"""The calendar of the firm, for accounts whose person is not on the roster."""
DAY_HOURS = 24.0
Floats = NDArray[np.float64]


@dataclass(slots=True)
class _Pieces:
    """Spans of work within days: day numbers, hours of beginning and end (0-24)."""

    day: list[NDArray[np.int64]] = field(default_factory=list)
    start: list[Floats] = field(default_factory=list)
    end: list[Floats] = field(default_factory=list)

    def add(self, day: NDArray[np.int64], start: Floats, end: Floats) -> None:
        """Put down spans, cut at midnight; `start` may lie before the day and `end` after it, by a day at most."""
        for shift in (-1, 0, 1):
            low, high = np.maximum(start - DAY_HOURS * shift, 0), np.minimum(end - DAY_HOURS * shift, DAY_HOURS)
            some = high > low
            self.day.append(day[some] + shift)
            self.start.append(low[some])
            self.end.append(high[some])


def public_holidays(firm: Firm, years: Iterable[int]) -> frozenset[date]:
    """Days the firm is closed: the public holidays of `firm.holidays` and its own `days_off`.

    Raises:
        UsageError: No such country or part of one.
    """
    own = frozenset(date.fromisoformat(day) for day in firm.days_off)
    if not firm.holidays:
        return own
    from holidays import country_holidays  # noqa: PLC0415

    country, _, part = firm.holidays.partition("-")
    try:
        return own | frozenset(country_holidays(country, subdiv=part or None, years=list(years)))
    except NotImplementedError as error:
        raise UsageError(
            f"holidays: {firm.holidays!r} is no country or part of one that is known",
            hint='Write an ISO code such as "DE", "DE-BY" or "US-CA" in cadre.toml.',
        ) from error


def working_days(
    people: Sequence[Mapping[str, Any]], schedules: Sequence[Mapping[str, Any]], firm: Firm, span: tuple[date, date]
) -> pa.Table:
    """Calendars of the firm and of everybody on its roster.

    Args:
        people: Rows of `people`: person_id, zone, started_on, left_on.
        schedules: Rows of `schedules`.
        firm: Zone, working week and holidays.
        span: First and last local day, both included.

    Returns:
        Rows of `working_days`. More than two spans on a day are joined to two across the shortest gap.
    """
    first, last = span
    count = (last - first).days + 1
    closed = np.zeros(count, bool)
    for day in public_holidays(firm, range(first.year, last.year + 1)):
        if first <= day <= last:
            closed[(day - first).days] = True
    by_person: dict[str, list[Mapping[str, Any]]] = {}
    for row in schedules:
        by_person.setdefault(row["person_id"], []).append(row)
    made = [_calendar(FIRM, {}, [], firm, first, closed)]
    made += [_calendar(p["person_id"], p, by_person.get(p["person_id"], []), firm, first, closed) for p in people]
    return pa.concat_tables(made)


def _calendar(
    key: str, person: Mapping[str, Any], schedule: Sequence[Mapping[str, Any]], firm: Firm, first: date, closed: Any
) -> pa.Table:
    count = len(closed)
    days = np.arange(count)
    weekday = (days + first.weekday()) % 7
    off = closed.copy()
    employed = _between(person.get("started_on"), person.get("left_on"), first, count)
    for leave in (s for s in schedule if s["kind"] == "leave"):
        away = _between(leave["started_on"], leave["ended_on"], first, count)
        off |= away if leave["weekday"] is None else away & (weekday == leave["weekday"])
    week = [s for s in schedule if s["kind"] == "work" and s["start_hour"] is not None and s["end_hour"] is not None]
    spans: list[tuple[Any, float, float]] = [
        (
            _between(s["started_on"], s["ended_on"], first, count)
            & ((weekday == s["weekday"]) if s["weekday"] is not None else np.isin(weekday, firm.workdays)),
            s["start_hour"],
            s["end_hour"],
        )
        for s in week
    ] or [(np.isin(weekday, firm.workdays), firm.start_hour, firm.end_hour)]
    ahead = _hours_ahead(person.get("zone"), firm, first, count)
    pieces = _Pieces()
    for holds, start, end in spans:
        on = days[holds & employed & ~off]
        until = end + DAY_HOURS if end < start else end
        pieces.add(on, start - ahead[on], until - ahead[on])
    return _rows(key, first, count, pieces)


def _between(start: date | None, end: date | None, first: date, count: int) -> Any:
    """Whether each day lies within two dates, both included; a missing one is open."""
    days = np.arange(count)
    low = (start - first).days if start else 0
    high = (end - first).days if end else count
    return (days >= low) & (days <= high)


def _hours_ahead(zone: str | None, firm: Firm, first: date, count: int) -> Floats:
    """By how many hours the person's wall clock is ahead of the firm's, at noon of each day."""
    if not zone or zone == firm.zone:
        return np.zeros(count)
    theirs, ours = ZoneInfo(zone), ZoneInfo(firm.zone)
    found = np.empty(count)
    for n in range(count):
        noon = datetime.combine(first + timedelta(days=n), time(12), UTC)
        gap = (noon.astimezone(theirs).utcoffset() or timedelta()) - (noon.astimezone(ours).utcoffset() or timedelta())
        found[n] = gap.total_seconds() / 3600
    return found


def _rows(key: str, first: date, count: int, pieces: _Pieces) -> pa.Table:
    day, start, end = (np.concatenate(x) for x in (pieces.day, pieces.start, pieces.end))
    inside = (day >= 0) & (day < count)
    order = np.lexsort((start[inside], day[inside]))
    day, start, end = day[inside][order], start[inside][order], end[inside][order]
    spans = np.full((count, 4), np.nan)
    times = np.bincount(day, minlength=count)
    alone = times[day] == 1
    spans[day[alone], 0], spans[day[alone], 1] = start[alone], end[alone]
    for several in np.flatnonzero(times > 1):
        here = day == several
        spans[several] = _two(list(zip(start[here].tolist(), end[here].tolist(), strict=True)))
    length = np.nan_to_num(spans[:, 1] - spans[:, 0]) + np.nan_to_num(spans[:, 3] - spans[:, 2])
    before = np.cumsum(length) - length
    at = np.datetime64(first, "D") + np.arange(count)
    names = ("first_start", "first_end", "second_start", "second_end")
    columns = {
        "calendar_id": pa.array([key] * count, pa.string()),
        "day": pa.array(at.astype("datetime64[D]")),
        **{name: pa.array(spans[:, n], from_pandas=True) for n, name in enumerate(names)},
        "hours_before": pa.array(before),
    }
    schema = DERIVED_BY_NAME["working_days"].schema()
    return pa.table([columns[name] for name in schema.names], names=schema.names).cast(schema)


def _two(spans: list[tuple[float, float]]) -> list[float]:
    """Overlapping spans joined, and more than two joined across the shortest gaps."""
    joined: list[list[float]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], end)
        else:
            joined.append([start, end])
    while len(joined) > 2:
        gaps = [joined[n + 1][0] - joined[n][1] for n in range(len(joined) - 1)]
        n = gaps.index(min(gaps))
        joined[n : n + 2] = [[joined[n][0], joined[n + 1][1]]]
    flat = [x for span in joined for x in span]
    return flat + [np.nan] * (4 - len(flat))
