"""Strategy: how much of the work goes to causes, and whether what was solved stays solved.

A case is a ticket about one client's one trouble; work on a cause is a task, a ticket whose type says so, or an article.
"""

import ibis
import ibis.expr.types as ir
from ibis import _

from cadre.signals.partial import against, daily, mean_against
from cadre.signals.signal import Signal, Tables, Window

_CAUSE = r"(^|[^a-z])(problem|change|project|projekt|änderung|improvement|root.cause)"
"""Types of tickets that are about causes: problem and change management (ITIL 4) and project work."""
_HOURS, _STEPS = 0, 2
"""Bins of booked hours and of steps; one more where they went to causes."""


def _kinds(tables: Tables) -> ir.Table:
    """Every ticket, and whether it is about a cause; one whose type is not told is a case."""
    tickets = tables["tickets"]
    return tickets.select("ticket_id", is_cause=tickets.type.lower().re_search(_CAUSE).fill_null(False))


def _booked(tables: Tables) -> ir.Table:
    """Hours on tickets and tasks; hours with neither, such as leave or travel, say nothing about either."""
    booked = tables["time_entries"].filter((_.ticket_id.notnull() | _.task_id.notnull()) & (_.hours > 0))
    joined = booked.left_join(_kinds(tables), "ticket_id").drop("ticket_id_right")
    return joined.select(
        "account_id", "occurred_at", "local_at", "hours",
        record_table=ibis.literal("time_entries"),
        record_id="time_entry_id",
        is_cause=joined.task_id.notnull() | joined.is_cause.fill_null(False),
    )  # fmt: skip


def _steps(tables: Tables) -> ir.Table:
    """Work that is seen without hours: once an account, day and piece of work, however often it was touched."""
    events, tasks = tables["ticket_events"], tables["task_events"]
    wrote, used = tables["articles"], tables["article_events"].filter(_.kind == "edited")
    worked = events.join(_kinds(tables), "ticket_id")
    worked = worked.select("occurred_at", "local_at", "is_cause", account_id="actor_account_id", work="ticket_id",
                           record_table=ibis.literal("ticket_events"), record_id="event_id")  # fmt: skip
    causes = [
        table.select("occurred_at", "local_at", is_cause=ibis.literal(value=True), account_id=account, work=work,
                     record_table=ibis.literal(name), record_id=key)
        for table, account, work, name, key in (
            (tasks, "actor_account_id", "task_id", "task_events", "event_id"),
            (wrote, "account_id", "article_id", "articles", "article_id"),
            (used, "account_id", "article_id", "article_events", "event_id"),
        )
    ]  # fmt: skip
    columns = ("account_id", "occurred_at", "local_at", "work", "record_table", "record_id", "is_cause")
    every = ibis.union(*(part.select(*columns) for part in (worked, *causes)))
    every = every.filter(every.account_id.notnull() & every.local_at.notnull())
    every = every.mutate(day=every.local_at.date())
    first = ibis.window(group_by=["account_id", "day", "work"], order_by=["occurred_at", "record_table", "record_id"])
    return every.mutate(place=ibis.row_number().over(first)).filter(_.place == 0).drop("place", "day", "work")


def _prevention_partials(tables: Tables) -> ir.Table:
    booked, steps = _booked(tables), _steps(tables)
    hours = daily(booked, quantity=booked.hours, bin_=booked.is_cause.ifelse(_HOURS + 1, _HOURS))
    times = daily(steps, quantity=ibis.literal(1.0), bin_=steps.is_cause.ifelse(_STEPS + 1, _STEPS))
    return hours.union(times)


def _prevention_value(partials: ir.Table, window: Window) -> ir.Table:
    """Share by hours where anybody booked any, else by steps; nothing where nobody is seen at work on causes.

    The variance is that of the logit, as of so many equal observations as the uneven hours are worth (Kish 1965).
    """
    del window
    anybody = partials.agg(has_hours=(partials.bin <= _HOURS + 1).any().fill_null(False))
    every = partials.cross_join(anybody)
    every = every.filter((every.bin <= _HOURS + 1) == every.has_hours)
    is_cause = every.bin.isin([_HOURS + 1, _STEPS + 1])
    every = every.mutate(on_causes=is_cause.ifelse(every.total, 0.0))
    sums = every.group_by("person_id").agg(
        n=_.n.sum(), k=_.on_causes.sum(), x=_.total.sum(), xx=_.total_sq.sum()
    )  # fmt: skip
    told = sums.cross_join(every.agg(firm=every.on_causes.sum())).filter(_.firm > 0)
    part, worth = told.k / told.x, told.x * told.x / told.xx
    return told.select(
        "person_id", "n", raw_value=part,
        variance=1 / (part * worth + 0.5) + 1 / ((1 - part) * worth + 0.5),
    )  # fmt: skip


def _prevention_evidence(tables: Tables) -> ir.Table:
    columns = ("account_id", "occurred_at", "local_at", "record_table", "record_id", "is_cause")
    booked, steps = _booked(tables), _steps(tables)
    has_hours = booked.count().as_scalar() > 0
    every = booked.select(*columns).union(steps.filter(~has_hours).select(*columns))
    return every.select(
        "account_id", "occurred_at", "local_at", "record_table", "record_id",
        other_account_id=ibis.null("string"),
        effect=every.is_cause.ifelse(1.0, 0.0),
        note=every.is_cause.ifelse("work on a cause", "work on a single case"),
    )  # fmt: skip


def _returns(tables: Tables) -> ir.Table:
    """Resolved tickets of which it is known whether the trouble came back, and how often such cases do."""
    solved = tables["ticket_expectations"].filter(_.recurred.notnull() & _.expected_recurred.notnull())
    return solved.mutate(came_back_more=solved.recurred - solved.expected_recurred)


def _recurrence_partials(tables: Tables) -> ir.Table:
    solved = _returns(tables)
    return against(solved, quantity=solved.came_back_more, doubt=solved.doubt_recurred)


def _recurrence_evidence(tables: Tables) -> ir.Table:
    solved = _returns(tables)
    return solved.select(
        "account_id", "occurred_at", "local_at",
        record_table=ibis.literal("tickets"),
        record_id="ticket_id",
        other_account_id=ibis.null("string"),
        effect="came_back_more",
        note=(solved.recurred > 0).ifelse(
            "resolved; the client had the same again within two weeks", "resolved; it did not come back"
        ),
    )  # fmt: skip


SIGNALS: tuple[Signal, ...] = (
    Signal(
        name="prevention_share",
        label="Work on causes",
        family="strategy",
        unit="share",
        direction="context",
        scale="logit",
        min_n=30,
        needs=(
            ("time_entries",),
            ("ticket_events", "tasks"),
            ("ticket_events", "articles"),
            ("ticket_events", "tickets"),
        ),
        horizon_days=90,
        grade="C",
        sentence="Spent {value} of the work seen on causes and not on single cases ({n} pieces of work).",
        explanation="Hours booked on tasks and on tickets whose type says problem, change or project, over all hours booked on "
        "tickets and tasks. Where the firm books no time, pieces of work a day in place of hours, articles written and edited "
        "among the causes. A ticket without a type is a case. Neither way is better: it depends on the role. Missing where "
        "nobody in the firm is seen at work on causes.",
        reference="The Leadership DNA framework, 'strategic against reactive work'; problem management as in ITIL 4; effective "
        "number of observations after Kish 1965.",
        partials=_prevention_partials,
        value=_prevention_value,
        evidence=_prevention_evidence,
    ),
    Signal(
        name="recurrence",
        label="Trouble that comes back",
        family="strategy",
        unit="points",
        direction="low",
        scale="identity",
        min_n=30,
        needs=(("tickets",),),
        horizon_days=30,
        grade="C",
        sentence="The same came back {value} of 100 tickets more than for peers with the same cases ({n} tickets; below zero is "
        "less).",
        explanation="For each ticket the person resolved: whether the client had the same topic again within 14 days, less how "
        "often that happens with such cases (type, topic, priority, client, channel, team, time, open work). Fitted without "
        "the person's own tickets. Tickets without topic or client and those of the newest two weeks are not counted. What "
        "comes back may be nobody's doing, such as a line that fails again.",
        reference="The Leadership DNA framework, 'fixing causes'; case-mix adjustment as in Iezzoni 2013.",
        partials=_recurrence_partials,
        value=mean_against,
        evidence=_recurrence_evidence,
    ),
)
