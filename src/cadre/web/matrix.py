"""A network as a matrix: who by whom, people of a team side by side, darker where it happened more often.

Pure: names and counts in, markup out. Rows are sources and columns targets, in the same order, so that work within a
team lies in the squares along the diagonal. A narrow one without names is drawn for phones.
"""

from collections.abc import Mapping, Sequence
from math import ceil, log

from markupsafe import Markup, escape

MOST = 80
"""People above whom single cells are too small to see."""
LEVELS = 5
_NAMED = 45
_GAP = 20
_GUTTER = 132
_HEAD = 104
_LONGEST = 20

Groups = Sequence[tuple[str, Sequence[tuple[str, str]]]]
"""Team and its people, each with key and name."""


def level(times: int, most: int) -> int:
    """How dark, 1 to `LEVELS`, on a log scale: from 1 time to `most`; 0 for none."""
    if times <= 0:
        return 0
    return LEVELS if most <= 1 else max(1, ceil(LEVELS * log(1 + times) / log(1 + most)))


def ranges(most: int) -> tuple[tuple[int, int, int], ...]:
    """Level, least and most times of it, for the key; levels nothing falls on are left out."""
    steps: dict[int, tuple[int, int]] = {}
    for step in range(1, LEVELS + 1):
        least = next((t for t in range(1, most + 1) if level(t, most) == step), 0)
        if least:
            steps[step] = (least, next(t for t in range(most, 0, -1) if level(t, most) == step))
    return tuple((step, *ends) for step, ends in steps.items())


def matrix(groups: Groups, times: Mapping[tuple[str, str], int], *, verb: str, label: str) -> Markup:
    """The matrix, wide with names and narrow without; nothing for more than `MOST` people.

    Args:
        groups: Who, team by team.
        times: Source and target -> times, at least 1.
        verb: What a source does to a target, for the words of a cell.
        label: What it shows, for readers that cannot see it.
    """
    count = sum(len(people) for _, people in groups)
    if not times or count > MOST:
        return Markup("")
    most = max(times.values())
    size = 20 if count <= 20 else 15 if count <= _NAMED else 9
    gutter, head = (_GUTTER, _HEAD) if count <= _NAMED else (0, 0)
    wide = _drawn(groups, times, most, (size, gutter, head), label, verb)
    narrow = _drawn(groups, times, most, (max(4, min(16, (340 - _GAP * len(groups)) // count)), 0, 0), label, "")
    return Markup('<div class="nm-wide">{}</div><div class="nm-narrow">{}</div>').format(wide, narrow)


def _drawn(
    groups: Groups,
    times: Mapping[tuple[str, str], int],
    most: int,
    sizes: tuple[int, int, int],
    label: str,
    verb: str,
) -> Markup:
    size, gutter, head = sizes
    place, bands, at = {}, [], 0
    for team, people in groups:
        at += _GAP
        bands.append((team, at, len(people) * size))
        for key, _ in people:
            place[key] = at
            at += size
    names = {key: name for _, people in groups for key, name in people}
    width, height = gutter + at + 1, head + at + 1
    parts = [
        (
            f'<svg class="nm" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
            f'aria-label="{escape(label)}">'
        )
    ]
    for team, top, deep in bands:
        parts += [
            f'<rect class="nm-all{" nm-own" if other == team else ""}" x="{gutter + left}" y="{head + top}" '
            f'width="{wide}" height="{deep}"/>' for other, left, wide in bands
        ]  # fmt: skip
        side = f'x="{gutter - 6}" text-anchor="end"' if gutter else 'x="0"'
        name = escape(team or "No team on record")
        parts.append(f'<text class="nm-team" {side} y="{head + top - 6}">{name}</text>')
    if gutter:
        for key, where in place.items():
            short = escape(_short(names[key]))
            middle = where + size / 2 + 4
            parts.append(
                f'<text class="nm-name" x="{gutter - 6}" y="{head + middle:.1f}" text-anchor="end">{short}</text>'
            )
            x = gutter + middle
            parts.append(f'<text class="nm-name" transform="translate({x:.1f} {head + 6}) rotate(-90)">{short}</text>')
    for (source, target), number in sorted(times.items()):
        x, y = gutter + place[target], head + place[source]
        said = f"{names[source]} {verb} {names[target]}: {number:,}"
        told = f"<title>{escape(said)}</title>" if verb else ""
        parts.append(
            f'<rect class="nm-{level(number, most)}" x="{x}" y="{y}" width="{size - 1}" height="{size - 1}">{told}</rect>'
        )
    parts.append("</svg>")
    return Markup("".join(parts))  # noqa: S704 (numbers and escaped texts)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}\N{HORIZONTAL ELLIPSIS}"
