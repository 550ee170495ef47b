"""Times as systems write them, turned into UTC by rules that are stated once.

A time with an offset keeps it; one without gets the source's zone; an hour that occurs twice in autumn is taken
as its first occurrence, one that spring leaves out is moved forward. Whether 03/04 is April is settled once a
source, from all its dates, and said aloud; a date that breaks the habit is an error of its row.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from cadre.errors import UsageError

_NUMERIC = re.compile(
    r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([AaPp][Mm])?)?$"
)


@lru_cache(maxsize=64)
def zone_of(name: str) -> ZoneInfo:
    """The zone of that IANA name; `UsageError` for an unknown one."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise UsageError(f"unknown time zone {name!r}", hint="Use an IANA name such as Europe/Berlin.") from error


def instant(text: str, zone: str, *, day_first: bool | None = None) -> datetime:
    """An instant in UTC.

    Args:
        text: ISO 8601, `d/m/yyyy hh:mm[:ss] [AM]` in either order, or seconds since 1970.
        zone: IANA zone for a time that carries none.
        day_first: The source's habit; needed only for numeric dates.

    Raises:
        ValueError: The text is no time, or breaks the habit. Its message says what was expected.
    """
    text = text.strip()
    match = _NUMERIC.match(text)
    if match:
        naive = _numeric(match, day_first)
    else:
        try:
            naive = datetime.fromisoformat(text)
        except ValueError:
            if re.fullmatch(r"\d{9,11}(\.\d+)?", text):
                return datetime.fromtimestamp(float(text), UTC)
            raise ValueError("not a time: expected ISO 8601 or day/month/year hour:minute") from None
    if naive.tzinfo is None:
        naive = naive.replace(tzinfo=zone_of(zone))
    try:
        return naive.astimezone(UTC)
    except OverflowError:
        raise ValueError("not a time: expected one between the years 1 and 9999") from None


def day(text: str, *, day_first: bool | None = None) -> date:
    """A calendar day from the same forms as `instant`; `ValueError` otherwise."""
    match = _NUMERIC.match(text.strip())
    if match:
        return _numeric(match, day_first).date()
    try:
        return datetime.fromisoformat(text.strip()).date()
    except ValueError:
        raise ValueError("not a date: expected yyyy-mm-dd or day/month/year") from None


def _numeric(match: re.Match[str], day_first: bool | None) -> datetime:
    first, second, year = int(match[1]), int(match[2]), int(match[3])
    if day_first is None:
        raise ValueError("date order not settled: is it day first or month first?")
    on, month = (first, second) if day_first else (second, first)
    hour = int(match[4] or 0)
    if match[7]:
        if not 1 <= hour <= 12:
            raise ValueError("not a time: expected an hour from 1 to 12 before AM or PM")
        hour = hour % 12 + (12 if match[7].lower() == "pm" else 0)
    order = "day first" if day_first else "month first"
    try:
        return datetime(year + 2000 if year < 100 else year, month, on, hour, int(match[5] or 0), int(match[6] or 0))  # noqa: DTZ001
    except ValueError:
        raise ValueError(f"no such date when read {order}") from None


def date_habit(texts: Iterable[str]) -> tuple[bool | None, int, int]:
    """Whether numeric dates come day first, with the dates that prove each order.

    Returns:
        (True day first, False month first, None when nothing proves either; proofs of day first; of month first).
    """
    day_proofs = month_proofs = 0
    for text in texts:
        match = _NUMERIC.match(text.strip()) if text else None
        if match:
            day_proofs += int(match[1]) > 12
            month_proofs += int(match[2]) > 12
    if day_proofs == month_proofs == 0:
        return None, 0, 0
    return day_proofs >= month_proofs, day_proofs, month_proofs


def looks_numeric(text: str) -> bool:
    """Whether the text is a date whose order must be settled."""
    return bool(_NUMERIC.match(text.strip()))
