"""Which setting of a place holds when some take others back, and which may be taken back next.

Keeps true: taking back lets what held before hold again, so that several are taken back one after another; and the
newest of all can always be taken back, so that a taking back is undone. Nothing newer is overwritten unseen. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chain:
    """The settings of one place.

    Attributes:
        before: Number of the setting that held before each, by number; None where nothing was set.
        holds: Number of the setting that holds now, taking back not counted; None where nothing does.
        newest: Number of the newest of all.
    """

    before: dict[int, int | None]
    holds: int | None
    newest: int

    def may_end(self, number: int) -> bool:
        """Whether nothing newer stands on a setting, so that it may be taken back."""
        return number in {self.holds, self.newest}

    def over(self, number: int) -> int:
        """What stands on a setting: the newer one that holds, or, where none does, what was done last."""
        return self.holds if self.holds is not None and self.holds > number else self.newest


def chain(told: Sequence[tuple[int, int | None]]) -> Chain:
    """What holds after settings of one place.

    Args:
        told: Each one's number and the number of what it takes back, the oldest first; at least one.
    """
    before: dict[int, int | None] = {}
    holds: int | None = None
    for number, takes_back in told:
        before[number] = holds
        holds = number if takes_back is None else before[takes_back]
    return Chain(before, holds, told[-1][0])
