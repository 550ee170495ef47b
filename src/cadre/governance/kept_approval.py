"""An approval from the rows that are kept of it: how it was asked for, and what happened to it since, in order.

Keeps true: the same rows always make the same approval, in whichever process they are read. It reads no database itself.
"""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from cadre.governance.action import Tier
from cadre.governance.approval import Answer, Approval, Binding, Review, Stage


class AskedRow(Protocol):
    """How an approval was asked for; fields as in `db.governance.ApprovalAsked`."""

    approval_id: Any
    digest: Any
    target_revision: Any
    policy_version: Any
    tier: Any
    asked_by: Any
    asked_at: Any
    stages: Any


class StepRow(Protocol):
    """Something that happened to it; fields as in `db.governance.ApprovalStep`."""

    what: Any
    by: Any
    at: Any
    reason: Any


def put_together(row: AskedRow, steps: Iterable[StepRow]) -> Approval:
    """The approval as its rows tell it.

    Args:
        row: How it was asked for.
        steps: What happened to it, the oldest first.
    """
    stages = tuple(Stage(told["label"], frozenset(told["approvers"]), datetime.fromisoformat(told["until"]))
                   for told in json.loads(row.stages))  # fmt: skip
    binding = Binding(row.digest, row.target_revision, row.policy_version)
    made = Approval(row.approval_id, binding, Tier.named(row.tier), frozenset(json.loads(row.asked_by)), row.asked_at,
                    stages)  # fmt: skip
    for step in steps:
        made = replace(made, **_change(made, step))
    return made


def _change(made: Approval, step: StepRow) -> dict[str, Any]:
    if step.what in {"yes", "no", "glass"}:
        said = Answer(step.by, step.what != "no", step.at, step.reason, is_break_glass=step.what == "glass")
        return {"answers": (*made.answers, said)}
    if step.what == "used":
        return {"used_at": step.at}
    if step.what == "lapsed":
        return {"lapsed_at": step.at}
    return {"review": Review(step.by, step.at, step.what == "right", step.reason)}
