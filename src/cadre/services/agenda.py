"""Deciding about an item of *This week*: snooze it, assign it, finish it with a reason, or take that back."""

from datetime import date, timedelta
from typing import Literal

from cadre.access.principal import Principal
from cadre.access.right import require
from cadre.clock import Clock
from cadre.db.model import AgendaDecision
from cadre.errors import UsageError
from cadre.services.actor import happened
from cadre.services.unit_of_work import UnitOfWork

Outcome = Literal["snoozed", "assigned", "done", "reopened"]
OUTCOMES: tuple[Outcome, ...] = ("snoozed", "assigned", "done", "reopened")
_SNOOZE = timedelta(days=7)


def decide(
    principal: Principal,
    work: UnitOfWork,
    clock: Clock,
    *,
    item_key: str,
    outcome: str,
    reason: str = "",
    assignee: str = "",
    until_on: date | None = None,
) -> AgendaDecision:
    """Record what was decided about an item.

    Args:
        principal: Who decides.
        work: The transaction.
        clock: Tells when.
        item_key: Key of the agenda item.
        outcome: One of `OUTCOMES`.
        reason: Why; needed for `done`.
        assignee: Who takes it; needed for `assigned`.
        until_on: Last day of a snooze; a week from today unless given.

    Raises:
        ForbiddenError: They are neither owner nor manager.
        UsageError: The outcome is unknown, or what it needs is missing.
    """
    require(principal, "agenda:decide")
    if outcome not in OUTCOMES:
        raise UsageError(f"unknown outcome {outcome!r}", hint=f"Use one of {', '.join(OUTCOMES)}.")
    if outcome == "done" and not reason.strip():
        raise UsageError("an item is done with a reason, and none was given", hint="Say in a few words what was done.")
    if outcome == "assigned" and not assignee.strip():
        raise UsageError("an item is assigned to somebody, and nobody was named", hint="Name who takes it.")
    if not item_key.strip():
        raise UsageError("no item was named", hint="Take a key from `cadre week`.")
    now = clock.now()
    decision = AgendaDecision(
        item_key=item_key.strip(),
        outcome=outcome,
        reason=reason.strip(),
        assignee=assignee.strip() if outcome == "assigned" else "",
        until_on=(until_on or (now + _SNOOZE).date()) if outcome == "snoozed" else None,
        decided_by=principal.name,
        decided_at=now,
    )
    with work:
        work.session.add(decision)
        work.record(happened(principal, clock, "agenda:decided", item=decision.item_key, outcome=outcome))
        work.commit()
    return decision
