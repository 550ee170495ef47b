"""Lines from outside as actions, and what tools gave back as records and free text.

Keeps true: odd types never fail here, they become empty or text; a text counts as records only where all of it reads
as JSON, as a Python literal or as plain YAML, so that records forged inside a text stay text. The text of fields that
hold sentences is free text, which whoever wrote it may have filled with instructions.
"""

import ast
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cadre.governance.action import Action, Step, Tool

ATOM_CHARACTERS = 120
_MOST_CHARACTERS = 400_000
_MOST_DEPTH = 12
_KEY = re.compile(r"^([A-Za-z_][\w .\-]{0,60}|'[^']{1,80}'|\"[^\"]{1,80}\"|[\w.@\-]{1,80}):(?:\s+(.*)|\s*)$")


@dataclass(frozen=True, slots=True)
class Record:
    """One object of an output: short values only.

    Attributes:
        atoms: Key and value as text; list items carry the key of their list.
        parent: Index of the record around it in the same output; -1 for none.
    """

    atoms: tuple[tuple[str, str], ...]
    parent: int


def action(line: Mapping[str, Any]) -> Action:
    """A line of the stream as an action; whatever is missing or of an odd type is empty."""
    history = line.get("history")
    schema, hints = line.get("schema"), line.get("hints") or line.get("annotations")
    return Action(
        Tool(_text(line.get("tool")), _text(line.get("description")), _schema(schema), _mapping(hints)),
        _mapping(line.get("arguments")),
        _text(line.get("user_request")),
        tuple(_step(one) for one in history) if isinstance(history, list | tuple) else (),
    )


def _schema(value: Any, depth: int = 0) -> Mapping[str, Any]:
    """A schema as an object with `properties`, from the ways in which tools write theirs."""
    if isinstance(value, list):
        named = [part for part in value if isinstance(part, Mapping) and isinstance(part.get("name"), str)]
        return {"properties": {part["name"]: part for part in named}}
    told = _mapping(value)
    if isinstance(told.get("properties"), Mapping) or depth > 2:
        return told
    for key in ("parameters", "inputSchema", "input_schema", "function", "args", "arguments"):
        if isinstance(told.get(key), Mapping | list):
            return _schema(told[key], depth + 1)
    parts = {
        key: part for key, part in told.items() if isinstance(part, Mapping) and part.keys() & {"type", "description"}
    }
    return {"properties": parts} if parts and len(parts) == len(told) else told


def _step(told: Any) -> Step:
    if not isinstance(told, Mapping):
        return Step("", {}, told)
    return Step(_text(told.get("tool")), _mapping(told.get("arguments")), told.get("output"))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else json.dumps(value, default=str)


def _mapping(value: Any) -> Mapping[str, Any]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    return {str(key): part for key, part in value.items()} if isinstance(value, Mapping) else {}


def read_output(output: Any) -> tuple[tuple[Record, ...], tuple[str, ...]]:
    """What an output holds: records, and free texts.

    Args:
        output: Text or an object of JSON.
    """
    if not isinstance(output, str):
        return _Walk(output).found()
    told = structured(output[:_MOST_CHARACTERS])
    if told is None or isinstance(told, str | int | float | bool):
        return (), (output,) if output.strip() else ()
    return _Walk(told).found()


def structured(text: str) -> Any:
    """The object that a whole text spells; None where it is just text."""
    stripped = text.strip()
    if not stripped:
        return None
    if stripped[0] in "[{(":
        for read in (json.loads, ast.literal_eval):
            try:
                return read(stripped)
            except (ValueError, SyntaxError, RecursionError, MemoryError):
                continue
        return None
    lines = [line for line in text.split("\n") if line.strip()]
    try:
        value, end = _block(lines, 0, _indent(lines[0]), 0)
    except (ValueError, IndexError, RecursionError):
        return None
    return value if end == len(lines) and not isinstance(value, str) else None


class _Walk:
    """One pass over an object, gathering records and texts."""

    def __init__(self, told: Any) -> None:
        self.records: list[Record] = []
        self.texts: list[str] = []
        loose: list[tuple[str, str]] = []
        self._value(told, "", loose, -1, 0)
        if loose:
            self.records.append(Record(tuple(loose), -1))

    def found(self) -> tuple[tuple[Record, ...], tuple[str, ...]]:
        return tuple(self.records), tuple(self.texts)

    def _value(self, value: Any, key: str, atoms: list[tuple[str, str]], parent: int, depth: int) -> None:
        if depth > _MOST_DEPTH or value is None:
            return
        if isinstance(value, Mapping):
            self._object(value, key, parent, depth)
        elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
            for part in value:
                self._item(part, key, atoms, parent, depth)
        else:
            text = str(value)
            if len(text) > ATOM_CHARACTERS or "\n" in text.strip():
                self.texts.append(text)
            else:
                atoms.append((key, text))

    def _object(self, value: Mapping[Any, Any], key: str, parent: int, depth: int) -> None:
        own = [("", key)] if key else []
        place = len(self.records)
        self.records.append(Record((), parent))
        for name, part in value.items():
            self._value(part, str(name), own, place, depth + 1)
        self.records[place] = Record(tuple(own), parent)

    def _item(self, part: Any, key: str, atoms: list[tuple[str, str]], parent: int, depth: int) -> None:
        if key or depth > 1 or isinstance(part, Mapping | list | tuple):
            self._value(part, "" if isinstance(part, Mapping) else key, atoms, parent, depth + 1)
            return
        own: list[tuple[str, str]] = []  # an item of a plain list stands for itself
        self._value(part, key, own, parent, depth + 1)
        self.records.extend([Record(tuple(own), parent)] if own else [])


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _block(lines: list[str], at: int, indent: int, depth: int) -> tuple[Any, int]:
    if depth > _MOST_DEPTH:
        raise ValueError("too deep")
    if lines[at].lstrip().startswith("- ") or lines[at].strip() == "-":
        return _sequence(lines, at, indent, depth)
    return _mapped(lines, at, indent, depth)


def _sequence(lines: list[str], at: int, indent: int, depth: int) -> tuple[Any, int]:
    out: list[Any] = []
    while at < len(lines) and _indent(lines[at]) == indent and lines[at].lstrip().startswith("-"):
        rest = lines[at].lstrip()[1:]
        if not rest.strip():
            value, at = _block(lines, at + 1, _indent(lines[at + 1]), depth + 1)
        elif _KEY.match(rest.strip()) and rest.strip()[0] not in "'\"":
            inner = indent + 1 + _indent(rest)
            lines[at] = " " * inner + rest.strip()
            value, at = _mapped(lines, at, inner, depth + 1)
        else:
            value, at = _scalar(rest.strip(), lines, at + 1, indent)
        out.append(value)
    return out, at


def _mapped(lines: list[str], at: int, indent: int, depth: int) -> tuple[Any, int]:
    out: dict[str, Any] = {}
    while at < len(lines) and _indent(lines[at]) == indent and not lines[at].lstrip().startswith("- "):
        found = _KEY.match(lines[at].strip())
        if found is None:
            raise ValueError("no key")
        key, rest = found.group(1).strip("'\""), (found.group(2) or "").strip()
        at += 1
        if not rest:
            below = _indent(lines[at]) if at < len(lines) else -1
            if below > indent or (below == indent and lines[at].lstrip().startswith("- ")):
                out[key], at = _block(lines, at, below, depth + 1)
            else:
                out[key] = None
        else:
            out[key], at = _scalar(rest, lines, at, indent)
    if not out:
        raise ValueError("no mapping")
    return out, at


def _scalar(first: str, lines: list[str], at: int, indent: int) -> tuple[Any, int]:
    if first[0] in "|>":
        parts = []
        while at < len(lines) and _indent(lines[at]) > indent:
            parts.append(lines[at].strip())
            at += 1
        return "\n".join(parts) + "\n", at
    if first[0] in "'\"":
        quote, text = first[0], first
        while len(text) < 2 or not _closed(text, quote):
            text += " " + lines[at].strip()
            at += 1
        return text[1:-1].replace(quote * 2, quote).replace("\\n", "\n"), at
    if first[0] in "[{":
        try:
            return json.loads(first), at
        except ValueError:
            return ([] if first == "[]" else {} if first == "{}" else first), at
    while at < len(lines) and _indent(lines[at]) > indent:
        if _KEY.match(lines[at].strip()):
            raise ValueError("a key inside a value")
        first += " " + lines[at].strip()
        at += 1
    return (None if first in {"null", "~"} else first), at


def _closed(text: str, quote: str) -> bool:
    if quote == '"':
        return re.search(r'(?<!\\)(?:\\\\)*"$', text) is not None
    return (len(text[1:]) - len(text[1:].rstrip("'"))) % 2 == 1
