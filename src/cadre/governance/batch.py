"""Waiting approvals of the same kind, side by side, so that one look answers many and each stays bound to its own act.

Keeps true: what lies in one batch differs in nothing that was not shown; answering a batch answers each approval in it
by itself, and one that cannot be answered stops none of the others.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cadre.errors import CadreError
from cadre.governance.action import Tier
from cadre.governance.approval import Approval, State, answer


@dataclass(frozen=True, slots=True)
class Kind:
    """What approvals of one batch share.

    Attributes:
        client: Id.
        agent: Id.
        tool: Name.
        rules: Policies that ask; empty where the tier alone does.
        tier: What it takes.
    """

    client: str
    agent: str
    tool: str
    rules: tuple[str, ...]
    tier: Tier


@dataclass(frozen=True, slots=True)
class Batch:
    """Approvals of one kind that wait for the same person.

    Attributes:
        kind: What they share.
        approvals: The oldest first.
        expires_at: When the first of them expires.
    """

    kind: Kind
    approvals: tuple[Approval, ...]
    expires_at: datetime


def batches(kinds: Mapping[str, Kind], approvals: Iterable[Approval], approver: str,
            at: datetime) -> tuple[Batch, ...]:  # fmt: skip
    """What one person can answer now, in batches; what expires first comes first.

    Args:
        kinds: By id of the approval.
        approvals: In any state and order.
        approver: Whose inbox it is.
        at: Now.
    """
    found: dict[Kind, list[Approval]] = defaultdict(list)
    for approval in approvals:
        if approval.state(at) == State.PENDING and approver in approval.may_answer(at):
            found[kinds[approval.approval_id]].append(approval)
    made = [Batch(kind, tuple(sorted(some, key=lambda a: (a.asked_at, a.approval_id))), min(a.expires_at for a in some))
            for kind, some in found.items()]  # fmt: skip
    return tuple(sorted(made, key=lambda batch: (batch.expires_at, batch.kind.client, batch.kind.tool)))


def answer_batch(approvals: Iterable[Approval], approver: str, *, is_yes: bool, at: datetime,
                 reason: str = "") -> tuple[tuple[Approval, ...], dict[str, str]]:  # fmt: skip
    """Answer each approval of a list by itself.

    Returns:
        The approvals that were answered, and by id why the others were not.
    """
    done, left = [], {}
    for approval in approvals:
        try:
            done.append(answer(approval, approver, is_yes=is_yes, at=at, reason=reason))
        except CadreError as error:
            left[approval.approval_id] = error.message
    return tuple(done), left
