"""Working hours between two instants, on the calendar of the person concerned: lazy Ibis over `working_days`.

Keeps true: hours outside a person's working time, on leave or on a holiday count nothing, and spans add up. Absence is
exposure that was not there, never silence. An instant outside the calendar's days has no hours.
"""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from cadre.exposure.calendar import FIRM


def calendars(tables: Mapping[str, ir.Table]) -> ir.Table:
    """The calendar of each account: `account_id`, `calendar_id`; that of the firm where its person has none."""
    accounts = tables["person_accounts"].select("account_id", "person_id")
    known = tables["working_days"].select(calendar_id="calendar_id").distinct()
    joined = accounts.left_join(known, accounts.person_id == known.calendar_id)
    return joined.select("account_id", calendar_id=ibis.coalesce(joined.calendar_id, ibis.literal(FIRM)))


def with_calendar(rows: ir.Table, tables: Mapping[str, ir.Table], account: str = "account_id") -> ir.Table:
    """Rows with the `calendar_id` of one of their accounts; that of the firm for an unknown account."""
    owners = calendars(tables).select(_owner="account_id", calendar_id="calendar_id")
    joined = rows.left_join(owners, rows[account] == owners["_owner"]).drop("_owner")
    return joined.mutate(calendar_id=ibis.coalesce(joined.calendar_id, ibis.literal(FIRM)))


def with_hours(rows: ir.Table, tables: Mapping[str, ir.Table], **spans: tuple[str, str]) -> ir.Table:
    """Rows with working hours between pairs of local instants.

    Args:
        rows: With `calendar_id` and the columns named in `spans`.
        tables: Reads `working_days`.
        spans: New column -> its local instants of beginning and end.

    Returns:
        The rows with each new column: hours, at least 0; missing where an instant is, or lies outside the calendar.
    """
    columns = rows.columns
    instants = list(dict.fromkeys(name for pair in spans.values() for name in pair))
    for n, name in enumerate(instants):
        rows = _worked(rows, tables["working_days"], name, f"_worked_{n}")
    hours = {}
    for new, (start, end) in spans.items():
        gone = rows[f"_worked_{instants.index(end)}"] - rows[f"_worked_{instants.index(start)}"]
        # The engines' greatest passes over what is missing, which would make it zero.
        hours[new] = gone.isnull().ifelse(ibis.null("float64"), ibis.greatest(gone, ibis.literal(0.0)))
    return rows.select(*columns, **hours)


def _worked(rows: ir.Table, days: ir.Table, at: str, name: str) -> ir.Table:
    """Working hours of the calendar from its first day to an instant, in a new column."""
    kept = rows.columns
    theirs = days.select(_calendar="calendar_id", _on="day", _a="first_start", _b="first_end", _c="second_start",
                         _d="second_end", _before="hours_before").view()  # fmt: skip
    dated = rows.mutate(_day=rows[at].date())
    joined = dated.left_join(theirs, [("calendar_id", "_calendar"), ("_day", "_on")])
    local = joined[at]
    hour = (local.epoch_seconds() - local.date().cast("timestamp").epoch_seconds()).cast("float64") / 3600
    worked = joined["_before"]
    for start, end in (("_a", "_b"), ("_c", "_d")):
        span = ibis.least(hour, joined[end]) - joined[start]
        worked += ibis.greatest(ibis.coalesce(span, ibis.literal(0.0)), ibis.literal(0.0))
    return joined.select(*kept, **{name: local.isnull().ifelse(ibis.null("float64"), worked)})
