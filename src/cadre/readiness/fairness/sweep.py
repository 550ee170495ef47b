"""The ratio of selection rates at every place the line could be drawn, and where it falls under four fifths.

Keeps true: lines stand a least group apart, from the median outwards, never nearer to either end, nor where it
would differ from who was selected by fewer. A line at every person would tell, step by step, which group each person of a known order belongs to. The value
of an estimate at a line is not given, only how many lie above.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from cadre.readiness.fairness.disclosure import RULES, Labels, Rules, are_too_near
from cadre.readiness.fairness.rates import FOUR_FIFTHS, Happened, above_median, lowest_ratio


@dataclass(frozen=True, slots=True)
class Line:
    """One place to draw the line.

    Attributes:
        chosen: People above it.
        share: Of those with an estimate.
        lowest: The lowest ratio; None where no two groups can be shown.
    """

    chosen: int
    share: float
    lowest: float | None


@dataclass(frozen=True, slots=True)
class Sweep:
    """The lines of one attribute, from fewest to most people above.

    Attributes:
        attribute: As declared.
        people: People with an estimate.
        lines: Empty where `reason` says why.
        under: Numbers of people above at which the lowest ratio is under four fifths.
        crossed: Pairs of neighbouring lines, by people above, between which four fifths are crossed.
        reason: Why there are no lines.
    """

    attribute: str
    people: int
    lines: tuple[Line, ...]
    under: tuple[int, ...]
    crossed: tuple[tuple[int, int], ...]
    reason: str | None


def sweep(
    estimates: Sequence[float | None], attribute: str, labels: Labels, *, chosen: Happened | None = None,
    rules: Rules = RULES,
) -> Sweep:  # fmt: skip
    """Draw the line at every place that may be shown.

    Args:
        estimates: One a person, more is above; None where there is none.
        attribute: Name of what was declared.
        labels: One a person; None for who declared nothing.
        chosen: Who was selected, where that is shown too.
        rules: How many people a figure needs, and how far lines stand apart.
    """
    values = sorted((value for value in estimates if value is not None), reverse=True)
    least = rules.least_people
    lines: list[Line] = []
    for above in _places(values, sum(bool(side) for side in above_median(estimates)), least):
        cut = values[above - 1]
        sides = [None if v is None else v >= cut for v in estimates]
        if chosen is None or not are_too_near(sides, chosen, least):
            lines.append(Line(above, above / len(values), lowest_ratio(sides, labels, rules=rules)))
    with_ratio = [line for line in lines if line.lowest is not None]
    below = [(line.chosen, (line.lowest or 0.0) < FOUR_FIFTHS) for line in with_ratio]
    reason = None
    if not lines:
        reason = f"{len(values)} people have an estimate; a line needs {least} of them on either side"
    elif not with_ratio:
        reason = f"no two groups of {least} or more people have an estimate"
    return Sweep(
        attribute, len(values), tuple(with_ratio), tuple(chosen for chosen, is_under in below if is_under),
        tuple((a, b) for (a, one), (b, two) in pairwise(below) if one != two), reason,
    )  # fmt: skip


def _places(values: Sequence[float], middle: int, least: int) -> list[int]:
    """People above each line, from few to many; `values` from high to low, `middle` of them above their median."""
    # People with the same estimate are on the same side of every line.
    free = [k for k in range(least, len(values) - least + 1) if 0 < k < len(values) and values[k] < values[k - 1]]
    kept = [middle] if middle in free else []
    for side in ([k for k in free if k > middle], [k for k in reversed(free) if k < middle]):
        last = middle
        for k in side:
            if abs(k - last) >= least:
                kept.append(k)
                last = k
    return sorted(kept)
