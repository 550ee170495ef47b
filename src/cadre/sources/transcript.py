"""Meeting transcripts as Teams and Zoom export them: WebVTT with a speaker a cue.

Keeps true: every cue is an utterance or a refusal; memory holds one cue and the names of the speakers, which is why
the cues are read here line by line and not by a library that takes whole files and stops at the first bad cue. A cue
without a speaker belongs to the speaker before it only where Teams' cue id (`<uuid>/<number>-<part>`) says that it
continues that speech. Labels such as `Speaker 1` mean someone else in each meeting, so they are accounts of their
meeting alone and name nobody. A date without a time of day counts from 12:00; what kind of meeting it was is missing.
"""

import hashlib
import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from cadre.errors import UnreadableFileError
from cadre.sources.flat import Named
from cadre.sources.reading import lines
from cadre.sources.source import Item, ReadOptions, Record, Rejected, Source, SourceFile
from cadre.sources.times import instant

MAX_CUE_LINES = 200
_CLOCK = r"(?:(\d{1,3}):)?([0-5]\d):([0-5]\d)[.,](\d{3})"
_TIMES = re.compile(rf"^\s*{_CLOCK}\s+-->\s+{_CLOCK}(?:\s.*)?$")
_PART = re.compile(r"^([0-9a-fA-F-]{36}/\d+)-\d+$")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]*)>")
_NAMED = re.compile(r"^\s*([^\W_][^:<>?!]{0,63}):\s+(?=\S)")
_TAG = re.compile(r"<[^>]{0,200}>")
_NOBODY = re.compile(r"^(?:speaker|unknown|unidentified|sprecher)(?:[ _-]?(?:speaker|user))?[ _-]?\d*$", re.IGNORECASE)
_ZOOM = re.compile(r"GMT(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)")
_DATE = re.compile(
    r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?:[ T_]+(\d\d)[:.h-]?(\d\d)(?:[:.m-]?(\d\d))?(?:\.\d+)?(Z|[+-]\d\d:\d\d)?(?!\d))?"
)


@dataclass(slots=True)
class _Block:
    """Lines between two blank ones."""

    line: int
    texts: list[str] = field(default_factory=list)
    is_damaged: bool = False


def _blocks(file: SourceFile) -> Iterator[_Block | Rejected]:
    block: _Block | None = None
    for item in lines(file):
        number = item.line if isinstance(item, Rejected) else item[0]
        if isinstance(item, Rejected):
            yield item
        elif not item[1].strip():
            if block:
                yield block
            block = None
            continue
        block = block or _Block(number)
        if isinstance(item, Rejected) or len(block.texts) == MAX_CUE_LINES:
            block.is_damaged = True
        else:
            block.texts.append(item[1])
    if block:
        yield block


def _opening(file: SourceFile) -> str:
    """What tells meetings apart whose files share a name without a date: the times of their first cues."""
    found = (item[1] for item in lines(file) if not isinstance(item, Rejected) and _TIMES.match(item[1]))
    return hashlib.sha256("\n".join(islice(found, 3)).encode()).hexdigest()[:8]


def _began(text: str, zone: str) -> tuple[bool, datetime] | None:
    """(Whether the time of day is told, the start) from a file name or note; None where it tells no date."""
    zoom, found = _ZOOM.search(text), _DATE.search(text)
    try:
        if zoom:
            return True, datetime(*(int(part) for part in zoom.groups()), tzinfo=UTC)  # type: ignore[misc,arg-type]
        if found:
            year, month, on, hour, minute, second, offset = found.groups()
            clock = f"{hour or 12}:{minute or '00'}:{second or '00'}{offset or ''}"
            return hour is not None, instant(f"{year}-{month}-{on}T{clock}", zone)
    except ValueError:
        return None
    return None


def _seconds(parts: Sequence[str | None]) -> float:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000


class _Meeting:
    """Reads the cues of one file."""

    def __init__(self, file: SourceFile, zone: str, named: Named) -> None:
        self.file, self.zone, self.named = file, zone, named
        self.began = _began(file.path.name, zone)
        self.key = file.name if self.began else f"{file.name}#{_opening(file)}"
        self.last_seconds: float | None = None
        self.speakers: dict[str, None] = {}
        self.ordinal = 0
        self.before: tuple[str, str] | None = None
        self.has_voices = False

    def note(self, block: _Block) -> None:
        """Take the start from a note before the first cue, unless the file name tells the time of day."""
        if self.ordinal == 0 and not (self.began and self.began[0]):
            told = _began(" ".join(block.texts), self.zone)
            self.began = told if told and (told[0] or self.began is None) else self.began

    def cue(self, block: _Block) -> Iterator[Record]:
        """One utterance a voice, and its words; `ValueError` refuses the cue."""
        if block.is_damaged:
            raise ValueError(f"a line of this cue cannot be read, or it has more than {MAX_CUE_LINES} lines")
        at = next((n for n, text in enumerate(block.texts[:2]) if _TIMES.match(text)), None)
        times = None if at is None else _TIMES.match(block.texts[at])
        if at is None or times is None:
            raise ValueError("no cue times: expected 00:00:01.000 --> 00:00:02.000")
        start, end = _seconds(times.groups()[:4]), _seconds(times.groups()[4:])
        if end < start:
            raise ValueError("the cue ends before it starts")
        part = _PART.match(block.texts[0].strip()) if at else None
        group = part[1] if part else None
        said = self._voices("\n".join(block.texts[at + 1 :]), group)
        if not said:
            raise ValueError("a cue without words")
        self.last_seconds = max(end, self.last_seconds or 0.0)
        self.before = (group, said[-1][0]) if group else None
        for n, (account, words) in enumerate(said):
            yield from self._utterance(account, words, (start, end), block.line if n == 0 else None)

    def _voices(self, payload: str, group: str | None) -> list[tuple[str, str]]:
        pieces = _VOICE.split(payload)
        self.has_voices = self.has_voices or len(pieces) > 1
        found: list[tuple[str | None, str]] = [(None, pieces[0]), *zip(pieces[1::2], pieces[2::2], strict=True)]
        label = None if self.has_voices else _NAMED.match(payload)
        if label:
            found = [(label[1], payload[label.end() :])]
        said = []
        for name, raw in found:
            words = " ".join(html.unescape(_TAG.sub("", raw)).split())
            if not words:
                continue
            speaker = self._account(name) if name and name.strip() else None
            if speaker is None and self.before and self.before[0] == group:
                speaker = self.before[1]
            if speaker is None:
                raise ValueError("no speaker: expected <v Name> or `Name: ` before the words")
            said.append((speaker, words))
        return said

    def _account(self, name: str) -> str:
        name = " ".join(html.unescape(name).split())
        if _NOBODY.match(name):
            key = f"{self.key}/{name}"
            self.named.account(key, "unknown")
        else:
            key = name
            self.named.account(key, "unknown", name=name)
        return key

    def _utterance(self, account: str, words: str, seconds: tuple[float, float], line: int | None) -> Iterator[Record]:
        key = f"{self.key}/{self.ordinal}"
        self.speakers.setdefault(account)
        values: dict[str, Any] = {
            "external_id": key,
            "occurred_at": self.began[1] + timedelta(seconds=seconds[0]) if self.began else None,
            "meeting_id": self.key,
            "account_id": account,
            "ordinal": self.ordinal,
            "start_seconds": seconds[0],
            "end_seconds": seconds[1],
        }
        self.ordinal += 1
        yield Record("utterances", values, self.file.name, line)
        told = {
            "external_id": f"utterances/{key}/body",
            "record_table": "utterances",
            "record_id": key,
            "field": "body",
            "account_id": account,
            "body": words,
        }
        yield Record("texts", told, self.file.name, None)

    def close(self) -> Iterator[Record]:
        """The meeting, and who spoke in it."""
        values: dict[str, Any] = {"external_id": self.key}
        if self.began:
            values["occurred_at"] = self.began[1]
            if self.last_seconds is not None:
                values["ended_at"] = self.began[1] + timedelta(seconds=self.last_seconds)
        yield Record("meetings", values, self.file.name, None)
        for n, account in enumerate(self.speakers):
            seat = {"external_id": f"{self.key}/{n}", "meeting_id": self.key, "account_id": account}
            yield Record("attendances", seat, self.file.name, None)


def _read(files: Sequence[SourceFile], options: ReadOptions) -> Iterator[Item]:
    named = Named()
    for file in files:
        meeting = _Meeting(file, options.zone, named)
        is_first = True
        for block in _blocks(file):
            if isinstance(block, Rejected):
                yield block
                continue
            word = block.texts[0].split(maxsplit=1)[0] if block.texts else ""
            if is_first and word != "WEBVTT":
                raise UnreadableFileError(
                    f"{file.name}: does not begin with WEBVTT", hint="Download the transcript as WebVTT (.vtt)."
                )
            if word == "NOTE" or is_first:
                meeting.note(block)
            elif word not in {"STYLE", "REGION"}:
                try:
                    yield from list(meeting.cue(block))
                except ValueError as error:
                    yield Rejected(str(error), file.name, block.line)
            is_first = False
        yield from meeting.close()
    if files:
        yield from named.records(files[0].name)


SOURCE = Source(
    name="transcript",
    label="Teams and Zoom transcripts",
    group="msp",
    accepts="meeting transcripts as WebVTT, with `<v Name>` or `Name:` before the words",
    patterns=("*.vtt", "*.vtt.gz"),
    yields=("meetings", "utterances", "attendances", "texts", "accounts", "identities"),
    read=_read,
    tried="not yet tried on a live export",
    reference="W3C WebVTT: The Web Video Text Tracks Format (w3.org/TR/webvtt1)",
)
