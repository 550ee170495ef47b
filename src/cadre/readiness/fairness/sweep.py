"""The ratio of selection rates at every place the line could be drawn, and where it falls under four fifths.

Keeps true: lines stand a least group apart, and never nearer to either end. A line at every person would tell, step by step,
which group each person of a known order belongs to. The value of an estimate at a line is not given, only how many lie above.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from cadre.readiness.fairness.disclosure import RULES, Labels, Rules
from cadre.readiness.fairness.rates import FOUR_FIFTHS, GroupRate, table


@dataclass(frozen=True, slots=True)
class Line:
    """One place to draw the line.

    Attributes:
        chosen: People above it.
        share: Of those with an estimate.
        rates: Groups that may be shown.
        lowest: The lowest ratio; None where no two groups can be shown.
    """

    chosen: int
    share: float
    rates: tuple[GroupRate, ...]
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
    estimates: Sequence[float | None], attribute: str, labels: Labels, *, rules: Rules = RULES, seed: int = 1
) -> Sweep:
    """Draw the line at every place that may be shown.

    Args:
        estimates: One a person, more is above; None where there is none.
        attribute: Name of what was declared.
        labels: One a person; None for who declared nothing.
        rules: How many people a figure needs, and how far lines stand apart.
        seed: Of the draws behind each line's chance.
    """
    values = sorted((value for value in estimates if value is not None), reverse=True)
    lines: list[Line] = []
    least, last = rules.least_people, 0
    for chosen in range(1, len(values)):
        # People with the same estimate are on the same side of every line.
        is_place = values[chosen] < values[chosen - 1] and chosen - last >= least and len(values) - chosen >= least
        if not is_place:
            continue
        cut = values[chosen - 1]
        told = table(
            "selected", [None if v is None else v >= cut for v in estimates], attribute, labels, rules=rules, seed=seed
        )
        lines.append(Line(chosen, chosen / len(values), told.rates, told.lowest))
        last = chosen
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
