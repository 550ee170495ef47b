"""Competencies of everybody over one window, as rows that are stored: an estimate with interval and parts, or why there is none.

A description of what was seen, in the order of the firm; it is no probability and says nothing about a role somebody does not
have. Readiness is computed from the same competencies when it is asked for, see `readiness.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from types import MappingProxyType
from typing import Any

from cadre.estimate import Sealed
from cadre.inference.shrinkage import LEVEL, Z_90
from cadre.readiness.competency import COMPETENCIES, Competence, Competency, competence


@dataclass(frozen=True, slots=True)
class Assessment:
    """One competency of one person.

    Attributes:
        name: Key of the competency.
        person_id: Whose.
        value: Standard deviations between people of one team, from what their team has in common; None where abstained.
        low: Lower end of the 90% interval.
        high: Upper end.
        level: Level of the interval.
        n: Observations behind the signals it rests on.
        reason: Why there is none; None where there is one.
        signals: Signal and contribution as `name=value`; with what their team has in common, which makes up the rest, they are the value.
    """

    name: str
    person_id: str
    value: float | None
    low: float | None
    high: float | None
    level: float
    n: int
    reason: str | None
    signals: tuple[str, ...]


def assess(
    values: Sequence[Mapping[str, Any]], teams: Mapping[str, str], unrepeated: Mapping[str, str] = MappingProxyType({})
) -> Sealed[tuple[Assessment, ...]]:
    """Estimate every competency of everybody with a value.

    Args:
        values: Rows of `signal_values` of one window.
        teams: Person -> team, see `teams_of`; those without one are held against each other.
        unrepeated: Competency -> why nothing may rest on it in this record.

    Returns:
        One a competency and person, sealed.
    """
    known = competence(values, teams, unrepeated)
    made = [
        _assessment(known, each, i, unrepeated.get(each.name))
        for each in COMPETENCIES
        for i in range(len(known.people))
    ]
    return Sealed(tuple(made))


def _assessment(known: Competence, each: Competency, i: int, unrepeated: str | None) -> Assessment:
    told, person = known.measured[each.name], known.people[i]
    n = int(known.n[each.name][i])
    if not told.used.any():
        reason = unrepeated or "people of one team do not differ in it beyond chance, or too few left evidence"
        return Assessment(each.name, person, None, None, None, LEVEL, n, reason, ())
    if not told.seen[i]:
        reason = f"none of its {len(each.signals)} signals has enough evidence"
        return Assessment(each.name, person, None, None, None, LEVEL, n, reason, ())
    mean, reach = float(told.mean[i]), Z_90 * sqrt(told.variance[i])
    parts = zip(each.signals, told.parts[i].tolist(), strict=True)
    signals = tuple(f"{name}={part:.3f}" for name, part in parts if part)
    return Assessment(each.name, person, mean, mean - reach, mean + reach, LEVEL, n, None, signals)
