"""How much of everybody's scheduled time left a trace in the window; computed at a refresh."""

import pyarrow as pa

from cadre.exposure import scheduled_hours, seen_hours, trace_hours
from cadre.exposure.trace import SCHEDULE, TRACES
from cadre.records import DERIVED_BY_NAME
from cadre.signals import Window
from cadre.warehouse import Snapshot


def seen_table(tables: Snapshot, window: Window) -> pa.Table:
    """Rows of `seen_hours`; none where no schedule is told.

    Args:
        tables: The record, its `person_accounts` up to date.
        window: Local days that count.
    """
    rows = tables.rows(tables["schedules"].select(*SCHEDULE))
    scheduled = scheduled_hours(rows, window.start, window.end)
    names = [name for name in TRACES if tables.count(name)]
    if not scheduled:
        return DERIVED_BY_NAME["seen_hours"].schema().empty_table()
    nothing = pa.table({name: [] for name in ("person_id", "day", "hours")})
    traced = tables.arrow(trace_hours(tables, names, window.start, window.end)) if names else nothing
    return seen_hours(scheduled, traced, window.start, window.days)
