"""How far signals and competencies repeat in the firm's own record: from half to half of its weeks, and from month to month.

A number that says something about a person says about the same of their odd and of their even weeks. Keeps true: halves share no
day; people are held against their own team, as in estimates, since a team's work repeats by itself; a competency is here the mean
of its signals by grade, with nothing drawn to any middle, so that no shrinkage makes halves agree; what is fitted over the whole
record at once cannot be halved and says so. That something repeats does not show that it is the person's doing: what they are
given to do within a team repeats, too.

References:
    Spearman 1910 and Brown 1910 for the halves; Nunnally and Bernstein 1994 for what a reliability is good for.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import fmean
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cadre.estimate import Abstained, Measured
from cadre.inference.correlation import LEAST, clustered, correlation, normal_scores, of_whole
from cadre.readiness.competency import COMPETENCIES, Competency, placed, weights_of
from cadre.readiness.measurement import LEAST_PEOPLE
from cadre.signals import SIGNALS

About = Literal["signal", "competency"]
Method = Literal["halves", "months"]
LEAST_ROWS = 3
"""Observations that a part of the window needs, however few the whole does."""
LEAST_SPLIT = 0.5
"""Share of a competency's weight that signals which can be halved must carry, or its halves say nothing of it."""
SEED = 20261121
WHOLE = "computed over the whole record at once, so that there are no halves to compare"
FEW = "too few people with evidence in both"
_MIN_N = {signal.name: signal.min_n for signal in SIGNALS}
_Values = dict[int, dict[str, float]]
"""Part of the window -> person -> value on a scale shared within the part."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """How far one thing repeats.

    Attributes:
        name: Signal or competency.
        about: Which of the two.
        method: `halves`: of odd and even weeks, for the whole window (Spearman-Brown); `months`: of a month and the next.
        found: The correlation over people, `n` of them; or why there is none.
    """

    name: str
    about: About
    method: Method
    found: Measured


def reliabilities(
    parts: Mapping[Method, Sequence[Mapping[str, Any]]], teams: Mapping[str, str]
) -> tuple[Reliability, ...]:
    """Reliability of every signal and competency.

    Args:
        parts: Method -> rows with `signal, person_id, part, raw_value, variance, n`: what was seen of a person in one part of
            the window. Parts of `halves` are 0 and 1, of `months` whole numbers that follow one another.
        teams: Person -> team, see `teams_of`; people without one are a team.

    Returns:
        One a name and method for which there are rows.
    """
    made: list[Reliability] = []
    for method, rows in parts.items():
        months = max((row["part"] for row in rows), default=0) - min((row["part"] for row in rows), default=0) + 1
        shared = _sharing({row["person_id"] for row in rows}, teams)
        by_signal = _by_signal(rows, 2 if method == "halves" else max(months, 1), shared)
        told: list[tuple[str, About, Measured]] = [
            (signal.name, "signal", _found(by_signal[signal.name], method, shared))
            for signal in SIGNALS
            if signal.name in by_signal
        ]
        told += [
            (each.name, "competency", _of_competency(each, by_signal, method, shared))
            for each in COMPETENCIES
            if any(name in by_signal for name in each.signals)
        ]
        made += [Reliability(name, about, method, found) for name, about, found in told]
    return tuple(made)


def unrepeated(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Competency -> why nothing may rest on it: its halves were compared, and do not agree beyond chance.

    Args:
        rows: Of the table `reliabilities`; those without a value say nothing either way.
    """
    return {
        row["name"]: f"in this record it is not shown to repeat from half to half: {row['value']:.2f} "
        f"[{row['low']:.2f}, {row['high']:.2f}], {row['n']} people"
        for row in rows
        if row["about"] == "competency" and row["method"] == "halves" and row["value"] is not None and row["low"] <= 0
    }


def _sharing(people: Collection[str], teams: Mapping[str, str]) -> dict[str, str]:
    """Person -> team; one for all where hardly anybody shares one, as in `standardised`."""
    told = {person: teams.get(person, "") for person in people}
    is_shared = len(told) - len(set(told.values())) + 1 >= LEAST_PEOPLE
    return told if is_shared else dict.fromkeys(told, "")


def _by_signal(rows: Sequence[Mapping[str, Any]], count: int, teams: Mapping[str, str]) -> dict[str, _Values]:
    """Signal -> part -> person -> normal score within the part, better upwards, the team's mean taken off."""
    told: dict[str, _Values] = defaultdict(lambda: defaultdict(dict))
    for row in rows:
        needed = max(LEAST_ROWS, ceil(_MIN_N.get(row["signal"], 0) / count))
        is_told = row["raw_value"] is not None and row["variance"] is not None
        if row["signal"] in _MIN_N and is_told and (row["n"] or 0) >= needed:
            value, _ = placed(row["signal"], row)
            if np.isfinite(value):
                told[row["signal"]][row["part"]][row["person_id"]] = value
    return {name: {part: _scored(values, teams) for part, values in parts.items()} for name, parts in told.items()}


def _scored(values: Mapping[str, float], teams: Mapping[str, str]) -> dict[str, float]:
    """Scores of what is left when the team's mean is taken off; somebody alone in a team has nobody to be held against."""
    members: dict[str, list[float]] = defaultdict(list)
    for person, value in values.items():
        members[teams[person]].append(value)
    rest = {p: value - fmean(members[teams[p]]) for p, value in values.items() if len(members[teams[p]]) > 1}
    return dict(zip(rest, normal_scores(np.array(list(rest.values()))).tolist(), strict=True)) if rest else {}


def _of_competency(
    each: Competency, by_signal: Mapping[str, _Values], method: Method, teams: Mapping[str, str]
) -> Measured:
    """Of the mean of its signals; of each pair of parts the signals that are seen in both."""
    weights = dict(zip(each.signals, weights_of(each), strict=True))
    split = {name: by_signal[name] for name in each.signals if len(by_signal.get(name, {})) > 1}
    if sum(weights[name] for name in split) < LEAST_SPLIT * sum(weights[n] for n in each.signals if n in by_signal):
        return Abstained(WHOLE)
    pairs: list[tuple[str, float, float]] = []
    for a, b in _pairs({part for values in split.values() for part in values}, method):
        sums: dict[str, tuple[float, float, float]] = {}
        for name, values in split.items():
            one, other = values.get(a, {}), values.get(b, {})
            for person in one.keys() & other.keys():
                w, x, y = sums.get(person, (0.0, 0.0, 0.0))
                sums[person] = (w + weights[name], x + weights[name] * one[person], y + weights[name] * other[person])
        pairs += [(person, x / w, y / w) for person, (w, x, y) in sorted(sums.items())]
    return _correlated(pairs, method, teams)


def _found(values: _Values, method: Method, teams: Mapping[str, str]) -> Measured:
    if len(values) < 2:
        return Abstained(WHOLE)
    pairs = []
    for a, b in _pairs(set(values), method):
        one, other = values.get(a, {}), values.get(b, {})
        pairs += [(person, one[person], other[person]) for person in sorted(one.keys() & other.keys())]
    return _correlated(pairs, method, teams)


def _pairs(parts: set[int], method: Method) -> list[tuple[int, int]]:
    """Parts to hold against each other."""
    return [(0, 1)] if method == "halves" else [(part, part + 1) for part in sorted(parts)]


def _correlated(pairs: Sequence[tuple[str, float, float]], method: Method, teams: Mapping[str, str]) -> Measured:
    people = sorted({person for person, _, _ in pairs})
    place = {person: i for i, person in enumerate(people)}
    one, other = (np.array([pair[k] for pair in pairs], dtype=np.float64) for k in (1, 2))
    lost = len({teams[person] for person in people}) - 1
    if len(people) - lost < LEAST:
        return Abstained(FEW, len(people), LEAST + lost)
    if method == "halves":
        half = correlation(one, other, lost=lost)
        found = of_whole(half) if half else None
    else:
        whose: NDArray[np.int64] = np.array([place[person] for person, _, _ in pairs], dtype=np.int64)
        found = clustered(one, other, whose, SEED)
    return found or Abstained("everybody looks the same in it", len(people), LEAST)
