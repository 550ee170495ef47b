"""Which policies can say anything about one action on one resource, so that a request is put to no others.

Keeps true: what is left out could not have matched, because its scope names another action or another resource. Groups
of actions are resolved by Cedar itself. Equal slices share one parsed handle.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import cedarpy

from cadre.policy.depends import Depends, depends
from cadre.policy.source import Statement


@dataclass(frozen=True, slots=True)
class Slice:
    """What can say something about an action on a resource.

    Attributes:
        handle: The policies.
        facts: Names of the facts they ask for; None where one takes the context as a whole.
        depends: What their verdict depends on; None in the same case.
    """

    handle: cedarpy.PolicySet
    facts: frozenset[str] | None
    depends: Depends | None = None


class Slices:
    """Handles of policies by action and resource.

    Args:
        statements: All policies.
        entities: A handle that was made with the schema; without it no group of actions is known and `action in`
            would silently match nothing.
    """

    def __init__(self, statements: tuple[Statement, ...], entities: cedarpy.Entities) -> None:
        self._statements = statements
        self._entities = entities
        self._named = frozenset(named for s in statements if (named := named_resource(s)))
        self._covered: dict[tuple[str, str], bool] = {}
        self._places: dict[tuple[str, str], tuple[int, ...]] = {}
        self._made: dict[tuple[int, ...], Slice] = {}

    def of(self, action: str, resource: str) -> Slice:
        """The policies that name this action and this resource, or none."""
        key = (action, resource if resource in self._named else "")
        if key not in self._places:
            self._places[key] = tuple(n for n, s in enumerate(self._statements)
                                      if named_resource(s) in ("", resource) and self.covers(s, action))  # fmt: skip
        places = self._places[key]
        if places not in self._made:
            self._made[places] = _made([self._statements[n] for n in places])
        return self._made[places]

    def covers(self, statement: Statement, action: str) -> bool:
        """Whether an action falls under a policy's scope, groups and all, as Cedar itself sees it."""
        scope = statement.parsed["action"]
        key = (json.dumps(scope, sort_keys=True), action)
        if key not in self._covered:
            self._covered[key] = self._matches(scope, action)
        return self._covered[key]

    def _matches(self, scope: Mapping[str, Any], action: str) -> bool:
        every = {"op": "All"}
        bare = {"effect": "permit", "principal": every, "action": scope, "resource": every, "conditions": []}
        text = json.dumps({"templates": {}, "staticPolicies": {"scope": bare}, "templateLinks": []})
        uid = {"type": "Cadre::Action", "id": action}
        request = {"principal": uid, "action": uid, "resource": uid, "context": {}}
        told = cedarpy.is_authorized(request, cedarpy.PolicySet.from_json_str(text), self._entities)
        return told.decision == cedarpy.Decision.Allow


def named_resource(statement: Statement) -> str:
    """Id of the resource that a policy's scope names; empty where it names none."""
    scope = statement.parsed["resource"]
    entity = scope.get("entity") or scope.get("in", {}).get("entity")
    return str(entity["id"]) if entity else ""


def _made(statements: list[Statement]) -> Slice:
    asked = {name for s in statements for name in _facts(s.parsed["conditions"])}
    return Slice(cedarpy.PolicySet.from_str("\n".join(s.text for s in statements)),
                 None if "" in asked else frozenset(asked), depends(s.parsed["conditions"] for s in statements))  # fmt: skip


def _facts(node: Any) -> Iterator[str]:
    """Names of facts that an expression of Cedar's JSON asks for; an empty name where it takes the context whole."""
    if isinstance(node, dict):
        if node.get("Var") == "context":
            yield ""
        for operator, inner in node.items():
            if operator in (".", "has") and inner["left"] == {"Var": "context"}:
                yield inner["attr"]
            elif operator != "Value":
                yield from _facts(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _facts(inner)
