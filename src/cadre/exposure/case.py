"""Cases as facts: resolved tickets with what they were and what became of them, and who held a ticket when.

Keeps true: lazy Ibis over the record; what a source does not tell is missing, never "no". What a case leads one to expect
is fitted elsewhere (`exposure.case_mix`).
"""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
from ibis import _

from cadre.exposure.clock import with_calendar, with_hours

RECURS_DAYS = 14
"""The same category and topic again at the same client within so many days counts as a return."""
FACTORS = ("type", "topic", "text_topic", "priority", "client_id", "channel", "team_id", "weekday", "part", "backlog")
"""What is known of a case before anybody works on it; the levels of each are text."""
PEERS = "role"
"""Of who holds a ticket: only peers tell what would be passed on."""
_OUTSIDE = ("client", "bot")
_ENDS = ("resolved", "closed")

Tables = Mapping[str, ir.Table]


def facts(tables: Tables) -> ir.Table:
    """Every ticket with the levels of its case.

    Returns:
        `ticket_id`, `opened_at`, `opened_local_at`, and `FACTORS`. `topic` is the category, else the topic of its words;
        `team_id` the first team; `part` the four-hour part of the day it was opened in; `backlog` the power of two that
        the team's open tickets then came to.
    """
    tickets, events = tables["tickets"], tables["ticket_events"]
    moved = events.filter(events.to_team_id.notnull() & events.occurred_at.notnull())
    order = ibis.window(group_by="ticket_id", order_by=["occurred_at", "event_id"])
    first = moved.mutate(place=ibis.row_number().over(order)).filter(_.place == 0)
    first = first.select("ticket_id", first_team_id="to_team_id")
    words = tables["ticket_topics"].select("ticket_id", text_topic="topic")
    joined = tickets.left_join(first, "ticket_id").drop("ticket_id_right")
    joined = joined.left_join(words, "ticket_id").drop("ticket_id_right")
    load = _backlog(tickets)
    joined = joined.left_join(load, "ticket_id").drop("ticket_id_right")
    return joined.select(
        "ticket_id", "type", "client_id", "channel", "text_topic", "backlog",
        topic=ibis.coalesce(joined.category, joined.text_topic),
        team_id=ibis.coalesce(joined.first_team_id, joined.team_id),
        priority=joined.priority.cast("string"),
        weekday=joined.local_at.day_of_week.index().cast("string"),
        part=(joined.local_at.hour() / 4).floor().cast("int64").cast("string"),
        opened_at=joined.occurred_at,
        opened_local_at=joined.local_at,
    )  # fmt: skip


def _backlog(tickets: ir.Table) -> ir.Table:
    """Tickets of the team still open when each was opened, as a power of two."""
    dated = tickets.filter(tickets.occurred_at.notnull())
    opens = dated.select("ticket_id", "team_id", at=dated.occurred_at, step=ibis.literal(1))
    ends = dated.filter(dated.resolved_at.notnull() & (dated.resolved_at >= dated.occurred_at))
    ends = ends.select("ticket_id", "team_id", at=ends.resolved_at, step=ibis.literal(-1))
    every = opens.union(ends)
    before = ibis.window(group_by="team_id", order_by=["at", "step", "ticket_id"], preceding=(None, 1))
    open_now = every.mutate(waiting=ibis.greatest(ibis.coalesce(every.step.sum().over(before), 0), 0))
    counted = open_now.filter(_.step == 1)
    return counted.select("ticket_id", backlog=(counted.waiting + 1).log2().floor().cast("int64").cast("string"))


def cases(tables: Tables) -> ir.Table:
    """Resolved tickets with who resolved them, their case and what became of them.

    The resolver is the one the ticket names, else the actor of its last resolving step, else its assignee.

    Returns:
        `ticket_id`, `account_id`, `occurred_at`, `local_at` (of resolution), `open_hours` by the resolver's own calendar,
        `FACTORS`, and the outcomes `reopened`, `late`, `recurred`, `helped` (0 or 1) and `rating_share`, missing where not told.
    """
    tickets, events = tables["tickets"], tables["ticket_events"]
    ends = events.filter(events.kind.isin(_ENDS) & events.actor_account_id.notnull() & events.occurred_at.notnull())
    latest = ibis.window(group_by="ticket_id", order_by=[ibis.desc("occurred_at"), ibis.desc("event_id")])
    last = ends.mutate(place=ibis.row_number().over(latest)).filter(_.place == 0)
    last = last.select("ticket_id", last_actor="actor_account_id", last_local_at="local_at", last_at="occurred_at")
    joined = tickets.left_join(last, "ticket_id").drop("ticket_id_right")
    # The ticket's own resolution instant has no local twin; its span from opening is carried over to the local clock.
    span = joined.resolved_at.epoch_seconds() - joined.occurred_at.epoch_seconds()
    by_ticket = joined.local_at + span.as_interval("s")
    done = joined.select(
        "ticket_id",
        opened_local_at="local_at",
        account_id=ibis.coalesce(joined.resolver_account_id, joined.last_actor, joined.assignee_account_id),
        occurred_at=ibis.coalesce(joined.resolved_at, joined.last_at),
        local_at=joined.resolved_at.isnull().ifelse(joined.last_local_at, by_ticket),
        late=_flag(joined.sla_met.isnull(), ~joined.sla_met),
    )
    done = done.filter(done.account_id.notnull() & done.local_at.notnull())
    timed = with_hours(with_calendar(done, tables), tables, open_hours=("opened_local_at", "local_at"))
    timed = timed.filter(timed.open_hours.notnull()).drop("calendar_id", "opened_local_at")
    known = facts(tables).drop("opened_at", "opened_local_at")
    for part in (known, _reopened(tables), _recurred(tables), _rated(tables), _helped(tables, timed)):
        timed = timed.left_join(part, "ticket_id").drop("ticket_id_right")
    return timed


def _flag(unknown: ir.BooleanValue, happened: ir.BooleanValue) -> ir.FloatingValue:
    return unknown.ifelse(ibis.null("float64"), happened.ifelse(1.0, 0.0))


def _reopened(tables: Tables) -> ir.Table:
    """Whether it was reopened: from its count, else its steps where the source writes any reopening at all."""
    tickets, events = tables["tickets"], tables["ticket_events"]
    again = events.filter(events.kind == "reopened")
    told = again.select("source").distinct().mutate(tells=True)
    ids = again.select("ticket_id").distinct().mutate(again=True)
    joined = tickets.left_join(told, "source").drop("source_right").left_join(ids, "ticket_id")
    happened = joined.again.fill_null(False) | (joined.reopen_count > 0).fill_null(False)
    unknown = joined.reopen_count.isnull() & joined.tells.isnull()
    return joined.select("ticket_id", reopened=_flag(unknown, happened))


def _recurred(tables: Tables) -> ir.Table:
    """Whether the client had the topic again within `RECURS_DAYS` of resolution; missing near the end of the record."""
    tickets = tables["tickets"]
    words = tables["ticket_topics"].select("ticket_id", text_topic="topic")
    named = tickets.left_join(words, "ticket_id").drop("ticket_id_right")
    nothing = ibis.literal("")
    both = ibis.coalesce(named.category, nothing) + ibis.literal("/") + ibis.coalesce(named.text_topic, nothing)
    told = named.category.notnull() | named.text_topic.notnull()
    named = named.mutate(topic=told.ifelse(both, ibis.null("string")))
    named = named.filter(named.topic.notnull() & named.client_id.notnull() & named.occurred_at.notnull())
    named = named.filter(named.parent_ticket_id.isnull())
    opens = named.select("ticket_id", "client_id", "topic", at=named.occurred_at, opened=named.occurred_at)
    done = named.filter(named.resolved_at.notnull()).select(
        "ticket_id", "client_id", "topic", at="resolved_at", opened=ibis.null(named.occurred_at.type())
    )
    every = opens.union(done)
    after = ibis.window(group_by=["client_id", "topic"], order_by=["at", "ticket_id"], following=(1, None))
    seen = every.mutate(next_at=every.opened.min().over(after)).filter(_.opened.isnull())
    newest = tickets.agg(newest=tickets.occurred_at.max())
    seen = seen.cross_join(newest)
    gap = (seen.next_at.epoch_seconds() - seen["at"].epoch_seconds()).cast("float64") / 86_400
    left = (seen.newest.epoch_seconds() - seen["at"].epoch_seconds()).cast("float64") / 86_400
    again = (gap <= RECURS_DAYS).fill_null(False)
    return seen.select("ticket_id", recurred=_flag(left < RECURS_DAYS, again))


def _rated(tables: Tables) -> ir.Table:
    rated = tables["ratings"].filter(_.ticket_id.notnull())
    return rated.group_by("ticket_id").agg(rating_share=rated.score_share.mean())


def _helped(tables: Tables, done: ir.Table) -> ir.Table:
    """Whether a colleague who never held it wrote or booked time on it; missing where nobody's writing is recorded."""
    events, booked = tables["ticket_events"], tables["time_entries"]
    outside = tables["person_accounts"].filter(_.kind.isin(_OUTSIDE)).select("account_id")
    notes = events.filter(events.kind.isin(["note", "reply"]) & events.actor_account_id.notnull())
    wrote = notes.select("ticket_id", account_id="actor_account_id")
    hours = booked.filter(booked.ticket_id.notnull()).select("ticket_id", "account_id")
    touched = wrote.union(hours).distinct().anti_join(outside, "account_id")
    held = events.filter(events.from_account_id.notnull()).select("ticket_id", account_id="from_account_id")
    held = held.union(events.filter(events.to_account_id.notnull()).select("ticket_id", account_id="to_account_id"))
    helpers = touched.anti_join(held.distinct(), ["ticket_id", "account_id"])
    owned = done.select("ticket_id", owner="account_id")
    by_others = helpers.join(owned, "ticket_id").filter(_.account_id != _.owner).select("ticket_id").distinct()
    joined = done.select("ticket_id").left_join(by_others.mutate(is_helped=True), "ticket_id")
    seen = touched.count().as_scalar() > 0
    return joined.select("ticket_id", helped=_flag(~seen, joined.is_helped.fill_null(False)))


def holds(tables: Tables) -> ir.Table:
    """A ticket and an account that held it, with what it did with it.

    Returns:
        `ticket_id`, `account_id`, `occurred_at` and `local_at` of first getting it, `event_id`, `from_account_id`, when, to
        whom and by which step the account itself passed it on (missing where it did not), whether to another team, when the
        account itself took it back after that or somebody else gave it back, `FACTORS` and the holder's `role`. Getting it from oneself is no hold.
    """
    events = tables["ticket_events"]
    moves = events.filter(events.to_account_id.notnull() | events.to_team_id.notnull())
    got = moves.filter(
        moves.to_account_id.notnull()
        & (moves.from_account_id.isnull() | (moves.from_account_id != moves.to_account_id))
    )
    order = ibis.window(group_by=["ticket_id", "account_id"], order_by=["occurred_at", "event_id"])
    first = got.select(
        "ticket_id", "event_id", "from_account_id", "local_at", "occurred_at", account_id="to_account_id"
    )
    first = first.mutate(place=ibis.row_number().over(order)).filter(_.place == 0).drop("place")
    away = moves.filter(
        (moves.from_account_id == moves.actor_account_id) & (moves.to_account_id != moves.from_account_id)
    )
    given = away.select(
        "ticket_id", "event_id", "occurred_at", "local_at", "to_account_id",
        account_id="from_account_id", escalated=(away.to_team_id.notnull() & (away.kind == "escalated"))
        | (away.from_team_id.notnull() & away.to_team_id.notnull() & (away.from_team_id != away.to_team_id)),
    )  # fmt: skip
    given = given.mutate(place=ibis.row_number().over(order)).filter(_.place == 0)
    given = given.select("ticket_id", "account_id", "to_account_id", passed_at="occurred_at", passed_local_at="local_at",
                         passed_event_id="event_id", is_escalated="escalated")  # fmt: skip
    held = first.left_join(given, ["ticket_id", "account_id"]).drop("ticket_id_right", "account_id_right")
    back = got.select("ticket_id", account_id="to_account_id", back_at="occurred_at", by="actor_account_id")
    returned = held.select("ticket_id", "account_id", "passed_at").join(back, ["ticket_id", "account_id"])
    returned = returned.filter(returned.back_at > returned.passed_at)
    own, nothing = returned.by == returned.account_id, ibis.null(returned.back_at.type())
    returned = returned.group_by("ticket_id", "account_id").agg(
        taken_back_at=own.ifelse(returned.back_at, nothing).min(),
        came_back_at=own.ifelse(nothing, returned.back_at).min(),
    )
    held = held.left_join(returned, ["ticket_id", "account_id"]).drop("ticket_id_right", "account_id_right")
    known = facts(tables).drop("opened_at", "opened_local_at")
    held = held.left_join(known, "ticket_id").drop("ticket_id_right")
    roles = tables["person_accounts"].join(tables["people"].select("person_id", "role"), "person_id")
    held = held.left_join(roles.select("account_id", "role"), "account_id").drop("account_id_right")
    return held.mutate(passed=held.passed_at.notnull().ifelse(1.0, 0.0))
