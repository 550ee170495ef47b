"""Mentoring: help given on work that others own, credited by what became of their work."""

import ibis
import ibis.expr.types as ir
from ibis import _

from cadre.signals.activity import EQUAL_DAYS, active_days
from cadre.signals.partial import daily
from cadre.signals.signal import Signal, Tables, Window

_FULL, _HALF, _NONE = 1.0, 0.5, 0.0


def _assists(tables: Tables) -> ir.Table:
    """First help of each helper on each ticket or task of somebody else, with its credit."""
    first = ibis.window(group_by=["account_id", "record_key"], order_by=["occurred_at", "record_id"])
    helped = _ticket_help(tables).union(_task_help(tables))
    return helped.mutate(place=ibis.row_number().over(first)).filter(_.place == 0).drop("place")


def _ticket_help(tables: Tables) -> ir.Table:
    events, booked, tickets = tables["ticket_events"], tables["time_entries"], tables["tickets"]
    expected = tables["ticket_expectations"].select("ticket_id", "log_ratio")
    owned = tickets.left_join(expected, "ticket_id").drop("ticket_id_right")
    owned = owned.select(
        "ticket_id", "log_ratio", "reopen_count",
        is_resolved=owned.resolved_at.notnull(),
        owner=owned.resolver_account_id.coalesce(owned.assignee_account_id),
    ).filter(_.owner.notnull())  # fmt: skip
    notes = events.filter(events.kind.isin(["note", "reply"])).select(
        "ticket_id", "occurred_at", "local_at", account_id="actor_account_id", record_id="event_id",
        record_table=ibis.literal("ticket_events"),
    )  # fmt: skip
    hours = booked.filter(booked.ticket_id.notnull()).select(
        "ticket_id", "occurred_at", "local_at", account_id="account_id", record_id="time_entry_id",
        record_table=ibis.literal("time_entries"),
    )  # fmt: skip
    # What somebody wrote on a ticket they held before passing it on is their own work, not help.
    held = events.filter(events.from_account_id.notnull()).select("ticket_id", account_id="from_account_id").distinct()
    given = notes.union(hours).anti_join(held, ["ticket_id", "account_id"])
    helped = given.join(owned, "ticket_id").filter(_.account_id.notnull() & (_.account_id != _.owner))
    came_back = helped.reopen_count.fill_null(0) > 0
    in_time = helped.log_ratio.fill_null(0.0) <= 0
    credit = (~helped.is_resolved | came_back).ifelse(_NONE, in_time.ifelse(_FULL, _HALF))
    return helped.select(
        "account_id", "occurred_at", "local_at", "record_table", "record_id",
        other_account_id="owner", record_key="ticket_id", credit=credit,
        note=ibis.literal("helped on a colleague's ticket"),
    )  # fmt: skip


def _task_help(tables: Tables) -> ir.Table:
    tasks = tables["task_events"]
    helped = tasks.filter(
        tasks.kind.isin(["reviewed", "tested", "helped"])
        & tasks.for_account_id.notnull()
        & (tasks.for_account_id != tasks.actor_account_id)
    )
    merged = tasks.filter(tasks.kind == "merged").select("task_id").distinct().mutate(is_merged=True)
    joined = helped.left_join(merged, "task_id").drop("task_id_right")
    return joined.select(
        "occurred_at", "local_at",
        account_id="actor_account_id",
        record_table=ibis.literal("task_events"),
        record_id="event_id",
        other_account_id="for_account_id",
        record_key="task_id",
        credit=joined.is_merged.fill_null(False).ifelse(_FULL, _HALF),
        note=ibis.literal("reviewed or tested a colleague's change"),
    ).select("account_id", "occurred_at", "local_at", "record_table", "record_id", "other_account_id", "record_key",
             "credit", "note")  # fmt: skip


def _partials(tables: Tables) -> ir.Table:
    helped = _assists(tables)
    return daily(helped, quantity=helped.credit, other="other_account_id").union(
        active_days(tables, "ticket_events", "time_entries", "task_events")
    )


def _value(partials: ir.Table, window: Window) -> ir.Table:
    """Credit a month of active days; variance as of counts of uneven size, with half an assist for the unseen."""
    del window
    exposed = partials.filter(_.other_account_id.isnull()).group_by("person_id").agg(n=_.day.nunique())
    given = (
        partials.filter(_.other_account_id.notnull()).group_by("person_id").agg(x=_.total.sum(), xx=_.total_sq.sum())
    )
    every = exposed.left_join(given, "person_id").drop("person_id_right")
    scale = EQUAL_DAYS / every.n
    return every.select(
        "person_id", "n", raw_value=every.x.fill_null(0.0) * scale,
        variance=(every.xx.fill_null(0.0) + 0.5) * scale * scale,
    )  # fmt: skip


def _evidence(tables: Tables) -> ir.Table:
    return _assists(tables).mutate(effect=_.credit).drop("credit", "record_key")


SIGNALS: tuple[Signal, ...] = (
    Signal(
        name="assist_credit",
        label="Help on others' work, in a month",
        family="mentoring",
        unit="tickets",
        direction="high",
        scale="identity",
        min_n=20,
        needs=(("ticket_events", "tickets"), ("time_entries", "tickets"), ("task_events",)),
        horizon_days=90,
        grade="C",
        sentence="Help on colleagues' work was worth {value} in a month of active days (seen on {n} days).",
        explanation="Tickets and changes of a colleague on which the person wrote a note, booked time, reviewed or tested. "
        "One credit where the colleague's work was then done within what its case leads one to expect and did not come "
        "back, a half where it took longer, none where it came back or stayed open. Once a ticket, however often they wrote; "
        "notes on a ticket they held themselves before passing it on do not count.",
        reference="The Leadership DNA framework, 'help others solve problems collaboratively'; the credit rule is ours and graded C.",
        partials=_partials,
        value=_value,
        evidence=_evidence,
    ),
)
