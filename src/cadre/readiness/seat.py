"""What a lead seat asks for, between technical and people leader, by a rule that anybody can check by hand.

The rule is the one of the firm's source text: the closer a seat is to the product, the more technical its leader; as a firm
grows, more people leaders. Closeness is the hands-on work the seat keeps, the tiers it serves and the people it leads. Keeps
true: a part nobody told falls out and is named; the result carries how far other plausible inputs would move it. It says what
a seat asks for and nothing about anybody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import log

WEIGHTS: Mapping[str, float] = {"hands_on": 3.0, "span": 1.0, "tiers": 1.0, "firm": 1.0}
"""How much each part counts. Hands-on work counts as much as the rest together, since the rule names it first; the numbers are
a stated default and nobody's finding."""
SPAN = (4, 12)
"""People led at which that part is 0 and 1."""
FIRM = (10, 100)
"""People in the firm at which that part is 0 and 1, on a scale of proportions."""
MOST_TIERS = 4
TECHNICAL_TO, PEOPLE_FROM = 0.42, 0.58
"""Positions up to which a seat asks for the one, and from which for the other; between them it asks for both."""
_HANDS_ON_STEP, _SPAN_STEP, _FIRM_STEP = 0.15, 3, 1.5


@dataclass(frozen=True, slots=True)
class SeatInputs:
    """What is known of a seat.

    Attributes:
        hands_on_share: Share of its hours that stays hands-on work, 0-1; missing where nobody said.
        span: People who report to it; missing where not known.
        tiers: Service tiers it serves; empty where not known.
        firm_people: People in the firm; missing where no roster tells.
    """

    hands_on_share: float | None
    span: int | None
    tiers: tuple[str, ...]
    firm_people: int | None


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the rule: where it stands between 0 (technical) and 1 (people), and what it weighs, 0-1 in all."""

    name: str
    told: str
    position: float
    weight: float


@dataclass(frozen=True, slots=True)
class Shift:
    """Where the position would be if one thing were otherwise."""

    what: str
    position: float


@dataclass(frozen=True, slots=True)
class Need:
    """What a seat asks for.

    Attributes:
        position: 0 technical leader to 1 people leader; None where nothing is known of the seat.
        low: Lowest position under the other inputs and weights tried.
        high: Highest.
        word: What it asks for, in words.
        is_settled: Whether the words stay the same under everything tried.
        parts: What the position is made of.
        missing: Parts nobody told.
        shifts: What was tried, the largest change first.
    """

    position: float | None
    low: float
    high: float
    word: str
    is_settled: bool
    parts: tuple[Part, ...]
    missing: tuple[str, ...]
    shifts: tuple[Shift, ...]


_MISSING = {
    "hands_on": "the hands-on work the seat keeps",
    "span": "how many people it leads",
    "tiers": "the tiers it serves",
    "firm": "how large the firm is",
}


def need(inputs: SeatInputs, weights: Mapping[str, float] = WEIGHTS) -> Need:
    """What a seat asks for, and how far other inputs would move that.

    Args:
        inputs: The seat.
        weights: Of the parts.
    """
    position = _position(inputs, weights)
    parts = _parts(inputs)
    missing = tuple(words for name, words in _MISSING.items() if name not in parts)
    if position is None:
        return Need(None, 0.0, 1.0, "not known yet", is_settled=False, parts=(), missing=missing, shifts=())
    total = sum(weights[name] for name in parts)
    shifts = sorted(_shifts(inputs, weights), key=lambda s: -abs(s.position - position))
    tried = [position, *(shift.position for shift in shifts)]
    return Need(
        position=position,
        low=min(tried),
        high=max(tried),
        word=word(position),
        is_settled=len({word(each) for each in tried}) == 1,
        parts=tuple(Part(name, told, at, weights[name] / total) for name, (told, at) in parts.items()),
        missing=missing,
        shifts=tuple(shifts),
    )


def word(position: float) -> str:
    """What a position asks for."""
    if position <= TECHNICAL_TO:
        return "a technical leader with people skills"
    if position >= PEOPLE_FROM:
        return "a people leader who understands the work"
    return "both sides alike"


def _parts(inputs: SeatInputs) -> dict[str, tuple[str, float]]:
    made: dict[str, tuple[str, float]] = {}
    if inputs.hands_on_share is not None:
        made["hands_on"] = (f"{inputs.hands_on_share:.0%} of its hours stay hands-on work", 1 - inputs.hands_on_share)
    if inputs.span is not None:
        people = "1 person reports" if inputs.span == 1 else f"{inputs.span} people report"
        made["span"] = (f"{people} to it", _between(inputs.span, *SPAN))
    if inputs.tiers:
        named = f"tier {inputs.tiers[0]}" if len(inputs.tiers) == 1 else f"{len(inputs.tiers)} tiers"
        made["tiers"] = (f"it serves {named}", _between(len(inputs.tiers), 1, MOST_TIERS))
    if inputs.firm_people:
        made["firm"] = (f"the firm has {inputs.firm_people} people", _between(log(inputs.firm_people), *map(log, FIRM)))
    return made


def _position(inputs: SeatInputs, weights: Mapping[str, float]) -> float | None:
    parts = _parts(inputs)
    total = sum(weights[name] for name in parts)
    return sum(weights[name] * at for name, (_, at) in parts.items()) / total if total else None


def _shifts(inputs: SeatInputs, weights: Mapping[str, float]) -> Sequence[Shift]:
    tried: list[tuple[str, SeatInputs, Mapping[str, float]]] = []
    if inputs.hands_on_share is not None:
        for step in (-_HANDS_ON_STEP, _HANDS_ON_STEP):
            share = min(max(inputs.hands_on_share + step, 0.0), 1.0)
            tried.append((f"{share:.0%} hands-on work", replace(inputs, hands_on_share=share), weights))
    if inputs.span is not None:
        spans = (max(inputs.span - _SPAN_STEP, 0), inputs.span + _SPAN_STEP)
        tried += [(f"{span} people led", replace(inputs, span=span), weights) for span in spans]
    if inputs.firm_people:
        for factor in (1 / _FIRM_STEP, _FIRM_STEP):
            people = round(inputs.firm_people * factor)
            tried.append((f"a firm of {people}", replace(inputs, firm_people=people), weights))
    for name in _parts(inputs):
        for factor, how in ((0.5, "half"), (2.0, "twice")):
            what = f"{_MISSING[name]} counts {how} as much"
            tried.append((what, inputs, {**weights, name: weights[name] * factor}))
    return [Shift(what, at) for what, i, w in tried if (at := _position(i, w)) is not None]


def _between(value: float, low: float, high: float) -> float:
    return min(max((value - low) / (high - low), 0.0), 1.0)
