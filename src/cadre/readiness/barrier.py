"""Early indicators, red flags and changes: behaviour so far from peers of the role that it is worth looking at the rows.

A pattern is a few signals that speak of one behaviour, each with the side that counts. Three things must hold before a
flag stands, so that few do and they are true. (1) Against chance: that the person's long-run value lies beyond the middle
of the role by more than half the spread between persons is tested signal by signal, the signals of a pattern are made one
test, and over everybody and every pattern of a kind at most a tenth of what passes may be chance. (2) Against smallness: one
signal, or the mean of the pattern's signals, shrunk as they are shown, lies so far out that one person in forty of an
ordinary role would lie there, and none lies a spread to the other side. Without this, much evidence would flag half of an
ordinary firm. (3) Against no difference: where chance explains all of a role's spread, nobody stands out.

References:
    The barriers: the Leadership DNA framework. Combination and false discoveries: `inference.multiplicity`.
    A null of "no more than a little": Hodges and Lehmann 1954, Testing the approximate validity of statistical hypotheses.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist, fmean
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cadre.estimate import Sealed
from cadre.inference.multiplicity import adjusted, combined
from cadre.inference.scale import Scale, back, forward
from cadre.inference.shrinkage import LEVEL, Z_90
from cadre.readiness.peers import Place, places

Floats = NDArray[np.float64]
Row = Mapping[str, Any]
Kind = Literal["red_flag", "early_indicator", "change"]

FALSE_SHARE = 0.1
"""Of the flags of a kind, at most this share may be chance, on average."""
MARGIN = 0.5
"""Spreads between persons that a long-run value may lie beyond the middle and still count as ordinary."""
RARE = 0.025
"""Share of an ordinary role that lies far out on one signal of a pattern, or on their mean, however much is known."""
AGAINST = 1.0
"""Spreads to the other side, shrunk, at which one signal of a pattern speaks against it: then it does not stand."""
RECENT_DAYS = 91
"""Days at the end of the window that a change is looked for in; as many must lie before them."""
PILING_UP = frozenset({"knowledge_reuse"})
"""Signals that grow with what was left before, such as articles: a rise is no change of behaviour, so none is looked for."""


@dataclass(frozen=True, slots=True)
class Axis:
    """How a signal is put on the firm's scale: its working scale and which way is better."""

    scale: Scale
    direction: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """Signals that speak of one behaviour.

    Attributes:
        name: Key.
        kind: `red_flag` for a barrier, `early_indicator` for what speaks for somebody.
        label: The behaviour, as shown.
        framework: What the Leadership DNA framework calls it; empty where it is ours.
        sides: Signal -> the side that counts.
    """

    name: str
    kind: Literal["red_flag", "early_indicator"]
    label: str
    framework: str
    sides: Mapping[str, Literal["high", "low"]]


PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        "independent_work", "red_flag", "Seldom works with colleagues", "independent work",
        {"people_helped_count": "low", "assist_credit": "low", "stuck_unasked_share": "high"},
    ),
    Pattern(
        "micromanagement", "red_flag", "Steps in on work passed on", "micromanagement",
        {"take_back_share": "high", "touches_per_delegated": "high"},
    ),
    Pattern(
        "communication_gaps", "red_flag", "Questions and updates left open", "communication gaps",
        {"repair_share": "high", "peer_answer_share": "low", "peer_answer_hours": "high", "update_gap_hours": "high",
         "clarity_under_stress": "high"},
    ),
    Pattern(
        "reluctance_to_delegate", "red_flag", "Keeps work that peers pass on", "reluctance to delegate",
        {"hold_share": "high"},
    ),
    Pattern(
        "helps_others", "early_indicator", "Helps with colleagues' work", "",
        {"assist_credit": "high", "people_helped_count": "high", "explanation_share": "high", "knowledge_reuse": "high"},
    ),
    Pattern(
        "steady_under_pressure", "early_indicator", "Coordinates and keeps others told under load", "",
        {"coordination_share": "high", "update_gap_hours": "low", "clarity_under_stress": "low"},
    ),
    Pattern(
        "lets_go", "early_indicator", "Passes work on and leaves it there", "",
        {"hold_share": "low", "take_back_share": "low", "touches_per_delegated": "low"},
    ),
    Pattern(
        "answers_colleagues", "early_indicator", "Answers colleagues", "",
        {"peer_answer_share": "high", "peer_answer_hours": "low"},
    ),
)  # fmt: skip
"""The registry: four barriers and four early indicators."""


@dataclass(frozen=True, slots=True)
class Flag:
    """What stands about one person.

    Attributes:
        person_id: Whose.
        kind: `red_flag`, `early_indicator` or `change`.
        name: Pattern, or signal of a change.
        p_value: Of the test that nothing out of the ordinary is there.
        q_value: The same after all looks of its kind, at most `FALSE_SHARE`.
        signals: Signals that took part, as `name=z`: standard errors beyond the margin, to the side that counts.
        direction: `behind` or `ahead` of peers; of a change, `up` or `down` as the value went.
        n: Observations behind the signals; of a change, after it.
        before: Value before a change, in the signal's unit; None for a pattern.
        value: Value after it; None for a pattern.
        low: Lower end of an interval (level 0.9) that carries what is not known of before and after; None for a pattern.
        high: Upper end.
        level: Level of the interval; None for a pattern.
    """

    person_id: str
    kind: Kind
    name: str
    p_value: float
    q_value: float
    signals: tuple[str, ...]
    direction: str
    n: int
    before: float | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    level: float | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """How often was looked: `looked_at` tests about `people_count` persons, of which `found_count` stand."""

    kind: Kind
    people_count: int
    looked_at_count: int
    found_count: int


@dataclass(frozen=True, slots=True)
class Flags:
    """What stands, sealed, and how much was looked at, which names nobody."""

    standing: Sealed[tuple[Flag, ...]]
    looks: tuple[Look, ...]


@dataclass(frozen=True, slots=True)
class _Look:
    """One test before all looks are weighed; `made` turns its p and q into a flag where it is far enough."""

    person_id: str
    p_value: float
    is_far: bool
    made: Callable[[float, float], Flag]


def raised(
    values: Sequence[Row],
    axes: Mapping[str, Axis],
    roles: Mapping[str, str],
    halves: tuple[Sequence[Row], Sequence[Row]] | None = None,
) -> Flags:
    """Red flags, early indicators and changes of everybody with evidence; the kinds are weighed apart.

    Args:
        values: Rows of `signal_values` of one window.
        axes: Signal -> its axis; a signal that is not there, such as one on trial, takes no part.
        roles: Person -> role.
        halves: The same of the days before the last `RECENT_DAYS`, and of these; None where the window is too short.
    """
    looks = _pattern_looks(values, axes, roles)
    if halves is not None:
        looks["change"] = _change_looks(*halves, axes, roles)
    return _weighed(looks)


def _pattern_looks(
    values: Sequence[Row], axes: Mapping[str, Axis], roles: Mapping[str, str]
) -> dict[Kind, list[_Look]]:
    used = {signal for pattern in PATTERNS for signal in pattern.sides if signal in axes}
    placed = {
        name: _places({row["person_id"]: row for row in _with_value(values, name)}, axes[name].scale, roles)
        for name in used
    }
    looks: dict[Kind, list[_Look]] = {"red_flag": [], "early_indicator": []}
    for pattern in PATTERNS:
        held: dict[str, dict[str, Place]] = defaultdict(dict)
        for name in pattern.sides:
            for person, place in placed.get(name, {}).items():
                held[person][name] = place
        looks[pattern.kind] += [_pattern_look(pattern, person, found) for person, found in sorted(held.items())]
    return looks


def _change_looks(
    before: Sequence[Row], after: Sequence[Row], axes: Mapping[str, Axis], roles: Mapping[str, str]
) -> list[_Look]:
    """A change counts beyond chance and beyond what peers' values did: one that all share is nobody's own."""
    looks: list[_Look] = []
    for name, axis in sorted(axes.items()):
        if name in PILING_UP:
            continue
        old = {row["person_id"]: row for row in _with_value(before, name)}
        new = {row["person_id"]: row for row in _with_value(after, name)}
        both = {person: (old[person], new[person]) for person in sorted(old.keys() & new.keys())}
        for person, place in _changes(both, axis.scale, roles).items():
            looks.append(_change_look(name, axis.scale, person, place, *both[person]))
    return looks


def _with_value(values: Sequence[Row], signal: str) -> list[Row]:
    return [row for row in values if row["signal"] == signal and row["value"] is not None and row["variance"]]


def _placed(row: Row, scale: Scale) -> float:
    raw = float(row["raw_value"])
    if scale == "logit":  # as in `signals.valuation`: half an observation on each side
        raw = (raw * row["n"] + 0.5) / (row["n"] + 1)
    return float(forward(np.array([raw]), scale)[0])


def _places(rows: Mapping[str, Row], scale: Scale, roles: Mapping[str, str]) -> dict[str, Place]:
    told = {person: (_placed(row, scale), float(row["variance"]), int(row["n"])) for person, row in rows.items()}
    return places(told, roles)


def _changes(both: Mapping[str, tuple[Row, Row]], scale: Scale, roles: Mapping[str, str]) -> dict[str, Place]:
    told = {
        person: (
            _placed(new, scale) - _placed(old, scale),
            float(old["variance"]) + float(new["variance"]),
            min(int(old["n"]), int(new["n"])),
        )
        for person, (old, new) in both.items()
    }
    return places(told, roles)


def _tail(z: float, freedom: int) -> float:
    """Chance of a z at least so large; t in place of normal, since few observations tell their own variance badly."""
    from scipy.special import stdtr  # noqa: PLC0415

    return float(stdtr(freedom, -z))


def _rare(chances: int) -> float:
    """Spreads beyond which `RARE` of persons lie on one of so many normal spreads."""
    return NormalDist().inv_cdf(1 - RARE / chances)


def _pattern_look(pattern: Pattern, person: str, found: Mapping[str, Place]) -> _Look:
    signs = {name: 1 if pattern.sides[name] == "high" else -1 for name in found}
    z = {name: place.beyond(signs[name], MARGIN) for name, place in found.items()}
    p_value = combined([_tail(z[name], place.freedom) for name, place in found.items()])

    def made(p: float, q: float) -> Flag:
        return Flag(
            person, pattern.kind, pattern.name, p, q, tuple(f"{name}={z[name]:.2f}" for name in found),
            "behind" if pattern.kind == "red_flag" else "ahead", sum(place.n for place in found.values()),
        )  # fmt: skip

    far = [place.far(signs[name]) for name, place in found.items()]
    is_far = (max(far) >= _rare(len(far)) or fmean(far) >= _rare(1)) and min(far) > -AGAINST
    return _Look(person, p_value, is_far, made)


def _change_look(signal: str, scale: Scale, person: str, place: Place, old: Row, new: Row) -> _Look:
    at = np.array([_placed(old, scale), _placed(new, scale)])
    step = float(at[1] - at[0])
    error = sqrt(float(old["variance"]) + float(new["variance"]))
    sign = 1 if step >= 0 else -1
    z = place.beyond(sign, MARGIN)
    # Both must hold: that it changed at all, and more than peers did; the larger p-value speaks for both.
    p_value = min(1.0, 2 * max(_tail(z, place.freedom), _tail(abs(step) / error, place.freedom)))
    reach = Z_90 * error
    before, value, low, high = (float(x) for x in back(np.array([*at, at[1] - reach, at[1] + reach]), scale))

    def made(p: float, q: float) -> Flag:
        return Flag(
            person, "change", signal, p, q, (f"{signal}={z:.2f}",), "up" if sign > 0 else "down",
            int(new["n"]), before, value, low, high, LEVEL,
        )  # fmt: skip

    return _Look(person, p_value, place.far(sign) >= _rare(2), made)  # either way is a chance


def _weighed(looks: Mapping[Kind, Sequence[_Look]]) -> Flags:
    standing: list[Flag] = []
    told: list[Look] = []
    for kind, every in looks.items():
        q_values = adjusted([look.p_value for look in every])
        found = [
            look.made(look.p_value, float(q))
            for look, q in zip(every, q_values, strict=True)
            if q <= FALSE_SHARE and look.is_far
        ]
        standing += found
        told.append(Look(kind, len({look.person_id for look in every}), len(every), len(found)))
    return Flags(Sealed(tuple(standing)), tuple(told))
