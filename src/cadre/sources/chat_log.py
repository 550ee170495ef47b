"""Chat logs in the plain text of IRC clients, as a folder of `*.ascii.txt` or one `.tar.gz` of them.

Keeps true: each line is one message, known by `<file>:<line from 0>`; an archive is read in memory with bounds and
never unpacked to disk, and its rows point to their line counted through all its logs; of one log in two encodings the
`.ascii.txt` counts, and other files are no rows. The date comes from the file name and counts in the source's zone; a
clock that goes back has passed midnight, or noon where the log proves a 12-hour clock (then its first hours count as
before noon). A line without a time has the time of the line before. Within a minute the number of the line is added
as microseconds, so that order is kept.
Whom a message addresses is a guess from its words: a nick at the start, or a recent speaker's nick of three letters
or more anywhere. Nicks are one account whatever their case. The words of system lines, which carry addresses, stay out.
"""

import re
import tarfile
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from itertools import pairwise
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

from cadre.errors import UnreadableFileError
from cadre.sources.reading import open_bytes, text_lines
from cadre.sources.source import Item, ReadOptions, Record, Rejected, Source, SourceFile
from cadre.sources.times import zone_of

MAX_LOG_BYTES = 64 * 1024 * 1024
MAX_MEMBERS = 100_000
RECENT_SPEAKERS = 200
MIN_NICK_LETTERS = 3
_ENDINGS = (".ascii.txt", ".raw.txt")
_HALF_DAY, _DAY, _SHORT_GAP, _SLACK = 720, 1440, 180, 60
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
# Some channels write their name and the date before the time: `rust 2018-05-29 [21:20:37] <nick> text`.
_TIMED = re.compile(r"^(?:(?:\S+\s+)?\d{4}-\d{2}-\d{2}\s+)?\[(\d{1,2}):(\d{2})(?::\d{2})?\]\s*(.*)$", re.DOTALL)
_NICK = r"[^\s<>/:]+"
_SAID = re.compile(
    rf"^(?:<[ @+%&~]?({_NICK})> ?|\*\s+({_NICK})(?:\s|$)|\(({_NICK})/[^)\s]+\) ?|-({_NICK}):[^\s]+- ?)(.*)$",
    re.DOTALL,
)
_SYSTEM = re.compile(r"^(?:===|-!-|\*\*\*)(?:\s|$)")
_JOINED = re.compile(rf"^===\s+({_NICK})\s.*has joined |^===\s+{_NICK} is now known as ({_NICK})")
_WORD = re.compile(r"[A-Za-z0-9_\[\]\\`^{|}\-]+")
_FIRST = re.compile(r"^([A-Za-z0-9_\[\]\\`^{|}\-]+)[:,](?=\s|$)")


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a log: its number from 1, its minute of the day where it has a time, who said what."""

    number: int
    minute: int | None
    nick: str | None
    text: str
    joined: str | None


@dataclass(slots=True)
class _Chat:
    """What all logs of a load name."""

    zone: ZoneInfo
    channel: str | None
    accounts: dict[str, tuple[str | None, str]] = field(default_factory=dict)
    channels: dict[str, str] = field(default_factory=dict)

    def log(self, name: str, data: bytes, shown: SourceFile, before_count: int = 0) -> Iterator[Item]:
        """The messages of one log.

        Args:
            name: Its path below the folder or in the archive, by which its messages are known.
            data: Its bytes.
            shown: The file that rows point back to.
            before_count: Lines of the archive before this log, as rows point to the line in all its logs.
        """
        on = _date_of(name)
        lines: list[_Line] = []
        for item in text_lines(BytesIO(data), shown):
            if isinstance(item, Rejected):
                yield replace(item, line=item.line + before_count)
            elif not item[1].strip():
                continue
            elif on is None:
                yield Rejected("no date such as 2020-01-31 in the name of the file", shown.name, item[0] + before_count)
            elif (line := _parsed(*item)) is None:
                yield Rejected(
                    "neither a message nor a system line: expected [hh:mm] <nick> text",
                    shown.name,
                    item[0] + before_count,
                )
            else:
                lines.append(line)
        if on is None or not lines:
            return
        if all(line.minute is None for line in lines):
            for line in lines:
                yield Rejected("no line of its file has a time", shown.name, line.number + before_count)
            return
        channel = self.channel or _channel_of(name)
        self.channels.setdefault(channel, shown.name)
        yield from self._messages(name, channel, on, lines, shown.name, before_count)

    def _messages(
        self, name: str, channel: str, on: date, lines: list[_Line], file: str, before_count: int
    ) -> Iterator[Record]:
        known = {nick.lower() for line in lines for nick in (line.nick, line.joined) if nick}
        recent: OrderedDict[str, None] = OrderedDict()
        midnight, latest, begun_at = datetime.combine(on, time(), self.zone), -1, datetime.min.replace(tzinfo=UTC)
        for line, minute in zip(lines, _minutes([line.minute for line in lines]), strict=True):
            if minute != latest:
                latest, begun_at = minute, (midnight + timedelta(minutes=minute)).astimezone(UTC)
            values: dict[str, object] = {
                "external_id": f"{name}:{line.number - 1}",
                "occurred_at": begun_at + timedelta(microseconds=line.number),
                "channel_id": channel,
                "kind": "system",
            }
            if line.nick is None:
                yield Record("messages", values, file, line.number + before_count)
                continue
            key = line.nick.lower()
            mentions = _addressed(line.text, known, recent, key)
            values.update(kind="message", account_id=key, mention_account_ids=mentions)
            yield Record("messages", values, file, line.number + before_count)
            if line.text:
                yield Record("texts", _words(values, line.text), file, None)
            if self.accounts.get(key, (None, ""))[0] is None:
                self.accounts[key] = (line.nick, file)
            for mention in mentions:
                self.accounts.setdefault(mention, (None, file))
            recent[key] = None
            recent.move_to_end(key)
            if len(recent) > RECENT_SPEAKERS:
                recent.popitem(last=False)

    def close(self) -> Iterator[Record]:
        """Whom and which channels the logs name."""
        for key, (nick, file) in self.accounts.items():
            yield Record("accounts", {"external_id": key, "kind": "unknown"}, file, None)
            told = {"external_id": f"account:{key}", "account_id": key, "handle": nick or key}
            yield Record("identities", told, file, None)
        for channel, file in self.channels.items():
            yield Record("channels", {"external_id": channel, "kind": "public"}, file, None)
            told = {"external_id": f"channel:{channel}", "channel_id": channel, "display_name": channel}
            yield Record("identities", told, file, None)


def _date_of(name: str) -> date | None:
    found = _DATE.search(PurePosixPath(name).name)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _channel_of(name: str) -> str:
    path = PurePosixPath(name)
    if len(path.parts) > 1:
        return path.parts[0]
    return _DATE.split(path.name)[0].rstrip("-_. ") or "chat"


def _parsed(number: int, text: str) -> _Line | None:
    found = _TIMED.match(text)
    minute, rest = None, text
    if found:
        hour, minutes, rest = int(found[1]), int(found[2]), found[3]
        if hour > 23 or minutes > 59:
            return None
        minute = hour * 60 + minutes
        if said := _SAID.match(rest):
            nick = said[1] or said[2] or said[3] or said[4]
            return _Line(number, minute, nick, said[5].strip(), None)
    if not _SYSTEM.match(rest):
        return None
    joined = _JOINED.match(rest)
    return _Line(number, minute, None, "", joined and (joined[1] or joined[2]))


def _minutes(told: list[int | None]) -> list[int]:
    """Minutes from the midnight the log begins at, never more than an hour back; lines without a time take the last."""
    timed = [minute for minute in told if minute is not None]
    drops = [(was, now) for was, now in pairwise(timed) if now < was - _SLACK]
    half = max(timed) < 13 * 60 and any((now - was) % _HALF_DAY <= _SHORT_GAP for was, now in drops)
    period = _HALF_DAY if half else _DAY
    last = timed[0] % period
    minutes = []
    for minute in told:
        if minute is not None:
            at = minute % period
            last = at + period * max(0, -((at - last + _SLACK) // period))
        minutes.append(last)
    return minutes


def _addressed(text: str, known: set[str], recent: OrderedDict[str, None], author: str) -> list[str]:
    found: dict[str, None] = {}
    lower = text.lower()
    first = _FIRST.match(lower)
    if first and first[1] in known:
        found[first[1]] = None
    for nick in _WORD.findall(lower):
        if nick in recent and len(nick) >= MIN_NICK_LETTERS:
            found[nick] = None
    found.pop(author, None)
    return list(found)


def _words(values: dict[str, object], text: str) -> dict[str, object]:
    return {
        "external_id": f"messages/{values['external_id']}/body",
        "record_table": "messages",
        "record_id": values["external_id"],
        "field": "body",
        "account_id": values["account_id"],
        "body": text,
    }


def _is_log(name: str) -> bool:
    return name.lower().endswith(_ENDINGS) and not PurePosixPath(name).name.startswith(".")


def _preferred(names: Sequence[str]) -> set[str]:
    """The logs among these names, without the raw text of one that is there as ASCII."""
    logs = {name for name in names if _is_log(name)}
    return {
        name
        for name in logs
        if not (name.lower().endswith(_ENDINGS[1]) and f"{name[: -len(_ENDINGS[1])]}{_ENDINGS[0]}" in logs)
    }


def _members(file: SourceFile, wanted: set[str] | None) -> Iterator[tuple[str, bytes]]:
    """Names of the plain files of an archive, with the bytes of those wanted; one pass, nothing written."""
    try:
        with open_bytes(file) as stream, tarfile.open(fileobj=stream, mode="r|") as archive:
            for count, member in enumerate(archive):
                if count >= MAX_MEMBERS:
                    raise UnreadableFileError(
                        f"{file.name}: more than {MAX_MEMBERS:,} files in it", hint="Split the archive."
                    )
                if not member.isreg() or member.issparse():
                    continue
                data = b""
                if wanted is not None and member.name in wanted:
                    _check_size(f"{file.name}/{member.name}", member.size)
                    content = archive.extractfile(member)
                    data = content.read() if content else b""
                yield member.name, data
            while stream.read(1024 * 1024):  # the checksum at the end tells whether it is whole
                pass
    except (tarfile.TarError, EOFError) as error:
        raise UnreadableFileError(
            f"{file.name}: not a tar archive, or cut short", hint="Export or copy the file again."
        ) from error


def _check_size(name: str, size_bytes: int) -> None:
    if size_bytes > MAX_LOG_BYTES:
        raise UnreadableFileError(
            f"{name}: {size_bytes:,} bytes; a log may have {MAX_LOG_BYTES:,}", hint="Split it by day."
        )


def _is_archive(file: SourceFile) -> bool:
    return file.path.name.lower().endswith((".tar.gz", ".tgz", ".tar"))


def _read(files: Sequence[SourceFile], options: ReadOptions) -> Iterator[Item]:
    channel = options.settings.get("channel")
    chat = _Chat(zone_of(options.zone), None if channel is None else str(channel))
    plain = _preferred([file.name for file in files if not _is_archive(file)])
    for file in files:
        if _is_archive(file):
            wanted = _preferred([name for name, _ in _members(file, None)])
            before_count = 0
            for name, data in _members(file, wanted):
                if name in wanted:
                    yield from chat.log(name.removeprefix("./"), data, file, before_count)
                    before_count += data.count(b"\n") + (not data.endswith(b"\n"))
        elif file.name in plain:
            with open_bytes(file) as stream:
                data = stream.read(MAX_LOG_BYTES + 1)
            _check_size(file.name, len(data))
            yield from chat.log(file.name, data, file)
        elif not _is_log(file.name):
            raise UnreadableFileError(
                f"{file.name}: expected a log *.ascii.txt or an archive *.tar.gz of them",
                hint="Name the folder of the logs, or rename the log.",
            )
    yield from chat.close()


SOURCE = Source(
    name="chat-log",
    label="Chat logs (IRC text)",
    group="study",
    accepts="logs `[hh:mm] <nick> text` named *.ascii.txt with a date in the name, or a .tar.gz of them",
    patterns=("*.ascii.txt", "*.tar.gz"),
    yields=("messages", "texts", "channels", "accounts", "identities"),
    read=_read,
    tried="the public Ubuntu channel: 163 logs of 14 years",
    reference="Kummerfeld et al. 2019, A large-scale corpus for conversation disentanglement, data release (CC BY 4.0)",
)
