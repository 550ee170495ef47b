"""The competencies, which signals they rest on, and how a firm's values of signals become estimates of them.

`COMPETENCIES` is the registry. `craft` is what a person delivers, the others what others deliver because of the person; they are
kept apart. Context signals (after-hours work, solo work) are in none. A signal on trial is in one only as far as its grade lets
it speak in `profile.py`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from cadre.inference.scale import forward
from cadre.readiness.agreement import Agreement, agreement
from cadre.readiness.measurement import Floats, Measured, measured
from cadre.signals import SIGNALS

CRAFT = "craft"
Grade = Literal["A", "B", "C"]


@dataclass(frozen=True, slots=True)
class Competency:
    """A behaviour that several signals speak of.

    Attributes:
        name: Key.
        label: As shown on pages.
        signals: What it rests on.
        behaviour: What is meant, in words a technician would use.
    """

    name: str
    label: str
    signals: tuple[str, ...]
    behaviour: str


COMPETENCIES: tuple[Competency, ...] = (
    Competency(
        "communication", "Communication",
        ("repair_share", "explanation_share", "floor_given_share", "followed_through_share"),
        "Says things so that others need not ask again, explains how and why, gives others the floor and follows up.",
    ),
    Competency(
        "collaboration", "Collaboration",
        ("peer_answer_share", "peer_answer_hours", "people_helped_count", "assist_credit", "knowledge_reuse", "learner_gain"),
        "Answers colleagues, helps with work that is not theirs, and leaves others able to do it alone.",
    ),
    Competency(
        "composure", "Composure", ("coordination_share", "update_gap_hours", "escalation_fit", "clarity_under_stress"),
        "Coordinates when it burns, keeps those affected informed, escalates to where it is solved.",
    ),
    Competency(
        "team_effect", "Team effect", ("team_lift", "team_steadiness", "credit_given_share"),
        "Teammates' own work goes better on shifts with them, and who helped is named.",
    ),
    Competency(
        "conflict", "Constructive conflict", ("constructive_share",),
        "Takes up what is at odds and asks, proposes or acknowledges.",
    ),
    Competency(
        "delegation", "Delegation", ("take_back_share", "touches_per_delegated", "hold_share"),
        "Passes work on where peers would, and lets it be done.",
    ),
    Competency(
        "strategy", "Strategic thinking", ("prevention_share", "recurrence"),
        "Works on causes, and what they mend stays mended.",
    ),
    Competency(
        CRAFT, "Craft", ("adjusted_speed", "adjusted_quality", "difficulty_solved", "topic_breadth"),
        "Solves difficult work well, quickly for what it is, over a range of topics.",
    ),
)  # fmt: skip
LEADING: tuple[str, ...] = tuple(c.name for c in COMPETENCIES if c.name != CRAFT)
"""Competencies of leading, in order."""
GRADE_WEIGHT: Mapping[Grade, float] = {"A": 1.0, "B": 0.75, "C": 0.1}
"""What a signal of a grade counts: shown on a real outcome, on real data with a proxy, on invented data alone."""
_BY_NAME = {signal.name: signal for signal in SIGNALS}


@dataclass(frozen=True, slots=True)
class Competence:
    """All competencies of everybody.

    Attributes:
        people: Person keys; rows of everything.
        measured: Competency -> its estimates.
        n: Competency -> observations behind it, one a person.
        agreement: How what weighs most goes with the rest of leading in the whole record; None where that cannot be told.
    """

    people: tuple[str, ...]
    measured: Mapping[str, Measured]
    n: Mapping[str, Floats]
    agreement: Agreement | None = None

    def only(self, people: frozenset[str]) -> "Competence":
        """The same about these persons alone; what the firm's scale is stays as it was."""
        kept = np.array([i for i, person in enumerate(self.people) if person in people], dtype=np.int64)
        return Competence(
            tuple(self.people[i] for i in kept),
            {name: told.only(kept) for name, told in self.measured.items()},
            {name: counts[kept] for name, counts in self.n.items()},
            self.agreement,
        )

    def means(self, names: Sequence[str]) -> Floats:
        """People x competencies, in sd."""
        return (
            np.column_stack([self.measured[name].mean for name in names]) if names else np.zeros((len(self.people), 0))
        )

    def variances(self, names: Sequence[str]) -> Floats:
        """The same, posterior variances."""
        return (
            np.column_stack([self.measured[name].variance for name in names])
            if names
            else np.zeros((len(self.people), 0))
        )


def teams_of(people: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Person -> whom they share their work with: the team, the role where no team is told.

    Args:
        people: Rows with `person_id, team_id, role`.
    """
    return {row["person_id"]: told for row in people if (told := row["team_id"] or row["role"])}


def competence(
    values: Sequence[Mapping[str, Any]], teams: Mapping[str, str], unrepeated: Collection[str] = ()
) -> Competence:
    """Competencies from values of signals.

    Args:
        values: Rows of `signal_values` of one window; rows without enough evidence count as missing.
        teams: Person -> team, see `teams_of`; those without one are held against each other.
        unrepeated: Competencies that do not repeat in this record: nothing is known of them.
    """
    people = tuple(sorted({row["person_id"] for row in values}))
    place = {person: i for i, person in enumerate(people)}
    by_signal: dict[str, list[Mapping[str, Any]]] = {}
    for row in values:
        if row["value"] is not None:
            by_signal.setdefault(row["signal"], []).append(row)
    told: dict[str, Measured] = {}
    counts: dict[str, Floats] = {}
    for each in COMPETENCIES:
        y = np.full((len(people), len(each.signals)), np.nan)
        noise, n = y.copy(), np.zeros(len(people))
        for k, name in enumerate(each.signals):
            for row in by_signal.get(name, ()):
                i = place[row["person_id"]]
                y[i, k], noise[i, k] = placed(name, row)
                n[i] += row["n"]
        if each.name in unrepeated:
            y = np.full_like(y, np.nan)
        told[each.name] = measured(y, noise, [teams.get(person, "") for person in people], weights_of(each))
        counts[each.name] = n
    trust = {each.name: max(weights_of(each)) for each in COMPETENCIES if each.name != CRAFT}
    return Competence(people, told, counts, agreement(told, trust, [teams.get(person, "") for person in people]))


def weights_of(competency: Competency) -> list[float]:
    """How much each signal counts in a competency: by its grade, so that validated ones carry it."""
    return [GRADE_WEIGHT[_BY_NAME[name].grade] for name in competency.signals]


def placed(name: str, row: Mapping[str, Any]) -> tuple[float, float]:
    """A raw value on its working scale, better upwards, and its variance there."""
    signal = _BY_NAME[name]
    raw = float(row["raw_value"])
    if signal.scale == "logit":
        raw = (raw * row["n"] + 0.5) / (row["n"] + 1)
    if signal.scale == "log":
        raw = max(raw, 1e-3)
    sign = -1.0 if signal.direction == "low" else 1.0
    return sign * float(forward(np.array([raw]), signal.scale)[0]), float(row["variance"])
