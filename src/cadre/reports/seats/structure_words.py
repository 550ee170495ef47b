"""The words of structure, the same on the page and the command line."""

from collections.abc import Mapping

from cadre.readiness.structure.rule import LABELS, WEIGHTS, Flip, Recommendation, Swing
from cadre.reports.seats.structure import OpenSeat, StructureReport

RULE = (
    "The closer to the product, the more technical the leader; the larger the firm, the more people leaders. "
    "A claim of the source's article on leaders of service providers, and no measured law."
)
PARTS: Mapping[str, str] = {
    "hands_on": "Hours on tickets and tasks: the more, the more technical. It counts three times, since the rule names it first.",
    "service": "Daily service against projects and causes: the more service, the more technical.",
    "span": "People to one lead: from 4 technical to 12 people leader.",
    "tiers": "Tiers the team serves: from one technical to four people leader.",
    "firm": "People in the firm: from 10 technical to 100 people leader, in proportions.",
}
SHORT: Mapping[str, str] = {
    "a technical leader with people skills": "technical",
    "a people leader who understands the work": "people",
    "both sides alike": "both alike",
}
assert set(PARTS) == set(WEIGHTS)


def labels() -> Mapping[str, str]:
    """Parts of the rule in words, in order."""
    return LABELS


def headline(report: StructureReport) -> str:
    """What is said first, bad news before good."""
    over = [each for each in report.teams if each.over > 0]
    wide = report.options.spans[1]
    if over:
        most = max(over, key=lambda each: each.facts.reports)
        more = f", and {_teams(len(over) - 1, 'more')}" if len(over) > 1 else ""
        return f"{most.facts.name} has {most.facts.reports:g} people to one lead, past {wide}{more}"
    if report.next.is_now[1]:
        return f"{report.people:,} people have {_leads(report.leads)}, fewer than spans of up to {wide} allow"
    known = sum(count for word, count in report.mix.items() if word in SHORT)
    if not known:
        return "Too little is known of the teams to say what kind of lead they ask for"
    word = max((w for w in report.mix if w in SHORT), key=lambda w: report.mix[w])
    return f"{report.mix[word]} of {_teams(sum(report.mix.values()))} {'asks' if report.mix[word] == 1 else 'ask'} for {word}"


def asks_text(asks: Recommendation) -> str:
    """What a team asks for and whether that is settled, in a sentence."""
    if asks.position is None:
        return f"{asks.word[0].upper()}{asks.word[1:]}: {'; '.join(_reasons(asks))}."
    if asks.is_settled:
        return f"Asks for {asks.word}, whatever else was tried."
    return f"Asks for {asks.word}, though other plausible inputs would say otherwise."


def flip_text(asks: Recommendation, flip: Flip) -> str:
    """What would change the answer: `stays technical unless one lead has 11 people`."""
    return f"stays {SHORT[asks.word]} unless {_condition(flip)}, then {SHORT[flip.word]}"


def swing_text(swing: Swing) -> str:
    """What was varied and between which ends."""
    if swing.is_weight:
        return f"{LABELS[swing.part]} counts {swing.low:g} to {swing.high:g} times as much"
    if swing.is_missing:
        return f"{LABELS[swing.part]}, which is not known, anything"
    return f"{LABELS[swing.part]} {value_text(swing.part, swing.low)} to {value_text(swing.part, swing.high)}"


def value_text(part: str, value: float) -> str:
    """A value of a part in its unit."""
    return f"{value:.0%}" if part in ("hands_on", "service") else f"{value:g}"


def next_text(report: StructureReport) -> str:
    """When one more lead is needed, in a sentence."""
    (near, far), spans = report.next.at, report.options.spans
    if report.next.is_now[1]:
        return f"One more lead is needed now, even with {spans[1]} people to each: {report.people:,} people have {_leads(report.leads)}."
    if report.next.is_now[0]:
        return (
            f"With {spans[0]} people to one lead one more is needed since the firm had {near:,} people; with {spans[1]} from "
            f"{far:,} people on. It has {report.people:,}."
        )
    return f"One more lead is needed from {near:,} people on with {spans[0]} to each, from {far:,} on with {spans[1]}."


def seat_text(one: OpenSeat, names: Mapping[str, str]) -> str:
    """Who could take an open seat, in a sentence; that nobody stands out where that is so."""
    place = one.place
    if place.person is None:
        return "Nobody who is released and free can be assigned to it."
    if place.holds:
        return f"{names[place.person]} fits best in {place.share:.0%} of {place.draws} draws."
    told = ", ".join(f"{names[who]} ({share:.0%})" for who, share in place.others)
    return f"Cannot be told apart: no assignment holds in half of {place.draws} draws. Most often: {told}."


def _condition(flip: Flip) -> str:
    if flip.is_weight:
        return f"{LABELS[flip.part]} counted {flip.at:g} times as much"
    value = value_text(flip.part, flip.at)
    if flip.part in ("hands_on", "service"):
        return f"{LABELS[flip.part]} {'rises' if flip.is_above else 'falls'} to {value}"
    if flip.part == "span":
        return f"one lead has {value} people or {'more' if flip.is_above else 'fewer'}"
    if flip.part == "tiers":
        return f"it serves {value} tiers"
    return f"the firm {'grows' if flip.is_above else 'shrinks'} to {value} people"


def _reasons(asks: Recommendation) -> list[str]:
    return [f"{LABELS[name]}: {why}" for name, why in asks.missing.items()]


def _teams(count: int, more: str = "") -> str:
    return f"{count} {more + ' ' if more else ''}team{'' if count == 1 else 's'}"


def _leads(count: int) -> str:
    return f"{count} lead{'' if count == 1 else 's'}"
