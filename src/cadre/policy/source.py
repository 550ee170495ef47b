"""Text of Cedar policies, taken apart into single policies that know their file and line.

Keeps true: every policy has an `@id` of its own, a `@rule` in words and fits the schema, or nothing is loaded and the
error names file and line. Cedar itself numbers policies by their place in the text and gives errors without a line.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cedarpy

from cadre.errors import CadreError


@dataclass(frozen=True, slots=True)
class File:
    """A file of policies.

    Attributes:
        name: As errors show it.
        text: Policies in Cedar's language.
    """

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A policy in words.

    Attributes:
        name: Its id.
        effect: `permit` or `forbid`.
        text: What it says, in one sentence.
        opens: For a `forbid`, what would lift it; else empty.
        tier: For a `forbid` that yields to approval, the tier it raises to; else empty.
        where: File and line.
    """

    name: str
    effect: str
    text: str
    opens: str
    tier: str = ""
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Statement:
    """One policy as it was read.

    Attributes:
        rule: It in words.
        text: It in Cedar's language.
        parsed: It as Cedar's JSON: `effect`, `principal`, `action`, `resource`, `conditions`.
    """

    rule: Rule
    text: str
    parsed: Mapping[str, Any]


def folder_files(folder: Path) -> tuple[File, ...]:
    """The `.cedar` files of a folder and the folders in it, by name; none where it is missing."""
    found = sorted(folder.rglob("*.cedar")) if folder.is_dir() else []
    return tuple(File(str(path.relative_to(folder)), path.read_text("utf-8")) for path in found)


def statements(files: Iterable[File], schema: cedarpy.Schema) -> tuple[Statement, ...]:
    """Every policy of some files, in their order.

    Raises:
        CadreError: A policy does not parse, does not fit the schema, has no words, or shares its id with another.
    """
    made: dict[str, Statement] = {}
    for file in files:
        for line, text in _split(file.text):
            found = _statement(f"{file.name}:{line}", text, schema)
            if (other := made.get(found.rule.name)) is not None:
                raise _error(found.rule.where, f"the id {found.rule.name} is taken by {other.rule.where}")
            made[found.rule.name] = found
    return tuple(made.values())


def _statement(where: str, text: str, schema: cedarpy.Schema) -> Statement:
    try:
        told: dict[str, Any] = json.loads(cedarpy.policies_to_json_str(text))
    except ValueError as error:
        raise _error(where, f"the policy does not parse: {error}") from error
    if len(told["staticPolicies"]) != 1:
        raise _error(where, "a template was found where one whole policy was expected")
    checked = cedarpy.validate_policies(text, schema)
    if not checked.validation_passed:
        raise _error(where, f"the policy does not fit its schema: {checked.errors[0].error if checked.errors else ''}")
    (parsed,) = told["staticPolicies"].values()
    words = parsed.get("annotations", {})
    lifted = words.get("opens") or words.get("tier")
    if not words.get("id") or not words.get("rule") or (parsed["effect"] == "forbid" and not lifted):
        raise _error(where, "the policy has no @id, no @rule, or forbids without @opens or @tier")
    rule = Rule(words["id"], parsed["effect"], words["rule"], words.get("opens", ""), words.get("tier", ""), where)
    return Statement(rule, text, parsed)


def _error(where: str, problem: str) -> CadreError:
    return CadreError(f"{where}: {problem}", hint="Mend the policy, or take Cadre's own files back.")


def _split(text: str) -> Iterator[tuple[int, str]]:
    """Line and text of each policy; a `;` ends one wherever it stands outside of quotes and comments."""
    begin = place = 0
    first = -1
    while place < len(text):
        if text.startswith("//", place):
            end = text.find("\n", place)
            place = len(text) if end < 0 else end
            continue
        if not text[place].isspace() and first < 0:
            first = begin = place
        if text[place] == '"':
            place = _closed(text, place)
        elif text[place] == ";":
            yield text.count("\n", 0, first) + 1, text[begin : place + 1]
            first = -1
        place += 1
    if first >= 0:
        yield text.count("\n", 0, first) + 1, text[begin:]


def _closed(text: str, place: int) -> int:
    """Where the quote that opens here closes; the text's end where it never does."""
    place += 1
    while place < len(text) and text[place] != '"':
        place += 2 if text[place] == "\\" else 1
    return place
