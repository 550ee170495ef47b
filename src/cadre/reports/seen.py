"""How much of a person's scheduled time left a trace: hours with one over hours scheduled.

Keeps true: a person without a schedule has no share, never a zero. Help by phone or across the desk leaves no trace, so
a low share means that little could be seen, not that little was done. Hours are whole local clock hours.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import reduce
from typing import Any

import ibis
import ibis.expr.types as ir

from cadre.reports.kept import kept
from cadre.reports.measure import Span
from cadre.warehouse import Snapshot

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


def seen_shares(snapshot: Snapshot, span: Span) -> Mapping[str, float]:
    """Person -> share of scheduled hours with a trace, 0-1; persons without a schedule are not there.

    Args:
        snapshot: The record.
        span: The window to look at.
    """
    if span.start_on is None:
        return {}
    first_on = span.start_on
    return kept(snapshot, ("seen", span), lambda: _shares(snapshot, first_on, first_on + timedelta(days=span.days)))


def _shares(snapshot: Snapshot, first_on: date, end_on: date) -> dict[str, float]:
    rows = snapshot.rows(
        snapshot.table("schedules").select(
            "person_id", "kind", "started_on", "ended_on", "weekday", "start_hour", "end_hour"
        )
    )
    scheduled = scheduled_hours(rows, first_on, end_on)
    if not scheduled:
        return {}
    seen: dict[str, int] = dict.fromkeys(scheduled, 0)
    for row in snapshot.rows(_trace_hours(snapshot, first_on, end_on)):
        hours = scheduled.get(row["person_id"], {}).get(row["day"])
        if hours:
            seen[row["person_id"]] += len(hours & frozenset(row["hours"]))
    totals = {p: sum(len(h) for h in days.values()) for p, days in scheduled.items()}
    return {p: seen[p] / total for p, total in totals.items() if total}


def scheduled_hours(rows: list[dict[str, Any]], first_on: date, end_on: date) -> dict[str, dict[date, frozenset[int]]]:
    """Person -> local day -> clock hours in which they were to work; leave taken out, on-call left out.

    Args:
        rows: Rows of `schedules`.
        first_on: First day.
        end_on: Day after the last.
    """
    work: dict[str, dict[date, set[int]]] = {}
    leave: dict[str, set[date]] = {}
    for row in rows:
        begin = max(first_on, row["started_on"] or first_on)
        last = min(end_on - timedelta(days=1), row["ended_on"] or end_on)
        for number in range((last - begin).days + 1):
            day = begin + timedelta(days=number)
            if row["kind"] == "leave":
                leave.setdefault(row["person_id"], set()).add(day)
            elif row["kind"] == "work" and row["weekday"] in (None, day.weekday()):
                _add_span(work.setdefault(row["person_id"], {}), day, row["start_hour"], row["end_hour"])
    return {
        person: {d: frozenset(h) for d, h in days.items() if d not in leave.get(person, set())}
        for person, days in work.items()
    }


def _add_span(days: dict[date, set[int]], day: date, start: float | None, end: float | None) -> None:
    """Add the clock hours a span touches; one that ends before it begins goes past midnight."""
    if start is None or end is None:
        return
    first, last = int(start), int(end) if float(end).is_integer() else int(end) + 1
    if end > start:
        days.setdefault(day, set()).update(range(first, min(last, 24)))
        return
    days.setdefault(day, set()).update(range(first, 24))
    days.setdefault(day + timedelta(days=1), set()).update(range(last))


def _trace_hours(snapshot: Snapshot, first_on: date, end_on: date) -> ir.Table:
    """One row a person and local day, with the clock hours that hold a trace."""
    parts = []
    for name, column in TRACES.items():
        if not snapshot.manifest.rows(name):
            continue
        table = snapshot.table(name)
        inside = table.filter((table.local_at >= ibis.date(first_on)) & (table.local_at < ibis.date(end_on)))
        parts.append(inside.select(account_id=inside[column], day=inside.local_at.date(), hour=inside.local_at.hour()))
    accounts = snapshot.table("person_accounts")
    if not parts:
        return accounts.filter(ibis.literal(False)).select(
            "person_id", day=ibis.null("date"), hours=ibis.null("array<int64>")
        )
    traced = reduce(ir.Table.union, parts).distinct()
    joined = traced.inner_join(accounts.select("account_id", "person_id"), "account_id")
    return joined.group_by("person_id", "day").agg(hours=joined.hour.collect(distinct=True))
