"""Which policies can say anything about one action on one resource, so that a request is put to no others.

Keeps true: what is left out could not have matched, because its scope names another action or another resource. Groups
of actions are resolved by Cedar itself. Equal slices share one parsed handle.
"""

import json
from collections.abc import Mapping
from typing import Any

import cedarpy

from cadre.policy.source import Statement


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
        self._handles: dict[tuple[int, ...], cedarpy.PolicySet] = {}

    def of(self, action: str, resource: str) -> cedarpy.PolicySet:
        """The policies that name this action and this resource, or none."""
        key = (action, resource if resource in self._named else "")
        if key not in self._places:
            self._places[key] = tuple(n for n, s in enumerate(self._statements)
                                      if named_resource(s) in ("", resource) and self._covers(s, action))  # fmt: skip
        places = self._places[key]
        if places not in self._handles:
            self._handles[places] = cedarpy.PolicySet.from_str("\n".join(self._statements[n].text for n in places))
        return self._handles[places]

    def _covers(self, statement: Statement, action: str) -> bool:
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
