"""Charts as inline SVG, drawn on the server: a measurement on a shared scale, a distribution, months.

Pure: numbers in, markup out. Every chart says in words what it shows (`aria-label`), takes its colours from classes, and
carries no inline style, so that it prints and passes a strict content policy.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from markupsafe import Markup, escape

from cadre.estimate import Abstained, Estimate, Measured
from cadre.reports.signals.signals import Spread
from cadre.reports.signals.trend import Month
from cadre.reports.wording import decimals, full_text, number

PAD = 8.0
"""Room at both ends, so that a dot on the edge stays whole."""
_REACH = 1.0
"""How far beyond the spread a scale goes, in widths of the spread; longer intervals end in an arrow."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A shared scale: its ends in the unit of the signal, and where its ticks stand."""

    low: float
    high: float
    unit: str
    ticks: tuple[float, ...]

    def at(self, value: float, width: float) -> float:
        """The place of a value on a chart of that width, inside its pads."""
        share = (value - self.low) / (self.high - self.low)
        return PAD + min(max(share, 0.0), 1.0) * (width - 2 * PAD)

    def text(self, value: float) -> str:
        """A tick in words."""
        places = 0 if self.unit in ("people", "tickets") or self.high - self.low >= 4 else 1
        return bare(value, self.unit, places=places)


def scale_for(unit: str, spread: Spread | None, measured: Sequence[Measured] = ()) -> Scale | None:
    """The scale that measurements of one signal share; None where there is nothing to draw.

    Args:
        unit: Unit of the signal.
        spread: How the firm is spread, where that is known.
        measured: The measurements to be drawn, for a firm too small for a spread.
    """
    if spread is not None:
        reach = max(spread.high - spread.low, 1e-9) * _REACH
        low, high = max(spread.least, spread.low - reach), min(spread.most, spread.high + reach)
    else:
        held = [m for m in measured if isinstance(m, Estimate)]
        if not held:
            return None
        low, high = min(m.low for m in held), max(m.high for m in held)
    if unit == "share" and (spread.least if spread else low) >= 0.0 and (spread.most if spread else high) <= 1.0:
        low, high = max(0.0, low), min(1.0, high)
    if unit in ("hours", "people", "tickets") and low < 0.5 * high:
        low = 0.0
    if high - low < 1e-9:
        low, high = low - 0.5, high + 0.5
    step = _step(high - low)
    ticks = tuple(step * k for k in range(floor(low / step), ceil(high / step) + 1))
    return Scale(ticks[0], ticks[-1], unit, ticks)


def bare(value: float, unit: str, *, places: int) -> str:
    """A value for an axis: counts without their noun, which stands beside the chart."""
    return number(value, unit, places=places).removesuffix(" people").removesuffix(" tickets")


def short_text(measured: Estimate, unit: str) -> str:
    """The point estimate for a column whose head says the unit."""
    return bare(measured.value, unit, places=decimals(measured.low, measured.high))


def interval(
    measured: Measured | None, scale: Scale | None, spread: Spread | None = None, *, label: str = "", width: int = 160
) -> Markup:
    """A dot on a thin bar, the firm's spread as a light band behind; no dot where evidence is thin.

    Wherever a hollow dot stood on the scale it would read as a value, so it stands with the words (`ring`).

    Args:
        measured: What was measured; None draws nothing.
        scale: The shared scale.
        spread: The band (tenth to ninetieth percentile) with the middle as a line.
        label: What it is about, for readers that cannot see it.
        width: In pixels.
    """
    if measured is None:
        return Markup("")
    unit = scale.unit if scale else ""
    said = escape(f"{label}: {full_text(measured, unit)}" if label else full_text(measured, unit))
    parts = [f'<svg class="iv" viewBox="0 0 {width} 20" width="{width}" height="20" role="img" aria-label="{said}">']
    if scale is not None and spread is not None:
        left, right = scale.at(spread.low, width), scale.at(spread.high, width)
        parts.append(
            f'<rect class="iv-band" x="{left:.1f}" y="3" width="{max(right - left, 1):.1f}" height="14" rx="2"/>'
        )
        middle = scale.at(spread.middle, width)
        parts.append(f'<line class="iv-mid" x1="{middle:.1f}" x2="{middle:.1f}" y1="3" y2="17"/>')
    axis_class = "iv-axis is-thin" if isinstance(measured, Abstained) else "iv-axis"
    parts.append(f'<line class="{axis_class}" x1="{PAD}" x2="{width - PAD}" y1="10" y2="10"/>')
    if scale is not None and isinstance(measured, Estimate):
        low, high = scale.at(measured.low, width), scale.at(measured.high, width)
        parts.append(f'<line class="iv-bar" x1="{low:.1f}" x2="{high:.1f}" y1="10" y2="10"/>')
        if measured.low < scale.low:
            parts.append(f'<path class="iv-arrow" d="M{low + 4:.1f} 6 l-5 4 l5 4"/>')
        if measured.high > scale.high:
            parts.append(f'<path class="iv-arrow" d="M{high - 4:.1f} 6 l5 4 l-5 4"/>')
        parts.append(f'<circle class="iv-dot" cx="{scale.at(measured.value, width):.1f}" cy="10" r="4.5"/>')
    parts.append("</svg>")
    return Markup("".join(parts))  # noqa: S704 (numbers and an escaped label)


def ring() -> Markup:
    """The hollow dot of thin evidence, to stand beside its words, off every scale."""
    return Markup(
        '<svg class="ring" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">'
        '<circle class="iv-thin" cx="6" cy="6" r="4"/></svg>'
    )


def axis(scale: Scale | None, *, width: int = 160) -> Markup:
    """The shared scale above a column: its ends in words, its ticks as marks."""
    if scale is None:
        return Markup("")
    parts = [f'<svg class="ax" viewBox="0 0 {width} 18" width="{width}" height="18" aria-hidden="true">']
    for tick in scale.ticks:
        x = scale.at(tick, width)
        parts.append(f'<line class="ax-tick" x1="{x:.1f}" x2="{x:.1f}" y1="14" y2="18"/>')
    ends = ((scale.ticks[0], "start", 0.0), (scale.ticks[-1], "end", float(width)))
    for tick, anchor, x in ends:
        parts.append(
            f'<text class="ax-text" x="{x:.1f}" y="11" text-anchor="{anchor}">{escape(scale.text(tick))}</text>'
        )
    parts.append("</svg>")
    return Markup("".join(parts))  # noqa: S704 (numbers and escaped ticks)


def strip(
    values: Sequence[float], scale: Scale | None, spread: Spread | None, *, label: str, width: int = 480
) -> Markup:
    """Everybody's estimate as a mark on one line: a distribution that names nobody."""
    if scale is None or not values:
        return Markup("")
    said = escape(f"{label}: {len(values)} people, middle {scale.text(spread.middle)}" if spread else label)
    parts = [f'<svg class="st" viewBox="0 0 {width} 54" width="{width}" height="54" role="img" aria-label="{said}">']
    if spread is not None:
        left, right, middle = (scale.at(v, width) for v in (spread.low, spread.high, spread.middle))
        parts.append(
            f'<rect class="iv-band" x="{left:.1f}" y="4" width="{max(right - left, 1):.1f}" height="26" rx="2"/>'
        )
        parts.append(f'<line class="iv-mid" x1="{middle:.1f}" x2="{middle:.1f}" y1="2" y2="32"/>')
    parts.append(f'<line class="iv-axis" x1="{PAD}" x2="{width - PAD}" y1="30" y2="30"/>')
    parts += [f'<circle class="st-dot" cx="{scale.at(v, width):.1f}" cy="17" r="4"/>' for v in values]
    for number_, tick in enumerate(scale.ticks):
        x = scale.at(tick, width)
        anchor = "start" if number_ == 0 else "end" if number_ == len(scale.ticks) - 1 else "middle"
        shift = -PAD if anchor == "start" else PAD if anchor == "end" else 0
        parts.append(f'<line class="ax-tick" x1="{x:.1f}" x2="{x:.1f}" y1="30" y2="34"/>')
        parts.append(
            f'<text class="ax-text" x="{x + shift:.1f}" y="48" text-anchor="{anchor}">{escape(scale.text(tick))}</text>'
        )
    parts.append("</svg>")
    return Markup("".join(parts))  # noqa: S704 (numbers and escaped texts)


def months(found: Sequence[Month], unit: str, *, label: str, width: int = 240) -> Markup:
    """Months as dots with their own intervals, oldest left; the ends of the time axis and of the values in words."""
    if not found:
        return Markup("")
    height, top, bottom, left = 64, 8.0, 48.0, 44.0
    low, high = min(m.low for m in found), max(m.high for m in found)
    if high - low < 1e-9:
        low, high = low - 0.5, high + 0.5

    def y(value: float) -> float:
        return bottom - (value - low) / (high - low) * (bottom - top)

    first = found[0].starts_on
    places = [(m.starts_on.year - first.year) * 12 + m.starts_on.month - first.month for m in found]
    step = (width - left - PAD) / max(places[-1], 1)
    digits = 0 if high - low >= 4 else 1
    said = escape(
        f"{label}, by month: from {number(found[0].value, unit, places=digits)} in {found[0].starts_on:%B %Y} "
        f"to {number(found[-1].value, unit, places=digits)} in {found[-1].starts_on:%B %Y}"
    )
    parts = [
        f'<svg class="mo" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-label="{said}">'
    ]
    for value in (low, high):
        parts.append(f'<line class="iv-axis" x1="{left}" x2="{width - PAD}" y1="{y(value):.1f}" y2="{y(value):.1f}"/>')
        text = escape(bare(value, unit, places=digits))
        parts.append(f'<text class="ax-text" x="{left - 6}" y="{y(value) + 4:.1f}" text-anchor="end">{text}</text>')
    xs = [left + PAD / 2 + place * (step - PAD / 2 / max(places[-1], 1)) for place in places]
    line = " ".join(f"{x:.1f},{y(m.value):.1f}" for x, m in zip(xs, found, strict=True))
    for x, month in zip(xs, found, strict=True):
        parts.append(
            f'<line class="mo-bar" x1="{x:.1f}" x2="{x:.1f}" y1="{y(month.low):.1f}" y2="{y(month.high):.1f}"/>'
        )
    parts.append(f'<polyline class="mo-line" points="{line}"/>')
    parts += [
        f'<circle class="mo-dot" cx="{x:.1f}" cy="{y(m.value):.1f}" r="2.5"/>' for x, m in zip(xs, found, strict=True)
    ]
    for x, month, anchor in ((xs[0], found[0], "start"), (xs[-1], found[-1], "end")):
        parts.append(f'<text class="ax-text" x="{x:.1f}" y="62" text-anchor="{anchor}">{month.starts_on:%b %Y}</text>')
    parts.append("</svg>")
    return Markup("".join(parts))  # noqa: S704 (numbers and escaped texts)


def share_bar(share: float | None, *, label: str, width: int = 72) -> Markup:
    """A share of a whole as a filled line; nothing where it is missing."""
    if share is None:
        return Markup("")
    filled = min(max(share, 0.0), 1.0) * width
    said = escape(f"{label}: {100 * share:.0f}%")
    return Markup(  # noqa: S704 (numbers and an escaped label)
        f'<svg class="sh" viewBox="0 0 {width} 6" width="{width}" height="6" role="img" aria-label="{said}">'
        f'<rect class="sh-all" width="{width}" height="6" rx="3"/>'
        f'<rect class="sh-part" width="{filled:.1f}" height="6" rx="3"/></svg>'
    )


def _step(width: float) -> float:
    """A step of 1, 2 or 5 times a power of ten that gives three to six ticks."""
    raw = width / 5
    power = 10.0 ** floor(log10(raw))
    return next(power * k for k in (1, 2, 5, 10) if raw <= power * k)
