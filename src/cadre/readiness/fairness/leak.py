"""Features that already know how it ended are refused, with the reason.

The rule: (1) A feature may be computed only from rows before the day of the decision it is to inform. Rows of that very day
are refused too, since their order in the day is not told. (2) No single feature may tell outcomes apart better than the best
selection method known, structured interviews with a mean validity of .42, beyond chance at one in twenty a feature. This
holds for the value, for how far it lies from its middle, and for its being missing. A leak let through costs more than a
sound feature looked at twice, so many features make the rule no milder. What is refused is not false by itself: a person
looks at how it was made.

References:
    Sackett, Zhang, Berry and Lievens 2022, Revisiting meta-analytic estimates of validity in personnel selection
    (structured interviews .42); Kaufman, Rosset and Perlich 2012, Leakage in data mining.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from cadre.inference.ranks import area, area_of_validity, area_variance, areas_drawn

Floats = NDArray[np.float64]

BEST_VALIDITY = 0.42
"""Mean operational validity of structured interviews, the highest of any selection method in Sackett et al. 2022."""
CHANCE = 0.05
"""A sound feature as good as the best method is refused at most this often; a weaker one seldom."""
LEAST_SIDE = 3
"""Outcomes of either kind under which a feature is not looked at for telling them apart."""
_DRAWS, _DRAWN_UP_TO = 10_000, 60
_WAYS = ("its value", "how far it lies from its middle", "its being missing")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A feature that was refused.

    Attributes:
        feature: Which.
        reason: One sentence a person can read.
        area: Area under the curve that gave it away; None where dates did.
    """

    feature: str
    reason: str
    area: float | None


@dataclass(frozen=True, slots=True)
class Checked:
    """Features sorted into those that may be used and those that may not.

    Attributes:
        kept: Features in their order.
        refused: The others, each with its reason.
        limit: Area under the curve that the best method reaches at this share of good outcomes; None without outcomes.
        unchecked: Why telling outcomes apart was not looked at; None where it was.
    """

    kept: tuple[str, ...]
    refused: tuple[Refusal, ...]
    limit: float | None
    unchecked: str | None


def refuse_leak(
    features: Mapping[str, Sequence[float | None]],
    outcome: Sequence[bool | None],
    known_on: Mapping[str, Sequence[date | None]],
    decided_on: Sequence[date],
    *,
    best_validity: float = BEST_VALIDITY,
    seed: int = 1,
) -> Checked:
    """Refuse the features that know the outcome.

    Args:
        features: Feature -> one value a person; None where it is missing.
        outcome: One a person: turned out well or not; None where it is not known yet.
        known_on: Feature -> local day of the last row that a person's value rests on; None only where the value is.
        decided_on: Local day of the decision about each person.
        best_validity: Validity that no single feature is believed to pass.
        seed: Of the draws that give the best method's chances.
    """
    refused = {name: refusal for name, told in features.items() if (refusal := _late(name, told, known_on, decided_on))}
    known = np.array([told is not None for told in outcome], dtype=bool)
    kinds = np.array([float(bool(told)) for told in outcome if told is not None], np.float64)
    ones, zeros = int(kinds.sum()), int((1 - kinds).sum())
    judge = _Judge(best_validity, CHANCE / len(_WAYS), seed)
    if min(ones, zeros) < LEAST_SIDE or not judge.can_tell(ones, zeros):
        why = (
            f"{ones} good and {zeros} bad outcomes are too few to see whether a feature tells them apart beyond chance"
        )
        return Checked(_others(features, refused), tuple(refused.values()), None, why)
    for name, told in features.items():
        if name not in refused and (found := judge.refusal(name, told, known, kinds)):
            refused[name] = found
    limit = area_of_validity(best_validity, ones / (ones + zeros))
    return Checked(_others(features, refused), tuple(refused[n] for n in features if n in refused), limit, None)


def _others(features: Mapping[str, object], refused: Mapping[str, Refusal]) -> tuple[str, ...]:
    return tuple(name for name in features if name not in refused)


def _late(
    name: str, told: Sequence[float | None], known_on: Mapping[str, Sequence[date | None]], decided_on: Sequence[date]
) -> Refusal | None:
    days = known_on.get(name)
    if days is None:
        return Refusal(name, "it is not told from which days its rows come", None)
    pairs = [(day, at) for value, day, at in zip(told, days, decided_on, strict=True) if value is not None]
    undated = sum(day is None for day, _ in pairs)
    if undated:
        return Refusal(name, f"{undated} of {len(pairs)} values do not tell from which days their rows come", None)
    late = [(day, at) for day, at in pairs if day is not None and day >= at]
    if not late:
        return None
    day, at = max(late, key=lambda pair: pair[0].toordinal() - pair[1].toordinal())
    return Refusal(
        name,
        f"{len(late)} of {len(pairs)} values rest on rows of the day of the decision or later; "
        f"the latest on {day.isoformat()} for a decision of {at.isoformat()}",
        None,
    )


class _Judge:
    """Whether a feature tells outcomes apart beyond what the best method would by chance."""

    def __init__(self, validity: float, chance: float, seed: int) -> None:
        self._validity, self._chance, self._seed = validity, chance, seed
        self._drawn: dict[tuple[int, int], Floats] = {}

    def refusal(
        self, name: str, told: Sequence[float | None], known: NDArray[np.bool_], kinds: Floats
    ) -> Refusal | None:
        values = np.array([np.nan if value is None else value for value in told], np.float64)[known]
        has = ~np.isnan(values)
        own, mine = values[has], kinds[has]
        looks = [(_WAYS[2], np.isnan(values).astype(np.float64), kinds)]
        if len(own):
            looks = [(_WAYS[0], own, mine), (_WAYS[1], np.abs(own - np.median(own)), mine), *looks]
        for way, column, sides in looks:
            ones, zeros = int(sides.sum()), int((1 - sides).sum())
            if min(ones, zeros) < LEAST_SIDE or np.ptp(column) == 0:
                continue
            found = area(column, sides)
            found = max(found, 1 - found)
            if self._p(found, ones, zeros) <= self._chance:
                limit = area_of_validity(self._validity, ones / (ones + zeros))
                apart = (
                    "tells good and bad outcomes fully apart"
                    if found == 1
                    else f"tells outcomes apart with {found:.2f}"
                )
                return Refusal(
                    name,
                    f"{way} {apart} (n = {len(sides)}); the best selection method known reaches {limit:.2f} "
                    f"(validity {self._validity:.2f}), so it is likely to hold the outcome itself",
                    found,
                )
        return None

    def can_tell(self, ones: int, zeros: int) -> bool:
        """Whether telling so many outcomes fully apart would be beyond chance."""
        return self._p(1.0, ones, zeros) <= self._chance

    def _p(self, found: float, ones: int, zeros: int) -> float:
        """Chance that a feature of the best method's validity, either way round, tells them apart so well or better."""
        from scipy.stats import norm  # noqa: PLC0415

        if ones + zeros > _DRAWN_UP_TO:
            limit = area_of_validity(self._validity, ones / (ones + zeros))
            return float(norm.sf((found - limit) / sqrt(area_variance(limit, ones, zeros))))
        if (ones, zeros) not in self._drawn:
            dice = np.random.default_rng(self._seed)
            drawn = areas_drawn(self._validity, ones / (ones + zeros), ones, zeros, _DRAWS, dice)
            self._drawn[ones, zeros] = np.maximum(drawn, 1 - drawn)
        return float((1 + (self._drawn[ones, zeros] >= found - 1e-12).sum()) / (1 + _DRAWS))
