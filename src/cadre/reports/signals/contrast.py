"""The five contrasts: what a person delivers beside what others deliver because of them, as pairs of measurements."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cadre.estimate import Measured
from cadre.signals import UNMEASURED


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a contrast.

    Attributes:
        name: The signal or estimate, in the field's terms.
        label: As shown.
        measured: What was measured; None where this is not measured yet.
    """

    name: str
    label: str
    measured: Measured | None

    @property
    def was_tried(self) -> bool:
        """Whether measuring it was tried and given up, so that no record will ever show it."""
        return self.name in {each.name for each in UNMEASURED}

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            "name": self.name,
            "label": self.label,
            "measured": self.measured.json() if self.measured is not None else None,
        }


@dataclass(frozen=True, slots=True)
class Contrast:
    """A pair: what one side is about, what the other, and what stands for each."""

    title: str
    first: tuple[Side, ...]
    second: tuple[Side, ...]

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {"title": self.title, "first": [s.json() for s in self.first], "second": [s.json() for s in self.second]}


_Pair = tuple[str, tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]

PAIRS: tuple[_Pair, ...] = (
    (
        "Solves alone, or helps others solve",
        (("solo_share", "Works without a colleague"),),
        (("assist_credit", "Helps on others' work"),),
    ),
    (
        "Own success, or the team's",
        (("craft", "What they deliver themselves"),),
        (("credit_given_share", "Names those who helped"),),
    ),
    (
        "Leaves conflict, or takes it up",
        (("tension_answered_share", "Takes up tense exchanges"),),
        (("constructive_share", "Acknowledges, asks or proposes"),),
    ),
    (
        "Works best alone, or lifts the team",
        (("adjusted_speed", "Own speed, for the cases given"),),
        (("team_lift", "Teammates' outcomes beside them"),),
    ),
    (
        "Reliable own results, or steady results from others",
        (("adjusted_quality", "Own quality, for the cases given"),),
        (("team_steadiness", "Fewer bad days for the team"),),
    ),
)


def contrasts(known: Mapping[str, Measured]) -> tuple[Contrast, ...]:
    """The five contrasts for one person; what is not measured yet says so by name.

    Args:
        known: Signal or estimate -> what was measured.
    """
    return tuple(Contrast(title, _sides(first, known), _sides(second, known)) for title, first, second in PAIRS)


def _sides(sides: tuple[tuple[str, str], ...], known: Mapping[str, Measured]) -> tuple[Side, ...]:
    return tuple(Side(name, label, known.get(name)) for name, label in sides)
