"""The parts of clarity: each a share from 0 to 1, higher for clearer, of something that stands in the text and can be changed.

Keeps true: only the text is read, each by itself, so neither its neighbours nor their order matter; a part that does not
apply is missing, never 0; no part says anything about whoever wrote it.

References:
    Flesch 1948, "A new readability yardstick", Journal of Applied Psychology 32 (words a sentence, syllables a word);
    Flesch 1949, The Art of Readable Writing (which averages are easy and which are difficult);
    Bettenburg et al. 2008, "What makes a good bug report?", FSE (steps, the thing itself and what was seen help most).
"""

import re
from collections.abc import Sequence
from typing import Final, Literal

import numpy as np

from cadre.language.turns import Floats
from cadre.language.writing.acts import asks, instructions, listed, ordered, plans, reports, settles
from cadre.language.writing.jargon import terms
from cadre.language.writing.readable import MIN_WORDS, Prose, prose, wordset

Reader = Literal["colleague", "client"]
PARTS: Final = (
    "short_sentences", "plain_words", "ordered_steps", "one_ask", "names_the_thing", "names_the_time",
    "names_the_next_step", "terms_explained",
)  # fmt: skip
"""In this order in every array; what each counts stands at the function of its name."""

READERS: Final = ("colleague", "client")
NOT_APPLYING = float("nan")
"""What a part is where it says nothing of a text."""

MIN_STEPS = 3
"""From so many things to do on, their order is worth marking."""
MIN_NEXT = 12
"""A text of fewer words is one turn of a talk and need not say what comes next."""
MIN_AVERAGED = 8
"""An average over fewer words says little."""
_EASY_SENTENCE, _HARD_SENTENCE = 14.0, 29.0
_EASY_WORD, _HARD_WORD = 1.39, 1.92

_END = re.compile(r"[.!?]+(?=\s|$)|\n")
_WORDY = re.compile(r"[^\W\d_]")
_SYLLABLE = re.compile(
    r"[aiouy][aeiouy]*|e[aeiouy]+|\b[b-df-hj-np-tv-xz]{1,2}e\b|(?<=[bcdfgkptz])le\b|(?<=[td])ed\b|(?<=[cghsxz])es\b|e(?![ds]?\b)"
)
_THINGS = wordset(
    "account adapter address alert app application attachment backup battery browser cable calendar camera certificate "
    "channel chrome computer console contract dashboard database desktop device disk dock domain drive driver email excel "
    "extension file firewall folder gateway headset hostname internet invoice keyboard laptop licence license link log "
    "login machine mailbox microphone modem monitor mouse network office onedrive outlook outlet page password pc phone "
    "plan policy port portal printer profile program queue report router scanner screen script server service session "
    "sharepoint site software storage switch tablet teams ticket token update usb user username version video voicemail "
    "vpn website wifi windows workstation"
)
_THINGS_AND_MORE = _THINGS | {f"{thing}s" for thing in _THINGS}
_NAMED = re.compile(
    r"\d+(?:\.\d+)+|\b[A-Za-z]*\d[\w.-]*|[\w~-]+[/\\][\w.-]|\b[A-Z]{2,}\b|\b[a-z]+[A-Z]|(?<=[a-z,] )[A-Z][a-z]|\b\w+[._]\w|"
    r"[\"“`][^\"“”`\n]{2,200}[\"”`]|\[[a-z]+ [^\]\n]{1,30}\]"
)
_VAGUE = wordset("it it's its them those these something somewhere stuff thing things thingy one ones")
_POINTING = re.compile(
    r"\b(?:this|that)(?= (?:is|was|will|should|does|did|has|needs|isn't|doesn't|didn't|one|thing|stuff)\b|[.,?!]|$)"
)
_EXACT_TIME = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:january|february|april|june|july|august|september|october|november|december|"
    r"today|tomorrow|tonight|yesterday|noon|midnight|eod|cob|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)|"
    r"\d{1,2} ?(?:am|pm)|\d{1,2}:\d\d|\d{1,2} o'clock|\d{4}-\d\d-\d\d|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|"
    r"(?:\d{1,3}|an?|one|two|three|four|five|ten|half an) ?(?:minutes?|mins?|hours?|hrs?|h|days?|weeks?)|"
    r"end of (?:the )?(?:day|week|month)|this (?:morning|afternoon|evening|week)|(?:last|next) (?:night|week|month)|right now|now|"
    r"immediately)\b"
)
_VAGUE_TIME = wordset("soon later shortly asap recently earlier eventually sometime awhile lately quickly urgently")


def parts(texts: Sequence[str], reader: Reader) -> Floats:
    """The parts of clarity of each text.

    Args:
        texts: As written, in any order; of each at most the first 4,000 characters are read.
        reader: For whom they were written; a client need not know the terms of the trade.

    Returns:
        `PARTS` of each text, 0 to 1, 1 the clearer; NaN where a part does not apply, and throughout where a text is not
        readable or has fewer than `MIN_WORDS` words. Shape (n, len(PARTS)).

    Raises:
        ValueError: `reader` is neither "colleague" nor "client".
    """
    if reader not in READERS:
        raise ValueError(f"A reader is one of {', '.join(READERS)}, not {reader!r}.")
    out = np.full((len(texts), len(PARTS)), np.nan, np.float32)
    client = reader == "client"
    for i, text in enumerate(texts):
        read = prose(text)
        if read is not None and len(read.words) >= MIN_WORDS:
            bag = set(read.words)
            out[i] = (
                short_sentences(read), plain_words(read), ordered_steps(read), one_ask(read, bag), names_the_thing(read),
                names_the_time(read, bag), names_the_next_step(read, bag), terms_explained(read) if client else NOT_APPLYING,
            )  # fmt: skip
    return out


def short_sentences(read: Prose) -> float:
    """Words a sentence: 1 up to 14 ("fairly easy"), 0 from 29 on ("very difficult"), even between.

    A line is a sentence too, as in chat and in lists. Flesch 1948 measures sentences so; the bounds are of Flesch 1949.
    """
    if len(read.words) <= _EASY_SENTENCE:
        return 1.0
    sentences = sum(1 for each in _END.split(read.low) if _WORDY.search(each))
    return _falling(len(read.words) / max(sentences, 1), _EASY_SENTENCE, _HARD_SENTENCE)


def plain_words(read: Prose) -> float:
    """Syllables a word: 1 up to 1.39 ("fairly easy"), 0 from 1.92 on ("very difficult"), even between.

    Syllables are counted by groups of vowels without silent endings, and a word has one at least. Flesch 1948 measures
    words so; the bounds are of Flesch 1949. Only for `MIN_AVERAGED` words or more, as one long word decides a shorter text.
    """
    n = len(read.words)
    if n < MIN_AVERAGED:
        return NOT_APPLYING
    return _falling(max(len(_SYLLABLE.findall(" ".join(read.words))), n) / n, _EASY_WORD, _HARD_WORD)


def ordered_steps(read: Prose) -> float:
    """Marks of order for each step after the first, at most 1; only where a text tells to do `MIN_STEPS` things or more.

    Items of a list and words such as "then" count. Steps are what readers of a fault report miss most (Bettenburg et
    al. 2008), and without order the reader has to find it.
    """
    steps = instructions(read)
    return min(ordered(read) / (steps - 1), 1.0) if steps >= MIN_STEPS else NOT_APPLYING


def one_ask(read: Prose, bag: set[str]) -> float:
    """1 through the number of questions and requests; only where there is one.

    Of several asks in one text some go unanswered. A list takes one off for each of its items, as there each can get its
    answer, but at least one ask stays.
    """
    count = asks(read, bag)
    if not count:
        return NOT_APPLYING
    return 1.0 / max(count - listed(read), 1)


def names_the_thing(read: Prose) -> float:
    """Named things beside "it", "this", "something": share of names, a vague word counting half; only where either stands.

    Identifiers, versions, paths, quoted words, names within a sentence and everyday things ("printer") are names. A
    vague word is no harm once the thing is named, so it counts half, and all where nothing is. What is affected is among
    what helps most in a report (Bettenburg et al. 2008).
    """
    named = sum(map(_THINGS_AND_MORE.__contains__, read.words)) + len(_NAMED.findall(read.text))
    vague = sum(map(_VAGUE.__contains__, read.words)) + len(_POINTING.findall(read.low))
    return named / (named + vague / 2) if named or vague else NOT_APPLYING


def names_the_time(read: Prose, bag: set[str]) -> float:
    """1 with a time, day or span, .5 with "soon" or "asap", else 0; only where a text promises or reports that something happened.

    Without it the reader cannot tell when to expect what was promised, nor where in a log to look.
    """
    if not (reports(bag) or plans(read, bag)):
        return NOT_APPLYING
    if _EXACT_TIME.search(read.low):
        return 1.0
    return 0.0 if _VAGUE_TIME.isdisjoint(bag) else 0.5


def names_the_next_step(read: Prose, bag: set[str]) -> float:
    """1 where it stands who does what next or that nothing is left to do, .5 where only what is to be done, else 0.

    Telling, asking or promising anything says who is next. Only for texts of `MIN_NEXT` words or more: a line in chat need
    not say it.
    """
    return settles(read, bag) if len(read.words) >= MIN_NEXT else NOT_APPLYING


def terms_explained(read: Prose) -> float:
    """Share of the terms of the trade that the text explains; only where it uses one, and only asked for a client."""
    found = terms(read.text)
    return sum(found.values()) / len(found) if found else NOT_APPLYING


def _falling(value: float, best: float, worst: float) -> float:
    return min(max((worst - value) / (worst - best), 0.0), 1.0)
