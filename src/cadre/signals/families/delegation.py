"""Delegation: what became of the work a person was given. Context, not better or worse."""

import ibis
import ibis.expr.types as ir
from ibis import _

from cadre.signals.partial import daily, share
from cadre.signals.signal import Signal, Tables


def _received(tables: Tables) -> ir.Table:
    """Tickets by account that received them, with whether the account itself passed them on later."""
    events = tables["ticket_events"]
    moved = events.filter(events.to_account_id.notnull())
    got = moved.filter(moved.from_account_id.isnull() | (moved.from_account_id != moved.to_account_id))
    got = got.group_by("ticket_id", "to_account_id").agg(
        occurred_at=_.occurred_at.min(), local_at=_.local_at.min(), record_id=_.event_id.argmin(_.occurred_at)
    )
    passed = moved.filter(
        (moved.from_account_id == moved.actor_account_id) & (moved.from_account_id != moved.to_account_id)
    )
    passed = passed.group_by("ticket_id", "from_account_id").agg(passed_at=_.occurred_at.max())
    joined = got.left_join(passed, [got.ticket_id == passed.ticket_id, got.to_account_id == passed.from_account_id])
    return joined.select(
        "occurred_at", "local_at", "record_id", account_id="to_account_id",
        is_passed=(joined.passed_at.notnull() & (joined.passed_at >= joined.occurred_at)).fill_null(False),
    )  # fmt: skip


def _partials(tables: Tables) -> ir.Table:
    got = _received(tables)
    return daily(got, quantity=got.is_passed.ifelse(1.0, 0.0))


def _evidence(tables: Tables) -> ir.Table:
    got = _received(tables)
    return got.select(
        "account_id", "occurred_at", "local_at", "record_id",
        record_table=ibis.literal("ticket_events"),
        other_account_id=ibis.null("string"),
        effect=got.is_passed.ifelse(1.0, 0.0),
        note=got.is_passed.ifelse("a ticket received and passed on", "a ticket received and kept"),
    )  # fmt: skip


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
        "way is better: it depends on the role, and on whether the work could be delegated, which is not judged yet.",
        reference="The Leadership DNA framework, 'reluctance to delegate'; handover of work as in van der Aalst, Reijers, Song 2005.",
        partials=_partials,
        value=share,
        evidence=_evidence,
    ),
)
