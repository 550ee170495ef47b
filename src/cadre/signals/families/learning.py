"""Learning: whether colleagues solve the next ticket of its kind alone after help.

Each help is matched to the learner's next ticket of the topic in a stage (`exposure.learning`, written to `learning_steps`).
"""

import ibis
import ibis.expr.types as ir

from cadre.signals.partial import daily, mean
from cadre.signals.signal import Signal, Tables


def _partials(tables: Tables) -> ir.Table:
    steps = tables["learning_steps"]
    return daily(steps, quantity=steps.gain, other="learner_account_id")


def _evidence(tables: Tables) -> ir.Table:
    steps = tables["learning_steps"]
    return steps.select(
        "account_id", "occurred_at", "local_at",
        record_table=ibis.literal("tickets"),
        record_id="ticket_id",
        other_account_id="learner_account_id",
        effect="gain",
        note=(steps.alone > 0).ifelse(
            "next ticket on a topic they had helped with, done alone",
            "next ticket on a topic they had helped with, not done alone",
        ),
    )  # fmt: skip


SIGNALS: tuple[Signal, ...] = (
    Signal(
        name="learner_gain",
        label="Done alone after help",
        family="mentoring",
        unit="points",
        direction="high",
        scale="identity",
        min_n=15,
        needs=(("ticket_events", "tickets"), ("time_entries", "tickets")),
        horizon_days=0,
        grade="C",
        sentence="After their help, colleagues did {value} of 100 tickets on the topic more alone than expected ({n} tickets; below "
        "zero is fewer).",
        explanation="For each colleague's ticket on which the person wrote a note or booked time: the colleague's next ticket on the "
        "topic within 60 days, done without help and without passing it on, against what its case leads one to expect, less the "
        "same on the colleague's tickets of other topics in the 60 days up to it. Who needs help with a topic is often weak at it, which "
        "pulls the figure below zero for everybody; it is no sign of bad help. It cannot tell an explanation from a fix, help by "
        "phone is not seen, and who has learnt already can gain no more. In a study with invented firms it did not tell one person from "
        "another (docs/explanation/team-lift.md). Missing where no such ticket came, or too few others.",
        reference="Matched difference in differences (Angrist and Pischke 2009, ch. 5); the dip before help, Ashenfelter 1978.",
        partials=_partials,
        value=mean,
        evidence=_evidence,
        is_experimental=True,
    ),
)
