"""What a task has seen before a call: records tied to the request, plain lists, and texts that read like instructions.

Keeps true: a record counts as tied only by names, values or two other words of its short fields, by the record around it,
or because it is all that a lookup with the user's own values gave back; what stands in longer text ties nothing, save the
only address of its kind in a place that the request names for it. What an output holds is read in `seen`.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cadre.governance.action import Action, Step
from cadre.governance.reading import Record
from cadre.governance.request import Request, asked, normal, plain, squeezed
from cadre.governance.seen import Seen, addresses, seen
from cadre.governance.words import STOP, pieces, root, telling, words


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that a task has seen before a call.

    Attributes:
        request: What was asked, taken apart.
        linked: Values of whole short fields of records tied to the request.
        listed: Items of plain lists, such as the names of all channels, with the words of the tool that gave them.
        options: Items of what such a lookup gave back, where the request leaves a choice among them.
        looked_up: Values that a lookup made with the user's own values gave back, from wherever in its records.
        objects: What objects of outputs hold all in all: each the values of one and of those inside it.
        seen: All output texts, in lower case.
        instructions: The output texts that read like instructions, in lower case.
    """

    request: Request
    linked: frozenset[str]
    listed: Mapping[str, frozenset[str]]
    options: frozenset[str]
    looked_up: frozenset[str]
    objects: tuple[frozenset[str], ...]
    seen: tuple[str, ...]
    instructions: tuple[str, ...]


def evidence(action: Action) -> Evidence:
    """What the task has seen before this call."""
    request = asked(action.user_request)
    linked: frozenset[str] = frozenset()
    looked_up: frozenset[str] = frozenset()
    options: frozenset[str] = frozenset()
    listed: dict[str, frozenset[str]] = {}
    texts: list[str] = []
    bad: list[str] = []
    objects: list[frozenset[str]] = []
    for step in action.history:
        if step.output is None:
            continue
        key, is_text = (step.output, True) if isinstance(step.output, str) else (_dumped(step.output), False)
        given = seen(key, is_text)
        own = _is_own(step, request, linked.union(listed))
        linked |= _linked(key, is_text, action.user_request)
        if own:
            linked |= given.answer
            looked_up |= given.values
            options |= given.items if request.chooses else frozenset()
            linked |= _pointed_at(step, key, given, request)
        if not any(True for _ in leaves(step.arguments)):
            kind = telling(pieces(step.tool))
            listed.update((normal(value), kind) for one in given.records for key_, value in one.atoms if not key_)
        texts.append(given.text)
        bad.extend(given.instructions)
        objects.extend(given.objects)
    return Evidence(request, linked, listed, options, looked_up, tuple(objects), tuple(texts), tuple(bad))


def _dumped(output: Any) -> str:
    return json.dumps(output, default=str, ensure_ascii=False)


_KINDS = {
    "mail": frozenset({"email", "mail", "e", "address", "contact"}),
    "account": frozenset({"account", "iban", "bank"}),
    "link": frozenset({"link", "url", "website", "site", "page"}),
    "number": frozenset({"phone", "telephone", "mobile", "fax", "number", "card", "wallet"}),
}
"""What a request calls the kinds of pointers."""


def _pointed_at(step: Step, key: str, given: Seen, request: Request) -> frozenset[str]:
    """The one address of its kind in what a step gave back, where a sentence asks for that kind and names that source."""
    if given.instructions:
        return frozenset()
    values = (part for value in step.arguments.values() for part in leaves(value) if isinstance(part, str))
    named = [some for part in values if (some := telling(words(part)))]
    clauses = [clause for clause in request.clauses if any(some <= clause.about for some in named)]
    if not clauses:
        return frozenset()
    out: set[str] = set()
    for kind, some in addresses(key).items():
        new = some - request.values
        if len(new) == 1 and any(_KINDS[kind] & clause.about for clause in clauses):
            out |= new
    return frozenset(out)


@lru_cache(8_000)
def _linked(key: str, is_text: bool, user_request: str) -> frozenset[str]:
    request = asked(user_request)
    out: set[str] = set()
    tied: list[bool] = []
    records = seen(key, is_text).records
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
