"""The short readable record of one decision: who wanted what, why it was decided so, who said yes, what became of it."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from cadre.access.principal import Principal
from cadre.db.governance import ActionDecision, ActionReport, ActionRequest, ApprovalAsked, ApprovalStep
from cadre.errors import NotFoundError
from cadre.governance.approval import Approval, State
from cadre.governance.kept_approval import put_together
from cadre.reports.agents.acts import Act, acts, record_of


@dataclass(frozen=True, slots=True)
class Heard:
    """Something that was told of an act afterwards."""

    told: str
    at: datetime
    by: str
    detail: str
    is_undo_offered: bool


@dataclass(frozen=True, slots=True)
class ActRecord:
    """One decision with all that is known of it.

    Attributes:
        act: The call as it was decided.
        user_request: What a person asked for, in their words; empty where nobody did or it was erased.
        opens: What would lift what forbids.
        versions: Of the policies, and of the model that read the call.
        digest: SHA-256 of the exact act.
        approval: What was asked for; None where nobody was.
        state: Of the approval now.
        heard: What was told of it, the oldest first.
    """

    act: Act
    user_request: str
    opens: tuple[str, ...]
    versions: tuple[tuple[str, str], ...]
    digest: str
    approval: Approval | None
    state: State | None
    heard: tuple[Heard, ...]

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        told = asdict(self)
        if self.approval is not None:
            told["approval"] = {
                "approval_id": self.approval.approval_id, "asked_at": self.approval.asked_at,
                "expires_at": self.approval.expires_at, "needed": self.approval.needed,
                "answers": [asdict(said) for said in self.approval.answers],
                "review": asdict(self.approval.review) if self.approval.review else None,
            }  # fmt: skip
        return told


def act_record(principal: Principal, sessions: sessionmaker[Session], now: datetime, decision_id: str) -> ActRecord:
    """The record of one decision.

    Args:
        principal: Who asks; every account may read what machines did.
        sessions: On the database of decisions.
        now: Held against the times in which answers and outcomes are due.
        decision_id: Its id.

    Raises:
        NotFoundError: There is none.
    """
    found = acts(principal, sessions, now, decision_id=decision_id)
    if not found:
        raise NotFoundError("there is no such decision", hint="The list of decisions has those there are.")
    with sessions() as session:
        row = session.get_one(ActionDecision, decision_id)
        request = session.get(ActionRequest, decision_id)
        approval = _approval(session, decision_id)
        reports = session.scalars(
            select(ActionReport).where(ActionReport.decision_id == decision_id).order_by(ActionReport.id)
        )  # fmt: skip
        heard = tuple(Heard(one.told, one.at, one.by, one.detail, one.is_undo_offered) for one in reports)
    told = record_of(row)
    return ActRecord(
        found[0], request.user_request if request else "", tuple(told["opens"]), tuple(sorted(told["versions"].items())),
        row.digest, approval, approval.state(now) if approval else None, heard,
    )  # fmt: skip


def _approval(session: Session, decision_id: str) -> Approval | None:
    asked = session.scalar(select(ApprovalAsked).where(ApprovalAsked.decision_id == decision_id))
    if asked is None:
        return None
    steps = session.scalars(
        select(ApprovalStep).where(ApprovalStep.approval_id == asked.approval_id).order_by(ApprovalStep.id)
    )  # fmt: skip
    return put_together(asked, steps)
