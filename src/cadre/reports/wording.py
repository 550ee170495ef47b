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
_MINUS = "\N{MINUS SIGN}"


def decimals(low: float, high: float) -> int:
    """Decimals an interval earns: enough to tell its half width, at most two."""
    half = (high - low) / 2
    if half <= 0:
        return 1
    return max(0, min(_MOST_DECIMALS, -floor(log10(half))))


_NOUNS = {"people": ("person", "people"), "tickets": ("ticket", "tickets"), "topics": ("topic", "topics"),
          "times": ("time", "times")}  # fmt: skip


def number(value: float, unit: str, *, places: int) -> str:
    """A value in its unit, such as `82%`, `+4 points`, `1.4 h`, `12 people`."""
    if unit in {"share", "saved"}:
        return f"{100 * value:.0f}%".replace("-0%", "0%").replace("-", _MINUS)
    if unit == "points":
        return f"{_signed(f'{100 * value:.0f}')} points"
    text = f"{value:.{places}f}"
    text = text.removeprefix("-") if not text.strip("-0.") else text.replace("-", _MINUS)
    if unit in _NOUNS:
        return f"{text} {_NOUNS[unit][text != '1']}"
    return {"hours": f"{text} h", "sd": _signed(text)}.get(unit, text)


def _signed(text: str) -> str:
    """A number with its sign, and none before zero."""
    text = text.replace("-", _MINUS)
    bare = text.lstrip(_MINUS)
    if not bare.strip("0."):
        return bare
    return text if text[0] == _MINUS else f"+{text}"


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
    return f"{value_text(measured, unit)} ({interval_text(measured, unit)}, n = {measured.n:,})"


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
