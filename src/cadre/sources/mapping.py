"""The mapping of a table of one's own onto canonical tables: what it may say, checked before a row is read.

A mapping is a small TOML file: for each canonical table a `[[table]]` with its columns, constants, value words, scales
and texts. Every error names the key and what it may be. Drafting one is `drafting`'s business, reading rows `table`'s.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cadre.errors import UsageError
from cadre.records import BY_NAME, Table
from cadre.sources.drafting import draft

__all__ = ["Mapped", "Target", "draft", "parse"]

_TOP = frozenset({"table", "nulls", "sheet", "zone", "day_first"})
_TABLE = frozenset({"to", "id", "columns", "constants", "values", "scales", "separators", "texts", "kinds"})
_FIELDS = frozenset({"title", "body"})
KINDS = frozenset({"staff", "client", "bot", "unknown"})
HINT = "Draft a mapping with `cadre map FILE`, and see docs/how-to/first-real-ingest.md."


@dataclass(frozen=True, slots=True)
class Target:
    """One canonical table that rows go to.

    Attributes:
        table: The canonical table.
        id: Columns that make a row's id; empty makes one from its content.
        columns: Canonical column -> column of the file.
        constants: Canonical column -> the value of every row.
        values: Canonical column -> word of the file (lower case) -> value.
        scales: Canonical column -> factor on a number, such as 1/60 for minutes given as hours.
        separators: Canonical list column -> what parts its items; a comma unless told.
        texts: `title` and `body` -> column of the file.
        kinds: Canonical account column -> kind of the accounts it names.
    """

    table: Table
    id: tuple[str, ...]
    columns: Mapping[str, str]
    constants: Mapping[str, Any]
    values: Mapping[str, Mapping[str, Any]]
    scales: Mapping[str, float]
    separators: Mapping[str, str]
    texts: Mapping[str, str]
    kinds: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Mapped:
    """A checked mapping.

    Attributes:
        targets: Tables that each row goes to.
        nulls: Words that mean missing, lower case.
        sheet: Sheet of a workbook; the first unless told.
        zone: IANA zone of times without one; the source's unless told.
        day_first: How 03/04 is read; as settled for the source unless told.
    """

    targets: tuple[Target, ...]
    nulls: frozenset[str] = field(default=frozenset({"", "?", "null", "none", "n/a", "nan"}))
    sheet: str | None = None
    zone: str | None = None
    day_first: bool | None = None


def parse(told: Mapping[str, Any]) -> Mapped:
    """Check a mapping as read from TOML.

    Raises:
        UsageError: A key is unknown or its value impossible; the message names both.
    """
    _only(told, _TOP, "the mapping")
    tables = told.get("table")
    if not isinstance(tables, list) or not tables:
        raise UsageError("the mapping has no [[table]]", hint=HINT)
    nulls = told.get("nulls")
    return Mapped(
        tuple(_target(each, number) for number, each in enumerate(tables, start=1)),
        frozenset({"", *(str(word).lower() for word in nulls)}) if isinstance(nulls, list) else Mapped(()).nulls,
        told.get("sheet"),
        told.get("zone"),
        told.get("day_first"),
    )


def _target(told: Mapping[str, Any], number: int) -> Target:
    where = f"[[table]] {number}"
    _only(told, _TABLE, where)
    name = told.get("to")
    if name not in BY_NAME or BY_NAME[name].private:
        known = ", ".join(table.name for table in BY_NAME.values() if not table.private)
        raise UsageError(f"{where}: to = {name!r} is no canonical table", hint=f"Use one of: {known}.")
    table = BY_NAME[name]
    allowed = frozenset({"external_id", "revised_at", *(column.name for column in table.columns)})
    parts = {
        part: _part(told, part, where) for part in ("columns", "constants", "values", "scales", "separators", "kinds")
    }
    for part, entries in parts.items():
        _only(entries, allowed, f"{where}.{part}")
    texts = _part(told, "texts", where)
    _only(texts, _FIELDS, f"{where}.texts")
    for column, kind in parts["kinds"].items():
        if kind not in KINDS:
            raise UsageError(f"{where}.kinds.{column}: {kind!r}", hint=f"Use one of: {', '.join(sorted(KINDS))}.")
    given = {*parts["columns"], *parts["constants"]}
    lacking = [c.name for c in table.columns if c.required and c.name not in given]
    if lacking:
        raise UsageError(f"{where}: {name} needs {', '.join(lacking)}", hint="Add them under columns or constants.")
    keys = told.get("id", [])
    return Target(
        table,
        tuple([keys] if isinstance(keys, str) else keys),
        {k: str(v) for k, v in parts["columns"].items()},
        parts["constants"],
        {k: {str(word).lower(): value for word, value in words.items()} for k, words in parts["values"].items()},
        {k: float(v) for k, v in parts["scales"].items()},
        {k: str(v) for k, v in parts["separators"].items()},
        {k: str(v) for k, v in texts.items()},
        {k: str(v) for k, v in parts["kinds"].items()},
    )


def _part(told: Mapping[str, Any], part: str, where: str) -> Mapping[str, Any]:
    found = told.get(part, {})
    if not isinstance(found, Mapping):
        raise UsageError(f"{where}.{part} is no table of names and values", hint=HINT)
    return found


def _only(told: Mapping[str, Any], allowed: frozenset[str], where: str) -> None:
    unknown = sorted(set(told) - allowed)
    if unknown:
        raise UsageError(f"{where}: unknown {', '.join(unknown)}", hint=f"It may say: {', '.join(sorted(allowed))}.")
