"""Signals: pure lazy Ibis, one family a file; `SIGNALS` is the registry."""

from cadre.signals.families import (
    asking,
    clarity,
    composure,
    conflict,
    craft,
    credit,
    delegation,
    learning,
    load,
    meetings,
    mentoring,
    responsiveness,
    strategy,
    team_effect,
)
from cadre.signals.signal import Signal, Tables, Unmeasured, Window

SIGNALS: tuple[Signal, ...] = (
    *responsiveness.SIGNALS,
    *mentoring.SIGNALS,
    *learning.SIGNALS,
    *delegation.SIGNALS,
    *craft.SIGNALS,
    *composure.SIGNALS,
    *clarity.SIGNALS,
    *conflict.SIGNALS,
    *meetings.SIGNALS,
    *strategy.SIGNALS,
    *credit.SIGNALS,
    *asking.SIGNALS,
    *load.SIGNALS,
    *team_effect.SIGNALS,
)

UNMEASURED: tuple[Unmeasured, ...] = (
    Unmeasured(
        "clarity",
        "clarity",
        "Tried: ten parts of how a text reads, such as the length of its sentences, what it names and whether it tells the next "
        "step, against whether the reply had to ask back, in 25,014 turns of chat and 4,528 comments of a help desk. Not kept: "
        "none of it told more than length and topic do. It may not be joined to a person; a writer can still ask for advice on "
        "a text of theirs (docs/explanation/clarity.md). Counted in its place: replies that ask back.",
    ),
    Unmeasured(
        "plain_language",
        "clarity",
        "Tried in the same study: short words, and trade words explained to a client. Not kept: neither told whether the reader "
        "had to ask back, and what makes a text plain to a client has no outcome in the data (docs/explanation/clarity.md).",
    ),
    Unmeasured(
        "tension_answered_share",
        "conflict",
        "Tried: a model that reads tension in a turn, on 1,110 turns labelled by a guideline. Not kept: 21 of them held any, "
        "too few to be sure of, and at its usual line the model found none of these. Nothing is kept of it "
        "(docs/explanation/clarity.md). Counted in its place: constructive replies to concerns.",
    ),
)
"""Behaviours of the design that are not measured: what was tried, and why it was not kept."""

__all__ = ["SIGNALS", "UNMEASURED", "Signal", "Tables", "Unmeasured", "Window"]
