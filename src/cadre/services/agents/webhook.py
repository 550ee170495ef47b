"""What approvers are told outside Cadre, and how Slack, Teams and a program of the firm's own take it.

Keeps true: a message holds names of agents, tools and clients and words of this code or of a policy; never an argument, a
user's words, a person, or anything that answers. Who reads it follows the link and signs in.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

ABOUT = ("asked", "expiring", "glass", "stopped")
"""Kinds of messages: a call waits; nobody answered it and it lapses soon; somebody on call let one through alone; a kill
switch was set."""

LINES = 10
"""Most messages told one by one in one post; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where messages go.

    Attributes:
        name: As the firm calls it; the only word of it that is written anywhere.
        kind: One of `FORMS`.
        url: Its address, which is a secret: whoever knows it can post there.
        about: Kinds of messages it takes, of `ABOUT`.
        clients: Keys of the clients it is told of; all, and the firm itself, where empty.
        secret: What signs each post of kind `json`; empty signs none.
    """

    name: str
    kind: str
    url: str
    about: frozenset[str] = frozenset(ABOUT)
    clients: frozenset[str] = frozenset()
    secret: str = ""

    def __repr__(self) -> str:
        """Without what is secret."""
        return f"Endpoint({self.name!r}, {self.kind!r})"

    def takes(self, message: "Message") -> bool:
        """Whether it is told of this; what stops all clients concerns each of them."""
        return message.about in self.about and (
            not self.clients or message.client in self.clients or (message.about == "stopped" and not message.client)
        )


@dataclass(frozen=True, slots=True)
class Message:
    """One thing approvers should know.

    Attributes:
        about: One of `ABOUT`, or `test`.
        agent: The agent's name; empty for all agents.
        client: Key of the client; empty for the firm itself.
        client_name: Its name.
        tool: What is called; empty where nothing is.
        why: One sentence.
        at: When it happened.
        until: Until when it waits; missing where nothing does.
    """

    about: str
    agent: str
    client: str
    client_name: str
    tool: str
    why: str
    at: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """What every message shares.

    Attributes:
        address: Where people open Cadre, without a path; empty where nobody said.
        zone: IANA zone in which times are told.
    """

    address: str = ""
    zone: str = "UTC"

    @property
    def link(self) -> str:
        """Where it is answered; empty without an address."""
        return f"{self.address.rstrip('/')}/approvals" if self.address else ""

    def line(self, message: Message) -> str:
        """A message as one line of plain text."""
        told = f"{_HEADS[message.about].format(m=message, who=message.agent or 'all agents')} {message.why}".strip()
        if message.until is None:
            return told
        until = message.until.astimezone(ZoneInfo(self.zone))
        return f"{told} Until {until:%Y-%m-%d %H:%M} ({self.zone})."

    def lines(self, messages: Sequence[Message]) -> list[str]:
        """Several as lines; those past `LINES` are counted."""
        rest = len(messages) - LINES
        return [self.line(one) for one in messages[:LINES]] + ([f"And {rest} more."] if rest > 0 else [])


_HEADS = {
    "asked": "{who} wants to call {m.tool} at {m.client_name} and waits for an answer.",
    "expiring": "Nobody has answered yet: {who} waits to call {m.tool} at {m.client_name}; without an answer it is refused.",
    "glass": "An emergency: somebody on call let {who} call {m.tool} at {m.client_name} alone.",
    "stopped": "Stopped: {who} at {m.client_name}.",
    "test": "This is a test: messages from Cadre arrive here.",
}


def slack(messages: Sequence[Message], telling: Telling) -> dict[str, Any]:
    """As an incoming webhook of Slack takes it: plain text, and blocks of plain text so that nothing in it is markup.

    References:
        Slack, *Incoming webhooks* and *Formatting text*: `&`, `<` and `>` are signs of control in `text`.
    """
    lines = telling.lines(messages)
    blocks: list[dict[str, Any]] = [
        {"type": "section", "text": {"type": "plain_text", "text": line, "emoji": False}} for line in lines
    ]
    if telling.link:
        blocks.append(
            {"type": "section", "text": {"type": "mrkdwn", "text": f"<{_slack(telling.link)}|Open approvals>"}}
        )
    return {"text": _slack("\n".join(lines)), "blocks": blocks}


def _slack(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def teams(messages: Sequence[Message], telling: Telling) -> dict[str, Any]:
    """As a workflow of Teams takes it: one Adaptive Card; its text runs are not read as Markdown.

    References:
        Microsoft, *Create incoming webhooks with Workflows*; Adaptive Cards 1.2, `RichTextBlock` and `Action.OpenUrl`.
    """
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.2",
        "body": [
            {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": line}]}
            for line in telling.lines(messages)
        ],
    }
    if telling.link:
        card["actions"] = [{"type": "Action.OpenUrl", "title": "Open approvals", "url": telling.link}]
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "contentUrl": None, "content": card}]}


def plain(messages: Sequence[Message], telling: Telling) -> dict[str, Any]:
    """For a program of the firm's own."""
    return {
        "version": 1,
        "link": telling.link,
        "messages": [
            {
                "about": one.about, "agent": one.agent, "client": one.client, "client_name": one.client_name,
                "tool": one.tool, "why": one.why, "at": one.at.isoformat(),
                "until": one.until.isoformat() if one.until else None, "text": telling.line(one),
            }
            for one in messages
        ],
    }  # fmt: skip


FORMS: Mapping[str, Callable[[Sequence[Message], Telling], dict[str, Any]]] = {
    "slack": slack, "teams": teams, "json": plain,
}  # fmt: skip
"""Kind of endpoint -> what makes the body of a post."""


def post_of(
    endpoint: Endpoint, messages: Sequence[Message], telling: Telling, at: datetime
) -> tuple[bytes, dict[str, str]]:
    """Body and headers of a post; of kind `json` signed over the second it was made and the body.

    Args:
        endpoint: Where it goes.
        messages: What is told; at least one.
        telling: What they share.
        at: The instant.
    """
    body = json.dumps(FORMS[endpoint.kind](messages, telling), ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json", "User-Agent": "cadre"}
    if endpoint.kind == "json" and endpoint.secret:
        second = str(int(at.timestamp()))
        signed = hmac.new(endpoint.secret.encode(), f"{second}.".encode() + body, hashlib.sha256).hexdigest()
        headers |= {"X-Cadre-Timestamp": second, "X-Cadre-Signature": f"v1={signed}"}
    return body, headers
