"""Names of people that nobody told us, found by their setting: greetings, signatures, titles, words of speaking.

Keeps true: a word of the trade is never a person; a common English word is one only where the setting leaves no doubt; a
word on a list of first names is one where a capital says so. It reads each text once, word by word, and never back.
"""
# ruff: noqa: RUF001 (signs and letters of other scripts, meant)

import re
from collections.abc import Iterator
from functools import lru_cache

from cadre.language.private.fold import fold
from cadre.language.private.given import names
from cadre.language.private.span import Span
from cadre.language.private.vocabulary import COMMON, TRADE

_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽĿŁŃŅŇŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽƠƯȘȚΑ-ΩА-ЯЁІЇЄҐ"
_CAPITAL = re.compile(
    rf"(?<![\w/\\.=_'’-])[{_UPPER}][\w]*+(?:['’ʼ][^\W\d_]{{2,}}+)?(?:-[^\W\d_]+){{0,2}}(?![\w@\\/=]|-\w|\.\w)"
)
_PARTICLE = re.compile(
    r"(?: (?:van|von|de|der|den|del|della|dela|di|da|das|dos|du|la|le|el|al|bin|ibn|ben|ter|ten|zu|af|av|st\.?|y|e)){1,3}(?= )|"
)
_STRONG = re.compile(
    r"(?i)(?:^|[^\w])(?:hi(?: again)?|hello|hey|heya|hiya|dear|hola|bonjour|hallo|ciao|salut|hej|ahoj|olá|oi|moin|guten (?:tag|morgen|abend)|good (?:morning|afternoon|evening)|"
    r"morning|afternoon|evening|thanks|thank you|thanks again|many thanks|cheers|thx|ta|merci|danke|gracias|ask(?:ed|ing)?(?: for)?|reach|could|did|told|tell(?:ing)?|spoke (?:to|with)|speak (?:to|with)|talk(?:ed|ing)? (?:to|with)|"
    r"met with|chat(?:ted)? with|chased|pinged|rang|emailed|texted|attn:?|fao:?|cc:?|my name is|name(?:'s| is)|i'm|i am|this is|it's|here is|on behalf of|belongs to|assigned(?: to)?|"
    r"waiting (?:on|for)|let|approved by|reported by|requested by|raised by|signed by|contact(?: is)?|session with|call with|meeting with|introduce|welcome|per|user|customer|employee|staff member|"
    r"caller|colleague|boss|manager|mother|wife|husband|son|daughter|brother|sister|patient|tenant|director|ceo|cfo|technician|engineer|escalated to|handed (?:over )?to|passed (?:it |this )?to|left .{0,9}with|forwarded to|"
    r"new (?:starter|hire|user|joiner)|starter|leaver|(?:setup|set up)|regards|best|sincerely|love|yours)\s{0,2}[,:!-]{0,1}\s{1,2}[\"'“(]?$"
)
_FIELD = re.compile(
    r"(?i)(?:^|[\n;,|(]|  |\. )\s{0,3}(?:user|full name|name|contact|contact name|caller|requester|requestor|requested (?:by|for)|reported by|assigned (?:to|by)|assignee|owner|manager|approver|approved by|from|to|cc|"
    r"attendees?|employee(?: name)?|new starter|leaver|starter|new hire|customer|client contact|patient|technician|engineer|opened by|closed by|submitted by|primary contact|poc|signed|author|recipient|attn|ship to|deliver to|nombre|nom|naam|imię|cardholder|account holder|beneficiary|display ?name)"
    r"\s{0,2}[:=]\s{0,3}[\"'<(\[]?$"
)
_TITLE = re.compile(
    r"(?i)(?<!\d )(?<!\w)(?:mr|mrs|ms|(?-i:Miss)|mx|dr|prof|professor|rev|sir|lady|lord|herrn?|frau|fru|madame|mme|mlle|monsieur|señora?|señorita|sra?|sig(?:nora?|\.ra)?|dhr|mevr(?:ouw)?|mevr|pan|pani|dott|doña|don|senhora?|nurse|judge|officer|captain|sgt)\.? $"
)
_WEAK = re.compile(
    r"(?i)(?:^|[^\w])(?:with|from|by|for|to|and|or|of|on|at|is|that|when|if|as|but|because|so|gave|give|get|got|had|has|have|see|meet|can|could|did|does|will|would|should|remind|help|helped|called?|calling|contact|call|add|remove|disable|enable|,|&|let|of|via)\s{1,2}$"
)
_AFTER = re.compile(
    r"(?:['’]s\b|,? (?:said|says|called|calls|rang|asked|asks|confirmed|confirms|mentioned|replied|emailed|needs|wants|wanted|can['’]?t|cannot|has|had|was|reports?|reported|approved|thinks|logged in|tried|sent|gave|"
    r"doesn['’]?t|didn['’]?t|will|and (?=[A-Z][a-z])|would|should|might|swapped|walked|showed|helped|changed|replaced|moved|set up|checked|rebooted|is (?:\w+ing|on|out|off|back|away|in|asking|having|getting|unable|trying|waiting|still|going|not|working|happy|leaving|joining|locked|our|the|my|new)|can you|could you|please|know|knows?|left|just|also told|forgot|lost|came|went|phoned|joined|works|and I|or I|forwarded|opened|raised|requested|picked|took|handled|fixed)\b)"
)
_SPOKE = re.compile(
    r"(?:['’]s (?!\w+ing\b)| (?:said|says|called|calls|rang|asked|asks|confirmed|confirms|mentioned|replied|emailed|reported|approved|needs|wants|wanted|told|thinks|can['’]?t|cannot)\b)"
)
_OPEN = re.compile(r" (?:from|at|of|is|in)\b|[,(:]| \(|\s*(?:\n|$)")
_LONE = re.compile(
    r"\s*(?:$|[.,:;!?)\n])| (?:for|to|from|by|on|at|in|when|if|as|about|before|after|today|tomorrow|and|or|how|is|has|who|know|got)\b"
)
_JOINED = frozenset({" or ", " and ", " & ", ", ", "/", " und ", " et ", " y ", ", and "})
_CLOSE = re.compile(
    r"(?im)^[ \t>]{0,4}(?:(?:kind|best|warm|many)?\s?regards|best wishes|best|thanks(?: again| so much| in advance| all| a lot| very much)?|many thanks|thank you|cheers|sincerely|yours (?:sincerely|faithfully|truly)|br|rgds|kr|ta|mit freundlichen gr(?:ü|ue)(?:ß|ss)en|mfg|viele grüße|lg|gruß|cordialement|bien à vous|merci|saludos|un saludo|atentamente|gracias|abraços|obrigad[oa]|cordiali saluti|grazie|saluti|met vriendelijke groet(?:en)?|mvg|groeten|med vänlig hälsning|mvh|pozdrawiam|z poważaniem|--|—|sent by|-)[ \t]{0,3}[,.!]?[ \t]{0,3}\r?\n(?:[ \t]{0,4}\r?\n)?[ \t]{0,4}(?P<name>[^\n\r,|:@\d]{2,50}?)[ \t]{0,3}(?=$|[\r\n,|:])"
)
_INITIAL = re.compile(
    rf"(?<![\w.])(?:[{_UPPER}]\. ?){{1,2}}(?P<last>[{_UPPER}][^\W\d_]{{2,}}+(?:['’-][^\W\d_]+)?)(?![\w@.\\/-]\w|\w)"
)
_LOWER = re.compile(
    r"(?<![\w.@/-])(?P<hail>hi|hello|hey|thanks|thank you|cheers|thx|dear|ask|asked|told|tell|ping|cc|morning|@)[ ,]{1,2}@?(?P<name>[^\W\d_]{3,20}+)(?![\w@./\\-]\w|\w)|(?<![\w.+-])@(?P<handle>[^\W\d_][\w-]{1,30}+)(?![\w.]\w|@)",
    re.IGNORECASE,
)
_HAIL = re.compile(r"^(?:hi|hello|hey|dear|morning|thanks|thank you|cheers|thx)$", re.IGNORECASE)
_LOWER_TITLE = re.compile(r"(?<!\d )(?<!\w)(?:mr|mrs|ms|dr)\.? (?P<name>[a-zà-ÿ]{3,20}+)(?![\w-])")
_EASTERN = re.compile(
    r"[㐀-鿿]{1,3}(?=先生|女士|小姐|经理|经理|老师|同学|总)|[㐀-鿿ぁ-ヿ]{1,5}(?=さん|様|氏|君)|[가-힣]{2,4}(?=씨|님)"
)
_ONE_LETTER = re.compile(rf" [{_UPPER}]\.?(?![\w'’])")
_REVERSED = re.compile(rf"^, ?(?P<first>[{_UPPER}][^\W\d_]+(?:-[^\W\d_]+)?)(?: [{_UPPER}]\.)?(?!\w)")
_BOUNDARY = re.compile(r"(?:^|[.!?:;\n\r•*>|-])[\"'“‘(\[\s]*$")


@lru_cache(maxsize=100_000)
def _class(word: str) -> str:
    """`trade`, `common` (perhaps a name), `first`, `last`, `both` or `new`."""
    first, last = names()
    flat = "".join(c for c in fold(word) if c.isalnum())
    parts = [fold(part) for part in re.split(r"[-'’]", word)]
    if flat in TRADE or fold(word) in TRADE or (len(parts) > 1 and parts[0] in TRADE):
        return "trade"
    if (
        flat in COMMON
        or fold(word).replace("’", "'") in COMMON
        or (len(parts) > 1 and all(part in COMMON for part in parts))
    ):
        return "common"
    is_first = flat in first or (len(parts) > 1 and parts[0] in first)
    is_last = flat in last or (len(parts) > 1 and parts[-1] in last)
    if is_first or is_last:
        return "both" if is_first and is_last else "first" if is_first else "last"
    return "new"


def find(text: str) -> list[Span]:
    """Names of people in a text by their setting.

    Args:
        text: Anything.

    Returns:
        Spans of kind `person`; they may overlap.
    """
    found = list(_rest(text))
    words = list(_CAPITAL.finditer(text))
    past = 0
    for place, match in enumerate(words):
        if match.start() < past:
            continue
        end = _person(text, words, place, joined=past > 0 and text[past : match.start()] in _JOINED)
        if end:
            title = _TITLE.search(text[max(0, match.start() - 14) : match.start()])
            begin = match.start() - len(title.group()) if title else match.start()
            past = end
            found.append(Span(begin, end, "person"))
    return found


def _person(text: str, words: list[re.Match[str]], place: int, *, joined: bool) -> int:
    """Where the name that begins with a word ends; 0 where it is no name."""
    word, start, end = words[place].group(), words[place].start(), words[place].end()
    what = _class(word)
    if what == "trade" or not _like_a_name(word):
        return _titled(text, words, place) if what == "trade" and len(word) > 2 else 0
    before = text[max(0, start - 40) : start]
    far = _extend(text, words, place)
    if _TITLE.search(before):
        return far
    field = bool(_FIELD.search(before))
    turned = _turned(text, end, what, field=field)
    if turned:
        return turned
    strong = joined or field or bool(_STRONG.search(before)) or before.endswith("@")
    follows = _second(words, place) if far > end else ""
    if what == "common":
        named = _class_of_first(word) and _is_spoken_of(text, end, before, follows, strong=strong)
    elif what in {"first", "both"}:
        named = len(word) > 2 or strong
    else:
        named = (
            strong
            or follows in {"last", "both", "first"}
            or _seems_somebody(text, words[place], far, before, what, follows)
        )
    return far if named else 0


def _turned(text: str, end: int, what: str, *, field: bool) -> int:
    """Where `Last, First` ends; 0 where it is not that."""
    match = _REVERSED.match(text[end : end + 40])
    if not match or what == "common":
        return 0
    then = _class(match["first"])
    sure = field and then not in {"trade", "common"}
    return end + match.end() if sure or (then in {"first", "both"} and what in {"last", "both"}) else 0


def _is_spoken_of(text: str, end: int, before: str, follows: str, *, strong: bool) -> bool:
    """Whether a common word that is a first name too stands for somebody; at the start of a sentence verbs of speaking say so."""
    if follows in {"last", "both", "new"}:
        return True
    if _BOUNDARY.search(before[-6:]):
        return bool(_SPOKE.match(text, end))
    return strong or bool(_AFTER.match(text, end))


def _seems_somebody(text: str, first: re.Match[str], far: int, before: str, what: str, follows: str) -> bool:
    """Whether a word on no list of first names is somebody, by what stands around it."""
    word = first.group()
    if len(word) < 3:
        return False
    paired = far > first.end()
    bounded = bool(_BOUNDARY.search(before[-6:]))
    talks = bool(_AFTER.match(text, far)) and not word.isupper()
    if paired and follows in {"new", "last"} and (not bounded or talks or _OPEN.match(text, far)):
        return True
    if talks:
        return True
    return not bounded and bool(_WEAK.search(before)) and (what == "last" or bool(_LONE.match(text, far)))


def _titled(text: str, words: list[re.Match[str]], place: int) -> int:
    """A word of the trade is a last name after a title alone."""
    start = words[place].start()
    return (
        words[place].end() if _TITLE.search(text[max(0, start - 12) : start]) and words[place].group().istitle() else 0
    )


def _like_a_name(word: str) -> bool:
    """Not an abbreviation, a model or a product with capitals inside."""
    if any(c.isdigit() or c == "_" for c in word) or len(word) < 2:
        return False
    if word.isupper():
        return _class(word) in {"first", "both", "last"} and len(word) > 3
    return sum(map(str.isupper, word)) < 3 or "-" in word or "'" in word or "’" in word


@lru_cache(maxsize=10_000)
def _class_of_first(word: str) -> bool:
    """Whether a common word is used as a first name too."""
    return fold(word) in names()[0]


def _second(words: list[re.Match[str]], place: int) -> str:
    following = words[place + 1] if place + 1 < len(words) else None
    return _class(following.group()) if following else ""


def _extend(text: str, words: list[re.Match[str]], place: int) -> int:
    """The end of a name that goes on with more capitals, particles or an initial; three words at most."""
    end = words[place].end()
    for _ in range(3):
        gap = _PARTICLE.match(text, end)
        reach = gap.end() if gap else end
        following = words[place + 1] if place + 1 < len(words) else None
        if following is None or following.start() != reach + 1 or text[reach] != " ":
            return _initial(text, end)
        what = _class(following.group())
        if len(following.group()) == 1:
            if text[following.end() : following.end() + 1] != ".":
                return end
        elif (
            what == "trade"
            or (what == "common" and _BOUNDARY.search(text[max(0, following.start() - 4) : following.start()]))
            or not _like_a_name(following.group())
        ):
            return end
        place, end = place + 1, following.end()
    return end


def _initial(text: str, end: int) -> int:
    """The end of an initial that follows, its stop included within a sentence; `I` is none."""
    match = _ONE_LETTER.match(text, end)
    if not match or text[end + 1] == "I":
        return end
    return match.end() - (match.group().endswith(".") and text[match.end() : match.end() + 1] != " ")


def _rest(text: str) -> Iterator[Span]:
    """What capitals alone do not show."""
    if "\n" in text:
        yield from _signatures(text)
    if "." in text:
        for match in _INITIAL.finditer(text):
            if _class(match["last"]) not in {"trade", "common"}:
                yield Span(match.start(), match.end(), "person")
    yield from _lower(text)
    if not text.isascii():
        for match in _EASTERN.finditer(text):
            yield Span(match.start(), match.end(), "person")


def _signatures(text: str) -> Iterator[Span]:
    """The line after a closing one, where it holds one to four words and none of the trade."""
    for match in _CLOSE.finditer(text):
        words = match["name"].split()
        if not 1 <= len(words) <= 4 or not all(word[0].isupper() or len(word) < 4 for word in words):
            continue
        lone = len(words) == 1 and _class(words[0]) == "common" and not _class_of_first(words[0])
        if not lone and all(_class(word) != "trade" for word in words):
            yield Span(match.start("name"), match.end("name"), "person")


def _lower(text: str) -> Iterator[Span]:
    """Names in lower case after a greeting, an @ or a title."""
    for match in _LOWER.finditer(text):
        group = "name" if match["name"] else "handle"
        what = _class(match[group])
        called = group == "handle" and what not in {"trade", "common"}
        if called or what in {"first", "both"} or _hailed(text, match, match[group]):
            yield Span(match.start(group), match.end(group), "person")
    if "mr" in text or "ms " in text or "dr" in text:
        for match in _LOWER_TITLE.finditer(text):
            if _class(match["name"]) not in {"trade", "common"}:
                yield Span(match.start(), match.end(), "person")


def _hailed(text: str, match: re.Match[str], word: str) -> bool:
    """Whether an unknown word in lower case is all that a greeting has."""
    hail, after = match["hail"], text[match.end() : match.end() + 1]
    if not hail or not _HAIL.match(hail) or _class(word) not in {"new", "last"}:
        return False
    return after in ",.!\n" if after else hail.lower() in {"hi", "hello", "hey", "dear"}
