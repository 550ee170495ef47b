"""Conflict: how a person replies where a colleague voices a concern.

Tension is not counted: it failed its study (`docs/explanation/clarity.md`), and nothing is kept of it.
"""

import ibis
import ibis.expr.types as ir
from ibis import _

from cadre.signals.partial import daily, share
from cadre.signals.signal import Signal, Tables
from cadre.signals.turns import LEAST_WORDS, LIKELY, REPLY_DAYS, does, exchanges


def _taken_up(tables: Tables) -> ir.Table:
    """The first reply of each account to each concern of another, with whether it is constructive (1 or 0)."""
    pairs = exchanges(tables)
    pairs = pairs.filter(
        does(pairs, "concern", before="parent_") & pairs.constructive.notnull() & (pairs.word_count >= LEAST_WORDS)
    )
    # Once a concern, so that many small replies to one pay nothing.
    order = ibis.window(
        group_by=["record_table", "parent_record_id", "account_id"], order_by=["occurred_at", "record_id"]
    )
    first = pairs.mutate(nth=ibis.row_number().over(order)).filter(_.nth == 0)
    return first.select(
        "account_id", "record_table", "record_id", "occurred_at", "local_at",
        other_account_id="parent_account_id",
        is_constructive=(first.constructive >= LIKELY).ifelse(1.0, 0.0),
    )  # fmt: skip


def _partials(tables: Tables) -> ir.Table:
    replies = _taken_up(tables)
    return daily(replies, quantity=replies.is_constructive, other="other_account_id")


def _evidence(tables: Tables) -> ir.Table:
    replies = _taken_up(tables)
    note = (replies.is_constructive > 0).ifelse(
        "replied to a concern: took it up, asked or proposed", "replied to a concern in another way"
    )
    return replies.mutate(effect=replies.is_constructive, note=note).drop("is_constructive")


SIGNALS: tuple[Signal, ...] = (
    Signal(
        name="constructive_share",
        label="Constructive replies to concerns",
        family="conflict",
        unit="share",
        direction="high",
        scale="logit",
        min_n=10,
        needs=(("messages",), ("ticket_events",), ("utterances",)),
        horizon_days=REPLY_DAYS + 1,
        grade="C",
        is_experimental=True,
        sentence="Of their replies to a colleague's concern, {value} took it up, asked or proposed ({n} replies).",
        explanation="Turns in which a colleague voices a concern, and the person's first reply to each within "
        f"{REPLY_DAYS} days, of at least {LEAST_WORDS} words: whether it acknowledges, asks or proposes. Concerns of clients, and "
        "concerns the person did not reply to, do not count: silence is not read. A concern is seldom a conflict, and both are "
        "read by models (docs/explanation/clarity.md). Missing where few concerns were replied to.",
        reference="Constructive controversy (Tjosvold 2008); the Leadership DNA framework, 'addresses conflict constructively'.",
        partials=_partials,
        value=share,
        evidence=_evidence,
    ),
)
