"""Help on work that others own, credited by what became of it; one row a helper and piece of work."""

import ibis
import ibis.expr.types as ir
from ibis import _

from cadre.signals.signal import Tables

_FULL, _HALF, _NONE = 1.0, 0.5, 0.0
_LEAST_WORDS = 8
"""Words from which a note can hold help by itself; a shorter one counts where it names the owner or its writer booked time."""


def assists(tables: Tables) -> ir.Table:
    """First help of each helper on each ticket or task of somebody else, with its credit.

    Args:
        tables: The record; reads `ticket_events`, `ticket_annotations`, `time_entries`, `tickets`, `ticket_expectations`,
            `task_events` and `stated_help`.

    Returns:
        One row per helper and ticket or task: `account_id` (who helped), `other_account_id` (whose work it is),
        `occurred_at`, `local_at`, `record_table`, `record_id`, `record_key` (the ticket or task), `note` and `credit`:
        1 where the work was then done in the time its case leads one to expect and did not come back, 0.5 where it took
        longer, 0 where it came back or stayed open; 0.5 for help without a trace that the colleague confirmed.
    """
    first = ibis.window(group_by=["account_id", "record_key"], order_by=["occurred_at", "record_id"])
    helped = ibis.union(_ticket_help(tables), _task_help(tables), _stated_help(tables))
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
    hours = booked.filter(booked.ticket_id.notnull()).select(
        "ticket_id", "occurred_at", "local_at", account_id="account_id", record_id="time_entry_id",
        record_table=ibis.literal("time_entries"), is_bare=ibis.literal(value=False), named=ibis.null("array<string>"),
    )  # fmt: skip
    notes = _notes(tables, hours).select(*hours.columns)
    # What somebody wrote on a ticket they held before passing it on is their own work, not help.
    held = events.filter(events.from_account_id.notnull()).select("ticket_id", account_id="from_account_id").distinct()
    given = notes.union(hours).anti_join(held, ["ticket_id", "account_id"])
    helped = given.join(owned, "ticket_id").filter(_.account_id.notnull() & (_.account_id != _.owner))
    # Notes that say next to nothing to nobody are easily written on every ticket and help with none.
    helped = helped.filter(~helped.is_bare | helped.named.contains(helped.owner).fill_null(False))
    came_back = helped.reopen_count.fill_null(0) > 0
    in_time = helped.log_ratio.fill_null(0.0) <= 0
    credit = (~helped.is_resolved | came_back).ifelse(_NONE, in_time.ifelse(_FULL, _HALF))
    return helped.select(
        "account_id", "occurred_at", "local_at", "record_table", "record_id",
        other_account_id="owner", record_key="ticket_id", credit=credit,
        note=ibis.literal("helped on a colleague's ticket"),
    )  # fmt: skip


def _notes(tables: Tables, hours: ir.Table) -> ir.Table:
    """Notes and replies; `is_bare` where few words were read, without time booked on the ticket. Unread ones are not bare."""
    events = tables["ticket_events"]
    wrote = events.filter(events.kind.isin(["note", "reply"])).select(
        "ticket_id", "occurred_at", "local_at", account_id="actor_account_id", record_id="event_id",
        record_table=ibis.literal("ticket_events"), named="mention_account_ids",
    )  # fmt: skip
    read = tables["ticket_annotations"].filter(_.is_readable & (_.word_count < _LEAST_WORDS))
    short = read.select(record_id="event_id", is_short=ibis.literal(value=True))
    worked = hours.select("ticket_id", "account_id").distinct().mutate(has_worked=ibis.literal(value=True))
    told = wrote.left_join(short, "record_id").drop("record_id_right")
    told = told.left_join(worked, ["ticket_id", "account_id"]).drop("ticket_id_right", "account_id_right")
    return told.mutate(is_bare=told.is_short.fill_null(False) & ~told.has_worked.fill_null(False))


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


def _stated_help(tables: Tables) -> ir.Table:
    said = tables["stated_help"]
    # A ticket that the record shows help on already is counted there.
    key = ibis.coalesce(said.ticket_id, ibis.literal("stated ") + said.statement_id)
    return said.select(
        "account_id", "occurred_at", "local_at",
        record_table=ibis.literal("stated_help"), record_id="statement_id", other_account_id="other_account_id",
        record_key=key, credit=ibis.literal(_HALF), note=ibis.literal("help they said they gave, confirmed by the colleague"),
    ).select("account_id", "occurred_at", "local_at", "record_table", "record_id", "other_account_id", "record_key",
             "credit", "note")  # fmt: skip
