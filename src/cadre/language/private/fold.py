"""Text as names are compared in it: lower-case letters and digits alone, one after the other.

Keeps true: two writings of a name that differ by case, diacritics, width, look-alike letters, invisible characters,
spaces, hyphens or other signs fold to one; every folded character knows where it came from. References: Unicode
normalisation form KD (UAX 15) and confusable characters (UTS 39).
"""
# ruff: noqa: RUF001 (look-alike letters are the subject)

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_OWN = {
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "æ": "ae",
    "œ": "oe",
    "ı": "i",
    "ħ": "h",
    "ŧ": "t",
    "ŋ": "n",
    "ə": "e",
}
_ALIKE = dict(zip("асеорхуіјѕԁһкмтвнαοερτυικνχ", "aceopxyijsdhkmtbhaoeptuiknx", strict=False))
_TOKEN = re.compile(r"[^\W\d_]+|\d+")


@dataclass(frozen=True, slots=True)
class Stream:
    """Folded text.

    Attributes:
        text: Letters and digits, nothing between them.
        starts: Where in `text` a word begins.
        ends: Where it ends; as many.
        places: For each character of `text` its place in the original; None where `offsets` serve.
        offsets: For each word its place in the original, where folding kept every character.
    """

    text: str
    starts: list[int]
    ends: list[int]
    places: list[int] | None
    offsets: list[int]

    def origin(self, at: int) -> int:
        """Place in the original of a character of the stream."""
        if self.places is not None:
            return self.places[at]
        low, high = 0, len(self.starts) - 1
        while low < high:
            half = (low + high + 1) // 2
            low, high = (half, high) if self.starts[half] <= at else (low, half - 1)
        return self.offsets[low] + at - self.starts[low]


@lru_cache(maxsize=65_536)
def fold_char(char: str) -> str:
    """One character folded: '' where it is invisible or a mark on another."""
    if unicodedata.category(char) in {"Cf", "Mn", "Me", "Cc"} and char not in "\t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85":
        return ""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    return "".join(_ALIKE.get(piece, _OWN.get(piece, piece)) for piece in plain if not unicodedata.combining(piece))


def fold(text: str) -> str:
    """Text folded, with its spaces and signs."""
    return text.lower() if text.isascii() and text.isprintable() else "".join(map(fold_char, text))


def key(name: str) -> str:
    """A name as the stream of a text would hold it."""
    return "".join(_TOKEN.findall(fold(name)))


def stream(text: str) -> Stream:
    """The stream of a text; linear."""
    folded, places = text, None
    if text.isascii() and "\x00" not in text:
        folded = text.lower()
    if not text.isascii() or any(c in text for c in "\x00\x08\x7f"):
        pieces, origin = [], []
        for at, char in enumerate(text):
            piece = fold_char(char)
            pieces.append(piece)
            origin.extend([at] * len(piece))
        folded = "".join(pieces)
        places = origin
    starts, ends, words, offsets, size = [], [], [], [], 0
    for match in _TOKEN.finditer(folded):
        word = match.group()
        starts.append(size)
        size += len(word)
        ends.append(size)
        words.append(word)
        offsets.append(match.start())
    if places is not None:
        places = [
            places[at] for start, word in zip(offsets, words, strict=True) for at in range(start, start + len(word))
        ]
    return Stream("".join(words), starts, ends, places, offsets)
