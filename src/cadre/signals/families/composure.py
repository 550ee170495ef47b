"""Composure: what a person does while an incident lasts, told by their turns and steps, never by how they feel.

An incident's conversation is a channel of kind `incident`, or the notes and replies on a major ticket. A ticket is an
incident for `INCIDENT_DAYS` from its opening; what stays open longer is no longer handled as one.
"""

from datetime import timedelta

import ibis
import ibis.expr.types as ir
from ibis import _

from cadre.signals.partial import daily, mean_over_days, share
from cadre.signals.signal import Signal, Tables, Window
from cadre.signals.turns import accounts_of, does, turns

INCIDENT_DAYS = 14
AROUND_DAYS = 2
"""Others' turns in the same conversation so many days before and after a turn are what it is compared with."""
LEAST_OTHERS = 5
"""Turns of others under which there is nothing to compare with."""
LEAST_HELD_HOURS = 0.5
"""Who held an incident for less could neither update nor fail to: quick fixes and closing for others tell nothing."""
FLOOR_HOURS = 0.1
"""Shorter silences are alike: six minutes."""
UNSURE_LOG_VARIANCE = 1.0
"""Variance of log hours where no person had two incidents: a factor of e either way."""
SETTLED_DAYS = 14
"""An escalation that came back later than this did not come back because of how it was passed on."""
_PASSED_DAYS = 60
_COORDINATING = ("question", "request", "instruction", "decision", "status")


def _incident_turns(tables: Tables) -> ir.Table:
    """Turns of staff in incidents' conversations, with whether each coordinates (1 or 0)."""
    said = turns(tables)
    channels = tables["channels"].filter(_.kind == "incident").select(container_id="channel_id")
    chat = said.filter(said.record_table == "messages").semi_join(channels, "container_id")
    major = tables["tickets"].filter(_.is_major.fill_null(False) & _.local_at.notnull())
    major = major.select(container_id="ticket_id", opened_local_at="local_at")
    notes = said.filter(said.record_table == "ticket_events").join(major, "container_id")
    since = notes.local_at.epoch_seconds() - notes.opened_local_at.epoch_seconds()
    notes = notes.filter((since >= 0) & (since <= INCIDENT_DAYS * 86_400)).drop("opened_local_at")
    both = chat.union(notes.select(*chat.columns)).anti_join(accounts_of(tables, "client"), "account_id")
    return both.mutate(day=both.local_at.date(), coordinates=does(both, *_COORDINATING).ifelse(1, 0).cast("float64"))


def _coordinated(tables: Tables) -> ir.Table:
    """Turns in incidents with how much more they coordinate than others' turns there, those of the person left out."""
    said = _incident_turns(tables)
    mine = said.group_by("container_id", "account_id", "day").agg(n=said.count(), k=said.coordinates.sum())
    around = mine.select("container_id", near_day="day", other="account_id", n="n", k="k").view()
    days = mine.select("container_id", "account_id", "day")
    near = days.join(around, "container_id")
    apart = near.day.cast("timestamp").epoch_seconds() - near.near_day.cast("timestamp").epoch_seconds()
    near = near.filter((near.other != near.account_id) & (apart.abs() <= AROUND_DAYS * 86_400))
    others = near.group_by("container_id", "account_id", "day").agg(others_n=near.n.sum(), others_k=near.k.sum())
    others = others.filter(others.others_n >= LEAST_OTHERS)
    joined = said.join(others, ["container_id", "account_id", "day"])
    return joined.mutate(more=joined.coordinates - joined.others_k / joined.others_n)


def _coordinated_partials(tables: Tables) -> ir.Table:
    said = _coordinated(tables)
    return daily(said, quantity=said.more)


def _coordinated_evidence(tables: Tables) -> ir.Table:
    said = _coordinated(tables)
    coordinates = said.coordinates > 0
    return said.select(
        "account_id", "record_table", "record_id", "occurred_at", "local_at",
        effect=said.more,
        note=coordinates.ifelse(
            "in an incident: asked, assigned, decided or told the state", "in an incident: something else"
        ),
    )  # fmt: skip


def _silences(tables: Tables) -> ir.Table:
    """Incidents with the longest silence towards the client from when their owner got them until they were resolved."""
    tickets, events, held = tables["tickets"], tables["ticket_events"], tables["ticket_holds"]
    owned = tickets.filter((tickets.is_major.fill_null(False)) | (tickets.priority == 1).fill_null(False))
    owned = owned.filter(owned.resolved_at.notnull() & owned.local_at.notnull()).select(
        "ticket_id", "local_at", "resolved_at", opened_at="occurred_at",
        account_id=ibis.coalesce(owned.resolver_account_id, owned.assignee_account_id),
    )  # fmt: skip
    got = held.group_by("ticket_id", "account_id").agg(got_at=held.occurred_at.min())
    owned = owned.left_join(got, ["ticket_id", "account_id"]).drop("ticket_id_right", "account_id_right")
    from_at = (owned.got_at > owned.opened_at).fill_null(False).ifelse(owned.got_at, owned.opened_at)
    owned = owned.mutate(from_at=from_at)
    lasted = _hours(owned.from_at, owned.resolved_at)
    owned = owned.filter(
        owned.account_id.notnull()
        & (lasted >= LEAST_HELD_HOURS)
        & (_hours(owned.opened_at, owned.resolved_at) <= INCIDENT_DAYS * 24)
    )
    # A source that never tells what the client sees would make every incident one long silence.
    told = events.filter(events.visibility.notnull() | (events.kind == "reply")).select("ticket_id").distinct()
    owned = owned.semi_join(told, "ticket_id")
    outside = accounts_of(tables, "client", "bot")
    public = events.filter((events.visibility == "public") | (events.visibility.isnull() & (events.kind == "reply")))
    public = public.filter(public.kind.isin(["reply", "note"]) & public.actor_account_id.notnull())
    public = public.select("ticket_id", "occurred_at", account_id="actor_account_id").anti_join(outside, "account_id")
    spoke = owned.select("ticket_id", "from_at", "resolved_at").join(public.drop("account_id"), "ticket_id")
    spoke = spoke.filter((spoke.occurred_at > spoke.from_at) & (spoke.occurred_at < spoke.resolved_at))
    points = spoke.select("ticket_id", "from_at", "occurred_at").union(
        owned.select("ticket_id", "from_at", occurred_at="resolved_at")
    )
    order = ibis.window(group_by="ticket_id", order_by="occurred_at")
    before = ibis.coalesce(points.occurred_at.lag().over(order), points.from_at)
    gaps = points.mutate(gap=_hours(before, points.occurred_at))
    longest = gaps.group_by("ticket_id").agg(hours=gaps.gap.max())
    joined = owned.join(longest, "ticket_id")
    return joined.mutate(log_hours=ibis.greatest(joined.hours, ibis.literal(FLOOR_HOURS)).ln())


def _hours(start: ir.TimestampValue, end: ir.TimestampValue) -> ir.FloatingValue:
    return (end.epoch_seconds() - start.epoch_seconds()).cast("float64") / 3600


def _silence_partials(tables: Tables) -> ir.Table:
    found = _silences(tables)
    return daily(found, quantity=found.log_hours)


def _silence_value(partials: ir.Table, window: Window) -> ir.Table:
    """Geometric mean of the longest silences; the variance within persons is pooled, since each has few incidents."""
    del window
    sums = partials.group_by("person_id").agg(n=partials.n.sum(), x=partials.total.sum(), xx=partials.total_sq.sum())
    uneven = ibis.greatest(sums.xx - sums.x * sums.x / sums.n, ibis.literal(0.0))
    firm = sums.agg(uneven=uneven.sum(), free=(sums.n - 1).sum())
    both = sums.cross_join(firm)
    # One observation of the unsure variance keeps a firm with alike incidents from being too sure.
    within = (both.uneven + UNSURE_LOG_VARIANCE) / (both.free + 1)
    return both.select("person_id", "n", raw_value=(both.x / both.n).exp(), variance=within / both.n)


def _silence_evidence(tables: Tables) -> ir.Table:
    found = _silences(tables)
    return found.select(
        "account_id", "local_at",
        occurred_at="opened_at",
        record_table=ibis.literal("tickets"),
        record_id="ticket_id",
        effect="hours",
        note=ibis.literal("longest silence towards the client in an incident, in hours"),
    )  # fmt: skip


def _escalated(tables: Tables) -> ir.Table:
    """Tickets the account passed to another team, with whether they stayed there."""
    held = tables["ticket_holds"]
    given = held.filter(held.is_escalated.fill_null(False) & held.passed_at.notnull())
    waited = given.passed_local_at.epoch_seconds() - given.local_at.epoch_seconds()
    given = given.filter(waited <= _PASSED_DAYS * 86_400)
    back = given.came_back_at.epoch_seconds() - given.passed_at.epoch_seconds()
    came_back = (back <= SETTLED_DAYS * 86_400).fill_null(False)
    return given.select(
        "account_id",
        other_account_id="to_account_id",
        occurred_at="passed_at",
        local_at="passed_local_at",
        record_id="passed_event_id",
        stayed=came_back.ifelse(0.0, 1.0),
    )


def _escalated_partials(tables: Tables) -> ir.Table:
    given = _escalated(tables)
    return daily(given, quantity=given.stayed, other="other_account_id")


def _escalated_value(partials: ir.Table, window: Window) -> ir.Table:
    """Share that stayed, of those passed on long enough before the window's end to know."""
    return share(partials.filter(partials.day < ibis.literal(window.end - timedelta(days=SETTLED_DAYS))), window)


def _escalated_evidence(tables: Tables) -> ir.Table:
    given = _escalated(tables)
    return given.select(
        "account_id", "other_account_id", "occurred_at", "local_at", "record_id",
        record_table=ibis.literal("ticket_events"),
        effect="stayed",
        note=(given.stayed > 0).ifelse("passed to another team and stayed there", "passed to another team and came back"),
    )  # fmt: skip


SIGNALS: tuple[Signal, ...] = (
    Signal(
        name="coordination_share",
        label="Coordinating in incidents",
        family="composure",
        unit="points",
        direction="high",
        scale="identity",
        min_n=20,
        needs=(("messages", "channels"), ("ticket_events", "tickets")),
        horizon_days=INCIDENT_DAYS + AROUND_DAYS + 1,
        grade="C",
        sentence="Coordinated {value} more than others in the same incidents ({n} turns; below zero is less).",
        explanation="Turns in incident channels and on major tickets, and whether each asks, assigns, decides or tells the "
        "state, less the share among others' turns in the same conversation within "
        f"{AROUND_DAYS} days. Writing more does not raise it. Turns that do not read as prose, and conversations with fewer "
        f"than {LEAST_OTHERS} turns of others, are left out; calls leave no turns. Whoever is put in charge coordinates more.",
        reference="Share against an equal share as in shared-leadership measures (Pearce and Conger 2003); coordination in "
        "incidents as in the Incident Command System. The acts counted are ours.",
        partials=_coordinated_partials,
        value=mean_over_days,
        evidence=_coordinated_evidence,
    ),
    Signal(
        name="update_gap_hours",
        label="Longest silence in an incident",
        family="composure",
        unit="hours",
        direction="low",
        scale="log",
        min_n=3,
        needs=(("tickets", "ticket_events"),),
        horizon_days=INCIDENT_DAYS + 1,
        grade="C",
        sentence="The client heard nothing for {value} by the clock in a typical incident they owned ({n} incidents).",
        explanation="Major and priority-1 tickets the person resolved (or holds, where the source names no resolver): the "
        "longest time without a public reply by the firm, from when it came to them until it was resolved, in hours by the "
        "wall clock, nights included. Anybody's reply counts. Incidents held for less than half an hour or open for more than "
        f"{INCIDENT_DAYS} days, still open, or on tickets where the source does not tell what the client sees, are left out; so "
        "are calls and chat, which no source ties to a ticket. A quick fix makes it short.",
        reference="Regular updates to those affected: ITIL 4, incident management; the longest gap as the measure is ours.",
        partials=_silence_partials,
        value=_silence_value,
        evidence=_silence_evidence,
    ),
    Signal(
        name="escalation_fit",
        label="Escalations that stayed",
        family="composure",
        unit="share",
        direction="high",
        scale="logit",
        min_n=8,
        needs=(("ticket_events",),),
        horizon_days=_PASSED_DAYS + SETTLED_DAYS + 1,
        grade="C",
        sentence="Of the tickets they passed to another team, {value} did not come back ({n} tickets).",
        explanation="Tickets the person held and passed to another team, and which of them nobody gave back within "
        f"{SETTLED_DAYS} days. Those of the last {SETTLED_DAYS} days are not counted yet. A ticket the person took back is not "
        "one that came back. Missing where little was escalated, or the source tells no teams. Passing on less is no merit "
        "here, and a ticket that stays may still have been passed on too late.",
        reference="Ticket bouncing between groups: Shao, Chen, Tao, Yan, Anerousis 2008; the Leadership DNA framework.",
        partials=_escalated_partials,
        value=_escalated_value,
        evidence=_escalated_evidence,
    ),
)
