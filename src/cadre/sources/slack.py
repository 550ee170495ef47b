"""Slack workspace exports: the ZIP, or the folder it unpacks to.

Keeps true: every message of every day file is a row, numbered in its file; a message by a user that `users.json` does
not list is kept, its account made with kind `unknown`; private channels and direct messages are refused row by row
unless the setting `private_channels` names them. Mentions stay as `<@U...>` in the words, so that no name enters them.
A thread's later messages answer its first one; Slack tells no finer.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cadre.errors import UnreadableFileError
from cadre.sources.flat import Named
from cadre.sources.reading import open_zip
from cadre.sources.source import Item, ReadOptions, Record, Rejected, Source, SourceFile

PRIVATE = "a private channel or direct message: name it under private_channels once its members agreed"
_LISTS = {"channels.json": "public", "groups.json": "private", "mpims.json": "private", "dms.json": "direct"}
_INCIDENT = re.compile(r"^(inc|incident|p1|sev1|major|outage|war-?room)([-_]|$)", re.IGNORECASE)
_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
_LINK = re.compile(r"<(https?://[^|>]+)(?:\|([^>]*))?>")
_CHANNEL = re.compile(r"<#[A-Z0-9]+\|([^>]*)>")
_PEOPLE_SAY = frozenset({None, "thread_broadcast", "me_message", "file_share", "file_comment"})
"""Subtypes that are people's words; every other subtype is a notice of the system or a bot."""


class _Export:
    """Members of an export by name, whether packed or unpacked."""

    def __init__(self, names: Mapping[str, Any], file: SourceFile, read: Any) -> None:
        self.names, self.file, self._read = names, file, read

    def json(self, name: str) -> Any:
        """A member's content; `ValueError` where it is no JSON, None where it is not there."""
        return json.loads(self._read(self.names[name])) if name in self.names else None

    def label(self, name: str) -> str:
        """How rows of a member point back to it."""
        return f"{self.file.name}:{name}"


@contextmanager
def _open(file: SourceFile) -> Iterator[_Export]:
    if file.path.name.lower().endswith(".zip"):
        with open_zip(file) as archive:
            found = [info for info in archive.infolist() if info.filename.endswith(".json")]
            root = _root([info.filename for info in found])
            yield _Export({info.filename[len(root) :]: info for info in found}, file, archive.read)
        return
    folder = file.path.parent
    names = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*.json"))}
    yield _Export(names, file, Path.read_bytes)


def _root(names: list[str]) -> str:
    """The folder inside which an export was packed; empty for an ordinary one."""
    at = next((name for name in names if name.split("/")[-1] in _LISTS or name.endswith("users.json")), "")
    return at[: at.rfind("/") + 1]


class _Slack:
    """Reads one export."""

    def __init__(self, export: _Export, options: ReadOptions) -> None:
        self.export = export
        self.allowed = {str(name) for name in options.settings.get("private_channels", ())}
        self.named = Named()
        self.channels: dict[str, tuple[str, str]] = {}

    def items(self) -> Iterator[Item]:
        """Everything in the export, users and channels first."""
        self._users()
        self._lists()
        days = sorted(name for name in self.export.names if name.count("/") == 1 and not name.startswith("__"))
        for name in days:
            yield from self._day(name)
        file = self.export.file.name
        for folder, (key, kind) in sorted(self.channels.items()):
            yield Record("channels", {"external_id": key, "kind": kind}, file, None)
            if kind != "direct":
                naming = {"external_id": f"channel:{key}", "channel_id": key, "display_name": folder}
                yield Record("identities", naming, file, None)
        yield from self.named.records(file)

    def _users(self) -> None:
        for user in self._list("users.json"):
            profile = user.get("profile") or {}
            guest = user.get("is_restricted") or user.get("is_ultra_restricted") or user.get("is_stranger")
            kind = "bot" if user.get("is_bot") or user.get("id") == "USLACKBOT" else "unknown" if guest else "staff"
            name = profile.get("real_name") or user.get("real_name") or user.get("name")
            self.named.account(user.get("id"), kind, name=name, email=profile.get("email"))

    def _lists(self) -> None:
        for member, kind in _LISTS.items():
            for channel in self._list(member):
                key = str(channel.get("id") or channel.get("name") or "")
                folder = str(channel.get("name") or key)
                shown = "incident" if kind == "public" and _INCIDENT.match(folder) else kind
                if key:
                    self.channels[folder] = (key, shown)

    def _list(self, member: str) -> list[dict[str, Any]]:
        try:
            found = self.export.json(member)
        except ValueError as error:
            raise UnreadableFileError(
                f"{self.export.label(member)}: not JSON", hint="Export the workspace again; nothing of it was loaded."
            ) from error
        return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []

    def _day(self, name: str) -> Iterator[Item]:
        label = self.export.label(name)
        folder = name.split("/", maxsplit=1)[0]
        try:
            messages = self.export.json(name)
        except (ValueError, RecursionError):
            yield Rejected("not a day file: no JSON", label, 1)
            return
        if not isinstance(messages, list):
            yield Rejected("not a day file: no list of messages", label, 1)
            return
        # A folder no list names (an export without its lists) is a public channel: only those are exported so.
        key, kind = self.channels.setdefault(folder, (folder, "incident" if _INCIDENT.match(folder) else "public"))
        closed = kind in {"private", "direct"} and not {folder, key} & self.allowed
        for number, message in enumerate(messages, start=1):
            if closed:
                yield Rejected(PRIVATE, label, number)
                continue
            try:
                made = list(self._message(message, key))
            except (ValueError, TypeError, AttributeError, KeyError, OverflowError):
                yield Rejected("not a Slack message: no usable ts", label, number)
                continue
            for place, (table, values) in enumerate(made):
                yield Record(table, values, label, number if place == 0 else None)

    def _message(self, message: dict[str, Any], channel: str) -> Iterator[tuple[str, dict[str, Any]]]:
        ts = str(message["ts"])
        key = f"{channel}/{ts}"
        thread_ts = message.get("thread_ts")
        bot = message.get("bot_id")
        author = message.get("user") or bot
        is_system = message.get("subtype") not in _PEOPLE_SAY or (bool(bot) and not message.get("user"))
        if author and author not in self.named.accounts:
            self.named.account(str(author), "bot" if author == bot else "unknown",
                               name=(message.get("user_profile") or {}).get("real_name"))  # fmt: skip
        text = str(message.get("text") or "")
        mentions = list(dict.fromkeys(_MENTION.findall(text)))
        for each in mentions:
            if each not in self.named.accounts:
                self.named.account(each, "unknown")
        edited = message.get("edited")
        replies = thread_ts is not None and str(thread_ts) != ts
        yield (
            "messages",
            {
                "external_id": key,
                "revised_at": _instant(edited["ts"]) if isinstance(edited, dict) and edited.get("ts") else None,
                "occurred_at": _instant(ts),
                "channel_id": channel,
                "account_id": str(author) if author else None,
                "kind": "system" if is_system else "message",
                "reply_to_id": f"{channel}/{thread_ts}" if replies else None,
                "thread_id": f"{channel}/{thread_ts}" if thread_ts is not None else None,
                "mention_account_ids": mentions,
                "is_edited": isinstance(edited, dict),
            },
        )
        body = plain_text(text)
        if body and not is_system:
            yield "texts", {"external_id": f"messages/{key}/body", "record_table": "messages", "record_id": key,
                            "field": "body", "account_id": str(author) if author else None, "body": body}  # fmt: skip
        for reaction in message.get("reactions") or ():
            if not isinstance(reaction, dict) or not reaction.get("name"):
                continue
            for user in dict.fromkeys(reaction.get("users") or ()):
                if user not in self.named.accounts:
                    self.named.account(str(user), "unknown")
                yield "reactions", {"external_id": f"{key}/{reaction.get('name')}/{user}", "message_id": key,
                                    "account_id": str(user), "name": str(reaction.get("name"))}  # fmt: skip


def plain_text(text: str) -> str:
    """Slack's markup as plain text; mentions stay as tokens."""
    text = _LINK.sub(lambda m: f"{m[2]} ({m[1]})" if m[2] and m[2] != m[1] else m[1], text)
    text = _MENTION.sub(r"<@\1>", text)
    text = _CHANNEL.sub(r"#\1", text)
    for token, meant in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(token, meant)
    return text.strip()


def _instant(ts: str) -> datetime:
    """Slack's `ts` (seconds since 1970 with a serial number behind the point) as an instant."""
    seconds, _, part = str(ts).partition(".")
    return datetime.fromtimestamp(int(seconds), UTC).replace(microsecond=int(part[:6].ljust(6, "0") or 0))


def _read(files: Sequence[SourceFile], options: ReadOptions) -> Iterator[Item]:
    for file in files:
        with _open(file) as export:
            if not any(name.count("/") == 1 for name in export.names):
                raise UnreadableFileError(
                    f"{file.name}: no <channel>/<day>.json inside; it is no Slack export",
                    hint="Give the ZIP that Slack's export page made, or the users.json of its unpacked folder.",
                )
            yield from _Slack(export, options).items()


SOURCE = Source(
    name="slack",
    label="Slack export",
    group="msp",
    accepts="the export ZIP, or its unpacked folder",
    patterns=("*.zip", "users.json"),
    yields=("channels", "messages", "reactions", "texts", "accounts", "identities"),
    read=_read,
    tried="not yet tried on a live export",
    reference="Slack help centre, 'How to read Slack data exports' (slack.com/help/articles/220556107)",
)
