"""Where a seat stands between technical and people leader, drawn: a dot, and the reach of other plausible inputs."""

from markupsafe import Markup, escape

_WIDTH, _PAD = 480, 8


def need_line(position: float | None, low: float, high: float, word: str) -> Markup:
    """The scale from technical (left) to people leader (right); nothing where the position is not known.

    Args:
        position: 0 technical to 1 people.
        low: Lowest under other inputs.
        high: Highest.
        word: What the position asks for.
    """
    if position is None:
        return Markup("")
    said = escape(f"Between technical and people leader: {word}")
    x, left, right = (_PAD + share * (_WIDTH - 2 * _PAD) for share in (position, low, high))
    middle = _WIDTH / 2
    return Markup(  # noqa: S704 (numbers and an escaped label)
        f'<svg class="iv need" viewBox="0 0 {_WIDTH} 40" width="{_WIDTH}" height="40" role="img" aria-label="{said}">'
        f'<rect class="iv-band" x="{left:.1f}" y="3" width="{max(right - left, 1):.1f}" height="14" rx="2"/>'
        f'<line class="iv-mid" x1="{middle}" x2="{middle}" y1="3" y2="17"/>'
        f'<line class="iv-axis" x1="{_PAD}" x2="{_WIDTH - _PAD}" y1="10" y2="10"/>'
        f'<circle class="iv-dot" cx="{x:.1f}" cy="10" r="4.5"/>'
        f'<text class="ax-text" x="{_PAD}" y="34">technical leader</text>'
        f'<text class="ax-text" x="{_WIDTH - _PAD}" y="34" text-anchor="end">people leader</text></svg>'
    )
