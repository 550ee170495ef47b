"""What an agent asks of a decision later: to run with its approval, and to be told how it stands.

Keeps true: an agent reaches its own decisions alone, and what it may not reach is not there for it.
"""

from dataclasses import dataclass

from sqlalchemy import select

from cadre.clock import Clock
from cadre.db.governance import ActionDecision, ApprovalAsked
from cadre.errors import NotFoundError, UsageError
from cadre.governance.action import Action, Outcome
from cadre.governance.approval import Approval, State
from cadre.services.agents.approve import approval_of, use_approval
from cadre.services.agents.decide import Answer, Caller, Governor
from cadre.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Standing:
    """How a decision stands.

    Attributes:
        answered: What the agent was told.
        approval: What it waited for; None where nobody was asked.
        state: Of the approval now.
        may_run: Whether the act may run now: allowed, or approved and not used.
    """

    answered: Outcome
    approval: Approval | None
    state: State | None
    may_run: bool


def use_decision(work: UnitOfWork, clock: Clock, governor: Governor, caller: Caller, action: Action,
                 decision_id: str) -> Answer:  # fmt: skip
    """Use up the approval that a decision waited for, at the moment the act runs.

    Args:
        work: The transaction.
        clock: Tells when.
        governor: Decides the act anew.
        caller: Who wants to act, as it asked.
        action: The call, in full; it is held against what was approved.
        decision_id: Of the decision that asked.

    Raises:
        ApprovalError: It is not approved now, anything of the act changed, or it was used.
        UsageError: Nobody was asked, so there is nothing to use.
        NotFoundError: The agent has no such decision.
    """
    with work:
        approval_id = _approval_id(work, caller.agent, decision_id)
    if approval_id is None:
        raise UsageError("this decision waits for no approval", hint="Use only what was answered with `approve`.")
    return use_approval(work, clock, governor, caller, action, approval_id)


def standing_of(work: UnitOfWork, clock: Clock, agent: str, decision_id: str) -> Standing:
    """How an agent's decision stands.

    Raises:
        NotFoundError: The agent has no such decision.
    """
    with work:
        approval_id = _approval_id(work, agent, decision_id)
        row = work.session.get_one(ActionDecision, decision_id)
        answered = Outcome(row.answered)
        if approval_id is None:
            return Standing(answered, None, None, answered is Outcome.ALLOW)
        held, _ = approval_of(work.session, approval_id)
    state = held.state(clock.now())
    return Standing(answered, held, state, state is State.APPROVED)


def _approval_id(work: UnitOfWork, agent: str, decision_id: str) -> str | None:
    row = work.session.get(ActionDecision, decision_id)
    if row is None or row.agent != agent:
        raise NotFoundError(f"there is no decision {decision_id[:40]} of this agent",
                            hint="Name the id that the answer gave.")  # fmt: skip
    return work.session.scalar(select(ApprovalAsked.approval_id).where(ApprovalAsked.decision_id == decision_id))
