"""Planted truth: who is how, drawn before anything happens.

Keeps true: craft and leading are bivariate standard normal with the world's correlation, whatever labels people
get; facets are standard normal but for the pushes of an archetype. What a trait does to behaviour stands in the
world; how strongly at all, in its `[traces]`.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from cadre.simulator.dice import Dice
from cadre.simulator.world import World

LEADING_FACETS = ("helpfulness", "clarity", "mentoring", "composure", "delegation")
CRAFT_FACETS = ("speed", "quality", "depth")
AXES = ("craft", "leading")
ALL = (*AXES, *LEADING_FACETS, *CRAFT_FACETS, "brevity")


@dataclass(frozen=True, slots=True)
class Planted:
    """Traits of all people: name -> value a person (sd, mean 0), archetype a person (empty: none), whether they game."""

    values: dict[str, NDArray[np.float64]]
    archetypes: list[str]
    games: list[bool]

    def shown(self, world: World) -> dict[str, NDArray[np.float64]]:
        """Traits as far as behaviour shows them: times the strength of their trace in the world."""
        craft = {"craft", *CRAFT_FACETS}
        return {k: v * (world.traces.craft if k in craft else world.traces.leading) for k, v in self.values.items()}


def planted(world: World, dice: Dice, people: int, correlation: float | None) -> Planted:
    """The traits of `people` people; `correlation` overrides the world's."""
    rho = world.traits.correlation if correlation is None else correlation
    rng = dice.rng
    craft = rng.standard_normal(people)
    values = {"craft": craft, "leading": rho * craft + sqrt(1 - rho * rho) * rng.standard_normal(people)}
    for facets, axis, loading in (
        (LEADING_FACETS, "leading", world.traits.leading_loading),
        (CRAFT_FACETS, "craft", world.traits.craft_loading),
    ):
        for name in facets:
            values[name] = loading * values[axis] + sqrt(1 - loading * loading) * rng.standard_normal(people)
    values["brevity"] = rng.standard_normal(people)
    labels = [""] * people
    for kind in world.archetypes:
        fit = kind.craft_weight * values["craft"] + kind.leading_weight * values["leading"]
        free = [int(i) for i in np.argsort(-fit, kind="stable") if not labels[int(i)]]
        for i in free[: max(kind.at_least, round(kind.share * people))]:
            labels[i] = kind.name
            for name in (*LEADING_FACETS, "brevity"):
                values[name][i] += getattr(kind, name)
    weights = np.exp(world.gaming.leading_tilt * values["leading"])
    count = round(world.gaming.share * people)
    chosen = set(rng.choice(people, count, replace=False, p=weights / weights.sum()).tolist()) if count else set()
    return Planted(values, labels, [i in chosen for i in range(people)])
