"""A decision as it is kept: the rows of its record, and the event that the audit log holds of it."""

import hashlib
import json
from datetime import datetime
from functools import lru_cache
from typing import cast
from urllib.parse import quote

from sqlalchemy import Table

from cadre.audit.canonical import canonical_plain
from cadre.audit.event import Draft, instant, require_key
from cadre.db.governance import ActionDecision, ActionRequest, ApprovalAsked
from cadre.governance.action import Action, Outcome
from cadre.governance.approval import Approval
from cadre.governance.decision import Decision
from cadre.services.agents.caller import Answer, Caller
from cadre.services.audit.writer import Row


def rows_of(caller: Caller, action: Action, found: Decision, answer: Answer, approval: Approval | None, *,
            arguments: str, record: str, at: datetime) -> list[Row]:  # fmt: skip
    """The rows of a decision.

    Args:
        caller: Who asked.
        action: For what.
        found: What was decided.
        answer: What they are told.
        approval: What is waited for; None where nothing is.
        arguments: Canonical JSON; empty where they cannot be written down.
        record: The decision as canonical JSON.
        at: When.
    """
    rows: list[Row] = [
        (_DECISIONS, {
            "decision_id": answer.decision_id, "at": at, "agent": caller.agent, "client_id": caller.client,
            "task": caller.task, "tool": action.tool.name, "answered": answer.outcome.value,
            "judged": found.judged.value, "tier": found.tier.text, "digest": found.digest, "record": record,
        }),
        (_REQUESTS, {
            "decision_id": answer.decision_id, "arguments": arguments, "user_request": action.user_request,
            "target_revision": caller.target_revision,
        }),
    ]  # fmt: skip
    if approval is not None:
        stages = [{"label": s.label, "approvers": sorted(s.approvers), "until": s.until.isoformat()}
                  for s in approval.stages]  # fmt: skip
        rows.append((_APPROVALS, {
            "approval_id": approval.approval_id, "decision_id": answer.decision_id, "digest": approval.binding.digest,
            "target_revision": approval.binding.target_revision, "policy_version": approval.binding.policy_version,
            "tier": approval.tier.text, "asked_by": json.dumps(sorted(approval.asked_by)), "asked_at": at,
            "stages": json.dumps(stages), "expires_at": approval.expires_at,
        }))  # fmt: skip
    return rows


_DECISIONS, _REQUESTS, _APPROVALS = (
    cast("Table", model.__table__) for model in (ActionDecision, ActionRequest, ApprovalAsked)
)
_KINDS = {Outcome.ALLOW: "action:allowed", Outcome.APPROVE: "action:asked", Outcome.DENY: "action:denied"}


def event_of(caller: Caller, action: Action, found: Decision, answer: Answer, record: str, at: datetime) -> Draft:
    """The event of a decision."""
    payload = canonical_plain({
        "decision_id": answer.decision_id, "tool": action.tool.name, "tier": found.tier.text,
        "judged": found.judged.value, "mode": found.inputs.mode, "rules": found.policy_ids,
        "reasons": answer.reasons, "versions": found.versions, "digest": found.digest,
        "record": hashlib.sha256(record.encode()).hexdigest(), "approval_id": answer.approval_id,
    })  # fmt: skip
    return Draft(_KINDS[answer.outcome], instant(at), agent_actor(caller.agent), _key(caller.client),
                 (f"decision:{answer.decision_id}",), (), payload)  # fmt: skip


@lru_cache(4096)
def agent_actor(agent: str) -> str:
    """Key of an agent as headers of the audit log take it."""
    return f"agent:{_key(agent)}"[:120]


@lru_cache(4096)
def _key(text: str) -> str:
    key = quote(text, safe=".@:/+=-").replace("~", "%7E")[:120]
    if key:
        require_key(key)
    return key
