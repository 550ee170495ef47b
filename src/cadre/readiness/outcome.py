"""How a lead turned out, read from parts by one stated rule that never sees an estimate.

Four parts: what their own manager saw, what the team answers, how the team's work and the people in it fared, what clients say.
Each points to well, to not well or to neither; a part that is not known points nowhere and is named. Keeps true: before a year
it is too early; no verdict rests on computed parts alone; a tie is no verdict. The thresholds are stated defaults.

References:
    The instrument is behaviourally anchored (Smith and Kendall 1963), the same words each time; five answers are the least that
    are shown together, so that nobody can be read off them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean
from typing import Literal

from cadre.estimate import Abstained, Estimate, Measured
from cadre.inference.exact import share_interval
from cadre.inference.shrinkage import LEVEL, Z_90

Says = Literal["well", "not_well", "neither"]
Verdict = Literal["well", "not_well", "too_early"]
VERSION = 1
"""Of the questions; raise it with every change of words."""
QUESTIONS: tuple[tuple[str, str], ...] = (
    ("direction", "Says what matters, so that people know what to do first."),
    ("letting_go", "Passes work on and lets people do it; they now solve alone what they could not before."),
    ("conflict", "Takes up what is at odds between people within a day or two."),
    ("steadiness", "Asks, assigns and informs while an outage is open."),
)
"""The four behaviours that manager and team are asked about: key and words."""
MONTHS = (6, 12, 18)
"""When somebody looks how a decision turned out."""
LEAST_ANSWERS = 5
LEAST_SEEN = 2
"""Questions that somebody must have seen before their answers count."""
FIRST_VERDICT = 12
"""Months before which it is too early."""
_WELL_STEP, _NOT_WELL_STEP = 3.5, 2.5
_STAYED_WELL, _STAYED_NOT = 0.9, 0.7
_LEAST_ROWS = 30
HUMAN = frozenset({"manager", "team"})


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an outcome: what it is, where it points, and what was found, in words without names."""

    name: str
    says: Says
    found: str


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def checked(steps: dict[str, int | None]) -> str:
    """What is wrong with somebody's answers; empty where nothing is."""
    missing = [key for key, _ in QUESTIONS if key not in steps]
    if missing:
        return f"{len(missing)} of {len(QUESTIONS)} questions have no answer"
    wrong = [step for step in steps.values() if step is not None and not 1 <= step <= 5]
    return f"{wrong[0]} is no step of the scale" if wrong else ""


def from_manager(steps: dict[str, int | None]) -> Part | None:
    """What the manager saw; None where they saw too little of it."""
    seen = [step for step in steps.values() if step is not None]
    if len(seen) < LEAST_SEEN:
        return None
    return Part(
        "manager",
        _of_step(fmean(seen)),
        f"{len(seen)} of {len(steps)} behaviours seen, mean step {fmean(seen):.1f} of 5",
    )


def from_team(answers: Sequence[dict[str, int | None]]) -> Part | None:
    """What the team answers, together; None below five who saw enough, however many were asked."""
    means = [fmean(seen) for each in answers if len(seen := [s for s in each.values() if s is not None]) >= LEAST_SEEN]
    if len(means) < LEAST_ANSWERS:
        return None
    return Part("team", _of_step(fmean(means)), f"{len(means)} answers, mean step {fmean(means):.1f} of 5")


def from_retention(stayed: int, of: int) -> Part | None:
    """Who of the team as it was on the day of the decision still works here; None for fewer than five."""
    if of < LEAST_ANSWERS:
        return None
    share = stayed / of
    says: Says = "well" if share >= _STAYED_WELL else "not_well" if share < _STAYED_NOT else "neither"
    ends = share_interval(stayed, of, LEVEL)
    return Part("retention", says, f"{stayed} of {of} still here ({share:.0%}, {ends.low:.0%} to {ends.high:.0%})")


def difference(before: Sequence[float], after: Sequence[float]) -> Measured:
    """Mean after less mean before, with its interval; abstained with fewer than thirty on a side.

    References:
        Welch 1947, at these numbers a normal interval.
    """
    n = min(len(before), len(after))
    if n < _LEAST_ROWS:
        return Abstained("too few rows on one side", n, _LEAST_ROWS)
    middle = fmean(after) - fmean(before)
    reach = Z_90 * (_variance(before) / len(before) + _variance(after) / len(after)) ** 0.5
    return Estimate(middle, middle - reach, middle + reach, LEVEL, len(before) + len(after))


def from_difference(name: str, found: Measured, *, better: Literal["low", "high"], unit: str) -> Part | None:
    """A part computed from before and after; None where there is too little of it.

    Args:
        name: Of the part.
        found: After less before.
        better: Which way is better.
        unit: Words after the number.
    """
    if isinstance(found, Abstained):
        return None
    is_up, is_down = found.low > 0, found.high < 0
    says: Says = "neither"
    if is_up or is_down:
        says = "well" if is_up == (better == "high") else "not_well"
    return Part(name, says, f"{found.value:+.2f} {unit} ({found.low:+.2f} to {found.high:+.2f}, n = {found.n:,})")


def verdict(parts: Sequence[Part], months: int) -> Verdict:
    """What the parts say together.

    Args:
        parts: Those that are known.
        months: After the decision.
    """
    if months < FIRST_VERDICT or not HUMAN & {part.name for part in parts} or len(parts) < LEAST_SEEN:
        return "too_early"
    balance = sum({"well": 1, "not_well": -1, "neither": 0}[part.says] for part in parts)
    if balance == 0:
        return "too_early"
    return "well" if balance > 0 else "not_well"


def _of_step(mean: float) -> Says:
    return "well" if mean >= _WELL_STEP else "not_well" if mean <= _NOT_WELL_STEP else "neither"


def _variance(values: Sequence[float]) -> float:
    middle = fmean(values)
    return sum((value - middle) ** 2 for value in values) / (len(values) - 1)
