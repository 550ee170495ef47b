"""Names that the firm told: its clients and its people, found in bulk however somebody wrote them.

Keeps true: no writing of a client's name that differs in case, spaces, hyphens, signs between words, diacritics,
invisible characters or a possessive gets through; the cost grows with the text and not with the number of names, as a
word of the text is looked up by its first letters. A person's first or last name alone counts where it is no common
word, or where it is written with a capital within a sentence, or where what follows says that it is somebody.
"""
# ruff: noqa: RUF001 (typographic apostrophes, meant)

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cadre.language.private.fold import Stream, fold, key, stream
from cadre.language.private.span import Span
from cadre.language.private.vocabulary import COMMON, TRADE

_LEGAL = frozenset(
    """ltd limited inc incorporated llc llp lp plc corp corporation co company gmbh mbh ag kg ug ohg ev bv nv sa sas sarl sl srl spa
    pty pte oy oyj ab as asa aps sro doo zoo kft ltda lda eirl pllc pc pa sp kk holding holdings group""".split()  # noqa: SIM905
)
_SPLIT = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*")
_NICKS = """robert bob rob bobby robbie|william will bill billy liam|richard rich rick dick|michael mike mick mikey|james jim jimmy jamie|
john johnny jack|jonathan jon jonny|joseph joe joey|thomas tom tommy|christopher chris kit|matthew matt|anthony tony|andrew andy drew|
daniel dan danny|david dave davey|edward ed eddie ted|steven steve|stephen steve|stephanie steph|benjamin ben benny|samuel sam|samantha sam|
alexander alex sasha|alexandra alex sandra|nicholas nick|patrick pat paddy|patricia pat trish patty|charles charlie chuck|gregory greg|
kenneth ken kenny|ronald ron|donald don|timothy tim|jeffrey jeff|geoffrey geoff|lawrence larry|raymond ray|gerald gerry|peter pete|
phillip phil|philip phil|douglas doug|frederick fred|leonard len|walter walt|nathaniel nate nat|nathan nate|zachary zach|joshua josh|
elizabeth liz beth lizzie eliza|katherine kate katie kathy|catherine cathy kate|margaret maggie meg peggy|jennifer jen jenny|
jessica jess|rebecca becky bec|susan sue susie|deborah deb debbie|barbara barb|victoria vicky tori|amanda mandy|jacqueline jackie|
kimberly kim|christine chris chrissy|christina tina chris|theresa terry tess|gabriel gabe|gabriella gabby|isabella bella izzy|
vincent vince|francis frank|francisco paco pancho|jose pepe|guadalupe lupe|eduardo lalo edu|aleksander olek|katarzyna kasia|
malgorzata gosia|johannes hans jo|maximilian max|dmitri dima|dmitry dima|mikhail misha|svetlana sveta|oksana ksenia|
priyanka priya|abhishek abhi|mohammed mo|muhammad mo|gareth gaz|gary gaz|kevin kev|darren daz|sharon shaz|terence terry""".replace(
    "\n", ""
)
_CUES_AFTER = re.compile(
    r"(?:['’]s\b| (?:said|says|called|calls|rang|asked|asks|confirmed|confirms|mentioned|replied|emailed|needs|wants|wanted|can['’]?t|cannot|has|had|is|was|will|would|"
    r"reports?|reported|approved|thinks|and I\b|from\b|at\b|in accounts|logged|tried|sent|gave|got|did|does|doesn['’]?t|didn['’]?t|just|still|and (?=[A-Z])|or (?=[A-Z]))\b)"
)
_TALK = re.compile(
    r"(?i)(?:\b(?:hi|hello|hey|dear|thanks|thank you|cheers|morning|afternoon|ask|asked|tell|told|cc|with|from|by|regards|best|contact|user|caller|mr|mrs|ms|dr)[ ,:.]{1,2}\s?|@|\bi'm |\bthis is )$"
)
_BOUNDARY = re.compile(r"(?:^|[.!?:;\n\r•*>-])[\"'“‘(\[\s]*$")


@dataclass(frozen=True, slots=True)
class Known:
    """A name to look for.

    Attributes:
        kind: `client` or `person`.
        whose: The name as it was told.
        rule: `any` however written; `capital` only with a capital; `cue` only with a capital and a setting.
    """

    kind: str
    whose: str
    rule: str


class Names:
    """An index of names.

    Args:
        clients: Names of clients, with or without their legal form.
        people: Names of people, first names first.
    """

    def __init__(self, clients: Iterable[str] = (), people: Iterable[str] = ()) -> None:
        """Index every way to write every name."""
        self._known: dict[str, Known] = {}
        for name in clients:
            for way in client_ways(name):
                self._known[way] = Known("client", name, "any")
        for name in people:
            for way, rule in person_ways(name):
                before = self._known.get(way)
                if before is None or (before.kind == "person" and _STRICT[rule] < _STRICT[before.rule]):
                    self._known[way] = Known("person", name, rule)
        self._heads: dict[str, list[int]] = {}
        for way in self._known:
            sizes = self._heads.setdefault(way[:3], [])
            if len(way) not in sizes:
                sizes.append(len(way))
        for sizes in self._heads.values():
            sizes.sort(reverse=True)

    def find(self, text: str) -> list[Span]:
        """Names in a text, the longest at each place; they may not overlap."""
        return [span for span, _ in self.told(text)]

    def told(self, text: str) -> Iterator[tuple[Span, Known]]:
        """Names in a text, each with whose it is."""
        if not self._heads:
            return
        read = stream(text)
        heads, flat, past = self._heads, read.text, 0
        stops: set[int] | None = None
        for start in read.starts:
            if start < past:
                continue
            sizes = (
                heads.get(flat[start : start + 3])
                or heads.get(flat[start : start + 2])
                or heads.get(flat[start : start + 1])
            )
            if sizes is None:
                continue
            stops = stops or set(read.ends)
            found = self._at(text, read, start, stops)
            if found:
                past = found[2]
                yield found[0], found[1]

    def _at(self, text: str, read: Stream, start: int, stops: set[int]) -> tuple[Span, Known, int] | None:
        flat = read.text
        for head in (3, 2, 1):
            for size in self._heads.get(flat[start : start + head], ()):
                end = start + size
                if head < 3 and size >= 3:
                    continue
                known = self._known.get(flat[start:end])
                if known is None:
                    continue
                if end not in stops:
                    if known.kind != "client" or not (flat[end : end + 1] == "s" and end + 1 in stops):
                        continue
                    end += 1
                first, last = read.origin(start), read.origin(end - 1) + 1
                if known.rule == "any" or _is_somebody(text, first, last, known.rule):
                    return Span(first, last, known.kind), known, end
        return None


_STRICT = {"any": 0, "capital": 1, "cue": 2}


def _is_somebody(text: str, start: int, end: int, rule: str) -> bool:
    if not text[start].isupper():
        return rule == "capital" and bool(_TALK.search(text, max(0, start - 20), start))
    if rule == "capital":
        return True
    if _CUES_AFTER.match(text, end) or _TALK.search(text, max(0, start - 20), start):
        return True
    return not _BOUNDARY.search(text, max(0, start - 12), start) and not text[start:end].isupper()


def client_ways(name: str) -> set[str]:
    """Ways to write a client's name, folded: whole, without its legal form, and its distinctive beginnings."""
    found = set()
    for spelled in _spellings(name):
        words = [word for word in _SPLIT.findall(spelled) if key(word)]
        if len(words) > 1 and fold(words[0]) == "the":
            found.add(key(" ".join(words)))
            words = words[1:]
        bare = list(words)
        while len(bare) > 1 and key(bare[-1]) in _LEGAL:
            found.add(key(" ".join(bare)))
            bare.pop()
        while len(bare) > 1 and fold(bare[-1]) in {"and", "the", "of"}:
            bare.pop()
        found.update({key(spelled), key(" ".join(words)), key(" ".join(bare))})
        found.update(
            key(" ".join(bare[:count])) for count in range(2, len(bare)) if len(key(" ".join(bare[:count]))) >= 8
        )
        alone = fold(bare[0])
        if len(key(alone)) >= 4 and alone not in COMMON and alone not in TRADE:
            found.add(key(alone))
    return {way for way in found if way}


def _spellings(name: str) -> set[str]:
    """As told; with & and and in words, as the other and left out; with umlauts spelled out."""
    ways = {name}
    if "&" in name or re.search(r"(?i)\band\b", name):
        ways |= {name.replace("&", " and "), re.sub(r"(?i)\band\b", "&", name), re.sub(r"(?i)\band\b|&", " ", name)}
    if "+" in name:
        ways |= {name.replace("+", " and "), name.replace("+", " plus ")}
    out = set(ways)
    for way in ways:
        spelled = re.sub("[äöüÄÖÜ]", lambda m: {"ä": "ae", "ö": "oe", "ü": "ue"}[m.group().lower()], way)
        out |= {spelled, re.sub(r"(?i)\bst\.? ", "Saint ", way)}
    return out


def person_ways(name: str) -> Iterator[tuple[str, str]]:
    """Ways to write a person's name, folded, each with its rule; two letters at least."""
    for told in _spellings(re.sub(r"\([^)]*\)|\"[^\"]*\"", " ", name)):
        last, comma, first = told.partition(",")
        spelled = f"{first} {last}" if comma else told
        words = [key(word) for word in spelled.split() if key(word)]
        if not words:
            continue
        if len(words) > 1:
            yield from _whole(words)
        yield from _alone(words[0])
        for part in spelled.split()[0].split("-"):
            yield from _alone(key(part))
        for short in _nicks(words[0]):
            yield from _alone(short)


def _whole(words: list[str]) -> Iterator[tuple[str, str]]:
    """First and last name together, in either order, shortened on either side; the last name alone."""
    first, rest, end = words[0], "".join(words[1:]), words[-1]
    for way in (first + rest, rest + first, first + end, end + first):
        yield way, "any"
    for short in _nicks(first):
        yield short + rest, "any"
    for way in (first[0] + rest, rest + first[0], first[0] + end):
        yield way, "any" if len(way) > 5 and way not in COMMON else "capital"
    if first not in COMMON:
        yield first + end[0], "capital"
    yield from _alone(rest)
    if end != rest:
        yield from _alone(end)


def _alone(word: str) -> Iterator[tuple[str, str]]:
    if len(word) < 2:
        return
    if word in COMMON or word in TRADE or len(word) < 3:
        yield word, "cue"
    else:
        yield word, "any" if len(word) > 5 else "capital"


def _nicks(first: str) -> list[str]:
    return [short for row in _NICKS.split("|") for short in row.split()[1:] if row.split()[0] == first]
