"""Craft: how a person's own tickets went, against what their cases lead one to expect. An axis of its own."""

import ibis
import ibis.expr.types as ir

from cadre.signals.partial import daily, mean
from cadre.signals.signal import Signal, Tables


def _speed_partials(tables: Tables) -> ir.Table:
    solved = tables["ticket_expectations"]
    return daily(solved, quantity=-solved.log_ratio)


def _speed_evidence(tables: Tables) -> ir.Table:
    solved = tables["ticket_expectations"]
    return _rows(solved, -solved.log_ratio, "resolved against the expectation for its case (log hours saved)")


def _difficulty_partials(tables: Tables) -> ir.Table:
    solved = tables["ticket_expectations"]
    return daily(solved, quantity=solved.difficulty)


def _difficulty_evidence(tables: Tables) -> ir.Table:
    solved = tables["ticket_expectations"]
    return _rows(solved, solved.difficulty, "resolved, of this difficulty")


def _rows(solved: ir.Table, effect: ir.FloatingValue, note: str) -> ir.Table:
    return solved.select(
        "account_id", "occurred_at", "local_at",
        record_table=ibis.literal("tickets"),
        record_id="ticket_id",
        other_account_id=ibis.null("string"),
        effect=effect,
        note=ibis.literal(note),
    )  # fmt: skip


SIGNALS: tuple[Signal, ...] = (
    Signal(
        name="adjusted_speed",
        label="Speed for the case",
        family="craft",
        unit="saved",
        direction="high",
        scale="identity",
        min_n=20,
        needs=(("tickets",),),
        horizon_days=30,
        grade="C",
        sentence="Resolved tickets {value} faster than expected for their case ({n} tickets; below zero is slower).",
        explanation="Hours the person was at work from opening to resolution against what type, topic, priority, client, "
        "channel, first team, time of opening and open work of the team lead one to expect. The expectation is fitted without the person's own tickets. The "
        "mean of log hours saved, about a share. Waiting for a client counts as open time.",
        reference="Cross-fitted ridge on log hours (Hoerl and Kennard 1970; Chernozhukov et al. 2018).",
        partials=_speed_partials,
        value=mean,
        evidence=_speed_evidence,
    ),
    Signal(
        name="difficulty_solved",
        label="Difficulty of what they solve",
        family="craft",
        unit="sd",
        direction="high",
        scale="identity",
        min_n=20,
        needs=(("tickets",),),
        horizon_days=30,
        grade="C",
        sentence="Resolved tickets of difficulty {value} against the firm's mean ({n} tickets).",
        explanation="Expected log hours of the tickets the person resolved, in standard deviations of all the firm's "
        "tickets. What somebody is given depends on role and queue as well as on skill.",
        reference="The same expectation as for speed.",
        partials=_difficulty_partials,
        value=mean,
        evidence=_difficulty_evidence,
    ),
)
