"""The first estimates over several signals: `helping` and `craft`, kept apart.

Each signal is put on the firm's own scale (standard deviations from its middle, better upwards) and the estimate is
their weighted mean; the weights stand here, equal because nothing local has been learned yet. The interval carries the
uncertainty of every signal, and allows for their not moving together. This is a description of what was seen, in the
order of the firm; it is no probability and says nothing about a role somebody does not have.

References:
    Dawes 1979, The robust beauty of improper linear models (why equal weights come first).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, pstdev
from typing import Any

from cadre.estimate import Sealed
from cadre.inference.scale import Scale, forward
from cadre.inference.shrinkage import LEVEL, Z_90


@dataclass(frozen=True, slots=True)
class Recipe:
    """An estimate's signals with their weights, and how many of them it needs.

    Attributes:
        weights: Signal -> weight; the sign is the signal's own direction and not in here.
        least: Signals with enough evidence under which it abstains.
    """

    weights: Mapping[str, float]
    least: int


ESTIMATES: Mapping[str, Recipe] = {
    "helping": Recipe(
        {"peer_answer_share": 1.0, "peer_answer_hours": 1.0, "people_helped_count": 1.0, "assist_credit": 1.0}, least=2
    ),
    "craft": Recipe({"adjusted_speed": 1.0, "difficulty_solved": 1.0}, least=2),
}
_LEAST_PERSONS = 5
"""Persons a scale of the firm's own needs."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """One estimate for one person.

    Attributes:
        name: `helping` or `craft`.
        person_id: Whose.
        value: Standard deviations from the firm's middle; None where abstained.
        low: Lower end of the 90% interval.
        high: Upper end.
        level: Level of the interval.
        n: Observations behind the signals it rests on.
        reason: Why there is none; None where there is one.
        signals: Signal and contribution as `name=value`; contributions add up to the value.
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


@dataclass(frozen=True, slots=True)
class Axis:
    """How a signal is put on the firm's scale: its working scale and which way is better."""

    scale: Scale
    direction: str


def assess(values: Sequence[Mapping[str, Any]], axes: Mapping[str, Axis]) -> Sealed[tuple[Assessment, ...]]:
    """Estimate `helping` and `craft` for everybody with a value.

    Args:
        values: Rows of `signal_values` of one window.
        axes: Signal -> its axis.

    Returns:
        One assessment a person and estimate, sealed.
    """
    placed = {name: _standardised([r for r in values if r["signal"] == name], axis) for name, axis in axes.items()}
    persons = sorted({row["person_id"] for row in values})
    made = []
    for name, recipe in ESTIMATES.items():
        seen = _seen(values, recipe)
        made += [_assessment(name, recipe, person, placed, seen) for person in persons]
    return Sealed(tuple(made))


def _standardised(rows: Sequence[Mapping[str, Any]], axis: Axis) -> dict[str, tuple[float, float, int]]:
    """Person -> (standard deviations from the firm's middle, standard error, n)."""
    import numpy as np  # noqa: PLC0415

    some = [row for row in rows if row["value"] is not None]
    if len(some) < _LEAST_PERSONS:
        return {}

    def placed(name: str) -> list[float]:
        told = np.array([row[name] for row in some], dtype=np.float64)
        if axis.scale == "log":
            told = np.maximum(told, 1e-3)
        return [float(x) for x in forward(told, axis.scale)]

    at, low, high = placed("value"), placed("low"), placed("high")
    errors = [(b - a) / (2 * Z_90) for a, b in zip(low, high, strict=True)]
    # Shrunken values spread less than the persons do; their errors give back what shrinkage took.
    spread = sqrt(pstdev(at) ** 2 + fmean(e * e for e in errors))
    if spread == 0:
        return {}
    sign = -1.0 if axis.direction == "low" else 1.0
    middle = fmean(at)
    return {
        row["person_id"]: (sign * (x - middle) / spread, e / spread, int(row["n"]))
        for row, x, e in zip(some, at, errors, strict=True)
    }


def _seen(values: Sequence[Mapping[str, Any]], recipe: Recipe) -> dict[str, int]:
    seen: dict[str, int] = defaultdict(int)
    for row in values:
        if row["signal"] in recipe.weights:
            seen[row["person_id"]] += int(row["n"])
    return seen


def _assessment(
    name: str, recipe: Recipe, person: str, placed: Mapping[str, Mapping[str, tuple[float, float, int]]],
    seen: Mapping[str, int],
) -> Assessment:  # fmt: skip
    held = {s: placed[s][person] for s in recipe.weights if person in placed.get(s, {})}
    if len(held) < recipe.least:
        reason = f"{len(held)} of {len(recipe.weights)} signals have enough evidence, {recipe.least} are needed"
        return Assessment(name, person, None, None, None, LEVEL, seen.get(person, 0), reason, ())
    total = sum(recipe.weights[s] for s in held)
    shares = {s: recipe.weights[s] / total for s in held}
    value = sum(shares[s] * held[s][0] for s in held)
    own = sum((shares[s] * held[s][1]) ** 2 for s in held)
    # Signals of one estimate disagree: their scatter about the mean is part of not knowing what it is.
    scatter = sum(shares[s] ** 2 * (held[s][0] - value) ** 2 for s in held) if len(held) > 1 else 0.0
    reach = Z_90 * sqrt(own + scatter)
    told = tuple(f"{s}={shares[s] * held[s][0]:.3f}" for s in held)
    return Assessment(
        name, person, value, value - reach, value + reach, LEVEL, sum(h[2] for h in held.values()), None, told
    )
