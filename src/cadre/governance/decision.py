"""What is decided about an agent's act: its tier as the policies leave it, in words, bound to the exact action.

Keeps true: policies forbid or raise and never loosen; what fails refuses; a switch that is down stops in every mode,
while observing blocks nothing else; what decided is kept, so that the same inputs decide the same again. Pure: it
records nothing, and whoever calls it answers only when the decision is on disk.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cadre.audit.canonical import as_written, canonical, canonical_plain
from cadre.errors import CadreError
from cadre.governance.action import Action, Nature, Outcome, Tier
from cadre.governance.situation import Request, Situation
from cadre.policy.engine import Engine, Nested
from cadre.policy.source import Rule


class Mode(StrEnum):
    """How far decisions bind an agent at a client."""

    OBSERVE = "observe"
    ADVISE = "advise"
    ENFORCE = "enforce"


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that decided, as it is recorded; with the same policies it decides the same again.

    Attributes:
        agent: Its id.
        client: Whose environment.
        effects: What the call does, `unknown` where that could not be told; one question each.
        facts: What the policies are told.
        tier: Before policies, by name.
        why: Reasons for that tier.
        mode: How far the decision bound.
    """

    agent: str
    client: str
    effects: tuple[str, ...]
    facts: Mapping[str, Nested]
    tier: str
    why: tuple[str, ...]
    mode: str

    def written(self) -> dict[str, Any]:
        """As a value of JSON."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> "Inputs":
        """From a value that `written` gave."""
        facts = {name: tuple(value) if isinstance(value, list) else value for name, value in told["facts"].items()}
        return cls(told["agent"], told["client"], tuple(told["effects"]), facts, told["tier"], tuple(told["why"]),
                   told["mode"])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided.

    Attributes:
        outcome: What the agent is told.
        judged: What it would be told where decisions are enforced.
        tier: Policies included.
        reasons: Sentences a person can read, the gravest first; never empty.
        policy_ids: The policies that forbade or raised.
        opens: What would lift what forbids.
        versions: Of the policies, and of the model that read the call.
        digest: SHA-256 of the exact action; empty where it cannot be written down, which refuses.
        inputs: What decided.
    """

    outcome: Outcome
    judged: Outcome
    tier: Tier
    reasons: tuple[str, ...]
    policy_ids: tuple[str, ...]
    opens: tuple[str, ...]
    versions: Mapping[str, str]
    digest: str
    inputs: Inputs

    def written(self) -> dict[str, Any]:
        """As a value of JSON, inputs included, so that the decision can be made again from its own record."""
        told = {name: getattr(self, name) for name in self.__slots__}
        return told | {"outcome": self.outcome.value, "judged": self.judged.value, "tier": self.tier.text,
                       "versions": dict(self.versions), "inputs": self.inputs.written()}  # fmt: skip

    def text(self) -> str:
        """The same as canonical JSON: its keys are plain and it holds no fraction, so that goes the quick way."""
        return canonical_plain(self.written())


def decide(action: Action, nature: Nature, tier: Tier, situation: Situation, engine: Engine, mode: Mode, *,
           why: tuple[str, ...] = (), arguments: str | None = None) -> Decision:  # fmt: skip
    """Decide whether an act goes ahead, asks or is refused.

    Args:
        action: The call.
        nature: What it does.
        tier: By the catalogue, or derived.
        situation: Where and when, and what came before.
        engine: The policies.
        mode: How far the decision binds.
        why: Reasons for the tier; where none are given, the nature's.
        arguments: As `arguments_of` gives them, where that was asked already.
    """
    inputs = _inputs(action, nature, tier, situation, mode, why or nature.reasons)
    told = arguments_of(action) if arguments is None else arguments
    digest = _digest(action, situation.request, engine.version, told) if told else ""
    return decided(inputs, engine, digest=digest, model=nature.danger.version)


def action_digest(action: Action, request: Request, policy_version: str) -> str:
    """SHA-256 of the exact action, to which an approval is bound.

    Raises:
        CadreError: The arguments cannot be written as canonical JSON.

    References:
        RFC 8785 (JSON Canonicalization Scheme).
    """
    return _digest(action, request, policy_version, canonical(dict(action.arguments)))


def arguments_of(action: Action) -> str:
    """The arguments as canonical JSON; empty where they cannot be written down exactly."""
    try:
        return canonical(dict(action.arguments))
    except CadreError:
        return ""


def _digest(action: Action, request: Request, policy_version: str, arguments: str) -> str:
    return hashlib.sha256(canonical_plain({
        "agent": request.agent,
        "client": request.client,
        "tool": {"name": action.tool.name, "digest": action.tool.digest},
        "arguments": as_written(arguments),
        "target_revision": request.target_revision,
        "policy": policy_version,
    }).encode()).hexdigest()  # fmt: skip


def decided(inputs: Inputs, engine: Engine, *, digest: str, model: str) -> Decision:
    """The decision that inputs lead to; live and replayed decisions both come from here."""
    rules, fault = _answers(inputs, engine)
    problem = fault or ("" if digest else "the arguments cannot be written down exactly")
    tier = max([Tier.named(inputs.tier), *map(_level, rules), *([Tier.FORBIDDEN] if problem else [])])
    ranked = sorted(rules, key=lambda rule: (-_level(rule), rule.name))
    judged = outcome_of(tier)
    is_stopped = bool(inputs.facts.get("stopped"))
    outcome = judged if inputs.mode == Mode.ENFORCE or is_stopped else Outcome.ALLOW
    reasons = (
        *([f"Refused, because {problem}."] if problem else []),
        *(f"{rule.text}." for rule in ranked),
        *inputs.why,
        *([f"Tier: {tier.text}."] if not (problem or rules or inputs.why) else []),
        *([_UNBOUND[Mode(inputs.mode)]] if outcome != judged else []),
    )
    opens = tuple(rule.opens for rule in ranked if rule.opens)
    versions = {"policy": engine.version, "nature": model}
    return Decision(outcome, judged, tier, reasons, tuple(r.name for r in ranked), opens, versions, digest, inputs)


def outcome_of(tier: Tier) -> Outcome:
    """What a tier answers where decisions are enforced."""
    if tier <= Tier.NOTIFY:
        return Outcome.ALLOW
    return Outcome.DENY if tier == Tier.FORBIDDEN else Outcome.APPROVE


_UNBOUND = {
    Mode.OBSERVE: "This agent is only observed here, so nothing was blocked.",
    Mode.ADVISE: "Decisions are advice for this agent here, so nothing was blocked.",
    Mode.ENFORCE: "",
}


def _inputs(action: Action, nature: Nature, tier: Tier, situation: Situation, mode: Mode,
            why: tuple[str, ...]) -> Inputs:  # fmt: skip
    effects = tuple(sorted(effect.value for effect in nature.effects)) or ("unknown",)
    facts: dict[str, Any] = {
        "tool": action.tool.name,
        "verb": nature.verb,
        "object": nature.object,
        "effects": effects,
        "data_classes": tuple(nature.data_classes),
        "blast_radius": int(nature.blast_radius),
        "reversible": {True: "yes", False: "no", None: "unknown"}[nature.reversible],
        "is_protective": nature.protective,
        "danger_percent": int(nature.danger.probability * 100),
        "sources": tuple(sorted({source.value for source in nature.sources.values()})),
        "tier": int(tier),
        "stopped": situation.stopped,
        **situation.facts,
    }
    request = situation.request
    return Inputs(request.agent, request.client, effects, facts, tier.text, tuple(why), mode.value)


def _answers(inputs: Inputs, engine: Engine) -> tuple[tuple[Rule, ...], str]:
    """The policies that forbid or raise, over all that the call does, and what went wrong if anything did."""
    found: dict[str, Rule] = {}
    for effect in inputs.effects:
        verdict = engine.decide(inputs.agent, effect, inputs.facts, inputs.client)
        if verdict.fault or not (verdict.is_allowed or verdict.rules):
            return (), verdict.fault or "no policy permits it"
        found.update({rule.name: rule for rule in verdict.rules if rule.effect == "forbid"})
    return tuple(found.values()), ""


def _level(rule: Rule) -> Tier:
    return Tier.named(rule.tier) if rule.tier else Tier.FORBIDDEN
