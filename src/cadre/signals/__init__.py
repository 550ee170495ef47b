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

_FORM = (
    "Judging how a text reads failed its study: no part of it told whether the reader had to ask back. It may not be joined to "
    "a person (docs/explanation/clarity.md); a writer can still ask for advice on a text."
)

UNMEASURED: tuple[Unmeasured, ...] = (
    Unmeasured("clarity", "clarity", _FORM),
    Unmeasured("plain_language", "clarity", _FORM),
    Unmeasured(
        "tension_answered_share",
        "conflict",
        "Reading tension in a text failed its study: too seldom and too unsure. Nothing is kept of it "
        "(docs/explanation/clarity.md).",
    ),
)
"""Behaviours of the design that are not measured, and why."""

__all__ = ["SIGNALS", "UNMEASURED", "Signal", "Tables", "Unmeasured", "Window"]
