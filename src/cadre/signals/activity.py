"""Days on which an account left a trace: the exposure that counts are held against."""

import ibis
import ibis.expr.types as ir

from cadre.signals.signal import Tables

EQUAL_DAYS = 20
"""Counts are given as of this many active days: about a month of work."""


_ACCOUNT = {
    "messages": "account_id",
    "ticket_events": "actor_account_id",
    "time_entries": "account_id",
    "task_events": "actor_account_id",
    "utterances": "account_id",
}


def active_days(tables: Tables, *media: str) -> ir.Table:
    """Days with a trace as partials: one observation an account and day, with nobody on the other side.

    Args:
        tables: The record.
        media: Tables whose rows are traces. Only where the behaviour could be seen is a day exposure for it.
    """
    parts = [_days(_written(tables[name], name), _ACCOUNT[name]) for name in media]
    days = ibis.union(*parts).distinct()
    return days.select(
        "account_id", other_account_id=ibis.null("string"), day="day", bin=ibis.null("int64"),
        n=ibis.literal(1).cast("int64"), total=ibis.literal(0.0), total_sq=ibis.literal(0.0),
    )  # fmt: skip


def _written(table: ir.Table, name: str) -> ir.Table:
    return table.filter(table.kind == "message") if name == "messages" else table


def _days(table: ir.Table, account: str) -> ir.Table:
    some = table.filter(table[account].notnull() & table.local_at.notnull())
    return some.select(account_id=account, day=some.local_at.date())
