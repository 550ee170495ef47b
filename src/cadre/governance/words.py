"""Names and sentences as words, and what families a word belongs to.

Keeps true: a word is known in any of its forms (`deletes`, `deleted`, `deleting`) by its one entry in `lexicon.toml`;
a name is split at capitals, digits, dots, dashes and underscores. What a family means for a call is not its business.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files

_PIECES = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_WORDS = re.compile(r"[A-Za-z]+(?:'[a-z]+)?|\d+")


@cache
def lexicon(section: str) -> Mapping[str, frozenset[str]]:
    """The word lists of one section, by family."""
    told = tomllib.loads((files("cadre.governance") / "lexicon.toml").read_text("utf-8"))[section]
    parts = {name: text.split("|") if "|" in text else text.split() for name, text in told.items()}
    return {name: frozenset(part.strip() for part in some if part.strip()) for name, some in parts.items()}


STOP = lexicon("little")["words"]
"""Words that say nothing of what a text is about."""


@cache
def _families(section: str) -> Mapping[str, frozenset[str]]:
    out: dict[str, set[str]] = {}
    for family, words in lexicon(section).items():
        for word in words:
            out.setdefault(word, set()).add(family)
    return {word: frozenset(families) for word, families in out.items()}


@lru_cache(50_000)
def forms(word: str) -> tuple[str, ...]:
    """What a word may be a form of, itself first."""
    out = [word]
    if len(word) > 3:
        if word.endswith(("ies", "ied")):
            out.append(word[:-3] + "y")
        for ending in ("s", "es", "d", "ed", "ing", "ation", "ion", "ment"):
            if word.endswith(ending) and len(word) - len(ending) >= (4 if ending[-1] in "nt" else 2):
                base = word[: -len(ending)]
                out += [base, base + "e"]
                if len(base) > 2 and base[-1] == base[-2]:
                    out.append(base[:-1])
    return tuple(out)


@lru_cache(50_000)
def family(section: str, word: str) -> frozenset[str]:
    """The families of a word in any of its forms; empty where it is unknown."""
    known = _families(section)
    for form in forms(word):
        if form in known:
            return known[form]
    return frozenset()


@lru_cache(50_000)
def root(word: str) -> str:
    """One form for all forms of a word, known or not; good for comparing, not for reading."""
    known = [
        form for form in forms(word) if any(form in _families(section) for section in ("verbs", "things", "first"))
    ]
    if known:
        return min((form for form in known if len(form) > 2), key=len, default=known[0])
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


@lru_cache(50_000)
def pieces(name: str) -> tuple[str, ...]:
    """The words of an identifier, in lower case."""
    return tuple(found.lower() for found in _PIECES.findall(name))


@lru_cache(10_000)
def words(text: str) -> tuple[str, ...]:
    """The words of a text, in lower case, possessives dropped."""
    return tuple(found.lower().removesuffix("'s") for found in _WORDS.findall(text))


def telling(some: Iterable[str]) -> frozenset[str]:
    """Roots of the words that say what something is about."""
    return frozenset(root(word) for word in some if word not in STOP and (len(word) > 1 or word.isdigit()))
