"""The words of the seat sheet, the same on the page, the command line and paper."""

from collections.abc import Mapping, Sequence

from cadre.db.seats import SeatCost
from cadre.estimate import Abstained
from cadre.readiness.competency import COMPETENCIES
from cadre.readiness.desk import Sole
from cadre.readiness.seat import word
from cadre.readiness.trial import Narrowing
from cadre.reports.seats.desk import Loss
from cadre.reports.signals.signals import Spread
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


def cover_text(loss: Loss) -> str:
    """What a week others have to cover, in words: booked hours, else tickets where the firm books no time."""
    found, solved = loss.cover, loss.solved
    if not isinstance(found, Abstained):
        return f"{value_text(found, 'hours')} a week to cover ({interval_text(found, 'hours')}, {found.n} weeks)"
    if not isinstance(solved, Abstained):
        told = f"{value_text(solved, 'tickets')} a week ({interval_text(solved, 'tickets')}, {solved.n} weeks)"
        return f"no hours are booked; they resolve {told}"
    return f"hours not known: {found.reason}"


HARDLY = 0.02
"""Narrowing of the difference under which a trial is said to change hardly anything."""
_LABELS = {each.name: each.label for each in COMPETENCIES}


def narrows(found: Narrowing) -> float:
    """Share by which the difference of two people would be known better."""
    return 1 - found.after / found.before if found.before else 0.0


def trial_text(found: Narrowing, other: str) -> str:
    """What a trial would do, in sentences: hours, what would be seen better, and what that does to the estimate."""
    name, sharper = found.sharpens
    said = f"{found.trial.what}: about {found.trial.hours:.0f} hours in four weeks. "
    if sharper < HARDLY / 2:
        return said + "It would show hardly anything that was not seen already."
    said += f"{_LABELS[name]} would be seen {sharper:.0%} more sharply"
    if narrows(found) < HARDLY:
        return f"{said}; the estimate itself would hardly narrow."
    chance = "less than 1" if found.told_apart < 0.005 else f"{100 * found.told_apart:.0f}"
    return (
        f"{said}, and the difference from {other} would be known {narrows(found):.0%} better "
        f"(\N{PLUS-MINUS SIGN}{found.before:.2g} to \N{PLUS-MINUS SIGN}{found.after:.2g} sd). "
        f"Chance that the two can be told apart then: {chance} in 100."
    )


def trials_text(best: Sequence[Narrowing]) -> str:
    """What trials can do for all of them, in a sentence."""
    if any(narrows(each) >= HARDLY for each in best):
        return "Some trials would narrow what is not known; for each person the one that does so most an hour."
    return (
        "No trial of four weeks would settle the order. What keeps these intervals wide is how much each behaviour matters "
        "for a lead, which only outcomes of your own leads tell. A trial still shows a behaviour that was hardly seen."
    )


def cost_text(cost: SeatCost | None) -> str:
    """What a failure would cost, in a sentence; that nobody entered it where that is so."""
    if cost is None:
        return "Not entered. Cadre knows no figure for your firm, and invents none."
    low, high = cost.yearly_pay * cost.low_multiple, cost.yearly_pay * cost.high_multiple
    return (
        f"{cost.currency} {low:,.0f} to {high:,.0f}: {cost.low_multiple:g} to {cost.high_multiple:g} years of the seat's pay. "
        f"Source: {cost.source}. Entered by {cost.entered_by}, {cost.entered_at:%Y-%m-%d}."
    )


ELSEWHERE = (
    "Benson, Li and Shue 2019, in sales: twice the earlier sales made promotion about 15% likelier, and went with 7.5% lower results of the new manager's people.",
    "Zenger and Folkman 2017: of 1,964 people named as high potentials, 42% were below the average as leaders.",
    'That "67% of new technical leaders struggle or fail within 18 months" is one article\'s claim; nobody has checked it.',
)
"""What may be cited about promotions that failed, each with its source; shown beside the cost, never used in a number."""
