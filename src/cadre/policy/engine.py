"""The policies, parsed once, and what they decide about a request.

Keeps true: nothing loaded, a request that does not fit the schema or a fault inside the engine refuses. A decision names
the policies that made it by their own ids; their words stand beside them, as annotations. Who asks, what is known and
what is sealed are not its business.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import cedarpy

from cadre.errors import CadreError

KINDS = ("see_group", "see_signals", "see_readiness", "see_candidate", "see_contested", "see_record")
"""The actions of the schema: what one may ask to see."""

Fact = bool | int | str


@dataclass(frozen=True, slots=True)
class Rule:
    """A policy in words.

    Attributes:
        name: Its id.
        effect: `permit` or `forbid`.
        text: What it says, in one sentence.
        opens: For a `forbid`, what would lift it; else empty.
    """

    name: str
    effect: str
    text: str
    opens: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided.

    Attributes:
        is_allowed: Whether it may be seen.
        rules: The policies that decided; empty where none permits.
        fault: What went wrong inside, by kind and without content; empty where nothing did.
    """

    is_allowed: bool
    rules: tuple[Rule, ...] = ()
    fault: str = ""


class Engine:
    """Decides requests by a set of policies; the same request is decided once.

    Args:
        policies: Texts of Cedar policies, each with an `@id` and a `@rule`.
        schema: Text of the Cedar schema that requests must fit.

    Raises:
        CadreError: A policy does not parse, does not fit the schema, or has no name or words.
    """

    def __init__(self, policies: Iterable[str], schema: str) -> None:
        text = "\n".join(policies)
        self._rules: dict[str, Rule] = {}
        self._known: dict[tuple[str, str, frozenset[tuple[str, Fact]]], Verdict] = {}
        self._set: cedarpy.PolicySet | None = None
        if not text.strip():
            return
        told = cedarpy.validate_policies(text, schema)
        if not told.validation_passed:
            raise CadreError(f"the release policies do not fit their schema: {[str(e) for e in told.errors][:1]}",
                             hint="Take Cadre's own files back, or mend the policy.")  # fmt: skip
        self._rules = _rules(text)
        self._set = cedarpy.PolicySet.from_str(text)
        self._schema = cedarpy.Schema.from_str(schema)
        self._entities = cedarpy.Entities.from_json_str("[]")

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The policies in words."""
        return tuple(self._rules.values())

    def decide(self, role: str, kind: str, facts: Mapping[str, Fact]) -> Verdict:
        """Whether a role may see a kind of thing, given the facts.

        Args:
            role: Role of whoever asks.
            kind: One of `KINDS`.
            facts: What the schema's `Facts` lists; an optional one that is missing is left out.
        """
        key = (role, kind, frozenset(facts.items()))
        if key not in self._known:
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
            self._known[key] = self._decided(role, kind, facts)
        return self._known[key]

    def _decided(self, role: str, kind: str, facts: Mapping[str, Fact]) -> Verdict:
        if self._set is None:
            return Verdict(is_allowed=False, fault="no policy is loaded")
        request = {
            "principal": {"type": "Cadre::Role", "id": role},
            "action": {"type": "Cadre::Action", "id": kind},
            "resource": {"type": "Cadre::Subject", "id": "asked"},
            "context": dict(facts),
        }
        try:
            told = cedarpy.is_authorized(request, self._set, self._entities, self._schema)
            rules = tuple(self._rules[name] for name in sorted(told.diagnostics.reasons))
        except Exception as error:  # noqa: BLE001 (whatever breaks inside, the answer is no)
            return Verdict(is_allowed=False, fault=type(error).__name__)
        if told.diagnostics.errors:
            return Verdict(is_allowed=False, fault="the request does not fit the schema")
        return Verdict(is_allowed=told.decision == cedarpy.Decision.Allow, rules=rules)


_MOST_KNOWN = 20_000


def _rules(text: str) -> dict[str, Rule]:
    """The engine's own name of a policy (`policy0`, by place in the text) -> its id and words."""
    told: dict[str, Any] = json.loads(cedarpy.policies_to_json_str(text))["staticPolicies"]
    made = {}
    for place, policy in told.items():
        words = policy.get("annotations", {})
        if not words.get("id") or not words.get("rule") or (policy["effect"] == "forbid" and not words.get("opens")):
            raise CadreError(f"{place} of the release policies has no @id, @rule or @opens",
                             hint="Name it and say in one sentence what it does.")  # fmt: skip
        made[place] = Rule(words["id"], policy["effect"], words["rule"], words.get("opens", ""))
    return made


@cache
def shipped() -> Engine:
    """The engine with the policies that come with Cadre."""
    here = files("cadre.policy")
    texts = sorted((p.name, p.read_text("utf-8")) for p in (here / "policies").iterdir() if p.name.endswith(".cedar"))
    return Engine([text for _, text in texts], (here / "schema.cedarschema").read_text("utf-8"))
