"""Working hours between two instants on the firm's wall clock, in closed form.

Keeps true: a span that lies outside working hours counts nothing, spans add up, and the Ibis expression equals the
plain function beside it. People's own calendars, holidays and on-call replace the firm's week later.
"""

from datetime import datetime
from math import floor

import ibis
import ibis.expr.types as ir

from cadre.records import Firm

_THURSDAY = 3
"""1970-01-01 was a Thursday; weeks are counted from the Monday before it."""


def worked_hours(at: datetime, firm: Firm) -> float:
    """Working hours of the firm's week from a fixed Monday long ago to a local instant (hours)."""
    seconds = (at - datetime(1970, 1, 1)).total_seconds()  # noqa: DTZ001 (wall clock)
    day = floor(seconds / 86_400)
    weekday = (day + _THURSDAY) % 7
    length = firm.end_hour - firm.start_hour
    today = (
        min(max((seconds - day * 86_400) / 3600 - firm.start_hour, 0.0), length) if weekday in firm.workdays else 0.0
    )
    before = sum(1 for w in firm.workdays if w < weekday)
    return ((day + _THURSDAY) // 7) * len(firm.workdays) * length + before * length + today


def _worked(at: ir.TimestampValue, firm: Firm) -> ir.FloatingValue:
    seconds = at.epoch_seconds().cast("float64")
    day = (seconds / 86_400).floor()
    week = ((day + _THURSDAY) / 7).floor()
    weekday = day + _THURSDAY - week * 7
    length = firm.end_hour - firm.start_hour
    hour = (seconds - day * 86_400) / 3600 - firm.start_hour
    clipped = ibis.greatest(ibis.least(hour, ibis.literal(length)), ibis.literal(0.0))
    today = weekday.isin([float(w) for w in firm.workdays]).ifelse(clipped, 0.0)
    before = ibis.literal(0.0)
    for each in firm.workdays:
        before += (weekday > float(each)).ifelse(1.0, 0.0)
    return week * len(firm.workdays) * length + before * length + today


def working_hours(start: ir.TimestampValue, end: ir.TimestampValue, firm: Firm) -> ir.FloatingValue:
    """Working hours between two local timestamps of a table (hours, at least 0; missing where either is).

    Args:
        start: From, on the firm's wall clock.
        end: To; before `start` gives 0.
        firm: Whose week.
    """
    return ibis.greatest(_worked(end, firm) - _worked(start, firm), ibis.literal(0.0))
