"""Trials for the people of a seat sheet: for each, beside the one they are hardest to tell from among the first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cadre.readiness.trial import Narrowing, Seen, narrowings, seen
from cadre.reports.kept import kept
from cadre.reports.measure import Span
from cadre.reports.readiness import Prepared, own_values, teams
from cadre.warehouse import Snapshot


@dataclass(frozen=True, slots=True)
class Tried:
    """What trials of one person would do.

    Attributes:
        beside: Key of the other person of the pair.
        options: Each trial, the one that narrows most an hour first.
    """

    beside: str
    options: tuple[Narrowing, ...]

    @property
    def best(self) -> Narrowing:
        """The one that narrows most an hour."""
        return self.options[0]

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            "beside": self.beside,
            "trials": [
                {"trial": n.trial.what, "hours": n.trial.hours, "half_width_before": n.before,
                 "half_width_after": n.after, "own_interval_narrower_share": n.own, "told_apart_chance": n.told_apart,
                 "sharpens": n.sharpens[0], "sharper_share": n.sharpens[1]}
                for n in self.options
            ],
        }  # fmt: skip


def sharpness(snapshot: Snapshot, span: Span) -> dict[str, Seen]:
    """How sharply everybody's signals are seen; kept for the newest records."""
    return kept(snapshot, ("sharpness", span), lambda: seen(own_values(snapshot, span), teams(snapshot)))


def tried(sharp: dict[str, Seen], ready: Prepared, shown: Sequence[str]) -> dict[str, Tried]:
    """Trials of everybody shown, each beside the first; the first beside the second.

    Args:
        sharp: How sharply everybody is seen.
        ready: What is known of those who are open.
        shown: Their keys, the highest estimate first.
    """
    if len(shown) < 2:
        return {}
    names = ready.profile.names
    beside = {person: shown[1] if person == shown[0] else shown[0] for person in shown}
    return {
        person: Tried(other, narrowings(sharp, ready.competence, names, ready.model, person, other))
        for person, other in beside.items()
    }
