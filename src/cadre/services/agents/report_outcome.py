"""Writing down what became of agents' acts.

Keeps true: only an act that was let through can be told of; what an agent says of its own after-state verifies nothing;
each word is a row and an event and never changed.
"""

from dataclasses import dataclass

from sqlalchemy import select

from cadre.access.principal import Principal
from cadre.access.right import require
from cadre.clock import Clock
from cadre.db.governance import ActionDecision, ActionReport, ApprovalAsked, ApprovalStep
from cadre.errors import NotFoundError, UsageError
from cadre.governance.action import Outcome
from cadre.governance.outcome import Told
from cadre.services.actor import happened
from cadre.services.agents.decide import agent_actor
from cadre.services.unit_of_work import UnitOfWork

_BY_OTHERS = frozenset({Told.VERIFIED, Told.CONTRADICTED})


@dataclass(frozen=True, slots=True)
class Word:
    """What is told.

    Attributes:
        told: What.
        after_digest: SHA-256 of the state that was seen; empty where nobody looked.
        is_undo_offered: Whether it can be taken back by one step.
        detail: In the words of whoever tells.
    """

    told: Told
    after_digest: str = ""
    is_undo_offered: bool = False
    detail: str = ""


def report_outcome(who: Principal | str, work: UnitOfWork, clock: Clock, decision_id: str, word: Word) -> ActionReport:
    """Write down what became of an act.

    Args:
        who: A person, or the key of the agent.
        work: The transaction.
        clock: Tells when.
        decision_id: Of the decision that let it through.
        word: What is told.

    Raises:
        NotFoundError: There is no such decision.
        UsageError: The act was not let through, another agent tells of it, or an agent verifies itself.
        ForbiddenError: The person may not.
    """
    if isinstance(who, Principal):
        require(who, "action:approve")
    with work:
        row = work.session.get(ActionDecision, decision_id)
        if row is None:
            raise NotFoundError(f"there is no decision {decision_id[:40]}", hint="Name the id that the answer gave.")
        if isinstance(who, str) and who != row.agent:
            raise UsageError("an agent tells of its own acts alone", hint="Use the agent's own token.")
        if isinstance(who, str) and word.told in _BY_OTHERS:
            raise UsageError("no agent verifies its own act", hint="A person or another check has to look.")
        if word.told in _BY_OTHERS and not word.after_digest:
            raise UsageError("a state that was seen has a digest", hint="Give the SHA-256 of what was seen.")
        if row.answered != Outcome.ALLOW.value and not _was_used(work, decision_id):
            raise UsageError("the act was not let through", hint="Report only what was allowed or approved and used.")
        actor = agent_actor(who) if isinstance(who, str) else happened(who, clock, "action:reported").actor
        made = ActionReport(decision_id, word.told.value, clock.now(), actor, word.after_digest, word.is_undo_offered,
                            word.detail)  # fmt: skip
        work.session.add(made)
        work.record(happened(actor, clock, "action:reported", f"decision:{decision_id}", client_id=row.client_id,
                             told=word.told.value, after_digest=word.after_digest, undo=word.is_undo_offered))  # fmt: skip
        work.commit()
    return made


def _was_used(work: UnitOfWork, decision_id: str) -> bool:
    return work.session.scalar(
        select(ApprovalStep.id).join(ApprovalAsked, ApprovalAsked.approval_id == ApprovalStep.approval_id)
        .where(ApprovalAsked.decision_id == decision_id, ApprovalStep.what == "used")
    ) is not None  # fmt: skip
