"""Load: when and with whom the work was done. Context for reading other signals, never better or worse."""

import ibis
import ibis.expr.types as ir
from ibis import _

from cadre.exposure import with_calendar
from cadre.signals.partial import daily, share
from cadre.signals.signal import Signal, Tables, Window

_GRACE_HOURS = 0.5
"""So near to a working span an act counts as within it: nobody starts and stops on the minute."""
_OUTSIDE = 24
"""Added to the hour of the day, 0 to 23, in the bin of acts outside working hours."""


def _acts(tables: Tables) -> ir.Table:
    """What accounts did, with the minute it was done; booked time is left out, since it is often booked by day."""
    messages, events, tasks = tables["messages"], tables["ticket_events"], tables["task_events"]
    parts = [
        table.select("occurred_at", "local_at", account_id=account, record_table=ibis.literal(name), record_id=key)
        for table, account, name, key in (
            (messages.filter(messages.kind == "message"), "account_id", "messages", "message_id"),
            (events, "actor_account_id", "ticket_events", "event_id"),
            (tasks, "actor_account_id", "task_events", "event_id"),
        )
    ]
    every = ibis.union(*parts)
    return every.filter(every.account_id.notnull() & every.local_at.notnull())


def _timed(tables: Tables) -> ir.Table:
    """Acts on days for which the person's own week is known, with `is_outside`."""
    weeks = tables["schedules"]
    weeks = weeks.filter((weeks.kind == "work") & weeks.start_hour.notnull() & weeks.end_hour.notnull())
    known = weeks.group_by("person_id").agg(
        first_on=weeks.started_on.coalesce(ibis.date("1900-01-01")).min(),
        last_on=weeks.ended_on.coalesce(ibis.date("2999-12-31")).max(),
    )
    acts = with_calendar(_acts(tables), tables)
    acts = acts.mutate(day=acts.local_at.date())
    told = acts.join(known, [acts.calendar_id == known.person_id])
    told = told.filter((told.day >= told.first_on) & (told.day <= told.last_on)).drop("person_id")
    days = tables["working_days"]
    placed = told.join(days, ["calendar_id", "day"])
    at = (placed.local_at.epoch_seconds() - placed.day.cast("timestamp").epoch_seconds()).cast("float64") / 3600
    inside = _between(at, placed.first_start, placed.first_end) | _between(at, placed.second_start, placed.second_end)
    return placed.select("account_id", "occurred_at", "local_at", "record_table", "record_id", is_outside=~inside)


def _between(at: ir.FloatingValue, start: ir.FloatingValue, end: ir.FloatingValue) -> ir.BooleanValue:
    return ((at >= start - _GRACE_HOURS) & (at <= end + _GRACE_HOURS)).fill_null(False)


def _after_partials(tables: Tables) -> ir.Table:
    acts = _timed(tables)
    outside = acts.is_outside.ifelse(1.0, 0.0)
    return daily(acts, quantity=outside, bin_=acts.local_at.hour() + acts.is_outside.ifelse(_OUTSIDE, 0))


def _after_value(partials: ir.Table, window: Window) -> ir.Table:
    """Share of clock hours with an act; ten messages in an hour are one, and so are acts on two accounts."""
    hours = partials.select(
        "person_id", "day", "bin", n=ibis.literal(1), total=(partials.bin >= _OUTSIDE).ifelse(1.0, 0.0)
    )
    return share(hours.distinct(), window)


def _after_evidence(tables: Tables) -> ir.Table:
    acts = _timed(tables)
    return acts.select(
        "account_id", "occurred_at", "local_at", "record_table", "record_id",
        other_account_id=ibis.null("string"),
        effect=acts.is_outside.ifelse(1.0, 0.0),
        note=acts.is_outside.ifelse("outside working hours", "within working hours"),
    )  # fmt: skip


def _solved(tables: Tables) -> ir.Table:
    solved = tables["ticket_expectations"].filter(_.helped.notnull())
    return solved.mutate(is_alone=solved.helped == 0)


def _solo_partials(tables: Tables) -> ir.Table:
    solved = _solved(tables)
    return daily(solved, quantity=solved.is_alone.ifelse(1.0, 0.0))


def _solo_evidence(tables: Tables) -> ir.Table:
    solved = _solved(tables)
    return solved.select(
        "account_id", "occurred_at", "local_at",
        record_table=ibis.literal("tickets"),
        record_id="ticket_id",
        other_account_id=ibis.null("string"),
        effect=solved.is_alone.ifelse(1.0, 0.0),
        note=solved.is_alone.ifelse("resolved with nobody else's hand seen on it", "resolved, a colleague took part"),
    )  # fmt: skip


SIGNALS: tuple[Signal, ...] = (
    Signal(
        name="after_hours_share",
        label="Work outside own hours",
        family="load",
        unit="share",
        direction="context",
        scale="logit",
        min_n=40,
        needs=(("schedules", "messages"), ("schedules", "ticket_events"), ("schedules", "task_events")),
        horizon_days=1,
        grade="C",
        sentence="{value} of the hours with work seen lay outside their own working hours ({n} hours).",
        explanation="Clock hours in which the person wrote a message, took a step on a ticket or worked on a task, and which of "
        "them lay more than half an hour outside the person's own week, on leave or on a holiday. Who works shifts, nights or "
        "part-time is held against their own week. Time on call counts as outside. Missing for who has no working week on the "
        "roster. Neither way is better: it tells of load.",
        reference="Time outside one's own hours as exposure to overload, as in the Copenhagen Psychosocial Questionnaire III "
        "(Burr et al. 2019), 'work-life conflict'; counted from records here.",
        partials=_after_partials,
        value=_after_value,
        evidence=_after_evidence,
    ),
    Signal(
        name="solo_share",
        label="Tickets resolved alone",
        family="load",
        unit="share",
        direction="context",
        scale="logit",
        min_n=15,
        needs=(("ticket_events", "tickets"), ("time_entries", "tickets")),
        horizon_days=30,
        grade="C",
        sentence="Nobody else's hand was seen on {value} of the tickets they resolved ({n} tickets).",
        explanation="Tickets the person resolved on which no colleague who never held them wrote or booked time. Help by voice "
        "leaves no trace. Neither way is better: simple tickets need nobody.",
        reference="Joint cases as in van der Aalst, Reijers, Song 2005.",
        partials=_solo_partials,
        value=share,
        evidence=_solo_evidence,
    ),
)
