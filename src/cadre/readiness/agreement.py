"""Whether what weighs most in readiness goes with the rest of leading in this record, or is seen alone.

What is meant by leading shows in several ways at once: who answers colleagues also explains, lets go, lifts others' work. So a
reading that is of leading goes with readings of other kinds, and one that repeats but goes with nothing is of something else:
of who happens to write, where help is given by phone. Keeps true: people are held against their own team, as in estimates; a
check that was made and found nothing is told apart from one that could not be made.

References:
    Campbell and Fiske 1959, Convergent and discriminant validation: one trait must be seen by more than one method.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from cadre.estimate import Estimate
from cadre.inference.correlation import correlation
from cadre.readiness.measurement import Measured

LEAST_KNOWN = 0.1
"""Share of a competency that evidence must settle of a person to be held against another."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How what weighs most goes with the rest.

    Attributes:
        competency: Which weighs most.
        found: Correlation over people with the mean of all others of leading; both as estimated, so drawn to the middle.
    """

    competency: str
    found: Estimate

    @property
    def is_shown(self) -> bool:
        """Whether it goes with the rest beyond chance."""
        return self.found.low > 0

    @property
    def reason(self) -> str:
        """Why nobody is ranked where it is not shown."""
        told = self.found
        return (
            f"what weighs most, {self.competency.replace('_', ' ')}, is not shown to go with the rest of leading in this record: "
            f"{told.value:.2f} [{told.low:.2f}, {told.high:.2f}], {told.n} people"
        )


def agreement(measured: Mapping[str, Measured], trust: Mapping[str, float], teams: Collection[str]) -> Agreement | None:
    """Hold what weighs most against the rest.

    Args:
        measured: Competency -> its estimates, people in one order.
        trust: Competency of leading -> how far its signals are trusted; the most trusted weighs most.
        teams: Team of each person.

    Returns:
        None where it cannot be told: too few people beyond teams, or no other competency is seen.
    """
    most = max(trust, key=lambda name: (trust[name], measured[name].reliability))
    rest = [measured[name] for name in trust if name != most]
    known = np.array([1 - told.variance > LEAST_KNOWN for told in rest])
    some = (measured[most].seen > 0) & known.any(axis=0)
    others = np.sum([told.mean for told in rest], axis=0)
    found = correlation(measured[most].mean[some], others[some], lost=len(set(teams)) - 1) if some.any() else None
    return Agreement(most, found) if found else None
