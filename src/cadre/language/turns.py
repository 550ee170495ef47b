"""Turns of one conversation as columns: the one form in which chat, ticket comments and meetings are read.

Keeps true: turns stand in the order they were said; speakers are numbers, so that nothing here depends on whose name
is whose, and a name counts only where a text calls somebody by it. It leaves what the turns do to the models.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from cadre.language.word import (
    ACKNOWLEDGING,
    ASKING,
    GREETING,
    LINKING,
    OF_ME,
    OPENERS,
    POINTING,
    TO_ALL,
    TO_YOU,
    YES_NO,
)  # fmt: skip

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]

MAX_READ_CHARACTERS = 4000
"""Of a longer text only the beginning is read for who answers whom."""

_WORD = re.compile(r"[^\W_][\w'\-\[\]\\`^{}|]*|[_\[\]\\`^{}|][\w\-\[\]\\`^{}|]+")
_ADDRESS = re.compile(r"^\s*@?([^\s:,<>@]{1,40}?)\s?[:,](?:\s|$)|^\s*@([^\s:,<>]{1,40})\s")
_TRIM = re.compile(r"[\W_\d]+$")
_DIGIT, _CODE = re.compile(r"\d"), re.compile(r"[/\\$=`]")
_URL = re.compile(r"https?://|www\.")
MIN_NAME_LETTERS = 3
MAX_MENTIONS = 3
RARE_WORDS = 8


@dataclass(frozen=True, slots=True)
class Turns:
    """Turns of one conversation (channel, ticket or meeting) in their order.

    Attributes:
        speaker: Number of who spoke, from 0; -1 where nobody did (a system line) or nobody knows. Shape (n,).
        minute: When, in minutes of any origin; NaN where unknown. Shape (n,).
        text: What was said; an empty string where the words are missing.
        names: For each speaker number, the names a text may call them by.
        told: For each turn, the speakers that the source itself says it mentions or is put to.
        part: Which of several conversations each turn is of, where small ones are read together; no speaker number is
            in two of them and their turns stand together. Shape (n,).
    """

    speaker: Ints
    minute: npt.NDArray[np.float64]
    text: Sequence[str]
    names: Sequence[Sequence[str]]
    told: Sequence[Sequence[int]] | None = None
    part: Ints | None = None

    def __len__(self) -> int:
        """How many turns there are."""
        return len(self.text)


@dataclass(frozen=True, slots=True)
class Read:
    """What is read off each turn alone: whom it calls, how it looks, its rarest words.

    Attributes:
        called: Whom it opens by calling, -1 for nobody. Shape (n,).
        named: Others it names anywhere, padded with -1. Shape (n, MAX_MENTIONS).
        look: `LOOKS`, one column each. Shape (n, len(LOOKS)).
        rare: Numbers of its rarest words, padded with -1. Shape (n, RARE_WORDS).
        rarity: How much each of them tells, in nats; 0 where padded. Shape (n, RARE_WORDS).
    """

    called: Ints
    named: Ints
    look: Floats
    rare: Ints
    rarity: Floats


LOOKS = (
    "length", "words", "asks", "asks_inside", "link", "greets", "yes_no", "acknowledges", "opens_asking", "to_all",
    "goes_on", "to_you", "of_me", "points", "exclaims", "tails_off", "digits", "code", "lower",
)  # fmt: skip


def looks(texts: Sequence[str]) -> Floats:
    """`LOOKS` of each text, all zeros for an empty one. Shape (n, len(LOOKS))."""
    out = np.zeros((len(texts), len(LOOKS)), np.float32)
    for i, whole in enumerate(texts):
        text = whole[:MAX_READ_CHARACTERS]
        out[i] = _look(text, [word.lower() for word in _WORD.findall(text)])
    return out


def _look(text: str, words: list[str]) -> tuple[float, ...]:
    first = words[0] if words else ""
    early = words[:6]
    end = text.rstrip()[-1:]
    return (
        min(len(text), 400) / 100.0, min(len(words), 60) / 10.0, end == "?", "?" in text[:-1],
        _URL.search(text) is not None, first in GREETING, first in YES_NO, first in ACKNOWLEDGING, first in ASKING,
        not TO_ALL.isdisjoint(words), first in LINKING, not TO_YOU.isdisjoint(words),
        not OF_ME.isdisjoint(words), not POINTING.isdisjoint(early), "!" in text, text.endswith(("...", "…", ",")),
        _DIGIT.search(text) is not None, _CODE.search(text) is not None, text[:1].islower(),
    )  # fmt: skip


@dataclass(slots=True)
class _Names:
    """Who is meant by a word; a name that is also a usual word counts only where it opens a turn as an address."""

    exact: dict[str, int] = field(default_factory=dict)
    trimmed: dict[str, int] = field(default_factory=dict)
    by_number: dict[int, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, names: Sequence[Sequence[str]], numbers: Sequence[int]) -> "_Names":
        found = cls()
        for number in numbers:
            found.by_number[number] = [name.lower() for name in names[number]]
            for low in found.by_number[number]:
                found.exact.setdefault(low, number)
                short = _TRIM.sub("", low)
                if len(short) >= MIN_NAME_LETTERS:
                    found.trimmed.setdefault(short, number)
        return found

    def called(self, text: str, recent: Sequence[int]) -> int:
        """Whom a text opens by calling, by a whole name or by the beginning of a recent speaker's."""
        match = _ADDRESS.match(text)
        if match is None:
            return -1
        word = (match[1] or match[2]).lower()
        for known, key in ((self.exact, word), (self.trimmed, _TRIM.sub("", word))):
            if key in known:
                return known[key]
        if len(word) < MIN_NAME_LETTERS or word in OPENERS:
            return -1
        for number in reversed(recent):
            if any(name.startswith(word) for name in self.by_number[number]):
                return number
        # A mistyped name of somebody who just spoke: one letter off in a longer word.
        if len(word) > MIN_NAME_LETTERS:
            for number in reversed(recent):
                if any(_one_off(word, name) for name in self.by_number[number]):
                    return number
        return -1


def _one_off(word: str, name: str) -> bool:
    """Whether two words differ by one letter put in, left out, changed or swapped with its neighbour."""
    if abs(len(word) - len(name)) > 1 or word[0] != name[0]:
        return False
    k = next((k for k, (a, b) in enumerate(zip(word, name, strict=False)) if a != b), min(len(word), len(name)))
    rest, other = word[k:], name[k:]
    return rest[1:] in (other[1:], other) or rest == other[1:] or (rest[1::-1] == other[:2] and rest[2:] == other[2:])


def sound(text: str) -> str:
    """A text that can be encoded: lone surrogates, which broken exports hold, become question marks."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def unaddressed(text: str) -> str:
    """A text without the name it opens by calling, which a stand-in word keeps as a fact."""
    text = sound(text[:MAX_READ_CHARACTERS])
    match = _ADDRESS.match(text)
    if match is None or (match[1] or match[2]).lower() in OPENERS:
        return text
    return f"xname {text[match.end() :]}"


def read(turns: Turns, usual: frozenset[str] = frozenset()) -> Read:
    """What each turn shows by itself.

    Args:
        turns: The conversation.
        usual: Words so usual that a name spelt like one counts only as an address.

    Returns:
        One row a turn, in the same order.
    """
    n = len(turns)
    people = _people(turns)
    part, names = -1, _Names()
    called, named = np.full(n, -1, np.int32), np.full((n, MAX_MENTIONS), -1, np.int32)
    look = np.zeros((n, len(LOOKS)), np.float32)
    rare, rarity = np.full((n, RARE_WORDS), -1, np.int32), np.zeros((n, RARE_WORDS), np.float32)
    numbers: dict[str, int] = {}
    seen: Counter[str] = Counter()
    first = 0
    recent: dict[int, None] = {}
    for i, whole in enumerate(turns.text):
        here = 0 if turns.part is None else int(turns.part[i])
        if here != part:
            part, names = here, _Names.of(turns.names, people[here])
            recent.clear()
            seen.clear()
            first = i
        text = whole[:MAX_READ_CHARACTERS]
        speaker = int(turns.speaker[i])
        words = [word.lower() for word in _WORD.findall(text)]
        look[i] = _look(text, words)
        called[i] = -1 if speaker < 0 else names.called(text, tuple(recent)[-40:])
        others = [] if called[i] < 0 else [int(called[i])]
        others += turns.told[i] if turns.told is not None else ()
        if speaker >= 0:
            others += [
                names.exact[word]
                for word in words
                if word in names.exact and len(word) >= MIN_NAME_LETTERS and word not in usual
            ]
            recent.pop(speaker, None)
            recent[speaker] = None
        told = list(dict.fromkeys(other for other in others if other != speaker))[:MAX_MENTIONS]
        named[i, : len(told)] = told
        if called[i] < 0 and turns.told is not None and turns.told[i]:
            called[i] = turns.told[i][0]
        if called[i] == speaker:
            called[i] = -1
        bag = [word for word in dict.fromkeys(words) if len(word) > 1 and word not in names.exact]
        seen.update(bag)
        # How much a word tells is judged by what was said so far, so that later turns change nothing.
        for k, (count, word) in enumerate(sorted((seen[word], word) for word in bag)[:RARE_WORDS]):
            rare[i, k] = numbers.setdefault(word, len(numbers))
            rarity[i, k] = np.log((i - first + 1) / count)
    return Read(called, named, look, rare, rarity)


def _people(turns: Turns) -> dict[int, list[int]]:
    """Speaker numbers of each part, those mentioned among them."""
    if turns.part is None:
        return {0: list(range(len(turns.names)))}
    found: dict[int, dict[int, None]] = {}
    for i, (part, speaker) in enumerate(zip(turns.part.tolist(), turns.speaker.tolist(), strict=True)):
        numbers = found.setdefault(part, {})
        if speaker >= 0:
            numbers[speaker] = None
        if turns.told is not None:
            numbers.update(dict.fromkeys(turns.told[i]))
    return {part: list(numbers) for part, numbers in found.items()}
