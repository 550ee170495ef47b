"""What a person asked for in their own words: acts, things, names and values.

Keeps true: an act counts as asked for only where a verb of its family stands in the request and is not negated; a
request that hands its wording over to somebody else's text ("do what the file says") asks for nothing by itself.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cadre.governance.action import Effect
from cadre.governance.words import STOP, family, lexicon, root, telling, words

_VALUE = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}|(?:https?://|www\.)\S{1,2000}|\b[A-Z]{2}\d{2}[A-Z0-9]{8,30}\b|[+-]?\d[\d,]*(?:\.\d+)?"
)
_NAMES = re.compile(r"(?<![.!?]\s)(?<!^)\b[A-Z][\w'-]+(?:\s+[A-Z][\w'-]+)*")
_QUOTED = re.compile("[\"\u201c'\u2018`]([^\"\u201d'\u2019`]{2,120})[\"\u201d'\u2019`]")
_SENTENCE = re.compile(r"(?<=[.?!])\s+|\n+|;\s+")
_NEGATED = re.compile(
    r"\b(?:do not|don't|dont|never|without|not to|no need to|avoid)\s+(?:\w+\s+){0,2}?(\w+)", re.IGNORECASE
)
_HANDED_OVER = re.compile(
    r"\b(?:follow|do|perform|execute|complete|carry out)\b(?![^.?:]{0,40}\b(?:following|below)\b)[^.?:]{0,40}\b(?:instructions?|tasks?|steps|to-?do|actions?|what it says)\b",
    re.IGNORECASE,
)
_IDIOMS = {
    "send": re.compile(
        r"\b(?:let\b.{1,80}\bknow|get back to|follow up|drop\b.{1,30}\b(?:line|note)|reach out|pass on)\b",
        re.IGNORECASE,
    ),
    "create": re.compile(
        r"\b(?:set up|put\b.{1,60}\b(?:calendar|list|diary)|i need an? |jot down|note down)", re.IGNORECASE
    ),
    "change": re.compile(r"\bmake (?:it|the|my)\b.{1,30}\b(?:\d+|\w+er)\b", re.IGNORECASE),
    "destroy": re.compile(r"\b(?:get rid of|call off|throw away|take off)\b", re.IGNORECASE),
}
"""Acts asked for by several words."""
ASKS = {
    Effect.SEND: frozenset({"send", "publish"}),
    Effect.PUBLISH: frozenset({"publish", "send"}),
    Effect.CREATE: frozenset({"create", "send", "grant", "pay"}),
    Effect.CHANGE: frozenset({"change", "destroy", "protect", "unprotect"}),
    Effect.EXECUTE: frozenset({"execute"}),
    Effect.GRANT: frozenset({"grant"}),
    Effect.CREDENTIAL: frozenset({"credential", "change"}),
    Effect.PAY: frozenset({"pay"}),
    Effect.DESTROY: frozenset({"destroy"}),
    Effect.PROTECT: frozenset({"protect", "destroy"}),
    Effect.UNPROTECT: frozenset({"unprotect"}),
}


@dataclass(frozen=True, slots=True)
class Clause:
    """One sentence of a request: what it asks to do, and of what."""

    acts: frozenset[str]
    families: frozenset[str]
    about: frozenset[str]
    things: frozenset[str]


@dataclass(frozen=True, slots=True)
class Request:
    """A request, taken apart.

    Attributes:
        text: Its words in lower case, single spaces around.
        compact: Its letters and digits alone, for values written with other separators.
        values: Addresses, links, account numbers and numbers in it, normalised.
        about: Roots of the words that say what it is about.
        names: Roots of the words of names and quotations in it.
        things: Families of the things it speaks of.
        families: Families of the verbs it asks with.
        acts: Groups of verbs that ask for the same.
        negated: Roots of verbs it rules out.
        clauses: Its sentences, each with its groups and families of verbs, and the roots and families of its things.
        chooses: Whether it leaves a choice, such as the cheapest or any.
        several: Whether it speaks of several people or things.
        handed_over: Whether it leaves its wording to another text.
    """

    text: str
    compact: str
    values: frozenset[str]
    about: frozenset[str]
    names: frozenset[str]
    things: frozenset[str]
    families: frozenset[str]
    acts: frozenset[str]
    negated: frozenset[str]
    clauses: tuple["Clause", ...]
    chooses: bool
    several: bool
    handed_over: bool


@lru_cache(2_000)
def asked(text: str) -> Request:
    """A request, taken apart; kept, since every call of a task has the same one."""
    some = words(text)
    negated = frozenset(root(found.group(1).lower()) for found in _NEGATED.finditer(text))
    plainly = text
    for idiom in _IDIOMS.values():
        plainly = idiom.sub(" ", plainly)
    verbs = [word for word in words(plainly) if root(word) not in negated]
    families = frozenset().union(*(family("verbs", word) for word in verbs)) if verbs else frozenset()
    families |= {name for name, idiom in _IDIOMS.items() if idiom.search(text)}
    named = [word for found in _NAMES.findall(text) for word in words(found)]
    named += [word for found in _QUOTED.findall(text) for word in words(found)]
    return Request(
        f" {plain(text)} ",
        squeezed(text),
        frozenset(normal(found.rstrip(".,;:!?)")) for found in _VALUE.findall(text)),
        telling(some),
        frozenset(word for word in named if word not in STOP),
        frozenset().union(*(family("things", word) for word in some)),
        families,
        frozenset().union(
            *(family("alike", word) for word in verbs), {"speak"} if _IDIOMS["send"].search(text) else ()
        ),
        negated,
        tuple(_clause(words(part)) for part in _SENTENCE.split(text) if part.strip()),
        bool(lexicon("choosing")["words"] & set(some)),
        bool(lexicon("little")["several"] & set(some)),
        _HANDED_OVER.search(text) is not None,
    )


def _clause(some: tuple[str, ...]) -> Clause:
    return Clause(
        frozenset().union(*(family("alike", word) for word in some)),
        frozenset().union(*(family("verbs", word) for word in some)),
        telling(some),
        frozenset().union(*(family("things", word) for word in some)),
    )


def plain(text: str) -> str:
    """Letters, digits and `@`, everything else one space, in lower case."""
    return " ".join(re.sub(r"[^\w@]+", " ", text.casefold()).split())


def squeezed(text: str) -> str:
    """Letters and digits alone, in lower case."""
    return re.sub(r"[\W_]+", "", text.casefold())


def normal(value: str) -> str:
    """A value as it is compared: numbers without trailing zeros and thousands, links without their scheme."""
    value = value.strip().casefold()
    if len(value) < 18:
        try:
            return f"{float(value.replace(',', '')):g}"
        except ValueError:
            pass
    return re.sub(r"^https?://", "", value).rstrip("/").removesuffix("'s")


_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_DATE = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?$")


_DAY = re.compile(
    rf"\b\d{{4}} \d\d \d\d\b|\b(?:{'|'.join(f'{one}|{one[:3]}' for one in _MONTHS)}) \d{{1,2}}(?:st|nd|rd|th)?\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)? (?:of )?(?:{'|'.join(f'{one}|{one[:3]}' for one in _MONTHS)})\b"
)


def is_another_day(value: Any, request: Request) -> bool:
    """Whether a value is an ISO date, and the request names days but not this one."""
    return (
        _DATE.match(str(value).strip()) is not None
        and _DAY.search(request.text) is not None
        and not says_day(value, request)
    )


def says_day(value: Any, request: Request) -> bool:
    """Whether a request speaks of the day of an ISO date, such as `May 1st` or `1 May`; a date that is none, never."""
    found = _DATE.match(str(value).strip())
    if found is None or not 1 <= int(found.group(2)) <= 12:
        return False
    year, month, day = found.groups()
    name, number = _MONTHS[int(month) - 1], str(int(day))
    either = (
        rf"(?:{name}|{name[:3]}) {number}(?:st|nd|rd|th)?\b|\b{number}(?:st|nd|rd|th)? (?:of )?(?:{name}|{name[:3]})\b"
    )
    return f"{year} {month} {day}" in request.text or re.search(either, request.text) is not None


def asks_for(request: Request, effect: Effect) -> bool:
    """Whether a request speaks of an effect; reading is always asked for."""
    return effect is Effect.READ or bool(ASKS[effect] & request.families)
