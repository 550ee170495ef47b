"""Weekly hours as people write them, such as `Mon-Fri 09:00-17:30; Sat 10-14`."""

import re
from dataclasses import dataclass

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = r"(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm)?"
_HOURS = re.compile(rf"{_TIME}\s*(?:-|\u2013|to)\s*{_TIME}", re.IGNORECASE)
_DAY = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)[a-z]*\b", re.IGNORECASE)
_RANGE = re.compile(
    r"\b(mon|tue|wed|thu|fri|sat|sun)[a-z]*\s*(?:-|\u2013|to)\s*(mon|tue|wed|thu|fri|sat|sun)[a-z]*\b", re.IGNORECASE
)
_UNFIXED = frozenset({"flexible", "flex", "varies", "variable", "none", "n/a"})
_EXPECTED = "working hours: expected such as Mon-Fri 09:00-17:30"


@dataclass(frozen=True, slots=True)
class Span:
    """Hours of one weekday: 0 Monday to 6 Sunday, local hours 0-24; an end below the start lies past midnight."""

    weekday: int
    start_hour: float
    end_hour: float


def spans(text: str) -> list[Span]:
    """The weekly spans of a text; none for an empty one or for hours said to vary.

    Raises:
        ValueError: The text is no weekly hours. Days without hours, and hours without days, are not guessed at.
    """
    found: list[Span] = []
    if text.strip().lower() in {"", *_UNFIXED}:
        return found
    for part in re.split(r"[;\n]", text):
        if not part.strip():
            continue
        times = list(_HOURS.finditer(part))
        days = _weekdays(part[: times[0].start()] if times else part)
        if not times or not days:
            raise ValueError(_EXPECTED)
        for match in times:
            start, end = _hour(match[1], match[2], match[3]), _hour(match[4], match[5], match[6])
            found += [Span(day, start, end) for day in days]
    return found


def _weekdays(text: str) -> list[int]:
    days: set[int] = set()
    for match in _RANGE.finditer(text):
        first, last = _DAYS.index(match[1].lower()), _DAYS.index(match[2].lower())
        days.update((first + step) % 7 for step in range((last - first) % 7 + 1))
    days.update(_DAYS.index(match[1].lower()) for match in _DAY.finditer(text))
    if re.search(r"\b(daily|every day)\b", text, re.IGNORECASE):
        days.update(range(7))
    return sorted(days)


def _hour(hour: str, minute: str | None, half: str | None) -> float:
    value = int(hour) + int(minute or 0) / 60
    if half:
        value = value % 12 + (12 if half.lower() == "pm" else 0)
    if not 0 <= value <= 24:
        raise ValueError(_EXPECTED)
    return value
