"""What a person was given to do: working hours, waits and what a case leads one to expect."""

from cadre.exposure.case_mix import cases, expectations
from cadre.exposure.waiting import question_waits
from cadre.exposure.working_hours import worked_hours, working_hours

__all__ = ["cases", "expectations", "question_waits", "worked_hours", "working_hours"]
