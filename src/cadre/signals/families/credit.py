"""Credit: whether those who helped on a ticket are named by the one who resolved it."""

import ibis
import ibis.expr.types as ir
from ibis import _

from cadre.signals.partial import bin_of, daily
from cadre.signals.signal import Signal, Tables, Window

_BEFORE_DAYS, _AFTER_DAYS = 90, 14
"""Help counts so long before the resolution, and naming so long after it: what decides a day lies near it."""
_ALIKE = 0.1
"""Correlation within a pair of colleagues that the interval allows for: a choice, not measured."""


def _solved(tables: Tables) -> ir.Table:
    """Own resolved tickets with the source they come from: whether it tells of names at all is asked of each source."""
    solved = tables["ticket_expectations"].select(
        "ticket_id", "account_id", resolved_at="occurred_at", resolved_local_at="local_at"
    )
    tickets = tables["tickets"]
    tickets = tickets.select("ticket_id", "requester_account_id", origin=bin_of(tickets.source))
    return solved.join(tickets, "ticket_id")


def _near(rows: ir.Table, *, after_days: int) -> ir.BooleanValue:
    gap = rows.local_at.epoch_seconds() - rows.resolved_local_at.epoch_seconds()
    return (gap >= -_BEFORE_DAYS * 86_400) & (gap <= after_days * 86_400)


def _helped(tables: Tables) -> ir.Table:
    """Tickets and who helped on them: the first note or booked time of each who never held the ticket nor asked for it."""
    events, booked, solved = tables["ticket_events"], tables["time_entries"], _solved(tables)
    notes = events.filter(events.kind.isin(["note", "reply"]))
    notes = notes.select("ticket_id", "occurred_at", "local_at", helper="actor_account_id")
    hours = booked.filter(booked.ticket_id.notnull())
    hours = hours.select("ticket_id", "occurred_at", "local_at", helper="account_id")
    given = notes.union(hours).join(solved, "ticket_id")
    given = given.filter(
        _near(given, after_days=0)
        & given.helper.notnull()
        & (given.helper != given.account_id)
        & (given.requester_account_id.isnull() | (given.helper != given.requester_account_id))
    )
    moved = events.join(solved.select("ticket_id", "resolved_local_at"), "ticket_id")
    moved = moved.filter(_near(moved, after_days=0))
    held = moved.select("ticket_id", helper="from_account_id").union(moved.select("ticket_id", helper="to_account_id"))
    given = given.anti_join(held.filter(_.helper.notnull()).distinct(), ["ticket_id", "helper"])
    return given.group_by("ticket_id", "account_id", "helper", "origin", "resolved_at", "resolved_local_at").agg(
        helped_at=_.occurred_at.min()
    )


def _credited(tables: Tables) -> ir.Table:
    """One row a ticket and helper, with whether the resolver named the helper at or after the help."""
    given, events = _helped(tables), tables["ticket_events"]
    wrote = events.filter(events.mention_account_ids.notnull() & events.actor_account_id.notnull()).select(
        "ticket_id", "occurred_at", "local_at", account_id="actor_account_id", helper="mention_account_ids"
    )
    named = wrote.mutate(helper=wrote.helper.unnest())
    pairs = given.join(named, ["ticket_id", "account_id", "helper"])
    pairs = pairs.filter((pairs.occurred_at >= pairs.helped_at) & _near(pairs, after_days=_AFTER_DAYS))
    pairs = pairs.select("ticket_id", "helper").distinct().mutate(was_named=True)
    joined = given.left_join(pairs, ["ticket_id", "helper"])
    return joined.select(
        "account_id", "origin",
        other_account_id="helper",
        occurred_at="resolved_at",
        local_at="resolved_local_at",
        record_id="ticket_id",
        is_named=joined.was_named.fill_null(False),
    )  # fmt: skip


def _partials(tables: Tables) -> ir.Table:
    helped = _credited(tables)
    return daily(helped, quantity=helped.is_named.ifelse(1.0, 0.0), other="other_account_id", bin_=helped.origin)


def _value(partials: ir.Table, window: Window) -> ir.Table:
    """Share named, with the variance of its logit; only of sources in which anybody in the window is named at all.

    Many thanks to one colleague tell less than as many to several: the observations count as they would if those to
    one colleague were alike by `_ALIKE` (design effect of clusters, Kish 1965).
    """
    del window
    told = partials.group_by("bin").agg(named=_.total.sum()).filter(_.named > 0).select(told_bin="bin")
    known = partials.join(told, [partials.bin == told.told_bin])
    pairs = known.group_by("person_id", "other_account_id").agg(k=_.total.sum(), m=_.n.sum())
    sums = pairs.group_by("person_id").agg(k=_.k.sum(), n=_.m.sum(), squares=(_.m * _.m).sum())
    worth = sums.n / (1 + _ALIKE * (sums.squares / sums.n - 1))
    part = sums.k / sums.n
    return sums.select(
        "person_id", "n", raw_value=part,
        variance=1 / (part * worth + 0.5) + 1 / ((1 - part) * worth + 0.5),
    )  # fmt: skip


def _evidence(tables: Tables) -> ir.Table:
    helped = _credited(tables)
    return helped.select(
        "account_id", "occurred_at", "local_at", "record_id", "other_account_id",
        record_table=ibis.literal("tickets"),
        effect=helped.is_named.ifelse(1.0, 0.0),
        note=helped.is_named.ifelse(
            "resolved with a colleague's help, who was named", "resolved with a colleague's help, who was not named"
        ),
    )  # fmt: skip


SIGNALS: tuple[Signal, ...] = (
    Signal(
        name="credit_given_share",
        label="Helpers named",
        family="credit",
        unit="share",
        direction="high",
        scale="logit",
        min_n=8,
        needs=(("ticket_events", "tickets"),),
        horizon_days=_BEFORE_DAYS + 1,
        grade="C",
        sentence="Named {value} of the colleagues who had helped on tickets they resolved ({n} times help).",
        explanation="Each colleague who wrote or booked time on a ticket before the person resolved it, without ever holding "
        "it or having asked for it, once a ticket; and whether the person named them on that ticket at or after their help, "
        f"up to {_AFTER_DAYS} days after the resolution. Naming who did not help counts nothing, and naming twice is once. "
        "Thanks given by voice or elsewhere are not seen. Missing where the source does not tell who is named in a note, and "
        "where too few colleagues helped.",
        reference="The Leadership DNA framework, 'giving credit'; design effect of clusters (Kish 1965).",
        partials=_partials,
        value=_value,
        evidence=_evidence,
    ),
)
