"""Whether a text is English prose at all, so that something may be said about how clear it is.

Keeps true: at most `MAX_READ` characters are looked at and every pattern is linear in them; a text that cannot be judged
(another language or script, an encoded file, a dump of a log) is called not readable, which is not the same as unclear.
"""

import re
from dataclasses import dataclass

MAX_READ = 4000
"""Characters looked at; of a longer text the beginning stands for the whole."""
MIN_WORDS = 4
"""Fewer words are too short to be judged: "ok, thanks" is neither clear nor unclear."""

_RUN = 40
"""So many characters without a space are no word of any language: base64, a key, a hash."""
_JUDGED = 8
"""From this many words on, English prose holds some of the words that carry its grammar."""
_LETTERS, _LATIN, _GRAMMAR, _KEPT, _FOREIGN = 0.5, 0.8, 0.1, 0.5, 0.34

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_ASCII_WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)*")
_LATIN_LETTERS = re.compile(r"[A-Za-z\u00c0-\u024f]+")
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_UNBROKEN = re.compile(rf"\S{{{_RUN},}}")
_FENCE = re.compile(r"\s{0,8}(?:```|~~~)")
_CLOCK = r"\d\d:\d\d:\d\d"
_PASTED = re.compile(
    r"\s{0,40}(?:>|at [\w.$<>]{1,200}\(|File \"|Traceback \(|\$ |[\[(<]?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d|"
    rf"[A-Z][a-z]{{2}} {{1,2}}\d{{1,2}} {_CLOCK}|[\[(]?{_CLOCK}[\]),. ]|\[ {{0,8}}\d+\.\d+\]|"
    r"\d{1,3}(?:\.\d{1,3}){3} (?:-|\d)|\[?(?:TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL|CRITICAL)\b[\]: |])"
)
"""How a line begins that a machine wrote or that is quoted from another text."""


def wordset(words: str) -> frozenset[str]:
    """The words of a line, as a set."""
    return frozenset(words.split())


_ENGLISH = wordset(
    "the a an and or but if then so because of to in on at for from with by as about into than not no is are was were be "
    "been am do does did has have had can could will would should may might must i you he she it we they me him her us "
    "them my your his its our their this that these those there here what which who how why when where all any some each "
    "more just also only please i'm i'll i've it's don't doesn't can't that's you're we're isn't didn't won't let's "
    "up out now after before still again very im dont cant u ur ok okay yes"
)
_OTHER = wordset(
    "der das und ist nicht ich ein eine zu den mit sich auf für wie oder aber wir sie wird kann bitte noch auch nach "
    "le les des une est que dans pour qui sur avec pas je vous nous sont mais el los las del por con para como pero "
    "está esto muy gracias che di per sono della questo het een van niet dat voor zijn maar ik wij os um uma não com "
    "você obrigado nie jest się na jak czy dla ve bir bu için och att det som är på y ja må med ikke jeg"
)


@dataclass(frozen=True, slots=True)
class Prose:
    """The prose of a text that can be judged.

    Attributes:
        text: Without lines a machine wrote or that are quoted; each link is one word.
        low: The same in lower case, with straight apostrophes.
        words: Its words in lower case.
    """

    text: str
    low: str
    words: list[str]


def prose(text: str) -> Prose | None:
    """The prose at the beginning of a text, or None where the text is not readable."""
    head = text[:MAX_READ]
    if not head or head.isspace():
        return None
    kept = _written(head) if "\n" in head or _PASTED.match(head) else head
    if len(kept) < _KEPT * len(head.strip()):
        return None
    if "://" in kept or "www." in kept:
        kept = _LINK.sub("link", kept)
    low = kept.lower()
    plain = low.isascii()
    if not plain:
        low = low.replace("\u2019", "'")
    words = (_ASCII_WORD if plain else _WORD).findall(low)
    return Prose(kept, low, words) if words and _english(kept, words, plain=plain) else None


def readable(text: str) -> bool:
    """Whether a text is English prose, so that its clarity can be spoken of.

    Args:
        text: As written; at most the first `MAX_READ` characters are looked at.

    Returns:
        False for an empty text, base64 and other encoded blobs, dumps of logs, what is mostly no letters, and what is
        mainly in another script or language. A short text may be readable and still too short to be judged.
    """
    return prose(text) is not None


def _english(text: str, words: list[str], *, plain: bool) -> bool:
    letters = sum(map(len, words))
    if letters < _LETTERS * sum(map(len, text.split())):
        return False
    if not plain and sum(map(len, _LATIN_LETTERS.findall(text))) < _LATIN * letters:
        return False
    if len(text) >= _RUN and sum(map(len, _UNBROKEN.findall(text))) > _KEPT * len(text):
        return False
    english = sum(map(_ENGLISH.__contains__, words))
    if english < len(words) and sum(map(_OTHER.__contains__, words)) > english:
        return False
    if len(words) < _JUDGED:
        return plain or english > 0 or _accented(words) < _FOREIGN * len(words)
    # Notes without grammar ("replaced toner, cleaned rollers") still have English endings.
    return english >= _GRAMMAR * len(words) or sum(map(_inflected, words)) >= 2 * _GRAMMAR * len(words)


def _inflected(word: str) -> bool:
    return word.endswith(("ing", "ed"))


def _accented(words: list[str]) -> int:
    return sum(not word.isascii() for word in words)


def _written(text: str) -> str:
    """A text without its fenced, quoted and machine-written lines."""
    lines, fenced = [], False
    for line in text.split("\n"):
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced and not _PASTED.match(line):
            lines.append(line)
    return "\n".join(lines).strip()
