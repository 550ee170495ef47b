"""The verbs that lead a tool's name and its description.

Keeps true: a word that is as often the name of a thing leads only where no plainer verb does; of a description the first
sentence that has a verb counts, with the verbs joined to its first.
"""

import re
from functools import lru_cache

from cadre.governance.words import family, forms, lexicon, root, words

_ARTICLES = frozenset(
    {"the", "a", "an", "of", "for", "to", "from", "in", "on", "this", "these", "your", "their", "its"}
)
_JOINING = frozenset({"and", "or", "then", "also", "optionally"})
_LIGHT = frozenset({"make", "perform", "place", "give", "issue", "initiate", "carry"})
_NOT_VERBS = frozenset({"is", "has", "use", "set", "list", "open", "call", "state", "status", "details", "info"})


_LABEL = re.compile(r"^.{0,600}?\b(?:tool|function|method|action) description:\s*", re.IGNORECASE | re.DOTALL)
_ABOUT_THE_SERVER = re.compile(
    r"^\s*(?:this (?:tool|function|method|api|endpoint|server|toolkit) (?:belongs to|is (?:a )?part of)"
    r"|part of the)\b[^.]*\.\s+",
    re.IGNORECASE,
)
_A_TOOL_TO = re.compile(
    r"^\s*(?:an?|the|this|uses?|utili[sz]es?)\s[^.,]{0,80}?\b(?:tool|function|utility|service|system|program|api|it|this)\s+"
    r"(?:(?:is )?(?:designed|used|meant|made) )?(?:to|for|that)\s+",
    re.IGNORECASE,
)


@lru_cache(20_000)
def own_words(description: str) -> str:
    """A description from where it says what the tool does: without the server it belongs to and without `a tool to`."""
    rest = _ABOUT_THE_SERVER.sub("", _LABEL.sub("", description, count=1), count=1)
    return _A_TOOL_TO.sub("", rest, count=1) or description


def name_verb(name: tuple[str, ...]) -> str:
    """The main verb of a name: its first word, unless that is as often a thing and a plainer verb follows."""
    verbs = [word for word in name if family("verbs", word) and word not in {"is", "has"}]
    if not verbs:
        return ""
    if name and name[0] in verbs and name[0] not in soft():
        return root(name[0])
    pure = [word for word in verbs if word not in soft()]
    return root((pure or verbs)[0])


@lru_cache(1)
def soft() -> frozenset[str]:
    """Verbs that are as often the name of a thing."""
    return frozenset().union(*lexicon("things").values())


@lru_cache(20_000)
def spoken_verbs(description: str) -> tuple[str, ...]:
    """Leading verbs of the first sentences: the first, and those joined to it by `and`, `or` or `then`."""
    out: list[str] = []
    for sentence in description[:600].replace("\n", ". ").split(". ")[:2]:
        some, third_person = words(sentence)[:24], False
        for place, word in enumerate(some):
            if not family("verbs", word) or (word in _NOT_VERBS and place):
                continue
            before = some[place - 1] if place else ""
            first = not out and place < 8 and before not in _ARTICLES - {"to"} and (place == 0 or not _soft_noun(word))
            joined = out and before in _JOINING and not _soft_noun(word) and word.endswith("s") == third_person
            if first or joined:
                third_person = word.endswith("s") if first else third_person
                out.append(_carried(some, place) or root(word))
        if out:
            break
    return tuple(dict.fromkeys(out))


def _carried(some: tuple[str, ...], place: int) -> str:
    """The act that a light verb carries, such as `reserve` in `makes a reservation`; empty where it carries none."""
    if root(some[place]) not in _LIGHT:
        return ""
    behind = [word for word in some[place + 1 : place + 4] if word not in _ARTICLES]
    return next((root(word) for word in behind if word.endswith(("tion", "ment", "al")) and family("verbs", word)), "")


def _soft_noun(word: str) -> bool:
    return any(form in soft() for form in forms(word))
