"""Days on which an account left a trace: the exposure that counts are held against."""

import ibis
import ibis.expr.types as ir

from cadre.signals.signal import Tables

EQUAL_DAYS = 20
"""Counts are given as of this many active days: about a month of work."""


def traces(tables: Tables) -> ir.Table:
    """Account and local day of everything an account wrote, did or booked; one row a day."""
    parts = [
        _days(tables["messages"].filter(ibis._.kind == "message"), "account_id"),
        _days(tables["ticket_events"], "actor_account_id"),
        _days(tables["time_entries"], "account_id"),
        _days(tables["task_events"], "actor_account_id"),
        _days(tables["utterances"], "account_id"),
    ]
    return ibis.union(*parts).distinct()


def active_days(tables: Tables) -> ir.Table:
    """Traces as partials: one observation a day, with nobody on the other side."""
    days = traces(tables)
    return days.select(
        "account_id", other_account_id=ibis.null("string"), day="day", bin=ibis.null("int64"),
        n=ibis.literal(1).cast("int64"), total=ibis.literal(0.0), total_sq=ibis.literal(0.0),
    )  # fmt: skip


def _days(table: ir.Table, account: str) -> ir.Table:
    some = table.filter(table[account].notnull() & table.local_at.notnull())
    return some.select(account_id=account, day=some.local_at.date())
