"""Columns by meaning: which column of a table holds what, and how its cells are read.

Keeps true: a column is found by its name or a synonym whatever its case, spaces and punctuation; an empty cell is
missing, never zero; a cell that cannot be read says what was expected and never quotes content. Which meanings a
table must have is the connector's business.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from cadre.errors import UnreadableFileError
from cadre.sources.source import ReadOptions, SourceFile
from cadre.sources.times import day, instant

Wanted = Mapping[str, Sequence[str]]
"""Meaning -> the names its column goes by, most telling first. A meaning's own name always counts."""

NULLS = frozenset({"", "?", "null", "none", "n/a", "na", "nan", "-"})
_YES = frozenset({"true", "yes", "y", "1", "1.0", "t", "ja"})
_NO = frozenset({"false", "no", "n", "0", "0.0", "f", "nein"})


def plain(name: str) -> str:
    """A column name without case, spaces and punctuation."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


class Columns:
    """The columns of one table by meaning.

    Args:
        found: Names of the columns there are.
        wanted: Meanings and their names.
    """

    def __init__(self, found: Iterable[str], wanted: Wanted) -> None:
        self.found = tuple(found)
        by_plain = {plain(name): name for name in reversed(self.found)}
        self.at: dict[str, str] = {}
        for meaning, names in wanted.items():
            for name in (meaning, *names):
                column = by_plain.get(plain(name))
                if column is not None:
                    self.at[meaning] = column
                    break

    def __contains__(self, meaning: str) -> bool:
        return meaning in self.at

    def has(self, *meanings: str) -> bool:
        """Whether all of these meanings have a column."""
        return all(meaning in self.at for meaning in meanings)

    def need(self, file: SourceFile, *meanings: str) -> None:
        """Raise `UnreadableFileError` naming the columns found where one of these meanings has none."""
        missing = [meaning for meaning in meanings if meaning not in self.at]
        if missing:
            raise unknown_columns(file, self.found, missing)

    def read(self, row: Mapping[str, Any], meaning: str) -> str | None:
        """The cell of that meaning as text; None where the column or its content is missing."""
        column = self.at.get(meaning)
        if column is None:
            return None
        value = row.get(column)
        if value is None or isinstance(value, (dict, list)):
            return None
        text = value if isinstance(value, str) else str(value)
        text = text.strip()
        return None if text.lower() in NULLS else text


def unknown_columns(file: SourceFile, found: Sequence[str], wanted: Collection[str]) -> UnreadableFileError:
    """The error for a table whose needed columns are not there: what was found, what was expected."""
    names = ", ".join(name[:40] for name in found[:30]) or "none"
    return UnreadableFileError(
        f"{file.name}: found the columns {names}; expected {', '.join(wanted)}",
        hint="Export the table with a header row that names these columns, or rename them.",
    )


def flag(text: str | None) -> bool | None:
    """Yes or no; None for a missing cell. `ValueError` otherwise."""
    if text is None:
        return None
    lower = text.lower()
    if lower in _YES:
        return True
    if lower in _NO:
        return False
    raise ValueError("not yes or no: expected true or false")


def real(text: str | None) -> float | None:
    """A number, decimal point or comma; None for a missing cell. `ValueError` otherwise."""
    if text is None:
        return None
    if "," in text:
        text = text.replace(",", ".") if "." not in text else text.replace(",", "")
    try:
        return float(text)
    except ValueError:
        raise ValueError("not a number") from None


def whole(text: str | None) -> int | None:
    """A whole number, also written `3.0`; None for a missing cell. `ValueError` otherwise."""
    value = real(text)
    if value is None:
        return None
    if not value.is_integer():
        raise ValueError("not a whole number")
    return int(value)


_WORDS = {
    "blocker": 1, "critical": 1, "emergency": 1, "urgent": 1, "p1": 1, "fatal": 1, "highest": 1,
    "high": 2, "major": 2, "p2": 2, "error": 2,
    "medium": 3, "moderate": 3, "normal": 3, "p3": 3, "warning": 3, "average": 3,
    "low": 4, "minor": 4, "p4": 4,
    "planning": 5, "information": 5, "informational": 5, "info": 5, "none": 5, "lowest": 5, "trivial": 5, "p5": 5,
}  # fmt: skip


def urgency(text: str | None) -> int | None:
    """1 most urgent to 5 least, from `3`, `3 - Moderate`, `Priority 2 - High` or a word; None where it is neither."""
    if text is None:
        return None
    digit = re.search(r"(?<!\d)([1-5])(?:\.0)?(?!\d)", text)
    if digit:
        return int(digit[1])
    for word in re.findall(r"[a-z0-9]+", text.lower()):
        if word in _WORDS:
            return _WORDS[word]
    return None


def reader_of_instants(options: ReadOptions) -> Callable[[str | None], datetime | None]:
    """A function from a cell to an instant in UTC (None for a missing cell), remembering what it read lately."""
    zone, day_first = options.zone, options.day_first

    @lru_cache(maxsize=16_384)
    def read(text: str | None) -> datetime | None:
        return None if text is None else instant(text, zone, day_first=day_first)

    return read


def day_of(text: str | None, options: ReadOptions) -> date | None:
    """A calendar day; None for a missing cell. `ValueError` otherwise."""
    return None if text is None else day(text, day_first=options.day_first)
