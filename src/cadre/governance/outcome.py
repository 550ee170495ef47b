"""What became of an act: tried, done or failed, seen to hold, undone, reopened; and acts of which nobody heard again.

Keeps true: an act that was let through and of which nothing was told within its time is open and flagged, never taken
for done; an after-state counts as verified only where somebody looked, not where the agent says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Told(StrEnum):
    """What can be told of an act after it was let through, in the order in which it can happen."""

    ATTEMPTED = "attempted"
    DONE = "done"
    FAILED = "failed"
    VERIFIED = "verified"
    CONTRADICTED = "contradicted"
    UNDONE = "undone"
    REOPENED = "reopened"


class State(StrEnum):
    """How an act stands; `SILENT` is the flag."""

    WAITING = "waiting"
    SILENT = "silent"
    DONE = "done"
    FAILED = "failed"
    VERIFIED = "verified"
    CONTRADICTED = "contradicted"
    UNDONE = "undone"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Report:
    """Something that was told of an act.

    Attributes:
        decision_id: Of the decision that let it through.
        told: What.
        at: When.
        by: Who told: id of the agent, a person or a check.
        after_digest: SHA-256 of the state that was seen afterwards; empty where nobody looked.
        is_undo_offered: Whether it can still be taken back by one step.
    """

    decision_id: str
    told: Told
    at: datetime
    by: str
    after_digest: str = ""
    is_undo_offered: bool = False


@dataclass(frozen=True, slots=True)
class Aftermath:
    """How an act stands.

    Attributes:
        state: At the instant asked for.
        since: Of the report it follows from, or of the decision where nothing was told.
        can_undo: Whether it was done, can be taken back and was not.
    """

    state: State
    since: datetime
    can_undo: bool


OUTCOME_WITHIN = timedelta(minutes=15)
"""How long an act may go without a word before it is flagged, where its catalogue row says nothing else."""

REOPEN_WATCHED = timedelta(days=14)
"""How long a reopened ticket still counts against the act that closed it."""

_LASTING = (Told.REOPENED, Told.UNDONE, Told.CONTRADICTED, Told.VERIFIED, Told.FAILED, Told.DONE)


def aftermath(decided_at: datetime, agent: str, reports: Iterable[Report], at: datetime, *,
             within: timedelta = OUTCOME_WITHIN) -> Aftermath:  # fmt: skip
    """How an act that was let through stands.

    Args:
        decided_at: When it was let through.
        agent: Id of who acts; what it says of its own after-state verifies nothing.
        reports: What was told, in any order.
        at: Now.
        within: How long it may go without a word.
    """
    heard = [r for r in reports if r.told != Told.ATTEMPTED and _counts(r, agent, decided_at)]
    for told in _LASTING:
        found = [r for r in heard if r.told == told]
        if found:
            last = max(found, key=lambda r: r.at)
            offered = any(r.is_undo_offered for r in heard) and told not in {Told.UNDONE, Told.FAILED}
            return Aftermath(State(told.value), last.at, offered)
    return Aftermath(State.SILENT if at >= decided_at + within else State.WAITING, decided_at, can_undo=False)


def _counts(report: Report, agent: str, decided_at: datetime) -> bool:
    if report.told in {Told.VERIFIED, Told.CONTRADICTED}:
        return report.by != agent and bool(report.after_digest)
    if report.told == Told.REOPENED:
        return report.at <= decided_at + REOPEN_WATCHED
    return True
