"""Microsoft Teams messages, as Microsoft Graph gives them (`chatMessage`): JSON lists, pages or a line a message.

Keeps true: a message is its latest edit; a reply points to its root, which is its thread; a deleted message stays as
a system line without words, so that answers to it keep their place; a system event is a system line. Chats outside
channels are private: they are refused row by row unless the setting `private_channels` lists their chat ids. Accounts
are Graph user ids (bots and connectors: application ids); names lie in `identities`. Reactions carry their time.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from cadre.errors import UnreadableFileError
from cadre.sources.columns import reader_of_instants
from cadre.sources.flat import Named
from cadre.sources.json_rows import json_rows
from cadre.sources.markup import text_of
from cadre.sources.source import Item, ReadOptions, Record, Rejected, Source, SourceFile

PRIVATE = "a private chat: list its id under private_channels once its members agreed"
_NEEDED = ("id", "createdDateTime")


class _Teams:
    """Reads the messages of one load."""

    def __init__(self, options: ReadOptions) -> None:
        self.when = reader_of_instants(options)
        self.allowed = {str(name) for name in options.settings.get("private_channels", ())}
        self.named = Named()
        self.channels: dict[str, str] = {}

    def take(self, item: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        """(table, values) of one message, the message first; `ValueError` refuses it."""
        native, at = item.get("id"), self.when(item.get("createdDateTime"))
        if not native or at is None:
            raise ValueError("no id or no createdDateTime")
        channel = self._channel(item)
        key = f"{channel}/{native}"
        root = item.get("replyToId")
        thread = f"{channel}/{root}" if root else key
        author = self._author(item.get("from"))
        deleted = self.when(item.get("deletedDateTime"))
        edited = self.when(item.get("lastEditedDateTime"))
        is_system = bool(deleted) or item.get("messageType") not in {None, "message"} or bool(item.get("eventDetail"))
        mentions = [] if deleted else self._mentions(item.get("mentions"))
        yield (
            "messages",
            {
                "external_id": key,
                "revised_at": deleted or self.when(item.get("lastModifiedDateTime")) or edited,
                "occurred_at": at,
                "channel_id": channel,
                "account_id": author,
                "kind": "system" if is_system else "message",
                "reply_to_id": f"{channel}/{root}" if root else None,
                "thread_id": thread,
                "mention_account_ids": mentions,
                "is_edited": edited is not None,
            },
        )
        if deleted is None:
            if not is_system:
                yield from self._words(item, key, author)
            yield from self._reactions(item.get("reactions"), key)

    def _channel(self, item: Mapping[str, Any]) -> str:
        place = item.get("channelIdentity")
        if isinstance(place, Mapping) and place.get("channelId"):
            channel = str(place["channelId"])
            self.channels[channel] = "public"
            return channel
        chat = item.get("chatId")
        if not chat:
            raise ValueError("neither channelIdentity nor chatId")
        if str(chat) not in self.allowed:
            raise ValueError(PRIVATE)
        self.channels[str(chat)] = "direct" if str(chat).endswith("@unq.gbl.spaces") else "private"
        return str(chat)

    def _author(self, sender: Any) -> str | None:
        if not isinstance(sender, Mapping):
            return None
        for role, kind in (("user", "staff"), ("application", "bot")):
            who = sender.get(role)
            if isinstance(who, Mapping) and who.get("id"):
                guest = who.get("userIdentityType") not in {None, "aadUser"}
                return self.named.account(
                    str(who["id"]), "unknown" if guest else kind, name=who.get("displayName"), email=who.get("email")
                )
        return None

    def _mentions(self, mentions: Any) -> list[str]:
        found = [
            self._author(mention.get("mentioned"))
            for mention in (mentions if isinstance(mentions, list) else ())
            if isinstance(mention, Mapping)
        ]
        return list(dict.fromkeys(account for account in found if account))

    def _words(self, item: Mapping[str, Any], key: str, author: str | None) -> Iterator[tuple[str, dict[str, Any]]]:
        body = item.get("body")
        raw = str(body.get("content") or "") if isinstance(body, Mapping) else ""
        is_html = isinstance(body, Mapping) and body.get("contentType") == "html"
        for name, text in (
            ("title", str(item.get("subject") or "")),
            ("body", text_of(raw) if is_html else raw.strip()),
        ):
            if text:
                yield "texts", {"external_id": f"messages/{key}/{name}", "record_table": "messages", "record_id": key,
                                "field": name, "account_id": author, "body": text}  # fmt: skip

    def _reactions(self, reactions: Any, key: str) -> Iterator[tuple[str, dict[str, Any]]]:
        seen: set[str] = set()
        for reaction in reactions if isinstance(reactions, list) else ():
            name = str(reaction.get("displayName") or reaction.get("reactionType") or "")
            account = self._author(reaction.get("user"))
            at: datetime | None = self.when(reaction.get("createdDateTime"))
            external_id = f"{key}/{name}/{account}"
            if name and account and external_id not in seen:
                seen.add(external_id)
                yield "reactions", {"external_id": external_id, "occurred_at": at, "message_id": key,
                                    "account_id": account, "name": name}  # fmt: skip


def _read(files: Sequence[SourceFile], options: ReadOptions) -> Iterator[Item]:
    teams = _Teams(options)
    for file in files:
        is_first = True
        for item in json_rows(file):
            if isinstance(item, Rejected):
                yield item
                continue
            number, message = item
            if is_first and not all(name in message for name in _NEEDED):
                raise UnreadableFileError(
                    f"{file.name}: found {', '.join(list(message)[:20])}; expected chatMessage objects with id, createdDateTime",
                    hint="Export channel messages through Microsoft Graph as JSON.",
                )
            is_first = False
            yield from _taken(teams, message, file, number)
            replies = message.get("replies")
            for reply in replies if isinstance(replies, list) else ():
                inherited = {"channelIdentity": message.get("channelIdentity"), "chatId": message.get("chatId")}
                yield from _taken(teams, {**inherited, "replyToId": message["id"], **reply}, file, number)
    for channel, kind in teams.channels.items():
        yield Record("channels", {"external_id": channel, "kind": kind}, files[0].name, None)
    if files:
        yield from teams.named.records(files[0].name)


def _taken(teams: _Teams, message: Mapping[str, Any], file: SourceFile, number: int) -> Iterator[Item]:
    try:
        made = list(teams.take(message))
    except (ValueError, AttributeError, TypeError) as error:
        reason = str(error) if isinstance(error, ValueError) else "not a chatMessage: a field is of another kind"
        yield Rejected(reason, file.name, number)
        return
    for at, (table, values) in enumerate(made):
        yield Record(table, values, file.name, number if at == 0 else None)


SOURCE = Source(
    name="teams",
    label="Microsoft Teams channel messages",
    group="msp",
    accepts="chatMessage objects of Microsoft Graph as JSON (a list or pages) or JSON lines",
    patterns=("*.json", "*.jsonl", "*.json.gz", "*.jsonl.gz"),
    yields=("channels", "messages", "reactions", "texts", "accounts", "identities"),
    read=_read,
    tried="not yet tried on a live export",
    reference="Microsoft Graph v1.0, chatMessage resource type (learn.microsoft.com/graph/api/resources/chatmessage)",
)
