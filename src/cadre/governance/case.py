"""Tests of policies as files: one request a file, named as a sentence, in a folder `ALLOW` or `DENY`.

Keeps true: a file of `ALLOW` must go ahead by itself; a file of `DENY` must be refused or asked, by the rule it names. A
file that cannot be read, or names a fact that no request has, fails and is never skipped.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cadre.errors import CadreError, UsageError
from cadre.governance.action import Outcome, Tier
from cadre.governance.decision import Inputs, Mode, decided
from cadre.governance.situation import Limits
from cadre.policy.agents import EFFECTS
from cadre.policy.engine import Engine

PLAIN: dict[str, Any] = {
    "is_registered": True, "stopped": [], "tool": "tool", "is_tool_registered": True, "verb": "", "object": "",
    "data_classes": [], "blast_radius": 1, "reversible": "yes", "is_protective": False, "danger_percent": 0,
    "sources": [], "hour": 10, "weekday": 2, "is_business_hours": True, "is_frozen": False, "calls_last_minute": 0,
    "writes_last_hour": 0, "cost_today_cents": 0, "refusals_last_hour": 0, "other_clients_read": [],
    "classes_read": [],
}  # fmt: skip
"""What a case says where its file says nothing: a registered agent on a Tuesday morning, with nothing before."""

_OPTIONAL = frozenset({"cost_cents", "confidence_percent", "limits"})


@dataclass(frozen=True, slots=True)
class Case:
    """One request and what must come of it.

    Attributes:
        name: The file's, which says what it promises.
        inputs: The request.
        is_allowed: Whether it must go ahead by itself.
        rule: The policy that must be among those that stop it; empty where any will do.
        tier: The tier it must come to; empty where any will do.
    """

    name: str
    inputs: Inputs
    is_allowed: bool
    rule: str
    tier: str


def cases(folder: Path) -> tuple[Case, ...]:
    """The cases under `ALLOW` and `DENY` of a folder, by name.

    Raises:
        UsageError: A file is no case.
    """
    return tuple(_case(path) for side in ("ALLOW", "DENY") for path in sorted((folder / side).glob("*.json")))


def problem(case: Case, engine: Engine) -> str:
    """What is wrong with a case under some policies; empty where it comes out as it must."""
    found = decided(case.inputs, engine, digest="case", model="case")
    told = f"{found.judged.value} at {found.tier.text}, by {', '.join(found.policy_ids) or 'no rule'}"
    if case.is_allowed != (found.judged == Outcome.ALLOW):
        return f"expected to {'go ahead' if case.is_allowed else 'be stopped'}, found {told}"
    if case.rule and case.rule not in found.policy_ids:
        return f"expected the rule {case.rule}, found {told}"
    if case.tier and case.tier != found.tier.text:
        return f"expected the tier {case.tier}, found {told}"
    return ""


def _case(path: Path) -> Case:
    where = f"{path.parent.name}/{path.name}"
    try:
        told = json.loads(path.read_text("utf-8"))
        facts = told.get("facts", {})
        unknown = sorted({*facts} - {*PLAIN, *_OPTIONAL}) + sorted({*told} - _KEYS) + sorted(
            {*told["effects"]} - {*EFFECTS})  # fmt: skip
        if unknown:
            raise UsageError(f"{where}: no request says {', '.join(unknown)}")
        tier = Tier.named(told.get("before", "autonomous"))
        filled = {**PLAIN, **facts, "effects": told["effects"], "tier": int(tier),
                  "limits": {**Limits().facts(), **facts.get("limits", {})}}  # fmt: skip
        inputs = Inputs.read({"agent": told.get("agent", "agent"), "client": told.get("client", "client"),
                              "effects": told["effects"], "facts": filled, "tier": tier.text, "why": [],
                              "mode": Mode.ENFORCE.value})  # fmt: skip
        return Case(path.stem, inputs, path.parent.name == "ALLOW", told.get("rule", ""), told.get("tier", ""))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(f"{where}: this is no case ({type(error).__name__})", hint=_HINT) from error
    except CadreError as error:
        raise UsageError(error.message, hint=_HINT) from error


_KEYS = frozenset({"agent", "client", "effects", "facts", "before", "rule", "tier"})
_HINT = 'A case is {"effects": ["change"], "facts": {}, "rule": "change-freeze", "tier": "four-eyes"}.'
