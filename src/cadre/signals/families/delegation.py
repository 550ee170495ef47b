"""Delegation: what became of the work a person was given, and of the work they passed on.

All read `ticket_holds`, which holds for each account that got a ticket whether the account itself passed it on, and how
likely the case made that among peers of the same role. Passing to another team is escalation and no delegation.
"""

import ibis
import ibis.expr.types as ir
from ibis import _

from cadre.signals.partial import against, daily, log_variance, mean_against, share
from cadre.signals.signal import Signal, Tables, Window

_TOUCH_DAYS = 30
"""Steps on a ticket passed on count for so many days after it was."""


def _held(tables: Tables) -> ir.Table:
    """Every hold, with whether it was passed on."""
    held = tables["ticket_holds"]
    return held.select(
        "account_id", "occurred_at", "local_at", "ticket_id", "expected_passed", "doubt_passed",
        record_id="event_id",
        is_passed=held.passed > 0,
    )  # fmt: skip


def _share_partials(tables: Tables) -> ir.Table:
    held = _held(tables)
    return daily(held, quantity=held.is_passed.ifelse(1.0, 0.0))


def _share_evidence(tables: Tables) -> ir.Table:
    held = _held(tables)
    return _rows(
        held,
        held.is_passed.ifelse(1.0, 0.0),
        held.is_passed.ifelse("a ticket received and passed on", "a ticket received and kept"),
    )


def _kept(tables: Tables) -> ir.Table:
    """Holds whose case says how many peers would have passed it on, and by how much more it was kept."""
    held = _held(tables).filter(_.expected_passed.notnull())
    return held.mutate(kept_more=held.expected_passed - held.is_passed.ifelse(1.0, 0.0))


def _hold_partials(tables: Tables) -> ir.Table:
    held = _kept(tables)
    return against(held, quantity=held.kept_more, doubt=held.doubt_passed)


def _hold_evidence(tables: Tables) -> ir.Table:
    held = _kept(tables)
    return _rows(
        held, held.kept_more, held.is_passed.ifelse("passed on", "kept, where some peers would have passed it on")
    )


def _delegated(tables: Tables) -> ir.Table:
    """Tickets passed on within the team, with what the giver did on them afterwards."""
    held, events = tables["ticket_holds"], tables["ticket_events"]
    given = held.filter(held.passed_at.notnull() & ~held.is_escalated.fill_null(False))
    given = given.select(
        "account_id", "ticket_id",
        other_account_id="to_account_id",
        occurred_at="passed_at",
        local_at="passed_local_at",
        record_id="passed_event_id",
        is_taken_back=given.taken_back_at.notnull(),
        until=ibis.coalesce(given.taken_back_at, given.passed_at + ibis.interval(days=_TOUCH_DAYS)),
    )  # fmt: skip
    wrote = events.filter(events.kind.isin(["note", "status", "update"]) & events.actor_account_id.notnull())
    wrote = wrote.select("ticket_id", account_id="actor_account_id", touched_at="occurred_at")
    later = given.select("ticket_id", "account_id", "occurred_at", "until").join(wrote, ["ticket_id", "account_id"])
    later = later.filter((later.touched_at > later.occurred_at) & (later.touched_at < later.until))
    touched = later.group_by("ticket_id", "account_id").agg(touches=_.count())
    joined = given.left_join(touched, ["ticket_id", "account_id"]).drop("ticket_id_right", "account_id_right")
    return joined.mutate(touches=ibis.coalesce(joined.touches, ibis.literal(0)).cast("float64"))


def _back_partials(tables: Tables) -> ir.Table:
    given = _delegated(tables)
    return daily(given, quantity=given.is_taken_back.ifelse(1.0, 0.0), other="other_account_id")


def _back_evidence(tables: Tables) -> ir.Table:
    given = _delegated(tables)
    taken = given.is_taken_back
    return _rows(given, taken.ifelse(1.0, 0.0), taken.ifelse("passed on and taken back", "passed on and left there"))


def _touch_partials(tables: Tables) -> ir.Table:
    given = _delegated(tables)
    return daily(given, quantity=given.touches, other="other_account_id")


def _touch_value(partials: ir.Table, window: Window) -> ir.Table:
    """Steps a delegated ticket; half a step in all is added, so that none is not taken for never."""
    del window
    sums = partials.group_by("person_id").agg(n=partials.n.sum(), x=partials.total.sum(), xx=partials.total_sq.sum())
    rate = (sums.x + 0.5) / sums.n
    # Variance of the logarithm: uneven counts, or those of a plain count where all are alike.
    uneven = (sums.xx - sums.x * sums.x / sums.n) / ((sums.x + 0.5) * (sums.x + 0.5))
    return sums.select("person_id", "n", raw_value=rate, variance=ibis.greatest(uneven, log_variance(sums.x)))


def _touch_evidence(tables: Tables) -> ir.Table:
    given = _delegated(tables)
    return _rows(given, given.touches, ibis.literal("passed on; steps on it afterwards by who gave it"))


def _rows(table: ir.Table, effect: ir.FloatingValue, note: ir.StringValue) -> ir.Table:
    other = table.other_account_id if "other_account_id" in table.columns else ibis.null("string")
    return table.select(
        "account_id", "occurred_at", "local_at", "record_id",
        record_table=ibis.literal("ticket_events"), other_account_id=other, effect=effect, note=note,
    )  # fmt: skip


_BARRIER = (
    "The Leadership DNA framework, 'reluctance to delegate'; handover of work as in van der Aalst, Reijers, Song 2005."
)
_MICRO = "The Leadership DNA framework, 'micromanagement'."

SIGNALS: tuple[Signal, ...] = (
    Signal(
        name="delegation_share",
        label="Work passed on",
        family="delegation",
        unit="share",
        direction="context",
        scale="logit",
        min_n=15,
        needs=(("ticket_events",),),
        horizon_days=90,
        grade="C",
        sentence="Passed on {value} of the tickets they were given ({n} tickets).",
        explanation="Tickets assigned to the person, and which of them the person then handed to somebody else. Neither "
        "way is better: it depends on the role and on the tickets.",
        reference=_BARRIER,
        partials=_share_partials,
        value=share,
        evidence=_share_evidence,
    ),
    Signal(
        name="hold_share",
        label="Work kept that peers pass on",
        family="delegation",
        unit="points",
        direction="low",
        scale="identity",
        min_n=30,
        needs=(("ticket_events",),),
        horizon_days=90,
        grade="C",
        sentence="Tickets kept against what peers with the same cases keep: {value} of 100 ({n} tickets; below zero is fewer).",
        explanation="For each ticket the person was given: how likely a peer of the same role would have passed on such a "
        "case (type, topic, priority, client, channel, team, time, open work), less whether the person did. Fitted without "
        "the person's own tickets. Missing where too few tickets are passed on in the firm to tell.",
        reference=_BARRIER,
        partials=_hold_partials,
        value=mean_against,
        evidence=_hold_evidence,
    ),
    Signal(
        name="take_back_share",
        label="Delegated work taken back",
        family="delegation",
        unit="share",
        direction="low",
        scale="logit",
        min_n=8,
        needs=(("ticket_events",),),
        horizon_days=90,
        grade="C",
        sentence="Took back {value} of the tickets they had passed on ({n} tickets).",
        explanation="Tickets the person passed on within the team, and which of them the person moved back to themselves. "
        "Tickets that others gave back do not count. Missing where little was passed on.",
        reference=_MICRO,
        partials=_back_partials,
        value=share,
        evidence=_back_evidence,
    ),
    Signal(
        name="touches_per_delegated",
        label="Steps on work passed on",
        family="delegation",
        unit="times",
        direction="low",
        scale="log",
        min_n=8,
        needs=(("ticket_events",),),
        horizon_days=90,
        grade="C",
        sentence="Stepped in {value} on each ticket they had passed on ({n} tickets).",
        explanation="Notes and changes the person made on tickets they had passed on within the team, in the "
        f"{_TOUCH_DAYS} days after or until they took them back. Answers to a question the holder asked count too, since "
        "the record does not tell them apart.",
        reference=_MICRO,
        partials=_touch_partials,
        value=_touch_value,
        evidence=_touch_evidence,
    ),
)
