"""Drawn on the server: where a team's lead stands between technical and people leader, what moves that, and leads over size."""

from collections.abc import Sequence
from math import ceil

from markupsafe import Markup, escape

_WIDTH, _PAD = 240, 6.0
_MOST_STAIRS = 200
_TECHNICAL, _PEOPLE = 0.42, 0.58
"""Where the words of a position change; `readiness.seat` holds the same (a test looks)."""


def position_bar(position: float | None, low: float, high: float, *, label: str) -> Markup:
    """A dot between technical (left) and people leader (right), the reach of all that was tried as a bar.

    Args:
        position: 0 technical to 1 people; None draws nothing.
        low: Lowest position tried.
        high: Highest.
        label: What it says, for readers that cannot see it.
    """
    if position is None:
        return Markup("")
    x, left, right = _x(position), _x(low), _x(high)
    return Markup(  # noqa: S704 (numbers and an escaped label)
        f'<svg class="iv" viewBox="0 0 {_WIDTH} 20" width="{_WIDTH}" height="20" role="img" aria-label="{escape(label)}">'
        f"{_ground()}"
        f'<line class="iv-bar" x1="{left:.1f}" x2="{right:.1f}" y1="10" y2="10"/>'
        f'<circle class="iv-dot" cx="{x:.1f}" cy="10" r="4.5"/></svg>'
    )


def swing_bar(at_low: float, at_high: float, *, label: str) -> Markup:
    """From where to where one thing moves the position."""
    left, right = sorted((_x(at_low), _x(at_high)))
    return Markup(  # noqa: S704
        f'<svg class="iv" viewBox="0 0 {_WIDTH} 20" width="{_WIDTH}" height="20" role="img" aria-label="{escape(label)}">'
        f'{_ground()}<line class="iv-bar" x1="{left:.1f}" x2="{max(right, left + 1):.1f}" y1="10" y2="10"/></svg>'
    )


def position_axis() -> Markup:
    """The words at both ends of the scale."""
    return Markup(  # noqa: S704 (a number)
        f'<svg class="ax" viewBox="0 0 {_WIDTH} 18" width="{_WIDTH}" height="18" aria-hidden="true">'
        f'<text class="ax-text" x="0" y="13">technical</text>'
        f'<text class="ax-text" x="{_WIDTH}" y="13" text-anchor="end">people</text></svg>'
    )


def growth_chart(people: int, held: int, spans: tuple[int, int], sizes: Sequence[int]) -> Markup:
    """Leads of teams a firm needs over its size, as the band that the range of spans gives; today as a dot.

    Args:
        people: People today.
        held: Leads today.
        spans: Fewest and most people to one lead.
        sizes: Sizes that are marked.
    """
    if people < 2:
        return Markup("")
    width, height, left, right, top, bottom = 560, 220, 34.0, 116.0, 12.0, 30.0
    most = max([*sizes, people])
    top_leads = max(ceil(most / (spans[0] + 1)), held) + 1

    def x(size: float) -> float:
        return left + (size - 1) / (most - 1) * (width - left - right)

    def y(leads: float) -> float:
        return height - bottom - leads / top_leads * (height - top - bottom)

    upper, lower = ([f"{x(size):.1f},{y(leads):.1f}" for size, leads in _stairs(most, span + 1)] for span in spans)
    said = escape(
        f"Leads of teams over the size of the firm: at {most:,} people {ceil(most / (spans[1] + 1))} to "
        f"{ceil(most / (spans[0] + 1))}; today {people:,} people have {held}"
    )
    parts = [
        f'<svg class="gr" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-label="{said}">',
        f'<polygon class="gr-band" points="{" ".join([*upper, *reversed(lower)])}"/>',
        f'<polyline class="gr-edge" points="{" ".join(upper)}"/><polyline class="gr-edge" points="{" ".join(lower)}"/>',
        f'<line class="iv-axis" x1="{left}" x2="{width - right}" y1="{y(0):.1f}" y2="{y(0):.1f}"/>',
    ]
    for size in sizes:
        parts.append(
            f'<line class="ax-tick" x1="{x(size):.1f}" x2="{x(size):.1f}" y1="{y(0):.1f}" y2="{y(0) + 4:.1f}"/>'
        )
        parts.append(
            f'<text class="ax-text" x="{x(size):.1f}" y="{y(0) + 17:.1f}" text-anchor="middle">{size:,}</text>'
        )
    step = max(1, ceil(top_leads / 5))
    parts += [
        f'<text class="ax-text" x="{left - 8}" y="{y(leads) + 4:.1f}" text-anchor="end">{leads}</text>'
        for leads in range(0, top_leads + 1, step)
    ]
    for span in dict.fromkeys(spans):
        at = y(ceil(most / (span + 1)))
        parts.append(f'<text class="ax-text" x="{width - right + 6}" y="{at + 4:.1f}">{span} to one lead</text>')
    parts.append(f'<circle class="iv-dot" cx="{x(people):.1f}" cy="{y(held):.1f}" r="5"/>')
    anchor = "end" if x(people) > width / 2 else "start"
    shift = -9 if anchor == "end" else 9
    parts.append(
        f'<text class="ax-text gr-now" x="{x(people) + shift:.1f}" y="{y(held) + 16:.1f}" text-anchor="{anchor}">today</text></svg>'
    )
    return Markup("".join(parts))  # noqa: S704 (numbers and an escaped label)


def _stairs(most: int, each: int) -> list[tuple[int, int]]:
    """Corners of the leads needed up to a size, one for every so many people; its ends alone where there are too many to see."""
    last = ceil(most / each)
    if last > _MOST_STAIRS:
        return [(1, 1), (most, last)]
    made = [(1, 1)]
    for leads in range(1, last):
        made += [(leads * each, leads), (leads * each, leads + 1)]
    return [*made, (most, last)]


def _x(share: float) -> float:
    return _PAD + min(max(share, 0.0), 1.0) * (_WIDTH - 2 * _PAD)


def _ground() -> str:
    """The axis, and the band in which both sides are asked for alike."""
    left, right = _x(_TECHNICAL), _x(_PEOPLE)
    return (
        f'<rect class="iv-band" x="{left:.1f}" y="3" width="{right - left:.1f}" height="14" rx="2"/>'
        f'<line class="iv-axis" x1="{_PAD}" x2="{_WIDTH - _PAD}" y1="10" y2="10"/>'
    )
