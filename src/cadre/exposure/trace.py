"""How much of a person's scheduled time left a trace: clock hours they were to work, and those of them that hold one.

Keeps true: a person without a schedule has no row, never a zero. Help by phone or across the desk leaves no trace, so few
hours mean that little could be seen, not that little was done. Hours are whole local clock hours; on-call is no work.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import reduce
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from cadre.records import DERIVED_BY_NAME

TRACES = {
    "ticket_events": "actor_account_id",
    "messages": "account_id",
    "time_entries": "account_id",
    "task_events": "actor_account_id",
    "utterances": "account_id",
    "articles": "account_id",
    "article_events": "account_id",
}
"""Facts that show somebody at work, and the column that says who."""
SCHEDULE = ("person_id", "kind", "started_on", "ended_on", "weekday", "start_hour", "end_hour")
"""Columns of `schedules` that say when somebody was to work."""
_DAY_HOURS = 24

Hours = NDArray[np.int64]
"""One number a day from the first on, and one for the day after the last, into which a night shift may reach: bit h is clock hour h."""


def scheduled_hours(rows: Sequence[Mapping[str, Any]], first_on: date, end_on: date) -> dict[str, Hours]:
    """Person -> clock hours in which they were to work, by day; leave taken out, on-call left out.

    Args:
        rows: Rows of `schedules` with the columns of `SCHEDULE`.
        first_on: First day.
        end_on: Day after the last.
    """
    days = (end_on - first_on).days
    weekday = (np.arange(days) + first_on.weekday()) % 7
    work: dict[str, Hours] = {}
    leave: dict[str, NDArray[np.bool_]] = {}
    for row in rows:
        begin = max((max(first_on, row["started_on"] or first_on) - first_on).days, 0)
        after = (min(end_on - timedelta(days=1), row["ended_on"] or end_on) - first_on).days + 1
        if after <= begin:
            continue
        if row["kind"] == "leave":
            leave.setdefault(row["person_id"], np.zeros(days + 1, bool))[begin:after] = True
        elif row["kind"] == "work":
            today, tomorrow = _span(row["start_hour"], row["end_hour"])
            on = np.zeros(days + 1, bool)
            on[begin:after] = True if row["weekday"] is None else weekday[begin:after] == row["weekday"]
            mine = work.setdefault(row["person_id"], np.zeros(days + 1, np.int64))
            mine[on] |= today
            mine[1:][on[:-1]] |= tomorrow
    for person, away in leave.items():
        if person in work:
            work[person][away] = 0
    return {person: hours for person, hours in work.items() if hours.any()}


def counted(hours: Hours) -> int:
    """Clock hours of all days together."""
    return int(np.bitwise_count(hours).sum())


def trace_hours(tables: Mapping[str, ir.Table], names: Sequence[str], first_on: date, end_on: date) -> ir.Table:
    """One row a person and local day with a trace: `person_id`, `day`, and `hours`, one bit a clock hour.

    Args:
        tables: The record; reads `person_accounts` and the tables named.
        names: Keys of `TRACES` that the record has rows of; at least one.
        first_on: First day.
        end_on: Day after the last.
    """
    parts = []
    for name in names:
        table = tables[name]
        inside = table.filter((table.local_at >= ibis.date(first_on)) & (table.local_at < ibis.date(end_on)))
        when = inside.local_at
        parts.append(inside.select(account_id=inside[TRACES[name]], day=when.date(), hour=when.hour().cast("int32")))
    traced = reduce(ir.Table.union, parts).distinct()
    joined = traced.inner_join(tables["person_accounts"].select("account_id", "person_id"), "account_id")
    hours = joined.select("person_id", "day", "hour").distinct()
    # Each hour stands there once, so that adding its bit is setting it: an engine may add and know no other sum of bits.
    return hours.group_by("person_id", "day").agg(hours=(ibis.literal(1, "int64") << hours.hour).sum())


def seen_hours(scheduled: Mapping[str, Hours], traced: pa.Table, first_on: date, days: int) -> pa.Table:
    """Rows of `seen_hours`, by person.

    Args:
        scheduled: As `scheduled_hours` tells it of the window.
        traced: Rows of `trace_hours` of the window.
        first_on: First day of the window.
        days: Its length.
    """
    seen = dict.fromkeys(scheduled, 0)
    bits = traced.column("hours").cast(pa.int64())  # an engine may give a sum as a decimal
    columns = (column.to_pylist() for column in (traced.column("person_id"), traced.column("day"), bits))
    for person, day, hours in zip(*columns, strict=True):
        if person in scheduled:
            seen[person] += (hours & int(scheduled[person][(day - first_on).days])).bit_count()
    rows = [
        {"person_id": person, "window_start": first_on, "window_days": days,
         "scheduled_count": counted(hours), "seen_count": seen[person]}
        for person, hours in sorted(scheduled.items())
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, DERIVED_BY_NAME["seen_hours"].schema())


def _span(start: float | None, end: float | None) -> tuple[int, int]:
    """The clock hours a span touches on its day and on the next; one that ends before it begins goes past midnight."""
    if start is None or end is None:
        return 0, 0
    first, last = int(start), int(end) if float(end).is_integer() else int(end) + 1
    if end > start:
        return _bits(min(last, _DAY_HOURS)) & ~_bits(first), 0
    return _bits(_DAY_HOURS) & ~_bits(first), _bits(last)


def _bits(hours: int) -> int:
    return (1 << hours) - 1
