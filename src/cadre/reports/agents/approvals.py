"""What agents ask for and wait for, as one readable list for whoever may answer; and emergencies that want a second look."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, sessionmaker

from cadre.access.principal import Principal
from cadre.db.governance import ActionDecision, ActionRequest, ApprovalAsked, ApprovalStep
from cadre.governance.action import Tier
from cadre.governance.approval import Approval, State
from cadre.governance.batch import Kind, batches
from cadre.governance.kept_approval import put_together
from cadre.reports.agents.acts import record_of


@dataclass(frozen=True, slots=True)
class Waiting:
    """One act that waits for an answer, or for a second look.

    Attributes:
        approval: As it stands.
        decision_id: Of the decision that asks.
        agent: Who wants it.
        client_id: Where; empty for the firm itself.
        tool: What it calls.
        tier: What it takes.
        reasons: Why it has to be asked.
        arguments: Canonical JSON; None where they were erased.
        user_request: What a person asked for, in their words; empty where nobody did or it was erased.
    """

    approval: Approval
    decision_id: str
    agent: str
    client_id: str
    tool: str
    tier: str
    reasons: tuple[str, ...]
    arguments: str | None
    user_request: str


@dataclass(frozen=True, slots=True)
class Group:
    """Acts of the same agent, client, tool and rules, which one look can answer.

    Attributes:
        kind: What they share.
        items: The oldest first.
        expires_at: When the first of them lapses.
    """

    kind: Kind
    items: tuple[Waiting, ...]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Inbox:
    """What one person can answer now.

    Attributes:
        groups: What lapses first comes first.
        reviews: Emergencies of others that somebody has to look at.
        others: What waits for somebody else, what lapses first at the top.
    """

    groups: tuple[Group, ...]
    reviews: tuple[Waiting, ...]
    others: tuple[Waiting, ...] = ()


def inbox(principal: Principal, sessions: sessionmaker[Session], now: datetime) -> Inbox:
    """What a person can answer now, and what of others they could look at.

    Args:
        principal: Whose inbox.
        sessions: On the database of decisions.
        now: The instant.
    """
    # The same key as `services.actor.actor_of` writes; whoever sits at the machine is no account.
    who = "machine" if principal.account_id is None else f"account:{principal.account_id}"
    with sessions() as session:
        found, rules = _open(session, now)
    kinds = {
        key: Kind(one.client_id, one.agent, one.tool, rules[key], Tier.named(one.tier)) for key, one in found.items()
    }
    grouped = batches(kinds, [one.approval for one in found.values()], who, now)
    groups = tuple(Group(batch.kind, tuple(found[a.approval_id] for a in batch.approvals), batch.expires_at)
                   for batch in grouped)  # fmt: skip
    reviews = tuple(one for one in found.values() if one.approval.review_due_at and not _is_own(one.approval, who))
    own = {item.decision_id for group in groups for item in group.items}
    others = [one for one in found.values() if one.approval.state(now) is State.PENDING and one.decision_id not in own]
    return Inbox(groups, tuple(sorted(reviews, key=lambda one: one.approval.asked_at)),
                 tuple(sorted(others, key=lambda one: one.approval.expires_at)))  # fmt: skip


def not_yours(approval: Approval, who: str) -> str:
    """Why it is not theirs to answer, in words to them.

    Args:
        approval: One that is pending and that they may not answer now.
        who: Their key.
    """
    if who in approval.asked_by:
        return "You stand behind the request yourself, and nobody approves what they asked for"
    if any(one.approver == who for one in approval.answers):
        return "You said yes; a second person has to"
    later = any(who in stage.approvers for stage in approval.stages)
    return (
        "Others answer first; it comes to you when they do not" if later else "You are not among those who may answer"
    )


def open_approvals(session: Session, now: datetime) -> list[Approval]:
    """Approvals whose time is not over, whatever was said so far."""
    steps: dict[str, list[ApprovalStep]] = defaultdict(list)
    asked = session.scalars(select(ApprovalAsked).where(ApprovalAsked.expires_at > now)).all()
    for step in session.scalars(
        select(ApprovalStep).where(ApprovalStep.approval_id.in_([one.approval_id for one in asked])).order_by(ApprovalStep.id)
    ):  # fmt: skip
        steps[step.approval_id].append(step)
    return [put_together(one, steps[one.approval_id]) for one in asked]


def _is_own(approval: Approval, who: str) -> bool:
    return who in approval.asked_by or any(a.approver == who for a in approval.answers if a.is_break_glass)


def _open(session: Session, now: datetime) -> tuple[Mapping[str, Waiting], Mapping[str, tuple[str, ...]]]:
    """All that has not lapsed, or was opened by breaking the glass, by id of the approval; and the rules that ask."""
    glass = aliased(ApprovalStep)
    is_glass = select(glass.id).where(
        glass.approval_id == ApprovalAsked.approval_id, glass.what == "glass"
    ).exists()  # fmt: skip
    rows = session.execute(
        select(ApprovalAsked, ActionDecision, ActionRequest)
        .join(ActionDecision, ActionDecision.decision_id == ApprovalAsked.decision_id)
        .outerjoin(ActionRequest, ActionRequest.decision_id == ApprovalAsked.decision_id)
        .where((ApprovalAsked.expires_at > now) | is_glass)
    ).all()  # fmt: skip
    steps: dict[str, list[ApprovalStep]] = defaultdict(list)
    for step in session.scalars(
        select(ApprovalStep).join(ApprovalAsked, ApprovalAsked.approval_id == ApprovalStep.approval_id)
        .where((ApprovalAsked.expires_at > now) | is_glass).order_by(ApprovalStep.id)
    ):  # fmt: skip
        steps[step.approval_id].append(step)
    found, rules = {}, {}
    for asked, decision, request in rows:
        told = record_of(decision)
        found[asked.approval_id] = Waiting(
            put_together(asked, steps[asked.approval_id]), decision.decision_id, decision.agent, decision.client_id,
            decision.tool, decision.tier, tuple(told["reasons"]), request.arguments or None if request else None,
            request.user_request if request else "",
        )  # fmt: skip
        rules[asked.approval_id] = tuple(told["policy_ids"])
    return found, rules
