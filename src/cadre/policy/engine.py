"""The policies, parsed once, and what they decide about a request.

Keeps true: nothing loaded, a request that does not fit the schema or a fault inside the engine refuses. A decision names
the policies that made it by their own ids; their words stand beside them, as annotations. Only the policies that name
this resource and this action, or none, are asked. Who asks, what is known and what is sealed are not its business.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import cedarpy

from cadre.policy.depends import Depends, Mark
from cadre.policy.slice import Slices
from cadre.policy.source import File, Rule, Statement, statements

KINDS = ("see_group", "see_signals", "see_readiness", "see_candidate", "see_contested", "see_record")
"""The actions of the schema of release: what one may ask to see."""

Fact = bool | int | str
Nested = Fact | Sequence[str] | Mapping[str, Fact]
"""What stands in a request: a fact, a set of words, or a record of facts."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """Which types of the schema a request speaks of.

    Attributes:
        principal: Type of whoever asks.
        resource: Type of what it is about.
        is_checked: Whether each request is held against the schema. Where the facts come from one typed value, that
            doubles the time and finds nothing: a fact that a policy asks for and does not find still refuses.
    """

    principal: str = "Cadre::Role"
    resource: str = "Cadre::Subject"
    is_checked: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided.

    Attributes:
        is_allowed: Whether it may be.
        rules: The policies that decided, by id; empty where none permits.
        fault: What went wrong inside, by kind and without content; empty where nothing did.
    """

    is_allowed: bool
    rules: tuple[Rule, ...] = ()
    fault: str = ""


class Engine:
    """Decides requests by a set of policies; the same request with plain facts is decided once.

    Args:
        policies: Files or texts of Cedar policies, each policy with an `@id` and a `@rule`.
        schema: Text of the Cedar schema that requests must fit.
        kinds: Which of its types requests speak of.

    Raises:
        CadreError: A policy does not parse, does not fit the schema, or has no name or words.
    """

    def __init__(self, policies: Iterable[str | File], schema: str, kinds: Kinds | None = None) -> None:
        read = [p if isinstance(p, File) else File("policies", p) for p in policies]
        self._kinds = kinds or Kinds()
        self._known: dict[tuple[str, str, str, frozenset[tuple[str, Fact]]], Verdict] = {}
        self._depends: dict[tuple[str, str, str], Depends | None] = {}
        self._verdicts: dict[tuple[tuple[str, str, str], Mark], Verdict] = {}
        self._actions: set[str] = set()
        self._statements: tuple[Statement, ...] = ()
        self.version = hashlib.sha256("\0".join([schema, *(f.text for f in read)]).encode()).hexdigest()[:16]
        if not any(f.text.strip() for f in read):
            return
        self._schema = cedarpy.Schema.from_str(schema)
        self._entities = cedarpy.Entities.from_json_str("[]", self._schema)
        self._statements = statements(read, self._schema)
        self._slices = Slices(self._statements, self._entities)
        self._rules = {s.rule.name: s.rule for s in self._statements}

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The policies in words."""
        return tuple(s.rule for s in self._statements)

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The policies as they were read."""
        return self._statements

    def covers(self, statement: Statement, action: str) -> bool:
        """Whether one of its policies is about an action, by its scope alone."""
        return self._slices.covers(statement, action)

    def is_impossible(self, statement: Statement) -> bool:
        """Whether Cedar's own types show that a policy can match no request.

        Cedar stops reading a condition where its type says that it is false. So a condition that cannot be, put behind
        the policy's own, goes unnoticed just where the policy can never match.
        """
        text = statement.text.rstrip().rstrip(";") + _NONSENSE
        return bool(cedarpy.validate_policies(text, self._schema).validation_passed)

    def decide(self, principal: str, action: str, facts: Mapping[str, Nested], resource: str = "asked") -> Verdict:
        """Whether somebody may do something, given the facts.

        Args:
            principal: Id of whoever asks; of release, their role.
            action: One of the schema's.
            facts: What the schema's context lists; an optional one that is missing is left out.
            resource: Id of what it is about.
        """
        if not self._kinds.is_checked:
            return self._marked(principal, action, facts, resource)
        if not all(isinstance(value, (bool, int, str)) for value in facts.values()):
            return self._decided(principal, action, facts, resource)
        key = (principal, action, resource, frozenset(facts.items()))
        if key not in self._known:
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
            self._known[key] = self._decided(principal, action, facts, resource)  # type: ignore[index]
        return self._known[key]  # type: ignore[index]

    def _marked(self, principal: str, action: str, facts: Mapping[str, Nested], resource: str) -> Verdict:
        """The verdict of an earlier request that cannot have been decided differently, else a new one; faults are not kept."""
        places = (principal, action, resource)
        depends = self._depends.get(places)
        mark = depends.mark(facts) if depends else None
        found = self._verdicts.get((places, mark)) if mark else None
        if found is not None:
            return found
        found = self._decided(principal, action, facts, resource)
        if found.fault:
            return found
        if len(self._verdicts) >= _MOST_KNOWN or len(self._depends) >= _MOST_KNOWN:
            self._verdicts.clear()
            self._depends.clear()
        if depends is None:
            depends = self._depends[places] = self._slices.of(action, resource).depends
            mark = depends.mark(facts) if depends else None
        if mark:
            self._verdicts[places, mark] = found
        return found

    def _decided(self, principal: str, action: str, facts: Mapping[str, Nested], resource: str) -> Verdict:
        if not self._statements:
            return Verdict(is_allowed=False, fault="no policy is loaded")
        if not self._kinds.is_checked and not self._is_known(action):
            return Verdict(is_allowed=False, fault=_UNFIT)
        request = {
            "principal": {"type": self._kinds.principal, "id": principal},
            "action": {"type": "Cadre::Action", "id": action},
            "resource": {"type": self._kinds.resource, "id": resource},
            "context": dict(facts),
        }
        try:
            asked = self._slices.of(action, resource)
            if self._kinds.is_checked:
                told = cedarpy.is_authorized(request, asked.handle, self._entities, self._schema)
            else:
                request["context"] = json.dumps(
                    {k: v for k, v in facts.items() if asked.facts is None or k in asked.facts}
                )
                told = cedarpy.is_authorized(request, asked.handle, self._entities)
            rules = tuple(self._rules[n] for n in sorted(told.diagnostics.id_annotations_by_reason.values()))
            is_allowed = told.decision == cedarpy.Decision.Allow
        except Exception as error:  # noqa: BLE001 (whatever breaks inside, the answer is no)
            return Verdict(is_allowed=False, fault=type(error).__name__)
        if told.decision == cedarpy.Decision.NoDecision:
            return Verdict(is_allowed=False, fault=_UNFIT)
        if told.diagnostics.errors:
            return Verdict(is_allowed=False, fault="a policy could not be worked out for this request")
        return Verdict(is_allowed=is_allowed, rules=rules)

    def _is_known(self, action: str) -> bool:
        """Whether the schema has an action; what it does not know would fall under the policies that name none."""
        if action not in self._actions:
            text = f'permit (principal, action == Cadre::Action::"{action}", resource);'
            if not action.isidentifier() or not cedarpy.validate_policies(text, self._schema).validation_passed:
                return False
            self._actions.add(action)
        return True


_MOST_KNOWN = 20_000
_UNFIT = "the request does not fit the schema"
_NONSENSE = ' when { [1].contains("nonsense") };'


def shipped_files(kind: str) -> tuple[tuple[File, ...], str]:
    """The policies that come with Cadre and their schema: `release` or `agents`."""
    here = files("cadre.policy") / "policies" / kind
    texts = sorted((p.name, p.read_text("utf-8")) for p in here.iterdir() if p.name.endswith(".cedar"))
    return tuple(File(*pair) for pair in texts), (here / "schema.cedarschema").read_text("utf-8")


@cache
def shipped() -> Engine:
    """The engine with the policies of release that come with Cadre."""
    policies, schema = shipped_files("release")
    return Engine(policies, schema)
