"""A policy's conditions as alternatives of plain statements, and whether such a statement can be true at all.

Keeps true: what it calls impossible is impossible; what it cannot read it takes to be possible. It reads comparisons of
one fact with one constant, words in sets, and `has`; sums, records and entities stay unread.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST = 256
"""Alternatives that are worked out; a policy with more is taken to be possible."""

_FLIP = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_NOT = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_FAR = 2**63

Expression = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Literal:
    """One plain statement.

    Attributes:
        term: What it is about, as canonical JSON of Cedar's expression.
        operator: A comparison, `contains`, `is` (a yes or no), or `unread`.
        value: The constant on the other side; None where there is none.
        is_positive: False where the statement is denied.
    """

    term: str
    operator: str
    value: Any
    is_positive: bool


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a request can say.

    Attributes:
        bounds: Least and greatest value by fact, both included.
        words: All words that a fact can be or hold, by fact; a fact that is missing here may hold any.
    """

    bounds: Mapping[str, tuple[int, int]]
    words: Mapping[str, frozenset[str]]


def alternatives(conditions: list[Expression]) -> list[frozenset[Literal]] | None:
    """The conditions of a policy as alternatives, of which one holds where the policy matches; None where too many."""
    found: list[frozenset[Literal]] = [frozenset()]
    for condition in conditions:
        more = _alternatives(condition["body"], condition["kind"] == "when")
        if more is None or len(found) * len(more) > MOST:
            return None
        found = [left | right for left in found for right in more]
    return found


def contradiction(clause: frozenset[Literal], vocabulary: Vocabulary) -> str:
    """Why the statements cannot all be true; empty where they can or where it cannot be told."""
    for term in sorted({literal.term for literal in clause}):
        told = [literal for literal in clause if literal.term == term]
        name = _name(term)
        if problem := _range(told, vocabulary.bounds.get(name, (-_FAR, _FAR))) or _words(
            told, vocabulary.words.get(name)
        ):
            return f"{name}: {problem}"
    return ""


def _alternatives(node: Expression, is_positive: bool) -> list[frozenset[Literal]] | None:
    if "!" in node:
        return _alternatives(node["!"]["arg"], not is_positive)
    for operator, joins in (("&&", is_positive), ("||", not is_positive)):
        if operator in node:
            left = _alternatives(node[operator]["left"], is_positive)
            right = _alternatives(node[operator]["right"], is_positive)
            if left is None or right is None or len(left) * len(right) > MOST:
                return None
            return [a | b for a in left for b in right] if joins else left + right
    return [frozenset({_literal(node, is_positive)})]


def _literal(node: Expression, is_positive: bool) -> Literal:
    ((operator, inner),) = node.items()
    if operator in _NOT:
        left, right = inner["left"], inner["right"]
        if set(left) == {"Value"}:
            left, right, operator = right, left, _FLIP[operator]
        if set(right) == {"Value"}:
            return Literal(_text(left), operator if is_positive else _NOT[operator], right["Value"], is_positive=True)
    if operator == "contains" and set(inner["right"]) == {"Value"}:
        return Literal(_text(inner["left"]), "contains", inner["right"]["Value"], is_positive)
    if operator in {".", "has"}:
        return Literal(_text(node), "is", None, is_positive)
    return Literal(_text(node), "unread", None, is_positive)


def _range(told: list[Literal], bounds: tuple[int, int]) -> str:
    low, high = bounds
    for literal in told:
        if type(literal.value) is not int:
            continue
        low = max(low, {">": literal.value + 1, ">=": literal.value, "==": literal.value}.get(literal.operator, low))
        high = min(high, {"<": literal.value - 1, "<=": literal.value, "==": literal.value}.get(literal.operator, high))
    return f"no whole number is at least {low} and at most {high}" if low > high else ""


def _words(told: list[Literal], words: frozenset[str] | None) -> str:
    for literal in told:
        is_asked = literal.operator in {"==", "contains"} and literal.is_positive
        if is_asked and words is not None and isinstance(literal.value, str) and literal.value not in words:
            return f"no request ever says {literal.value!r}"
    equal = {json.dumps(literal.value) for literal in told if literal.operator == "=="}
    if len(equal) > 1:
        return f"it cannot be {' and '.join(sorted(equal))} at once"
    for literal in told:
        if literal.operator == "!=" and json.dumps(literal.value) in equal:
            return f"it cannot both be and not be {literal.value!r}"
        if Literal(literal.term, literal.operator, literal.value, not literal.is_positive) in told:
            return "it is asked for and ruled out at once"
    return ""


def _text(node: Expression) -> str:
    return json.dumps(node, sort_keys=True)


def _name(term: str) -> str:
    """The fact of a term as it is written: `context.limits.x` -> `limits.x`; the term itself where it is no fact."""
    node, parts = json.loads(term), []
    while isinstance(node, dict) and (inner := node.get(".") or node.get("has")):
        parts.append(inner["attr"])
        node = inner["left"]
    return ".".join(reversed(parts)) if node == {"Var": "context"} and parts else term
