"""The words of the seat sheet, the same on the page, the command line and paper."""

from collections.abc import Mapping

from cadre.estimate import Abstained, Measured
from cadre.readiness.desk import Sole
from cadre.readiness.seat import word
from cadre.reports.signals import Spread
from cadre.reports.wording import interval_text, value_text

MIDDLE = Spread(low=-1.28, middle=0.0, high=1.28, least=-2.5, most=2.5, people=0, thin=0)
"""The band behind a competency: the middle 80% of the firm, since its unit is the standard deviation between people."""


def place_text(rank: tuple[int, int] | None, compared: int) -> str:
    """A place in words: `between 1st and 5th of 12`."""
    if rank is None:
        return "not placed"
    if rank[0] == rank[1]:
        return f"{nth(rank[0])} of {compared}"
    return f"between {nth(rank[0])} and {nth(rank[1])} of {compared}"


def nth(number: int) -> str:
    """`1st`, `2nd`, `11th`."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def words_of(position: float) -> str:
    """What a position between technical and people leader asks for."""
    return word(position)


def topic_text(one: Sole, clients: Mapping[str, str]) -> str:
    """A topic in words, with the client where it is about one."""
    topic, client = one.topic
    shown = topic.replace("_", " ")
    return shown if client is None else f"{shown} at {clients.get(client, client.rsplit('/', 1)[-1])}"


def sole_text(one: Sole, clients: Mapping[str, str]) -> str:
    """How much of a topic they solved: `6 of 15 tickets of dns at Olsen (40%, 90% interval 19% to 64%)`."""
    share = f"{value_text(one.share, 'share')}, {interval_text(one.share, 'share')}"
    return f"{one.solved:,} of {one.of:,} tickets of {topic_text(one, clients)} ({share})"


def learn_text(one: Sole, names: Mapping[str, str]) -> str:
    """Who could learn it, in a sentence; that nobody is known where nobody else solved any, or may be named."""
    if not one.learners:
        return "; no colleague who may be named here has solved any."
    told = ", ".join(f"{names.get(who, 'a colleague')} ({n:,} solved)" for who, n in one.learners)
    return f". Nearest to it: {told}."


def cover_text(found: Measured) -> str:
    """Hours a week to cover, in words."""
    if isinstance(found, Abstained):
        return f"hours not known: {found.reason}"
    return f"{value_text(found, 'hours')} a week to cover ({interval_text(found, 'hours')}, {found.n} weeks)"
