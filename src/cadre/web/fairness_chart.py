"""Ratios between groups drawn: one with its interval beside four fifths and one, and the lowest at every line.

Pure: numbers in, markup out, with the classes of `charts`. A missing upper end is an arrow, never a number.
"""

from collections.abc import Sequence

from markupsafe import Markup, escape

FOUR_FIFTHS = 0.8
_MOST, _PAD, _WIDTH = 2.0, 8.0, 200
_TALL, _TOP, _LEFT = 120, 10.0, 34.0


def ratio_bar(value: float, low: float, high: float | None, *, label: str) -> Markup:
    """A ratio from 0 to 2: a band up to four fifths, a line at 1, the interval and the dot.

    Args:
        value: The ratio.
        low: Lower end.
        high: Upper end; None where there is none.
        label: What it says, for readers that cannot see it.
    """

    def at(place: float) -> float:
        return _PAD + min(max(place, 0.0), _MOST) / _MOST * (_WIDTH - 2 * _PAD)

    is_open = high is None or high > _MOST
    right = at(_MOST if high is None else high)
    arrow = f'<path class="iv-arrow" d="M{right - 4:.1f} 6 l5 4 l-5 4"/>' if is_open else ""
    return Markup(  # noqa: S704 (numbers and an escaped label)
        f'<svg class="iv" viewBox="0 0 {_WIDTH} 20" width="{_WIDTH}" height="20" role="img" aria-label="{escape(label)}">'
        f'<rect class="iv-band" x="{at(0):.1f}" y="3" width="{at(FOUR_FIFTHS) - at(0):.1f}" height="14" rx="2"/>'
        f'<line class="iv-mid" x1="{at(1):.1f}" x2="{at(1):.1f}" y1="3" y2="17"/>'
        f'<line class="iv-axis" x1="{at(0)}" x2="{at(_MOST)}" y1="10" y2="10"/>'
        f'<line class="iv-bar" x1="{at(low):.1f}" x2="{right:.1f}" y1="10" y2="10"/>{arrow}'
        f'<circle class="iv-dot" cx="{at(value):.1f}" cy="10" r="4.5"/></svg>'
    )


def ratio_axis() -> Markup:
    """The ends and the marks of `ratio_bar`, in words."""
    inner = _WIDTH - 2 * _PAD
    marks = ((0.0, "0"), (FOUR_FIFTHS, ".8"), (1.0, "1"), (_MOST, "2"))
    texts = "".join(
        f'<text class="ax-text" x="{_PAD + place / _MOST * inner:.1f}" y="11" text-anchor="middle">{word}</text>'
        for place, word in marks
    )
    return Markup(  # noqa: S704 (fixed words)
        f'<svg class="ax" viewBox="0 0 {_WIDTH} 18" width="{_WIDTH}" height="18" aria-hidden="true">{texts}</svg>'
    )


def sweep_lines(points: Sequence[tuple[int, float]], people: int, *, label: str, width: int = 480) -> Markup:
    """The lowest ratio at every line, by how many lie above it; the band is under four fifths.

    Args:
        points: People above a line and the lowest ratio there, from few to many.
        people: With an estimate: the right end.
        label: What it says, for readers that cannot see it.
        width: In pixels.
    """
    bottom = _TALL - 26.0
    right = width - 84.0

    def x(above: int) -> float:
        return _LEFT + above / people * (right - _LEFT)

    def y(ratio: float) -> float:
        return bottom - min(ratio, 1.0) * (bottom - _TOP)

    line = " ".join(f"{x(above):.1f},{y(ratio):.1f}" for above, ratio in points)
    dots = "".join(
        f'<circle class="mo-dot" cx="{x(above):.1f}" cy="{y(ratio):.1f}" r="3.5"/>' for above, ratio in points
    )
    values = "".join(
        f'<text class="ax-text" x="{_LEFT - 6}" y="{y(place) + 4:.1f}" text-anchor="end">{word}</text>'
        for place, word in ((0.0, "0"), (1.0, "1"))
    )
    ends = "".join(
        f'<text class="ax-text" x="{x(above):.1f}" y="{_TALL - 8}" text-anchor="middle">{above}</text>'
        for above in dict.fromkeys((points[0][0], points[-1][0]))
    )
    return Markup(  # noqa: S704 (numbers and an escaped label)
        f'<svg class="mo sweep" viewBox="0 0 {width} {_TALL}" width="{width}" height="{_TALL}" role="img" '
        f'aria-label="{escape(label)}">'
        f'<rect class="iv-band" x="{_LEFT}" y="{y(FOUR_FIFTHS):.1f}" width="{right - _LEFT:.1f}" '
        f'height="{bottom - y(FOUR_FIFTHS):.1f}"/>'
        f'<line class="iv-axis" x1="{_LEFT}" x2="{right:.1f}" y1="{y(1):.1f}" y2="{y(1):.1f}"/>'
        f'<line class="iv-axis" x1="{_LEFT}" x2="{right:.1f}" y1="{bottom}" y2="{bottom}"/>'
        f'<text class="ax-text" x="{right + 6:.1f}" y="{y(FOUR_FIFTHS) + 4:.1f}">four fifths</text>'
        f'<polyline class="mo-line" points="{line}"/>{dots}{values}{ends}'
        f'<text class="ax-text" x="{right + 14:.1f}" y="{_TALL - 8}">people above</text></svg>'
    )
