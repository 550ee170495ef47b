"""Answering what agents ask for, and using the answers: the rules of `governance.approval` over rows that only grow.

Keeps true: an approval is put together anew from its rows at every step, so a restart changes nothing; each step is one
transaction with its event; the database refuses a second use even where two come at the same moment.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cadre.access.principal import Principal
from cadre.clock import Clock
from cadre.db.governance import ActionDecision, ApprovalAsked, ApprovalStep
from cadre.errors import NotFoundError
from cadre.governance.action import Action, Outcome
from cadre.governance.approval import Approval, ApprovalError, Binding, answer, break_glass, lapse
from cadre.governance.approval import review as reviewed
from cadre.governance.approval import use as used
from cadre.governance.kept_approval import put_together
from cadre.services.actor import MACHINE, actor_of, happened
from cadre.services.agents.decide import Answer, Caller, Governor, agent_actor
from cadre.services.agents.governing import Governing
from cadre.services.unit_of_work import UnitOfWork


def approval_of(session: Session, approval_id: str) -> tuple[Approval, ActionDecision]:
    """An approval as it stands, and the decision that asks.

    Raises:
        NotFoundError: There is none.
    """
    row = session.get(ApprovalAsked, approval_id)
    if row is None:
        raise NotFoundError(
            f"there is no approval {approval_id[:40]}", hint="`cadre approval list` shows those that wait."
        )
    steps = session.scalars(
        select(ApprovalStep).where(ApprovalStep.approval_id == approval_id).order_by(ApprovalStep.id)
    )
    decision = session.get(ActionDecision, row.decision_id)
    if decision is None:
        raise NotFoundError("the decision of this approval is gone", hint="Ask again.")
    return put_together(row, steps), decision


def answer_approval(principal: Principal, work: UnitOfWork, clock: Clock, approval_id: str, *, is_yes: bool,
                    reason: str = "") -> Approval:  # fmt: skip
    """Say yes or no to what an agent asks for.

    Raises:
        ApprovalError: It is no longer pending, or not theirs to answer now.
        UsageError: A no without a reason.
        NotFoundError: There is none.
    """
    who, at = actor_of(principal), clock.now()
    with work:
        held, decision = approval_of(work.session, approval_id)
        made = answer(held, who, is_yes=is_yes, at=at, reason=reason)
        _keep(work, clock, principal, decision, made, "yes" if is_yes else "no", at, reason, "approval:answered")
    return made


def break_the_glass(principal: Principal, work: UnitOfWork, clock: Clock, governing: Governing, approval_id: str, *,
                    reason: str) -> Approval:  # fmt: skip
    """Let an act through alone, in an emergency; somebody else looks at it within a day.

    Raises:
        ApprovalError: It is not pending, or they are not on call.
        UsageError: No reason.
        NotFoundError: There is none.
    """
    who, at = actor_of(principal), clock.now()
    with work:
        held, decision = approval_of(work.session, approval_id)
        on_call = governing.approvers(decision.client_id).on_call
        made = break_glass(held, who, on_call=on_call, at=at, reason=reason)
        _keep(work, clock, principal, decision, made, "glass", at, reason, "glass:broken")
    return made


def review_glass(principal: Principal, work: UnitOfWork, clock: Clock, approval_id: str, *, was_right: bool,
                 reason: str) -> Approval:  # fmt: skip
    """Look at what somebody else let through alone.

    Raises:
        ApprovalError: There was no emergency, it was looked at, or it was their own.
        UsageError: No reason.
        NotFoundError: There is none.
    """
    who, at = actor_of(principal), clock.now()
    with work:
        held, decision = approval_of(work.session, approval_id)
        made = reviewed(held, who, was_right=was_right, at=at, reason=reason)
        _keep(work, clock, principal, decision, made, "right" if was_right else "wrong", at, reason, "glass:reviewed")
    return made


def use_approval(work: UnitOfWork, clock: Clock, governor: Governor, caller: Caller, action: Action,
                 approval_id: str) -> Answer:  # fmt: skip
    """Use an approval up, at the moment the act runs; everything is decided anew and held against what was approved.

    Returns:
        That the act goes ahead. It is on disk by then.

    Raises:
        ApprovalError: It is not approved now, anything of the act changed, or it was used.
        NotFoundError: There is none.
    """
    at = clock.now()
    found, _ = governor.judged(caller, action, at)
    binding = Binding(found.digest, caller.target_revision, found.versions["policy"])
    with work:
        held, decision = approval_of(work.session, approval_id)
        made = used(held, binding, tier=found.tier, at=at)
        _keep(work, clock, agent_actor(caller.agent), decision, made, "used", at, "", "approval:used")
    governor.ran(caller, action, at, decision.decision_id)
    people = ", ".join(a.approver for a in made.answers if a.is_yes)
    return Answer(decision.decision_id, Outcome.ALLOW, found.tier, (f"Approved by {people}.", *found.reasons),
                  approval_id=approval_id)  # fmt: skip


def lapse_approvals(work: UnitOfWork, clock: Clock) -> int:
    """Note which approvals nobody answered or used in time, so that a clock that is set back revives none.

    Returns:
        How many lapsed.
    """
    at, count = clock.now(), 0
    with work:
        over = work.session.scalars(
            select(ApprovalAsked.approval_id).where(
                ApprovalAsked.expires_at <= at,
                ~select(ApprovalStep.id).where(ApprovalStep.approval_id == ApprovalAsked.approval_id,
                                               ApprovalStep.what.in_(("used", "lapsed", "no"))).exists(),
            )
        ).all()  # fmt: skip
        for approval_id in over:
            held, decision = approval_of(work.session, approval_id)
            if (made := lapse(held, at)) is not held:
                _add(work, clock, MACHINE, decision, made, "lapsed", at, "", "approval:lapsed")
                count += 1
        work.commit()
    return count


def _keep(work: UnitOfWork, clock: Clock, who: Principal | str, decision: ActionDecision, made: Approval, what: str,
          at: datetime, reason: str, event: str) -> None:  # fmt: skip
    try:
        _add(work, clock, who, decision, made, what, at, reason, event)
        work.commit()
    except IntegrityError as error:
        raise ApprovalError("the approval was answered or used at the same moment", hint="Look at it again.") from error


def _add(work: UnitOfWork, clock: Clock, who: Principal | str, decision: ActionDecision, made: Approval, what: str,
         at: datetime, reason: str, event: str) -> None:  # fmt: skip
    key = who if isinstance(who, str) else actor_of(who)
    work.session.add(ApprovalStep(made.approval_id, what, key, at, reason))
    work.record(happened(
        who, clock, event, f"approval:{made.approval_id}", f"decision:{decision.decision_id}",
        client_id=decision.client_id, what=what, digest=made.binding.digest, state=made.state(at).value,
    ))  # fmt: skip
