"""Which groups may be shown as numbers, so that nobody's declaration or estimate can be read off them.

Keeps true: no shown group has fewer people than the least; what is left when the shown groups are taken from the whole is
nothing or at least as many; an outcome that only few have, or lack, is shown for no group, because these few are known by
name. It counts and hides; it does not look at rates.

References:
    Hundepool and others 2012, Statistical Disclosure Control, chapter 4 (small cells, and cells withheld beside them).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

Label = str | tuple[str, str]
Labels = Sequence[str | None]


@dataclass(frozen=True, slots=True)
class Rules:
    """How many people a figure needs.

    Attributes:
        least_people: People under which a group is not shown; the same on either side of an outcome.
        least_share: Share of the people looked at under which a group has no ratio (6 RCNY 5-301(d) allows it).
        level: Level of the intervals, and one minus the level of the tests.
    """

    least_people: int = 5
    least_share: float = 0.02
    level: float = 0.9


RULES = Rules()


@dataclass(frozen=True, slots=True)
class Line:
    """Groups that add up to something known, and how many belong to it without being in any."""

    labels: tuple[Label, ...]
    loose: int


def shown(sizes: Mapping[Label, int], lines: Sequence[Line], least: int) -> frozenset[Label]:
    """Groups that may be shown: large enough, and hiding nobody who could be had by subtraction.

    Args:
        sizes: Group -> people.
        lines: What adds up; people without a declaration hide those of a small group among them.
        least: People that a group needs.
    """
    kept = {label for label, size in sizes.items() if size >= least}
    changed = True
    while changed:
        changed = False
        for line in lines:
            hidden = sum(sizes[label] for label in line.labels if label not in kept)
            seen = sorted((sizes[label], str(label), label) for label in line.labels if label in kept)
            if hidden and hidden + line.loose < least and seen:
                kept.discard(seen[0][2])
                changed = True
    return frozenset(kept)


def single(labels: Labels) -> tuple[dict[Label, int], list[Line]]:
    """Sizes of the groups of one attribute, and the one line they make."""
    sizes = _sizes(labels)
    return sizes, [Line(tuple(sizes), sum(label is None for label in labels))]


def crossed(first: Labels, second: Labels) -> tuple[dict[Label, int], list[Line]]:
    """Sizes of the groups of two attributes together, and a line for every group of either."""
    pairs = [(a, b) if a is not None and b is not None else None for a, b in zip(first, second, strict=True)]
    sizes = _sizes(pairs)
    return sizes, list(_lines(first, second, sizes))


def are_too_near(first: Sequence[bool | None], second: Sequence[bool | None], least: int) -> bool:
    """Whether two outcomes differ in so few people that their rates, side by side, would tell what these declared."""
    differ = sum(a is not None and b is not None and a != b for a, b in zip(first, second, strict=True))
    return 0 < differ < least


def _sizes(labels: Sequence[Label | None]) -> dict[Label, int]:
    sizes: dict[Label, int] = {}
    for label in labels:
        if label is not None:
            sizes[label] = sizes.get(label, 0) + 1
    return dict(sorted(sizes.items(), key=str))


def _lines(first: Labels, second: Labels, sizes: Mapping[Label, int]) -> Iterator[Line]:
    for side, (mine, other) in enumerate(((first, second), (second, first))):
        for name in sorted({label for label in mine if label is not None}):
            within = tuple(label for label in sizes if label[side] == name)
            loose = sum(a == name and b is None for a, b in zip(mine, other, strict=True))
            yield Line(within, loose)
