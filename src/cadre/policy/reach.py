"""Policies that can never decide anything: what is wrong with them, found before a request ever misses them.

Keeps true: every finding is certain, not a guess. Words that the schema does not know are refused when policies are
loaded; here are the rules that load and yet never matter. Rules that matched nothing in a replay are the replay's.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass

from cadre.policy.clause import Literal, Vocabulary, alternatives, contradiction
from cadre.policy.engine import Engine
from cadre.policy.source import Rule, Statement

_ALL = json.dumps({"op": "All"})
_LEVELS = ("notify", "approve", "four-eyes")


@dataclass(frozen=True, slots=True)
class Finding:
    """A policy that never decides anything.

    Attributes:
        rule: The policy.
        kind: `impossible`, `contradiction`, `shadowed` or `unknown`.
        text: Why, in one sentence.
    """

    rule: Rule
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Known:
    """Who stands in the registers; None where that is not known.

    Attributes:
        agents: Ids of agents.
        clients: Ids of clients.
    """

    agents: Collection[str] | None = None
    clients: Collection[str] | None = None


def dead_rules(engine: Engine, vocabulary: Vocabulary, known: Known | None = None) -> tuple[Finding, ...]:
    """The policies that can never decide anything, in their order, each with its first reason."""
    actions = sorted(vocabulary.words.get("effects", ()))
    shapes = [_shape(engine, statement, actions) for statement in engine.statements]
    found = (
        _impossible(engine, shape.statement)
        or _unknown(shape.statement, known or Known())
        or _contradicted(shape, vocabulary)
        or _shadowed(place, shapes)
        for place, shape in enumerate(shapes)
    )
    return tuple(finding for finding in found if finding)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What of a policy says where it matches; `clauses` is None where they are too many to work out."""

    statement: Statement
    principal: str
    resource: str
    actions: frozenset[str]
    clauses: list[frozenset[Literal]] | None
    level: int


def _shape(engine: Engine, statement: Statement, actions: list[str]) -> _Shape:
    principal, resource = (json.dumps(statement.parsed[side], sort_keys=True) for side in ("principal", "resource"))
    covered = frozenset(action for action in actions if engine.covers(statement, action))
    tier = statement.rule.tier
    level = _LEVELS.index(tier) if tier in _LEVELS else len(_LEVELS)
    return _Shape(statement, principal, resource, covered, alternatives(statement.parsed["conditions"]), level)


def _impossible(engine: Engine, statement: Statement) -> Finding | None:
    if engine.is_impossible(statement):
        return Finding(statement.rule, "impossible", "Its condition is false by the types of the schema alone.")
    return None


def _unknown(statement: Statement, known: Known) -> Finding | None:
    for kind, side, names in (("agent", "principal", known.agents), ("client", "resource", known.clients)):
        entity = statement.parsed[side].get("entity")
        if names is not None and entity and entity["id"] not in names:
            return Finding(statement.rule, "unknown", f"No {kind} has the id {entity['id']}.")
    return None


def _contradicted(shape: _Shape, vocabulary: Vocabulary) -> Finding | None:
    if shape.clauses is None:
        return None
    problems = [contradiction(clause, vocabulary) for clause in shape.clauses]
    return Finding(shape.statement.rule, "contradiction", f"{problems[0]}.") if all(problems) else None


def _shadowed(place: int, shapes: list[_Shape]) -> Finding | None:
    shape = shapes[place]
    if shape.statement.rule.effect != "forbid":
        return None
    for other_place, other in enumerate(shapes):
        rule = other.statement.rule
        if other_place == place or rule.effect != "forbid" or other.level < shape.level or not _is_within(shape, other):
            continue
        is_twin = other.level == shape.level and _is_within(other, shape)
        if not is_twin or other_place < place:
            text = f"{rule.name} ({rule.where}) always matches with it and is at least as strict."
            return Finding(shape.statement.rule, "shadowed", text)
    return None


def _is_within(inner: _Shape, outer: _Shape) -> bool:
    """Whether the outer policy matches wherever the inner one does."""
    if outer.principal not in {_ALL, inner.principal} or outer.resource not in {_ALL, inner.resource}:
        return False
    if inner.clauses is None or outer.clauses is None or not inner.actions <= outer.actions:
        return False
    return all(any(there <= here for there in outer.clauses) for here in inner.clauses)
