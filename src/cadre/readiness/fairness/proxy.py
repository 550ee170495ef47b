"""Whether signals speak of something else: part-time work, a shift, a language, or a group that somebody declared.

Two questions an attribute. How well do all signals together tell it, beyond role (an area under the curve on people left out
of the fit)? And what does it add to each signal, beyond role (standard deviations)? Keeps true: permutations are within role,
so that a role that works late is no finding; many looks are allowed for; that evidence is missing counts as a signal of its
own. A finding says that a signal moves with the attribute, not why; a signal may do so and be right. Values come on their
working scale.

References:
    Freedman and Lane 1983 (permuting what is left beside known causes); Hoerl and Kennard 1970 (ridge);
    Ojala and Garriga 2010, Permutation tests for studying classifier performance; MacKinnon and White 1985 (HC3).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from cadre.estimate import Abstained, Estimate, Measured
from cadre.inference.exact import LEVEL
from cadre.inference.multiplicity import adjusted
from cadre.inference.ranks import area_interval, areas

Floats = NDArray[np.float64]
Told = Sequence[float | None]

LEAST_SIDE = 5
"""People on either side of an attribute that a test of it needs."""
FALSE_SHARE = 0.1
"""Of the proxies found, at most this share may be chance, on average."""
MISSING = "evidence_missing_count"
"""The signal that counts a person's missing signals."""
PERMUTATIONS = 2_000
"""At least; and enough that one pair alone can stand among all that are looked at."""
_A_PAIR = 2 / FALSE_SHARE
_FOLDS, _REPEATS, _FIRST = 5, 8, 500


@dataclass(frozen=True, slots=True)
class Predicted:
    """How well all signals together tell an attribute.

    Attributes:
        attribute: Which; one with more than two values is split above its median.
        area: Cross-validated area under the curve, beyond role: .5 tells nothing; `n` is people.
        p_value: Chance of so much where the signals do not tell it; None where it abstains.
        found: Whether they do, allowing for every attribute.
    """

    attribute: str
    area: Measured
    p_value: float | None
    found: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """What an attribute adds to one signal, beyond role.

    Attributes:
        attribute: Which.
        signal: Which.
        effect: Standard deviations of the signal within role: for having the attribute, or for one more standard
            deviation of one with more than two values; `n` is people with the signal.
        p_value: From permutations within role; None where it abstains.
        q_value: The same over all signals and attributes looked at.
        found: Whether it stands.
    """

    attribute: str
    signal: str
    effect: Measured
    p_value: float | None
    q_value: float | None = None
    found: bool = False


@dataclass(frozen=True, slots=True)
class Proxies:
    """What was looked at for proxies, and what was found."""

    predicted: tuple[Predicted, ...]
    effects: tuple[Effect, ...]

    @property
    def looked_at(self) -> int:
        """Pairs of attribute and signal with enough people."""
        return sum(effect.p_value is not None for effect in self.effects)


def proxies(
    signals: Mapping[str, Told], attributes: Mapping[str, Told], roles: Sequence[str], *, seed: int = 1,
    permutations: int = PERMUTATIONS,
) -> Proxies:  # fmt: skip
    """Look for proxies among signals.

    Args:
        signals: Signal -> one value a person on its working scale; None where there is not enough evidence.
        attributes: Attribute -> one value a person, 0 or 1 or a number; None where it is not known.
        roles: One a person; what a role explains is no finding.
        seed: Of folds and permutations.
        permutations: How many; more where there are many pairs, or the smallest p-value could not stand among them.
    """
    places = {name: k for k, name in enumerate(sorted(set(roles)))}
    role = np.array([places[name] for name in roles], np.int64)
    table = {name: _floats(told) for name, told in signals.items()}
    if table:
        missing = np.isnan(np.array(list(table.values()))).sum(axis=0).astype(np.float64)
        if np.ptp(missing) > 0:
            table[MISSING] = missing
    dice = np.random.default_rng(seed)
    permutations = max(permutations, round(_A_PAIR * len(table) * len(attributes)))
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 (finding the pools takes a tenth of a second)

    predicted, effects = [], []
    with threadpool_limits(1):  # products of these sizes gain nothing from threads, which wait for each other
        for name, told in attributes.items():
            values = _floats(told)
            predicted.append(_predicted(name, values, table, role, dice, permutations))
            effects += [
                _effect(name, signal, values, column, role, dice, permutations) for signal, column in table.items()
            ]
    return Proxies(tuple(_marked_areas(predicted)), tuple(_marked(effects)))


def _floats(told: Told) -> Floats:
    return np.array([np.nan if value is None else value for value in told], np.float64)


def _marked_areas(made: list[Predicted]) -> list[Predicted]:
    q = iter(adjusted([one.p_value for one in made if one.p_value is not None]).tolist())
    return [replace(one, found=next(q) <= FALSE_SHARE) if one.p_value is not None else one for one in made]


def _marked(made: list[Effect]) -> list[Effect]:
    q = iter(adjusted([one.p_value for one in made if one.p_value is not None]).tolist())
    return [
        replace(one, q_value=(here := next(q)), found=here <= FALSE_SHARE) if one.p_value is not None else one
        for one in made
    ]


def _sides(values: Floats) -> Floats:
    """0 or 1 a person: as it is, or above the median where there are more than two values."""
    different = np.unique(values)
    return (values > (different[0] if len(different) == 2 else np.median(values))).astype(np.float64)


def _centred(columns: Floats, role: NDArray[np.int64]) -> Floats:
    """Columns less the mean of the person's role."""
    made = columns.copy()
    for place in np.unique(role):
        mine = role == place
        made[mine] -= made[mine].mean(axis=0)
    return made


def _shuffled(values: Floats, role: NDArray[np.int64], dice: np.random.Generator, count: int) -> Floats:
    """People by permutations, values changed places within role."""
    made = np.empty((len(values), count))
    for place in np.unique(role):
        mine = np.flatnonzero(role == place)
        made[mine] = dice.permuted(np.repeat(values[mine][None, :], count, axis=0), axis=1).T
    return made


def _few(kinds: Floats, what: str) -> Abstained | None:
    ones, zeros = int(kinds.sum()), int((1 - kinds).sum())
    if min(ones, zeros) >= LEAST_SIDE:
        return None
    # Not how many: beside other figures a small count could be read off.
    return Abstained(f"fewer than {LEAST_SIDE} people on one side of {what}", ones + zeros, 2 * LEAST_SIDE)


def _predicted(
    name: str, values: Floats, table: Mapping[str, Floats], role: NDArray[np.int64], dice: np.random.Generator,
    permutations: int,
) -> Predicted:  # fmt: skip
    known = ~np.isnan(values)
    kinds, own = _sides(values[known]) if known.any() else np.empty(0), role[known]
    few = _few(kinds, name)
    if few:
        return Predicted(name, few, None)
    columns = [_filled(column[known], own) for column in table.values()]
    columns = [column for column in columns if column.std() > 0]
    if not columns or not _centred(kinds, own).any():
        return Predicted(name, Abstained(f"no signal differs, or roles alone tell {name}", len(kinds)), None)
    # Ranks of many people in many columns are slow, and few attributes need no smaller p-value.
    permutations = max(min(permutations, 500), min(permutations, 100_000 // len(kinds)))
    features = np.array(columns).T
    tried = np.column_stack([kinds, _shuffled(kinds, own, dice, permutations)])
    found = np.zeros(tried.shape[1])
    for _ in range(_REPEATS):
        found += areas(_smoothed(features / features.std(axis=0), tried, dice), tried) / _REPEATS
    here = float(found[0])
    p = float((1 + (found[1:] >= here - 1e-12).sum()) / (1 + permutations))
    ends = area_interval(here, int(kinds.sum()), int((1 - kinds).sum()))
    return Predicted(name, Estimate(here, min(ends.low, here), max(ends.high, here), LEVEL, len(kinds)), p)


def _filled(column: Floats, role: NDArray[np.int64]) -> Floats:
    """A signal beyond role; who lacks it stands in the middle of the role."""
    made = np.zeros(len(column))
    has = ~np.isnan(column)
    if has.any():
        made[has] = _centred(column[has], role[has])
    return made


def _smoothed(features: Floats, tried: Floats, dice: np.random.Generator) -> Floats:
    """Ridge predictions of each column of `tried` for everybody, by a fit without their fold (people x columns)."""
    people, width = features.shape
    fold = dice.permutation(people) % _FOLDS
    made = np.zeros(tried.shape)
    for k in range(_FOLDS):
        out, kept = np.flatnonzero(fold == k), np.flatnonzero(fold != k)
        if not len(out):
            continue
        middle = features[kept].mean(axis=0)
        inside, outside = features[kept] - middle, features[out] - middle
        # Weights first, people last: a matrix of people by people would take most of an audit of a thousand.
        weights = np.linalg.solve(inside.T @ inside + width * np.eye(width), inside.T @ tried[kept])
        # Without the fit's own mean: over folds it moves against the people left out, and would look like telling.
        made[out] = outside @ weights
    return made


def _effect(
    name: str, signal: str, values: Floats, column: Floats, role: NDArray[np.int64], dice: np.random.Generator,
    permutations: int,
) -> Effect:  # fmt: skip
    both = ~np.isnan(values) & ~np.isnan(column)
    own, n = role[both], int(both.sum())
    few = _few(_sides(values[both]) if n else np.empty(0), name)
    if few:
        return Effect(name, signal, few, None)
    told = values[both]
    if len(np.unique(told)) > 2:
        told = told / told.std()
    x, y = _centred(told, own), _centred(column[both], own)
    free = n - len(np.unique(own)) - 1
    spread = sqrt(float(y @ y) / max(free + 1, 1))
    if free < 2 or not x.any() or spread < 1e-12:
        return Effect(name, signal, Abstained(f"roles alone tell {name}, or {signal} does not differ", n), None)
    y = y / spread
    inner = float(x @ x)
    here = float(x @ y) / inner
    p = _p_value(x / inner, y, own, abs(here) - 1e-12, dice, permutations)
    reach = _reach(x, y, own, here, free)
    return Effect(name, signal, Estimate(here, here - reach, here + reach, LEVEL, n), p)


def _p_value(
    x: Floats, y: Floats, own: NDArray[np.int64], least: float, dice: np.random.Generator, permutations: int
) -> float:
    """Share of permutations as extreme; what cannot be found any more is not drawn to its end."""
    hits, made = 0, 0
    while made < permutations:
        count = min(_FIRST, permutations - made)
        hits += int((np.abs(x @ _shuffled(y, own, dice, count)) >= least).sum())
        made += count
        # A q-value is never under its p-value.
        if (1 + hits) / (1 + made) > FALSE_SHARE:
            break
    return (1 + hits) / (1 + made)


def _reach(x: Floats, y: Floats, role: NDArray[np.int64], slope: float, free: int) -> float:
    """Half of a 90% t interval whose variance lets either side spread as it does."""
    from scipy.stats import t  # noqa: PLC0415

    inner = float(x @ x)
    leverage = x**2 / inner + 1 / np.bincount(role)[role]
    left = (y - slope * x) / np.maximum(1 - leverage, 0.05)
    return float(t.ppf((1 + LEVEL) / 2, free)) * sqrt(float((x**2 * left**2).sum())) / inner
