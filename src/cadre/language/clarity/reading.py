"""What of a text is prose that clarity can be read from, and whether it is English enough to say anything.

Keeps true: at most `MAX_READ` characters are looked at, every pattern runs in linear time, and a text that is no English
prose (another language or script, a dump, an encoded file, a bare link) is called not readable instead of unclear.
"""

import re
from dataclasses import dataclass

MAX_READ = 4000
"""Characters looked at; of a longer text the beginning stands for the whole."""
MIN_WORDS = 4
"""Fewer words are too short for a score: "ok, thanks" is neither clear nor unclear."""
_JUDGED = 8
"""From this many words on, prose must hold words that every English sentence needs."""
_DUMP, _ENGLISH = 0.3, 0.15
_LETTERS, _LATIN, _LONG = 0.6, 0.9, 25

_WORD = re.compile(r"[A-Za-z]+(?:['\u2019][A-Za-z]+)?")
_ANY_LETTER = re.compile(r"[^\W\d_]")
_LINK = re.compile(r"(?:https?://|www\.)\S+")
# Words that already stand masked in a source are names, not words of English.
_STAND_IN = re.compile(r"\bph_[a-z]+")
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_PASTED = re.compile(
    r"^\s*(?:>|at \S+\(|File \"|Traceback|\$ |# |\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d|[A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d|"
    r"\[ *\d+\.\d+\]|\d{1,3}(?:\.\d{1,3}){3}\s|(?:DEBUG|INFO|WARN|WARNING|ERROR|FATAL)\b)"
)

FUNCTION_WORDS = frozenset([
    "the", "a", "an", "and", "or", "but", "if", "then", "so", "because", "of", "to", "in", "on", "at", "for",
    "from", "with", "by", "as", "about", "into", "than", "not", "no", "is", "are", "was", "were", "be", "been",
    "am", "do", "does", "did", "has", "have", "had", "can", "could", "will", "would", "should", "may", "might",
    "must", "i", "you", "he", "she", "it", "we", "they", "me", "him", "her", "us", "them", "my", "your", "his",
    "its", "our", "their", "this", "that", "these", "those", "there", "here", "what", "which", "who", "how", "why",
    "when", "where", "all", "any", "some", "each", "more", "just", "also", "only", "please", "i'm", "i'll", "i've",
    "it's", "don't", "doesn't", "can't", "that's", "you're", "we're", "isn't", "didn't", "won't", "let's", "up",
    "out", "now", "after", "before", "still", "very", "im", "dont", "cant", "its", "u", "ur", "ok", "okay", "yes",
])  # fmt: skip
_FOREIGN = frozenset([
    "der", "das", "und", "ist", "nicht", "ich", "ein", "eine", "zu", "den", "mit", "sich", "auf", "für", "wie",
    "oder", "aber", "wir", "sie", "wird", "kann", "bitte", "noch", "auch", "le", "les", "des", "une", "est", "que",
    "dans", "pour", "qui", "sur", "avec", "pas", "je", "vous", "nous", "sont", "mais", "el", "los", "las", "del",
    "por", "con", "para", "una", "como", "pero", "está", "esto", "muy", "gracias", "il", "che", "di", "per", "non",
    "sono", "della", "questo", "het", "een", "van", "niet", "dat", "voor", "zijn", "maar", "ik", "wij", "o", "os",
    "um", "uma", "não", "com", "você", "obrigado", "nie", "jest", "się", "na", "jak", "czy", "dla", "ve", "bir",
    "bu", "için", "och", "att", "det", "som", "är", "en", "y", "que",
])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Prose:
    """The prose of a text.

    Attributes:
        text: Without pasted lines, and with each link as one word.
        words: Its words as written.
        low: Its words in lower case.
        shown: Whether something was pasted or linked, which shows the reader the thing itself.
    """

    text: str
    words: list[str]
    low: list[str]
    shown: bool


def prose(text: str) -> Prose:
    """The prose within the first `MAX_READ` characters; empty where there is none."""
    kept, shown = text[:MAX_READ], False
    if "\n" in kept:
        kept, shown = _without_pasted(kept)
    if "://" in kept or "www." in kept:
        kept, links = _LINK.subn("link", kept)
        shown = shown or links > 0
    words = _WORD.findall(_STAND_IN.sub(" ", kept) if "ph_" in kept else kept)
    return Prose(kept, words, [word.lower() for word in words], shown)


def _without_pasted(text: str) -> tuple[str, bool]:
    lines, fenced, shown = [], False, False
    for line in text.split("\n"):
        if _FENCE.match(line):
            fenced, shown = not fenced, True
        elif fenced or _PASTED.match(line):
            shown = True
        else:
            lines.append(line)
    return "\n".join(lines), shown


def english(read: Prose) -> bool:
    """Whether what was read is English prose."""
    n = len(read.words)
    text = read.text.strip()
    if not n or (n == 1 and read.shown):
        return False
    letters = sum(map(len, read.words))
    if not text.isascii() and letters < _LATIN * len(_ANY_LETTER.findall(text)):
        return False
    if letters + text.count(" ") < _LETTERS * len(text):
        return False
    if sum(len(word) for word in read.words if len(word) > _LONG) > _DUMP * letters:
        return False
    known = sum(word in FUNCTION_WORDS for word in read.low)
    foreign = sum(word in _FOREIGN for word in read.low)
    if foreign > known or (not known and not read.text.isascii()):
        return False
    # Log lines and lists of names hold words but no grammar.
    return n < _JUDGED or known >= _ENGLISH * n


def readable(text: str) -> bool:
    """Whether a text is English prose, so that its clarity can be spoken of; a short one may be and still have no score."""
    return english(prose(text))
