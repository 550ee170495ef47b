"""What a task has seen before a call: records tied to the request, plain lists, and texts that read like instructions.

Keeps true: a record counts as tied only by names, values or two other words of its short fields, or by the record around
it; what stands in longer text ties nothing. What an output holds is read once, whatever calls follow it.

References:
    Instructions inside tool outputs: Greshake et al. 2023, arXiv:2302.12173.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cadre.governance.action import Action, Step
from cadre.governance.reading import Record, read_output
from cadre.governance.request import Request, asked, normal, plain, squeezed
from cadre.governance.words import STOP, lexicon, pieces, root, telling, words

POINTER = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}|(?:https?://|www\.)[^\s\"'<>)]{1,2000}"
    r"|\b[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\.(?:com|net|org|io|co|info|ru|xyz|dev|app|biz|cn|site|online)(?:/[^\s\"'<>)]{0,2000})?\b"
    r"|\b[A-Z]{2}\d{2}[A-Z0-9]{8,30}\b|\b0x[0-9a-fA-F]{16,64}\b|(?<!\w)\+?(?!\d{4}-\d\d-\d\d)\d[\d ()-]{8,30}\d\b"
)
"""Addresses, links, account numbers, wallets and telephone numbers."""
_SPLIT = re.compile(r"[\n,;]")
_POLITE = frozenset({"please", "now", "then", "also", "first", "kindly"})
_AIMS = frozenset({"to", "all", "my", "this", "your"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that a task has seen before a call.

    Attributes:
        request: What was asked, taken apart.
        linked: Values of whole short fields of records tied to the request.
        listed: Items of plain lists, such as the names of all channels, with the words of the tool that gave them.
        options: Items of what such a lookup gave back, where the request leaves a choice among them.
        looked_up: Values that a lookup made with the user's own values gave back, from wherever in its records.
        seen: All output texts, in lower case.
        instructions: The output texts that read like instructions, in lower case.
    """

    request: Request
    linked: frozenset[str]
    listed: Mapping[str, frozenset[str]]
    options: frozenset[str]
    looked_up: frozenset[str]
    seen: tuple[str, ...]
    instructions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Seen:
    """One output, read once: its records, all its text, its texts like instructions, the values of its fields, its items."""

    records: tuple[Record, ...]
    text: str
    instructions: tuple[str, ...]
    values: frozenset[str]
    items: frozenset[str]


def evidence(action: Action) -> Evidence:
    """What the task has seen before this call."""
    request = asked(action.user_request)
    linked: frozenset[str] = frozenset()
    looked_up: frozenset[str] = frozenset()
    options: frozenset[str] = frozenset()
    listed: dict[str, frozenset[str]] = {}
    texts: list[str] = []
    bad: list[str] = []
    for step in action.history:
        if step.output is None:
            continue
        key, is_text = (step.output, True) if isinstance(step.output, str) else (_dumped(step.output), False)
        seen = _seen(key, is_text)
        own = _is_own(step, request, linked.union(listed))
        linked |= _linked(key, is_text, action.user_request)
        if own:
            looked_up |= seen.values
            options |= seen.items if request.chooses else frozenset()
        if not any(True for _ in leaves(step.arguments)):
            kind = telling(pieces(step.tool))
            listed.update((normal(value), kind) for one in seen.records for key_, value in one.atoms if not key_)
        texts.append(seen.text)
        bad.extend(seen.instructions)
    return Evidence(request, linked, listed, options, looked_up, tuple(texts), tuple(bad))


def _dumped(output: Any) -> str:
    return json.dumps(output, default=str, ensure_ascii=False)


@lru_cache(4_000)
def _seen(key: str, is_text: bool) -> _Seen:
    records, free = read_output(key if is_text else json.loads(key))
    atoms = tuple(value for one in records for _, value in one.atoms)
    bad = tuple(text.casefold() for text in (*free, *atoms) if instructs(text))
    values = frozenset(normal(value) for value in atoms)
    items = (part.rsplit(": ", 1)[-1].strip() for text in free for part in _SPLIT.split(text[:20_000]))
    return _Seen(records, key.casefold(), bad, values, values | {normal(one) for one in items if 1 < len(one) <= 60})


@lru_cache(8_000)
def _linked(key: str, is_text: bool, user_request: str) -> frozenset[str]:
    request = asked(user_request)
    out: set[str] = set()
    tied: list[bool] = []
    records = _seen(key, is_text).records
    for one in records:
        within = 0 <= one.parent < len(tied) and tied[one.parent] and not _is_another(one, records)
        tied.append(_ties(one, request) or within)
        if tied[-1]:
            out.update(normal(value) for _, value in one.atoms)
    return frozenset(out)


def _is_another(record: Record, records: tuple[Record, ...]) -> bool:
    """Whether a record inside another names another of the same kind: an order's `order_id` that is not its own."""
    ids = {key: value for key, value in record.atoms if key.casefold().endswith(("_id", "-id"))}
    around = record.parent
    while ids and 0 <= around < len(records):
        if any(key in ids and ids[key] != value for key, value in records[around].atoms):
            return True
        around = records[around].parent
    return False


def _is_own(step: Step, request: Request, linked: frozenset[str]) -> bool:
    """Whether a step looked up what the user named: every text argument is theirs, tied to them, or of a plain list."""
    values = [part for value in step.arguments.values() for part in leaves(value) if isinstance(part, str)]
    return bool(values) and all(said(value, request) or normal(value) in linked for value in values)


def _ties(record: Record, request: Request) -> bool:
    """Whether a record speaks of what the user named: a name or value, a whole field, or two other words."""
    common = 0
    for _, value in record.atoms:
        if len(normal(value)) > 2 and normal(value) in request.values:
            return True
        some = words(value)
        if any(word in request.names for word in some if len(word) > 2 and word not in STOP):
            return True
        about = telling(some)
        shared = len(about & request.about)
        if shared and shared == len(about):
            return True
        common += shared
    return common >= 2


def leaves(value: Any) -> Iterator[Any]:
    """The simple values inside a value of JSON."""
    if isinstance(value, Mapping):
        for part in value.values():
            yield from leaves(part)
    elif isinstance(value, list | tuple | set):
        for part in value:
            yield from leaves(part)
    elif value is not None:
        yield value


def said(value: Any, request: Request) -> bool:
    """Whether the user said a value in their own words."""
    if isinstance(value, bool):
        return False
    text = str(value)
    if normal(text) in request.values:
        return True
    if isinstance(value, int | float):
        return False
    spoken = plain(text)
    if not spoken or spoken in STOP:
        return False
    whole = f" {spoken} " in request.text or (spoken.isalpha() and root(spoken) in request.about)
    return whole or (len(squeezed(spoken)) >= 8 and squeezed(spoken) in request.compact)


@lru_cache(20_000)
def instructs(text: str) -> bool:
    """Whether a text reads like instructions to an agent."""
    if len(text) < 12:
        return False
    low = text.casefold()
    return any(phrase in low for phrase in lexicon("instructed")["phrases"]) or _commands(text[:4000])


def _commands(text: str) -> bool:
    """Whether a sentence opens with an act and points somewhere: `Send ... to ...`, `Visit www...`."""
    for sentence in re.split(r"(?<=[.!?:])\s+|\n", text):
        some = words(sentence)
        if len(some) < 3:
            continue
        first = some[1] if some[0] in _POLITE else some[0]
        if root(first) in lexicon("little")["commands"] and (POINTER.search(sentence) or _AIMS & set(some[:8])):
            return True
    return False
