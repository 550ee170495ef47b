"""What one output of a tool holds: records, texts that read like instructions, objects, and the addresses in it.

Keeps true: an output is read once, whatever calls follow it; what of it may be trusted is said by `evidence`.

References:
    Instructions inside tool outputs: Greshake et al. 2023, arXiv:2302.12173.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from cadre.governance.reading import Record, read_output
from cadre.governance.request import normal
from cadre.governance.words import lexicon, root, words

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
class Seen:
    """One output, read once.

    Attributes:
        records: What reads as records in it.
        text: All of it, in lower case.
        instructions: Its texts that read like instructions, in lower case.
        values: Of the short fields of its records, normalised.
        items: Those, and the items of lists in its texts.
        objects: The values of each small record with those inside it.
        answer: The short fields of an answer that is one record and nothing else.
    """

    records: tuple[Record, ...]
    text: str
    instructions: tuple[str, ...]
    values: frozenset[str]
    items: frozenset[str]
    objects: tuple[frozenset[str], ...]
    answer: frozenset[str]


@lru_cache(4_000)
def seen(key: str, is_text: bool) -> Seen:
    """What an output holds.

    Args:
        key: The output as text.
        is_text: Whether it was text to begin with, else it is JSON of an object.
    """
    records, free = read_output(key if is_text else json.loads(key))
    atoms = tuple(value for one in records for _, value in one.atoms)
    bad = tuple(text.casefold() for text in (*free, *atoms) if instructs(text))
    values = frozenset(normal(value) for value in atoms)
    items = (part.rsplit(": ", 1)[-1].strip() for text in free for part in _SPLIT.split(text[:20_000]))
    listed = values | {normal(one) for one in items if 1 < len(one) <= 60}
    return Seen(records, key.casefold(), bad, values, listed, _objects(records), _answer(records, free))


def _answer(records: tuple[Record, ...], free: tuple[str, ...]) -> frozenset[str]:
    """The short fields of an answer that is one record, without those of records inside it and where no text came along."""
    if free or not records or records[0].parent >= 0 or any(one.parent < 0 for one in records[1:]):
        return frozenset()
    return frozenset(normal(value) for key, value in records[0].atoms if key)


def _objects(records: tuple[Record, ...]) -> tuple[frozenset[str], ...]:
    """The values of each record with those inside it; of small ones alone, since a call has few."""
    own = [{normal(value) for key, value in one.atoms if key} for one in records]
    for place in range(len(records) - 1, -1, -1):
        around = records[place].parent
        if 0 <= around < place:
            own[around] |= own[place]
    sizes = zip(own, records, strict=True)
    return tuple(frozenset(one) for one, at in sizes if (1 if at.parent >= 0 else 2) <= len(one) <= _MOST_OF_A_CALL)


_MOST_OF_A_CALL = 40


@lru_cache(2_000)
def addresses(text: str) -> Mapping[str, frozenset[str]]:
    """Addresses, links, account and telephone numbers of a text, by their kind."""
    out: dict[str, set[str]] = {}
    for found in POINTER.finditer(text[:100_000]):
        one = found.group().rstrip(".,;:!?")
        kind = "mail" if "@" in one else "account" if one[:2].isupper() and one[2:4].isdigit() else "link"
        out.setdefault("number" if one[:1] in "+0123456789" and kind == "link" else kind, set()).add(normal(one))
    return {kind: frozenset(some) for kind, some in out.items()}


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
