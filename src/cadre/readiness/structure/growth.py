"""How many leads a firm of a size needs under a rule of spans, which mix, and when the next seat is needed.

Arithmetic over stated defaults, no forecast. Keeps true: the range of spans goes through to every answer; leads are counted
among the people; whoever leads leads stands a layer further from the product and is counted as a people leader.

References:
    5 to 8 people to one lead is a default of ours and nobody's finding; the literature names no span that fits all work
    (Meier and Bohte 2003, Span of Control and Public Organizations: it depends on the work).
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

SPANS = (5, 8)
"""People one lead should have at least and at most."""
TIMES = (1.0, 1.5, 2.0, 3.0)
"""Sizes that are looked at, as multiples of today's."""
_LAYERS = 6


@dataclass(frozen=True, slots=True)
class Scenario:
    """A firm of one size.

    Attributes:
        people: People in all, leads included.
        fewest: Leads of teams where everyone leads as many as the range allows.
        most: Leads of teams where everyone leads as few.
        above: Leads of leads at the wide and at the narrow span.
        share: Share of people leaders among leads of teams, 0-1, with its range; missing where the rule abstains.
    """

    people: int
    fewest: int
    most: int
    above: tuple[int, int]
    share: tuple[float, float, float] | None

    @property
    def people_leaders(self) -> tuple[int, int] | None:
        """Fewest and most people leaders in all, those of leads included; missing where the mix is."""
        if self.share is None:
            return None
        return round(self.fewest * self.share[1]) + self.above[0], round(self.most * self.share[2]) + self.above[1]


@dataclass(frozen=True, slots=True)
class NextSeat:
    """When one more lead is needed.

    Attributes:
        at: People in all at which it is, at the narrow and at the wide span.
        is_now: Whether today's size is past the first, and past both.
    """

    at: tuple[int, int]
    is_now: tuple[bool, bool]


def leads(people: int, span: int) -> tuple[int, ...]:
    """Leads by layer, those of teams first; a layer ends when its leads are few enough for whoever owns the firm.

    Args:
        people: People in all, leads included.
        span: People to one lead, at least 1.
    """
    made = [ceil(people / (span + 1)) if people > 1 else 0]
    while made[-1] > span and len(made) < _LAYERS:
        made.append(ceil(made[-1] / span))
    return tuple(made)


def scenario(people: int, spans: tuple[int, int], mix: Callable[[int], tuple[float, float, float] | None]) -> Scenario:
    """What a firm of a size needs.

    Args:
        people: People in all.
        spans: Fewest and most people to one lead.
        mix: Size -> share of people leaders among leads of teams with its range.
    """
    few, many = leads(people, spans[1]), leads(people, spans[0])
    return Scenario(people, few[0], many[0], (sum(few[1:]), sum(many[1:])), mix(people))


def next_seat(people: int, held: int, spans: tuple[int, int]) -> NextSeat:
    """When one more lead of a team is needed.

    Args:
        people: People in all today.
        held: Leads of teams today.
        spans: Fewest and most people to one lead.
    """
    at = (held * (spans[0] + 1) + 1, held * (spans[1] + 1) + 1)
    return NextSeat(at, (people >= at[0], people >= at[1]))
