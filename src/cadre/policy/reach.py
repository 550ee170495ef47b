"""Policies that can never decide anything: what is wrong with them, found before a request ever misses them.

Keeps true: every finding is certain, not a guess. Words that the schema does not know are refused when policies are
loaded; here are the rules that load and yet never matter. Rules that matched nothing in a replay are the replay's.
"""

from collections.abc import Collection
from dataclasses import dataclass

from cadre.policy.clause import Vocabulary, alternatives, contradiction
from cadre.policy.engine import Engine
from cadre.policy.source import Rule, Statement

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
    found = []
    actions = sorted(vocabulary.words.get("effects", ()))
    for place, statement in enumerate(engine.statements):
        finding = (
            _impossible(engine, statement)
            or _unknown(statement, known or Known())
            or _contradicted(statement, vocabulary)
            or _shadowed(engine, place, actions)
        )
        if finding:
            found.append(finding)
    return tuple(found)


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


def _contradicted(statement: Statement, vocabulary: Vocabulary) -> Finding | None:
    found = alternatives(statement.parsed["conditions"])
    if found is None:
        return None
    problems = [contradiction(clause, vocabulary) for clause in found]
    return Finding(statement.rule, "contradiction", f"{problems[0]}.") if all(problems) else None


def _shadowed(engine: Engine, place: int, actions: list[str]) -> Finding | None:
    statement = engine.statements[place]
    for other_place, other in enumerate(engine.statements):
        if other_place == place or statement.rule.effect != "forbid" or other.rule.effect != "forbid":
            continue
        if not _is_within(engine, statement, other, actions) or _level(other) < _level(statement):
            continue
        is_twin = _level(other) == _level(statement) and _is_within(engine, other, statement, actions)
        if not is_twin or other_place < place:
            return Finding(statement.rule, "shadowed", f"{other.rule.name} ({other.rule.where}) always matches with it "
                                                       "and is at least as strict.")  # fmt: skip
    return None


def _is_within(engine: Engine, inner: Statement, outer: Statement, actions: list[str]) -> bool:
    """Whether the outer policy matches wherever the inner one does."""
    for side in ("principal", "resource"):
        if outer.parsed[side]["op"] != "All" and outer.parsed[side] != inner.parsed[side]:
            return False
    if not all(engine.covers(outer, action) for action in actions if engine.covers(inner, action)):
        return False
    here, there = alternatives(inner.parsed["conditions"]), alternatives(outer.parsed["conditions"])
    return here is not None and there is not None and all(any(b <= a for b in there) for a in here)


def _level(statement: Statement) -> int:
    tier = statement.rule.tier
    return _LEVELS.index(tier) if tier in _LEVELS else len(_LEVELS)
