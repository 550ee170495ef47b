"""Numbers and comparisons in words, the same on every surface.

Keeps true: never more digits than the interval earns, and a comparison is named by a rule that the interval decides:
`clearly` where the whole interval lies on one side of the firm's middle, `probably` where its inner half does,
`cannot tell yet` otherwise. `docs` and the style page state the same rule.
"""

from math import floor, log10
from typing import Literal

from cadre.estimate import Abstained, Estimate, Measured

Direction = Literal["high", "low", "context"]
CANNOT_TELL = "cannot tell yet"
_MOST_DECIMALS = 2


def decimals(low: float, high: float) -> int:
    """Decimals an interval earns: enough to tell its half width, at most two."""
    half = (high - low) / 2
    if half <= 0:
        return 1
    return max(0, min(_MOST_DECIMALS, -floor(log10(half))))


def number(value: float, unit: str, *, places: int) -> str:
    """A value in its unit, such as `82%`, `1.4 h`, `12 people`."""
    if unit in {"share", "saved"}:
        return f"{100 * value:.0f}%".replace("-0%", "0%").replace("-", "\N{MINUS SIGN}")
    if unit == "points":
        points = round(100 * value)
        sign = "+" if points > 0 else "\N{MINUS SIGN}" if points < 0 else ""
        return sign + f"{abs(points)} points"
    text = f"{value:.{places}f}".replace("-", "\N{MINUS SIGN}")
    if text.strip("\N{MINUS SIGN}0.") == "":
        text = text.removeprefix("\N{MINUS SIGN}")
    match unit:
        case "hours":
            return f"{text} h"
        case "people":
            return f"{text} {'person' if text == '1' else 'people'}"
        case "tickets":
            return f"{text} ticket{'' if text == '1' else 's'}"
        case "topics":
            return f"{text} topic{'' if text == '1' else 's'}"
        case "times":
            return f"{text} time{'' if text == '1' else 's'}"
        case "sd":
            return text if text[0] == "\N{MINUS SIGN}" or not text.strip("0.") else f"+{text}"
    return text


def value_text(measured: Measured, unit: str) -> str:
    """The point estimate in words, or that there is none."""
    if isinstance(measured, Abstained):
        return "not enough evidence"
    return number(measured.value, unit, places=decimals(measured.low, measured.high))


def interval_text(measured: Measured, unit: str) -> str:
    """The interval in words, such as `74% to 88%`; the counts where there is none."""
    if isinstance(measured, Abstained):
        return f"{measured.n} of {measured.min_n}" if measured.min_n else measured.reason
    places = decimals(measured.low, measured.high)
    low, high = number(measured.low, unit, places=places), number(measured.high, unit, places=places)
    return f"{low.split(' ')[0]} to {high}"


def full_text(measured: Measured, unit: str) -> str:
    """Value, interval and n in one line; for tables, the command line and screen readers."""
    if isinstance(measured, Abstained):
        counted = f": {measured.n} of {measured.min_n}" if measured.min_n else ""
        return f"not enough evidence{counted}"
    return f"{value_text(measured, unit)} ({interval_text(measured, unit)}, n = {measured.n})"


def compared(estimate: Estimate, middle: float, direction: Direction) -> str:
    """How an estimate compares with the firm's middle, named by the rule of this module.

    Args:
        estimate: The person's.
        middle: Median of the firm, in the same unit.
        direction: Which way is better; a `context` signal is only said to be higher or lower.
    """
    inner_low = (estimate.low + estimate.value) / 2
    inner_high = (estimate.high + estimate.value) / 2
    if estimate.low > middle or estimate.high < middle:
        how = "clearly"
    elif inner_low > middle or inner_high < middle:
        how = "probably"
    else:
        return CANNOT_TELL
    is_higher = estimate.value > middle
    if direction == "context":
        return f"{how} {'higher' if is_higher else 'lower'} than the firm's middle"
    is_better = is_higher == (direction == "high")
    return f"{how} better than the firm's middle" if is_better else f"{how} behind the firm's middle"
