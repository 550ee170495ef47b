"""Meetings as tables of dialogue acts, with speakers and adjacency pairs, as the AMI corpus has them.

Keeps true: tables are told by their columns; a dialogue act is one utterance, placed in its meeting by its start; the
second half of an adjacency pair answers the first, and where it is paired again only the first pair counts. A speaker
is known by the participant, or by `<meeting>.<speaker>` where no participant is told. Dates are read day first unless
the source's habit says otherwise; a date without a time of day counts from 12:00 in the source's zone, and without a
date times are missing. Pair types and social roles have no table, so a pair keeps its link and a role is refused.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from cadre.sources.columns import Columns, real, unknown_columns
from cadre.sources.reading import rows
from cadre.sources.source import Folded, Item, ReadOptions, Record, Rejected, Source, SourceFile
from cadre.sources.times import day, zone_of

WANTED = {
    "id": ("da_id", "dialogue_act_id"),
    "meeting": ("meeting_id",),
    "speaker": (),
    "role": (),
    "participant": (),
    "type": ("meeting_type",),
    "date": (),
    "start": ("start_seconds",),
    "end": ("end_seconds",),
    "act": ("da_type",),
    "addressee": (),
    "text": ("words",),
    "source": ("source_da",),
    "target": ("target_da",),
    "social_role": (),
}
_NOON = time(12)
_MAX_SECONDS = 7 * 24 * 3600
_CLOCK = re.compile(r"^(\d{1,2})[h:.](\d{2})$")


@dataclass(slots=True)
class _Meeting:
    """What all tables together tell of one meeting."""

    file: str
    kind: str | None = None
    began_at: datetime | None = None
    last_seconds: float | None = None
    speakers: dict[str, str | None] = field(default_factory=dict)
    roles: dict[str, str | None] = field(default_factory=dict)
    listed: set[str] = field(default_factory=set)
    starts: list[tuple[float, str]] = field(default_factory=list)


def _told(file: SourceFile) -> Iterator[Rejected | tuple[int, Columns, dict[str, str]]]:
    columns: Columns | None = None
    for item in rows(file):
        if isinstance(item, Rejected):
            yield item
            continue
        columns = columns or Columns(item[1], WANTED)
        yield item[0], columns, item[1]


def _table_of(file: SourceFile) -> str | None:
    """Which table a file is by its columns; None for one without rows."""
    for item in _told(file):
        if isinstance(item, Rejected):
            continue
        columns = item[1]
        if columns.has("meeting", "speaker", "social_role"):
            return "social roles"
        if columns.has("source", "target"):
            return "pairs"
        if columns.has("id", "meeting", "speaker", "start"):
            return "acts"
        if columns.has("meeting", "speaker"):
            return "speakers"
        raise unknown_columns(file, columns.found, ["meeting", "speaker", "da_id", "start", "or source_da, target_da"])
    return None


class _Study:
    """Gathers what meetings there are, then yields their utterances."""

    def __init__(self, options: ReadOptions) -> None:
        self.zone = zone_of(options.zone)
        self.day_first = True if options.day_first is None else options.day_first
        self.meetings: dict[str, _Meeting] = {}
        self.answers: dict[str, str] = {}
        self.pairs: list[tuple[str, str, int]] = []
        self.ordinals: dict[str, int] = {}
        self.addressed: dict[str, str] = {}

    def account(self, meeting: str, speaker: str) -> str:
        """The key of a speaker's account."""
        known = self.meetings[meeting].speakers.get(speaker) if meeting in self.meetings else None
        return known or f"{meeting}.{speaker}"

    def _meet(self, columns: Columns, row: dict[str, str], file: str) -> tuple[_Meeting, str, str]:
        name, speaker = columns.read(row, "meeting"), columns.read(row, "speaker")
        if name is None or speaker is None:
            raise ValueError("no meeting or no speaker")
        meeting = self.meetings.setdefault(name, _Meeting(file))
        meeting.kind = meeting.kind or columns.read(row, "type")
        meeting.speakers[speaker] = meeting.speakers.get(speaker) or columns.read(row, "participant")
        meeting.roles[speaker] = meeting.roles.get(speaker) or columns.read(row, "role")
        return meeting, name, speaker

    def speakers(self, file: SourceFile) -> Iterator[Item]:
        """One attendance a row; the meeting's date on the way."""
        for item in _told(file):
            if isinstance(item, Rejected):
                yield item
                continue
            line, columns, row = item
            try:
                began_at = self._began_at(columns.read(row, "date"), columns.read(row, "start"))
                meeting, name, speaker = self._meet(columns, row, file.name)
            except ValueError as error:
                yield Rejected(str(error), file.name, line)
                continue
            meeting.began_at = meeting.began_at or began_at
            meeting.listed.add(speaker)
            yield self._attendance(name, speaker, file.name, line)

    def _began_at(self, on: str | None, clock: str | None) -> datetime | None:
        found = _CLOCK.match(clock) if clock else None
        if clock and not found:
            raise ValueError("start: expected hours and minutes, such as 10:55 or 10h55")
        at = time(int(found[1]), int(found[2])) if found else _NOON
        return datetime.combine(day(on, day_first=self.day_first), at, self.zone) if on else None

    def _attendance(self, name: str, speaker: str, file: str, line: int | None) -> Record:
        values = {
            "external_id": f"{name}.{speaker}",
            "meeting_id": name,
            "account_id": self.account(name, speaker),
            "role": self.meetings[name].roles[speaker],
        }
        return Record("attendances", values, file, line)

    def take_pairs(self, file: SourceFile) -> Iterator[Item]:
        """Keep who answers what; rows that link nothing are refused."""
        for item in _told(file):
            if isinstance(item, Rejected):
                yield item
                continue
            line, columns, row = item
            asked, answer = columns.read(row, "source"), columns.read(row, "target")
            if asked is None or answer is None:
                yield Rejected("a pair without its first or its second utterance links nothing", file.name, line)
            elif self.answers.setdefault(answer, asked) != asked:
                yield Rejected("its utterance answers another one already, in an earlier row", file.name, line)
            else:
                self.pairs.append((answer, file.name, line))

    def survey(self, files: Sequence[SourceFile]) -> None:
        """First pass over the acts: who speaks, and in which order, since speakers come one after another."""
        for file in files:
            for item in _told(file):
                if isinstance(item, Rejected):
                    continue
                _, columns, row = item
                try:
                    meeting, _, _ = self._meet(columns, row, file.name)
                    start, end = _seconds(columns.read(row, "start")), _seconds(columns.read(row, "end"))
                except ValueError:
                    continue
                name = columns.read(row, "id")
                if name is not None:
                    meeting.starts.append((float("inf") if start is None else start, name))
                if end is not None:
                    meeting.last_seconds = max(end, meeting.last_seconds or 0.0)
        for meeting in self.meetings.values():
            meeting.starts.sort(key=lambda pair: pair[0])
            self.ordinals.update({name: at for at, (_, name) in enumerate(meeting.starts)})
            meeting.starts.clear()

    def acts(self, file: SourceFile) -> Iterator[Item]:
        """One utterance a row, and its words."""
        for item in _told(file):
            if isinstance(item, Rejected):
                yield item
                continue
            line, columns, row = item
            try:
                values = self._utterance(columns, row, file.name)
            except ValueError as error:
                yield Rejected(str(error), file.name, line)
                continue
            yield Record("utterances", values, file.name, line)
            words = row.get(columns.at.get("text", ""), "")
            if words:
                told = {
                    "external_id": f"utterances/{values['external_id']}/body",
                    "record_table": "utterances",
                    "record_id": values["external_id"],
                    "field": "body",
                    "account_id": values["account_id"],
                    "body": words,
                }
                yield Record("texts", told, file.name, None)

    def _utterance(self, columns: Columns, row: dict[str, str], file: str) -> dict[str, Any]:
        key = columns.read(row, "id")
        if key is None:
            raise ValueError("no id of the dialogue act")
        meeting, name, speaker = self._meet(columns, row, file)
        start, end = _seconds(columns.read(row, "start")), _seconds(columns.read(row, "end"))
        addressee = columns.read(row, "addressee")
        to = None
        if addressee is not None:
            to = [self.account(name, letter) for letter in re.findall(r"[^\s,;]+", addressee)]
            self.addressed.update(dict.fromkeys(to, file))
        at = None if meeting.began_at is None or start is None else meeting.began_at + timedelta(seconds=start)
        return {
            "external_id": key,
            "occurred_at": at,
            "meeting_id": name,
            "account_id": self.account(name, speaker),
            "ordinal": self.ordinals.get(key),
            "start_seconds": start,
            "end_seconds": end,
            "reply_to_id": self.answers.get(key),
            "addressee_account_ids": to,
            "act": columns.read(row, "act"),
        }

    def close(self) -> Iterator[Item]:
        """Meetings, whom they name, and what became of the pairs."""
        for answer, file, line in self.pairs:
            if answer in self.ordinals:
                yield Folded("utterances", answer, file, line)
            else:
                yield Rejected("no dialogue act of that id in the files given", file, line)
        accounts = dict(self.addressed)
        names: dict[str, str] = {}
        for name, meeting in self.meetings.items():
            for speaker, participant in meeting.speakers.items():
                accounts[self.account(name, speaker)] = meeting.file
                if participant:
                    names[participant] = meeting.file
                if speaker not in meeting.listed:
                    yield self._attendance(name, speaker, meeting.file, None)
            values: dict[str, Any] = {"external_id": name, "kind": meeting.kind, "occurred_at": meeting.began_at}
            if meeting.began_at is not None and meeting.last_seconds is not None:
                values["ended_at"] = meeting.began_at + timedelta(seconds=meeting.last_seconds)
            yield Record("meetings", values, meeting.file, None)
        for key, file in accounts.items():
            yield Record("accounts", {"external_id": key, "kind": "staff"}, file, None)
        for key, file in names.items():
            told = {"external_id": f"account:{key}", "account_id": key, "display_name": key}
            yield Record("identities", told, file, None)


def _seconds(text: str | None) -> float | None:
    """Seconds from a meeting's start; None for a missing cell. `ValueError` where that is no such number."""
    value = real(text)
    if value is not None and not 0 <= value < _MAX_SECONDS:
        raise ValueError("not a number of seconds from the meeting's start")
    return value


def _refuse_roles(file: SourceFile) -> Iterator[Rejected]:
    for item in rows(file):
        if isinstance(item, Rejected):
            yield item
        else:
            yield Rejected("no table holds social roles yet", file.name, item[0])


def _read(files: Sequence[SourceFile], options: ReadOptions) -> Iterator[Item]:
    study = _Study(options)
    tables: dict[str | None, list[SourceFile]] = {}
    for file in files:
        table = _table_of(file)
        tables.setdefault(table, []).append(file)
    for file in tables.get(None, []):  # no readable row: what was refused of it is still told
        yield from (item for item in rows(file) if isinstance(item, Rejected))
    study.survey(tables.get("acts", []))
    for file in tables.get("speakers", []):
        yield from study.speakers(file)
    for file in tables.get("pairs", []):
        yield from study.take_pairs(file)
    for file in tables.get("acts", []):
        yield from study.acts(file)
    for file in tables.get("social roles", []):
        yield from _refuse_roles(file)
    yield from study.close()


SOURCE = Source(
    name="meetings",
    label="Meetings with dialogue acts",
    group="study",
    accepts="tables of dialogue acts, speakers and adjacency pairs as CSV, told by their columns",
    patterns=("*.csv", "*.csv.gz", "*.xlsx"),
    yields=("meetings", "attendances", "accounts", "identities", "utterances", "texts"),
    read=_read,
    tried="the AMI corpus 1.7: 82,561 dialogue acts of 98 meetings",
    reference="AMI Meeting Corpus, annotation manual and public release 1.7 (CC BY 4.0)",
)
