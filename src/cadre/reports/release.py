"""The release rule: the one place that opens what is sealed, and says why it does not.

Keeps true: numbers about a person leave only where the workspace's purpose allows it; figures about a group leave from
five people up, always. A refusal says which rule held and what would release it. Who saw what is not recorded yet.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from cadre.access.principal import Principal
from cadre.estimate import Sealed, open_sealed
from cadre.records import Firm

T = TypeVar("T")
R = TypeVar("R")

MIN_GROUP = 5
"""People a group figure needs, so that nobody can be read off it."""

STUDY_WORD = "Study"


@dataclass(frozen=True, slots=True)
class Withheld:
    """What is not shown, and why.

    Attributes:
        rule: Which rule held, in one sentence.
        opens: What would release it.
    """

    rule: str
    opens: str

    def json(self) -> dict[str, str]:
        """The keys every surface uses."""
        return {"withheld": self.rule, "opens": self.opens}


def release_persons(principal: Principal, firm: Firm, sealed: Sealed[T]) -> T | Withheld:
    """What is known about persons, where the purpose of the workspace allows it.

    Args:
        principal: Who asks.
        firm: The firm; purpose `study` releases, `firm` does not yet.
        sealed: The content, opened only here.
    """
    del principal  # every role sees the same until sign-in exists
    if firm.purpose != "study":
        return Withheld(
            rule="Numbers about persons stay closed in a workspace about your own people",
            opens="They open step by step: to each person after they were told, then to their manager. "
            "Notices and accounts are not built yet.",
        )
    return open_sealed(sealed)


def release_group(principal: Principal, sealed: Sealed[T], size: int, summary: Callable[[T], R]) -> R | Withheld:
    """A figure about a group, from five people up.

    Args:
        principal: Who asks.
        sealed: The content about its members, opened only here.
        size: People in the group.
        summary: Turns the content into a figure that names nobody.
    """
    del principal
    if size < MIN_GROUP:
        return Withheld(
            rule=f"A group of {size} is too small for a figure: somebody could be read off it",
            opens=f"Figures are shown from {MIN_GROUP} people up.",
        )
    return summary(open_sealed(sealed))


def purpose_word(firm: Firm) -> str:
    """The word every surface of a study workspace carries; empty for a firm's own."""
    if firm.purpose != "study":
        return ""
    return f"{STUDY_WORD}: invented data" if firm.is_invented else STUDY_WORD
