"""The parts of clarity: each a share from 0 to 1, higher for clearer, that a person can look at and change.

Keeps true: only the text is read; a part says what stands there, not whether it helps, which is the study's to say
(`validation/clarity.py`); the same text has the same parts whatever stands beside it.

References:
    Flesch 1948 (reading ease, here syllables a word by vowel groups); Cutts 2020 (sentence length, one thing at a time);
    Bettenburg et al. 2008 (what makes a fault report usable: the thing itself, steps, what was seen).
"""

import re
from collections.abc import Sequence
from typing import Literal

import numpy as np

from cadre.language.clarity.jargon import unexplained
from cadre.language.clarity.reading import MIN_WORDS, Prose, english, prose
from cadre.language.turns import Floats, unaddressed

Reader = Literal["colleague", "client"]
READERS: tuple[Reader, ...] = ("colleague", "client")
PARTS = (
    "sentences", "easy_words", "order", "one_ask", "named", "shown", "timed", "next_step", "definite", "explained",
)  # fmt: skip
"""In this order in every array.

- `sentences`: words a sentence, 1 up to 14, 0 from 40 on.
- `easy_words`: syllables a word, 1 up to 1.3, 0 from 2.3 on.
- `order`: lists, order words and paragraphs for each 40 words; 1 for a text too short to need them.
- `one_ask`: 1 with one ask at most, less with each further one.
- `named`: identifiers, paths, versions, codes and names within the text; 1 with three.
- `shown`: 1 where something is pasted, quoted or linked.
- `timed`: 1 where a time or day is named.
- `next_step`: 1 where somebody is to do, or does, something next.
- `definite`: share of words that are not "something", "it", "stuff"; 0 from one in five on.
- `explained`: for a client, share of trade words explained; 1 for a colleague or where there are none.
"""

_END = re.compile(r"[.!?]+(?=\s|$)|\n+")
_SYLLABLE = re.compile(r"[aiouy][aeiouy]*|e[aeiouy]+|e(?![ds]?\b)")
_LISTED = re.compile(r"^\s{0,8}(?:[-*•]\s|\(?\d{1,2}[.)]\s)", re.MULTILINE)
_ASKED = re.compile(r"\?+|\bplease\b|\b(?:can|could|would|will) (?:you|u|someone|anyone)\b")
_NAMED = re.compile(
    r"\d+(?:\.\d+)+|\b0x[0-9a-fA-F]+|\b[A-Za-z]*\d+[A-Za-z0-9]*\b|[\w.~-]*/[\w.-]+|\b[A-Z]:\\\S|\b[A-Z]{2,}\b|\b[a-z]+[A-Z]\w*"
    r"|\b\w+[._]\w+|\bph_\w+|\[\w+ [^\]\n]{1,30}\]|\b[a-z]+-[a-z]+\b"
)
_QUOTED = re.compile(r"[\"“”`][^\"“”`\n]{2,}[\"“”`]")
_TIMED = re.compile(
    r"\b(?:today|tomorrow|tonight|yesterday|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|april|june|"
    r"july|august|september|october|november|december|noon|midnight|\d{1,2} ?(?:am|pm)|\d{1,2}:\d\d|\d{4}-\d\d-\d\d|"
    r"\d+ ?(?:minutes?|mins?|hours?|hrs?|days?|weeks?)|this (?:morning|afternoon|evening|week)|(?:last|next) (?:night|week|month))\b"
)
_NEXT = re.compile(
    r"\b(?:i'?ll|we'?ll|(?:i|we|you) (?:will|can|should|need to|have to)|please|next step|try|run|use|check|let me|let us|make sure|"
    r"go to|assigned to|then|could you|can you)\b"
)
_ORDER = frozenset([
    "first", "firstly", "second", "secondly", "third", "then", "next", "finally", "lastly", "afterwards", "before",
    "after", "once", "step",
])  # fmt: skip
_VAGUE = frozenset([
    "something", "somehow", "somewhere", "someone", "stuff", "thing", "things", "whatever", "it", "this", "that",
    "these", "those", "they", "some", "kinda", "sort", "etc", "whichever", "anything", "everything", "one", "ones",
    "issue", "problem",
])  # fmt: skip
_BODY, _PARAGRAPH = 40, "\n\n"


def parts(texts: Sequence[str], reader: Reader) -> Floats:
    """Each part of each text.

    Args:
        texts: As written; at most the first 4,000 characters are read.
        reader: For whom: a colleague knows the words of the trade, a client need not.

    Returns:
        Shares from 0 to 1, higher for clearer; NaN throughout where the text is not readable or shorter than 4 words.
        Shape (n, len(PARTS)).
    """
    out = np.full((len(texts), len(PARTS)), np.nan, np.float32)
    client = reader == "client"
    for k, text in enumerate(texts):
        read = prose(text)
        if len(read.words) >= MIN_WORDS and english(read):
            out[k] = _parts(read, client=client)
    return out


def _parts(read: Prose, *, client: bool) -> tuple[float, ...]:
    text, n = read.text, len(read.words)
    low = text.lower()
    names = len(set(_NAMED.findall(unaddressed(text))))
    left, used = unexplained(text) if client else ([], 0)
    return (
        _down(n / sentences(text), 14, 40),
        _down(len(_SYLLABLE.findall(low)) / n, 1.3, 2.3),
        _order(read),
        1 / max(len(_ASKED.findall(low)), 1),
        min(names, 3) / 3,
        float(read.shown or _QUOTED.search(text) is not None),
        float(_TIMED.search(low) is not None),
        float(_NEXT.search(low) is not None),
        _down(sum(word in _VAGUE for word in read.low) / n, 0.0, 0.2),
        1 - len(left) / used if used else 1.0,
    )


def sentences(text: str) -> int:
    """How many sentences a text has; lines count as such, and a text without an end mark is one."""
    text = text.strip()
    ends = sum(1 for _ in _END.finditer(text))
    return max(ends + (text[-1:] not in ".!?"), 1)


def _order(read: Prose) -> float:
    if len(read.words) < _BODY:
        return 1.0
    marks = sum(word in _ORDER for word in read.low) + len(_LISTED.findall(read.text)) + read.text.count(_PARAGRAPH)
    return min(marks * _BODY / len(read.words), 1.0)


def _down(value: float, good: float, bad: float) -> float:
    return min(max((bad - value) / (bad - good), 0.0), 1.0)
