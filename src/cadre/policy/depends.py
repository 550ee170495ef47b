"""What a verdict depends on: of numbers that only stand in comparisons, how these come out; of other facts, their values.

Keeps true: two requests with the same mark cannot be decided differently by these policies, so the verdict of one may be
kept for the other. Counts rise with every call, and only a bound that is crossed changes anything. What cannot be marked
exactly, such as a number where the policies expect a word, has no mark and is asked anew each time.
"""

import marshal
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_WIDEST = 2**63 - 1
_CONTEXT = {"Var": "context"}
_Path = tuple[str, ...]
_Side = int | _Path
Mark = tuple[bytes, tuple[bool | None, ...]]


@dataclass(frozen=True, slots=True)
class Depends:
    """What the verdict of some policies depends on, beside who asks for what.

    Attributes:
        values: Facts that count as they are.
        presence: Facts of which it counts whether they are there.
        comparisons: Operator, left and right: a number of the policy, or the names that lead to one of the request.
    """

    values: tuple[str, ...]
    presence: tuple[str, ...]
    comparisons: tuple[tuple[str, _Side, _Side], ...]

    def mark(self, facts: Mapping[str, Any]) -> Mark | None:
        """Equal for requests that are decided alike; None where that cannot be told.

        Args:
            facts: Of a request. A missing one differs from every value.
        """
        told: list[bool | None] = [name in facts for name in self.presence]
        for how, left, right in self.comparisons:
            one, two = _number(facts, left), _number(facts, right)
            if one is _UNFIT or two is _UNFIT:
                return None
            told.append(None if one is None or two is None else _COMPARE[how](one, two))
        try:  # unlike a hash, its bytes tell True from 1
            return marshal.dumps({name: facts[name] for name in self.values if name in facts}, 0), tuple(told)
        except ValueError:
            return None


def depends(conditions: Iterable[Any]) -> Depends | None:
    """What policies depend on; None where one of them takes the facts as a whole.

    Args:
        conditions: Theirs, in Cedar's JSON.
    """
    values: dict[str, None] = {}
    presence: dict[str, None] = {}
    comparisons: dict[tuple[str, _Side, _Side], None] = {}
    waiting = list(conditions)
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
            continue
        if not isinstance(node, dict):
            continue
        if node.get("Var") == "context":
            return None
        for how, inner in node.items():
            is_of_context = how in (".", "has") and inner["left"] == _CONTEXT
            if how in _COMPARE and None not in (sides := (_side(inner["left"]), _side(inner["right"]))):
                comparisons[(how, *sides)] = None  # type: ignore[index]
            elif is_of_context:
                (values if how == "." else presence)[inner["attr"]] = None
            elif how != "Value":
                waiting.append(inner)
    return Depends(tuple(values), tuple(presence), tuple(comparisons))


_UNFIT = -(2**63) - 1


def _side(node: Any) -> _Side | None:
    """One side of a comparison; None where it is more than a number or the name of one."""
    if type(node.get("Value")) is int:
        return int(node["Value"])
    names: _Path = ()
    while "." in node:
        names, node = (node["."]["attr"], *names), node["."]["left"]
    return names if names and node == _CONTEXT else None


def _number(facts: Mapping[str, Any], side: _Side) -> int | None:
    """The number of a side; None where the request has none, `_UNFIT` where what it has is no number of Cedar's."""
    if isinstance(side, int):
        return side
    told: Any = facts
    for name in side:
        if not isinstance(told, dict):
            return _UNFIT
        if name not in told:
            return None
        told = told[name]
    return told if type(told) is int and -_WIDEST <= told <= _WIDEST else _UNFIT
