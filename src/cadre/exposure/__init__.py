"""What a person was given to do: working hours, waits and what a case leads one to expect."""

from cadre.exposure.calendar import working_days
from cadre.exposure.case import cases, holds
from cadre.exposure.case_mix import HELD, SHARES, expectations, fitted, fold_of, hold_expectations, is_stale
from cadre.exposure.clock import with_calendar, with_hours
from cadre.exposure.learning import helps, learning_steps, tries
from cadre.exposure.lift import effects, outcomes, presence
from cadre.exposure.stress import stress_windows
from cadre.exposure.trace import scheduled_hours, seen_hours, trace_hours
from cadre.exposure.waiting import question_waits

__all__ = [
    "HELD",
    "SHARES",
    "cases",
    "effects",
    "expectations",
    "fitted",
    "fold_of",
    "helps",
    "hold_expectations",
    "holds",
    "is_stale",
    "learning_steps",
    "outcomes",
    "presence",
    "question_waits",
    "scheduled_hours",
    "seen_hours",
    "stress_windows",
    "trace_hours",
    "tries",
    "with_calendar",
    "with_hours",
    "working_days",
]
