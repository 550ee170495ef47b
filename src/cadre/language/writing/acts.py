"""What a text does to its reader: tells them to do something, asks, promises, reports; and how it sets that out.

Keeps true: a cheap look at the words comes before any pattern, and every pattern is linear in the text.
"""

import re

from cadre.language.writing.readable import Prose, wordset

_DO = wordset(
    "add apply attach backup call change check choose clear click close complete confirm connect copy create delete disable "
    "disconnect download enable ensure enter export fill find forward go hold import insert install keep leave let log look "
    "make map move navigate note open paste ping plug press pull push put reboot reconnect reinstall remove rename repeat "
    "replace reply reset restart restore retry review run save scan select send set sign start stop switch tap tell test "
    "tick try turn type uninstall unplug update upgrade upload use verify wait"
)
_INSTRUCTION = re.compile(
    r"(?:^|[.!?;:,\n] {0,8}|\b(?:then|and|please|first|next|finally|lastly|afterwards|you (?:can|should|must|need to|have to)) )"
    rf"(?:(?:[-*•]|\(?\d{{1,2}}[.)]) {{0,4}})?(?:please |then |just |now ){{0,2}}(?:{'|'.join(sorted(_DO))})\b"
)
_LISTED = re.compile(r"^ {0,8}(?:[-*•]|\(?\d{1,2}[.)]|[a-d]\)) ", re.MULTILINE)
_ORDER = wordset(
    "first firstly second secondly third thirdly then next finally lastly afterwards after before once step"
)
_ASK_WORDS = frozenset(["please", "can", "could", "would", "will", "pls"])
_ASKED = re.compile(
    r"\?+|\b(?:please|pls)(?! (?:find|see|note|be aware|let (?:me|us) know|feel free|do not hesitate))\b[^.!?\n]{0,400}\?*|"
    r"(?:^|[.!\n,;] {0,4}|\band )(?:can|could|would|will) (?:you|u|someone|anyone|somebody|anybody)\b[^.!?\n]{0,400}\?*"
)
_COURTESY = re.compile(
    r"\bhow (?:are|r) (?:you|u|things)[^.!?\n]{0,40}\?|\bhow'?s (?:it|everything) (?:going|been)[^.!?\n]{0,20}\?"
)
_PROMISE = re.compile(
    r"\b(?:(?:i|we|they|he|she|you)(?:'ll| will| shall)|(?:i'm|we're|i am|we are|is|are) (?:going to|about to)|will (?:be|get|have)|"
    r"(?:is|are) (?:scheduled|planned|due))\b"
)
_FUTURE = wordset("i'll we'll they'll he'll she'll you'll it'll will shall going about scheduled planned due")
_REPORT = wordset(
    "happened started stopped crashed failed broke dropped froze lost since down offline disconnected appeared noticed "
    "rebooted outage unreachable"
)
_ACTOR = re.compile(
    r"\b(?:(?:i|we|they|he|she|you)(?:'ll| will| shall|'m going to|'re going to| can| should| must| need to| needs to| have to)|"
    r"(?:i'm|we're|i am|we are) (?:going to|about to|now)|let me|let us|make sure|assigned to|"
    r"next step(?:s)?(?: is| are|:)|(?:can|could|would|will) (?:you|someone|anyone|somebody))\b"
)
_NOBODY = re.compile(
    r"\b(?:(?:will|should|must|needs? to|has to|have to|to) (?:be|get) [a-z]+(?:ed|ne|t|n)|needs [a-z]+ing)\b"
)
_CLOSED = re.compile(
    r"\b(?:(?:no|nothing) (?:further |more |else )?(?:action|needed|required|to do)|(?:is|are|now|been|it's) (?:\w{1,12} )?"
    r"(?:resolved|fixed|solved|finished|working|done|complete|completed|restored|closed)|finished ok|closing (?:this|the) (?:ticket|case|call))\b"
)


def instructions(prose: Prose) -> int:
    """How many times the text tells somebody to do something."""
    if sum(map(_DO.__contains__, prose.words)) < 2:  # one alone is no series, and most texts hold none
        return 0
    return len(_INSTRUCTION.findall(prose.low))


def ordered(prose: Prose) -> int:
    """How many marks of order it has: items of a list and words such as "then"."""
    return listed(prose) + sum(map(_ORDER.__contains__, prose.words))


def listed(prose: Prose) -> int:
    """How many items of a list it has, each on its own line."""
    return len(_LISTED.findall(prose.low)) if "\n" in prose.low else 0


def asks(prose: Prose, bag: set[str]) -> int:
    """How many questions and requests it puts; "how are you?" is none, and a request with its question mark is one."""
    if "?" not in prose.low and _ASK_WORDS.isdisjoint(bag):
        return 0
    low = _COURTESY.sub(" ", prose.low) if "how" in bag or "how's" in bag else prose.low
    return len(_ASKED.findall(low))


def plans(prose: Prose, bag: set[str]) -> bool:
    """Whether it says that something is going to be done."""
    return not _FUTURE.isdisjoint(bag) and _PROMISE.search(prose.low) is not None


def reports(bag: set[str]) -> bool:
    """Whether it reports that something happened or does not work."""
    return not _REPORT.isdisjoint(bag)


def settles(prose: Prose, bag: set[str]) -> float:
    """1 where it says who does what next or that nothing is left, .5 where what is to be done but not by whom, else 0."""
    if "please" in bag or "?" in prose.low or _ACTOR.search(prose.low) or _CLOSED.search(prose.low):
        return 1.0
    if instructions(prose):
        return 1.0
    return 0.5 if _NOBODY.search(prose.low) else 0.0
