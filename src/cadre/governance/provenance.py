"""Where each argument's value comes from, and what part it plays.

Keeps true: a value is the user's only where it stands in their words; a value from an output is a record only where it
is the whole of a short field and that record is tied to the request, or the lookup was made with the user's own values,
and where no object of an output is the call itself;
anything else that an output holds is text somebody else wrote. Links, addresses and account numbers inside a longer text
are looked at one by one.

References:
    Provenance of values as a gate on agents: Debenedetti et al. 2025, arXiv:2503.18813.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cadre.governance.action import Source
from cadre.governance.evidence import Evidence, leaves, said
from cadre.governance.nature import role
from cadre.governance.request import normal, squeezed
from cadre.governance.seen import POINTER
from cadre.governance.words import family, lexicon, words

_CARD = re.compile(r"(?<!\d)(?:\d[ -]?){12,18}\d(?!\d)")
_WORST = tuple(Source)


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a value comes from.

    Attributes:
        source: The worst of its parts.
        instructed: Whether a text that reads like instructions to an agent speaks of it.
    """

    source: Source
    instructed: bool = False


def trace(value: Any, schema: Any, known: Evidence) -> Trace:
    """Where one argument's value comes from, the worst of its parts counting.

    Args:
        value: A value of JSON.
        schema: What the tool's schema says of the parameter; anything but an object says nothing.
        known: What the task has seen.
    """
    parts = list(leaves(value))
    if not parts or _is_default(value, schema):
        return Trace(Source.DEFAULT)
    worst, instructed = Source.REQUEST, False
    for part in parts:
        source = _source(part, schema, known)
        worst = max(worst, source, key=_WORST.index)
        if source is not Source.REQUEST:
            instructed = instructed or _is_told(str(part), known)
    return Trace(worst, instructed)


def _is_told(value: str, known: Evidence) -> bool:
    text = value.casefold().strip()
    if not text or not any(text in bad for bad in known.instructions):
        return False
    return any(re.search(rf"(?<!\w){re.escape(text)}(?!\w)", bad) for bad in known.instructions)


def _source(part: Any, schema: Any, known: Evidence) -> Source:
    if said(part, known.request):
        return Source.REQUEST
    if _is_default(part, schema):
        return Source.DEFAULT
    key = normal(str(part))
    if key in known.linked or (known.request.several and key in known.looked_up):
        return Source.RECORD
    text = str(part).casefold().strip()
    return Source.OUTPUT if any(text in seen for seen in known.seen) else Source.UNSAID


def _is_default(value: Any, schema: Any) -> bool:
    if not isinstance(schema, Mapping):
        return False
    if "default" in schema and schema["default"] == value and type(schema["default"]) is type(value):
        return True
    if isinstance(value, bool | list | Mapping):
        return False
    told = [schema, *(part for part in _branches(schema) if isinstance(part, Mapping))]
    return any(isinstance(part.get("enum"), list) and value in part["enum"] for part in told)


def _branches(schema: Mapping[str, Any]) -> Iterator[Any]:
    for key in ("anyOf", "oneOf", "allOf"):
        some = schema.get(key)
        if isinstance(some, list):
            yield from some
    yield schema.get("items")


def is_option(value: Any, known: Evidence) -> bool:
    """Whether a value is one of the things that the user left a choice among.

    An item of a plain list of the kind of thing that the request speaks of, or of what a lookup with the user's own
    values gave back where the request leaves the choice.
    """
    part = normal(str(value))
    if isinstance(value, list | Mapping) or not part:
        return False
    return part in known.options or _is_spoken_of(known.listed.get(part, frozenset()), known)


def _is_spoken_of(kind: frozenset[str], known: Evidence) -> bool:
    return bool(kind & known.request.about) or any(family("things", word) & known.request.things for word in kind)


def is_written_down(arguments: Mapping[str, Any], sources: Mapping[str, Source], known: Evidence) -> bool:
    """Whether one object of an output is this very call: it holds every value of it, two of them unsaid, and little else.

    No record describes what somebody is going to do; whoever can write fields can write a call into them.
    """
    whole = [key for key in arguments if sources[key] is not Source.DEFAULT]
    values = {normal(str(part)) for key in whole for part in leaves(arguments[key]) if not isinstance(part, bool)}
    unsaid = sum(sources[key] is not Source.REQUEST for key in whole)
    if not unsaid or not values:
        return False
    if len(values) == 1:
        return any(values == one for one in known.objects)
    return any(values <= one and len(one) <= 2 * len(values) for one in known.objects)


def pointers(value: Any) -> frozenset[str]:
    """Addresses, links, account and telephone numbers inside a text."""
    some = (part for part in leaves(value) if isinstance(part, str))
    return frozenset(found.group().rstrip(".,;:!?") for part in some for found in POINTER.finditer(part))


def tells_private(value: Any, known: Evidence) -> bool:
    """Whether a text tells private things that the request does not speak of: by their words, or by a card's digits."""
    some = " ".join(part for part in leaves(value) if isinstance(part, str))
    found = lexicon("private")["words"] & set(words(some.replace("_", " ")))
    spoken = known.request.text.split()
    if any(word not in spoken for word in found):
        return True
    return any(squeezed(number.group()) not in known.request.compact for number in _CARD.finditer(some))


def part_of(parameter: str, schema: Any, value: Any) -> str:
    """The part an argument plays, by its name and description, else by what its value looks like."""
    if isinstance(value, bool):
        return "switch"
    said_of = schema.get("description", "") if isinstance(schema, Mapping) else ""
    known = role(parameter, said_of if isinstance(said_of, str) else "")
    if known:
        return known
    some = [part for part in leaves(value) if isinstance(part, str)]
    if any(POINTER.fullmatch(part.strip()) for part in some):
        return "destination"
    if some and all(len(part) > 60 or "\n" in part for part in some):
        return "content"
    return "target"
