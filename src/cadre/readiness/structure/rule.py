"""Which kind of lead a team asks for, by the source's rule, and how far other plausible inputs and weights would move it.

The rule is a claim of the source, no measured law: the closer to the product, the more technical the leader; the larger the
firm, the more people leaders. Keeps true: a part nobody told falls out and is named; where less than half of what the rule
weighs is known it abstains; what would flip the answer is named with its value, whether plausible or not.

References:
    The source's article on technical and people leaders; the ends of each part are those of `readiness.seat`. Varying one
    input at a time: Saltelli et al. 2008, Global Sensitivity Analysis (its limits: inputs that move together are not shown).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

from cadre.readiness.seat import FIRM, MOST_TIERS, SPAN, word

WEIGHTS: Mapping[str, float] = {"hands_on": 3.0, "service": 1.0, "span": 1.0, "tiers": 1.0, "firm": 1.0}
"""How much each part counts unless somebody says otherwise: hands-on work as much as in the seat sheet, all else alike."""
LABELS: Mapping[str, str] = {
    "hands_on": "hands-on work",
    "service": "day-to-day service",
    "span": "people to one lead",
    "tiers": "tiers served",
    "firm": "people in the firm",
}
LEAST_WEIGHT = 0.5
"""Share of the rule's weight that has to be known: under it the answer would rest on what nobody told."""
FACTORS = (0.5, 2.0)
"""A weight is tried half and twice as large."""
DOMAIN: Mapping[str, tuple[float, float]] = {
    "hands_on": (0.0, 1.0), "service": (0.0, 1.0), "span": (1, 20), "tiers": (1, 6), "firm": (2, 500),
}  # fmt: skip
"""Values of each input that are looked at for a flip."""
_STEPS: Mapping[str, float] = {"hands_on": 0.01, "service": 0.01, "span": 1, "tiers": 1, "firm": 1}


@dataclass(frozen=True, slots=True)
class Input:
    """One thing the rule asks.

    Attributes:
        value: Share 0-1, people, or tiers; missing where nobody told.
        low: Lowest plausible value; `value` where it is missing.
        high: Highest.
        n: Rows or people it rests on; 0 where it is missing.
        told: What was counted, or why there is none, in words.
    """

    value: float | None
    low: float
    high: float
    n: int
    told: str

    @classmethod
    def missing(cls, why: str) -> "Input":
        """An input nobody told, with the reason."""
        return cls(None, 0.0, 0.0, 0, why)


Inputs = Mapping[str, Input]
"""Part -> its input; one for each of `WEIGHTS`."""


@dataclass(frozen=True, slots=True)
class Swing:
    """How far one thing moves the position over its plausible range.

    Attributes:
        part: Which part.
        is_weight: Whether its weight is varied (half to twice) and not its value.
        low: Lower end tried: a value, or a factor of the weight.
        high: Upper end.
        at_low: Position at the lower end.
        at_high: Position at the upper end.
        is_missing: Whether nobody told its value, so that every value it could have was tried.
    """

    part: str
    is_weight: bool
    low: float
    high: float
    at_low: float
    at_high: float
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class Flip:
    """The nearest value at which the answer would be another.

    Attributes:
        part: Which part.
        is_weight: Whether it is a factor of its weight.
        at: The value or factor.
        is_above: Whether it lies above what was seen.
        word: What the answer would be.
        is_plausible: Whether it lies within the plausible range.
    """

    part: str
    is_weight: bool
    at: float
    is_above: bool
    word: str
    is_plausible: bool


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What a team asks for.

    Attributes:
        position: 0 technical leader to 1 people leader; missing where abstained.
        low: Lowest position over what was tried, one thing at a time.
        high: Highest.
        word: In words; why not, where abstained.
        is_settled: Whether the words stay the same over everything tried.
        shares: Part -> (position 0-1 of that part alone, what it counts 0-1 in all).
        missing: Part -> why it is not known.
        swings: What was tried, the largest move first.
        flips: What would change the words, plausible ones first.
    """

    position: float | None
    low: float
    high: float
    word: str
    is_settled: bool
    shares: Mapping[str, tuple[float, float]]
    missing: Mapping[str, str]
    swings: tuple[Swing, ...]
    flips: tuple[Flip, ...]


def recommend(inputs: Inputs, weights: Mapping[str, float] = WEIGHTS) -> Recommendation:
    """What a team asks for.

    Args:
        inputs: One for each part.
        weights: Part -> how much it counts; a part that counts nothing is left out.
    """
    known = {name: each.value for name, each in inputs.items() if each.value is not None and weights[name] > 0}
    missing = {name: inputs[name].told for name in weights if weights[name] > 0 and name not in known}
    whole = sum(weights.values())
    held = sum(weights[name] for name in known)
    if not whole or held < LEAST_WEIGHT * whole:
        why = "cannot tell: less than half of what the rule weighs is known"
        return Recommendation(None, 0.0, 1.0, why, is_settled=False, shares={}, missing=missing, swings=(), flips=())
    position = _position(known, weights)
    swings = sorted(_swings(inputs, known, weights), key=lambda s: -abs(s.at_high - s.at_low))
    tried = [position, *(at for s in swings for at in (s.at_low, s.at_high))]
    return Recommendation(
        position=position,
        low=min(tried),
        high=max(tried),
        word=word(position),
        is_settled=len({word(at) for at in tried}) == 1,
        shares={name: (part_position(name, value), weights[name] / held) for name, value in known.items()},
        missing=missing,
        swings=tuple(swings),
        flips=tuple(sorted(_flips(inputs, known, weights), key=lambda f: (not f.is_plausible, f.is_weight))),
    )


def part_position(name: str, value: float) -> float:
    """Where one part stands alone, 0 technical to 1 people: shares of work fall with it, counts rise.

    Args:
        name: One of `WEIGHTS`.
        value: Its value.
    """
    if name in ("hands_on", "service"):
        at = 1 - value
    elif name == "span":
        at = (value - SPAN[0]) / (SPAN[1] - SPAN[0])
    elif name == "tiers":
        at = (value - 1) / (MOST_TIERS - 1)
    else:
        at = (log(max(value, 1)) - log(FIRM[0])) / (log(FIRM[1]) - log(FIRM[0]))
    return min(max(at, 0.0), 1.0)


def _position(known: Mapping[str, float], weights: Mapping[str, float]) -> float:
    held = sum(weights[name] for name in known)
    return sum(weights[name] * part_position(name, value) for name, value in known.items()) / held


def _swings(inputs: Inputs, known: Mapping[str, float], weights: Mapping[str, float]) -> Sequence[Swing]:
    made = []
    for name in known:
        ends = (inputs[name].low, inputs[name].high)
        low, high = (_position({**known, name: end}, weights) for end in ends)
        made.append(Swing(name, False, *ends, low, high))
        if len(known) > 1:
            low, high = (_position(known, {**weights, name: weights[name] * factor}) for factor in FACTORS)
            made.append(Swing(name, True, *FACTORS, low, high))
    for name in weights:
        if name not in known and weights[name] > 0:  # it could be anything, and that must not look settled
            low, high = (_position({**known, name: end}, weights) for end in DOMAIN[name])
            made.append(Swing(name, False, *DOMAIN[name], low, high, is_missing=True))
    return made


def _flips(inputs: Inputs, known: Mapping[str, float], weights: Mapping[str, float]) -> Sequence[Flip]:
    """The nearest other answer in each direction of each input and weight, found by steps a reader could check."""
    was = word(_position(known, weights))
    made = []
    for name, value in known.items():
        step, ends = _STEPS[name], DOMAIN[name]
        for sign in (-1, 1):
            at = value
            while ends[0] - 1e-9 <= (at := at + sign * step) <= ends[1] + 1e-9:
                told = word(_position({**known, name: at}, weights))
                if told != was:
                    inside = inputs[name].low - 1e-9 <= at <= inputs[name].high + 1e-9
                    made.append(Flip(name, False, round(at, 2), sign > 0, told, inside))
                    break
            for percent in range(5, 105, 5) if len(known) > 1 else ():
                factor = FACTORS[sign > 0] ** (percent / 100)
                told = word(_position(known, {**weights, name: weights[name] * factor}))
                if told != was:
                    made.append(Flip(name, True, round(factor, 2), sign > 0, told, is_plausible=True))
                    break
    return made
