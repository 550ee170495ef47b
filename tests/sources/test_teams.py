"""Teams: channel messages with threads, mentions, reactions; private chats only where they were opened."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cadre.errors import UnreadableFileError
from cadre.sources.teams import PRIVATE, SOURCE
from tests.sources.taken import Taken, take

PLACE = {"teamId": "t", "channelId": "19:help@thread.tacv2"}
CHAT = "19:a_b@unq.gbl.spaces"


def user(key: str, name: str) -> dict[str, Any]:
    return {"user": {"id": key, "displayName": name, "userIdentityType": "aadUser"}, "application": None}


def message(key: str, html: str, **more: Any) -> dict[str, Any]:
    return {
        "id": key, "replyToId": None, "messageType": "message", "createdDateTime": "2024-05-01T10:00:00.12Z",
        "lastModifiedDateTime": "2024-05-01T10:05:00Z", "lastEditedDateTime": None, "deletedDateTime": None,
        "from": user("u1", "Ann Lee"), "body": {"contentType": "html", "content": html}, "channelIdentity": PLACE,
        "chatId": None, "attachments": [], "mentions": [], "reactions": [], "eventDetail": None, **more,
    }  # fmt: skip


ROOT = message(
    "1", '<p>Is the <b>VPN</b> down, <at id="0">Tom Doe</at>?</p><attachment id="x"></attachment>', subject="VPN",
    mentions=[{"id": 0, "mentionText": "Tom Doe", "mentioned": user("u2", "Tom Doe")}],
    reactions=[{"reactionType": "like", "createdDateTime": "2024-05-01T10:01:00Z", "user": user("u2", "Tom Doe")}],
)  # fmt: skip
REPLY = message(
    "2",
    "<p>Yes &amp; fixed</p>",
    replyToId="1",
    **{"from": user("u2", "Tom Doe")},
    lastEditedDateTime="2024-05-01T10:04:00Z",
)
GONE = message("3", "", replyToId="1", deletedDateTime="2024-05-01T11:00:00Z")
EVENT = message("4", "<systemEventMessage/>", **{"from": None}, messageType="systemEventMessage",
                eventDetail={"@odata.type": "#microsoft.graph.membersAddedEventMessageDetail"})  # fmt: skip
BOT = message("5", "Backup done", **{"from": {"user": None, "application": {"id": "b1", "displayName": "Backup"}}})
DIRECT = message("6", "<p>hello</p>", channelIdentity=None, chatId=CHAT)
ALL = [ROOT, REPLY, GONE, EVENT, BOT, DIRECT]


def read(tmp_path: Path, content: Any = None, **settings: Any) -> Taken:
    return take(SOURCE, tmp_path, {"m.json": json.dumps(content or {"value": ALL})}, settings=settings)


def key(number: int) -> str:
    return f"{PLACE['channelId']}/{number}"


def test_a_message_has_its_words_mentions_and_reactions(tmp_path: Path) -> None:
    taken = read(tmp_path)

    first = taken.by_id("messages")[key(1)]
    assert ("u1", ["u2"], "message", key(1), None) == tuple(
        first[n] for n in ("account_id", "mention_account_ids", "kind", "thread_id", "reply_to_id")
    )
    assert ("Is the VPN down, Tom Doe?", "VPN") == (taken.body(key(1)), taken.body(key(1), "title"))
    (reaction,) = taken.tables["reactions"]
    assert ("like", "u2", datetime(2024, 5, 1, 10, 1, tzinfo=UTC)) == tuple(
        reaction[n] for n in ("name", "account_id", "occurred_at")
    )
    assert "Tom Doe" == taken.name("u2")


def test_a_reply_points_to_its_root_and_an_edit_is_marked(tmp_path: Path) -> None:
    taken = read(tmp_path)

    reply = taken.by_id("messages")[key(2)]
    assert (key(1), key(1), True) == (reply["reply_to_id"], reply["thread_id"], reply["is_edited"])
    assert "Yes & fixed" == taken.body(key(2))


def test_deleted_messages_and_events_are_system_lines_without_words(tmp_path: Path) -> None:
    taken = read(tmp_path)

    messages = taken.by_id("messages")
    assert ["system", "system"] == [messages[key(n)]["kind"] for n in (3, 4)]
    assert not [row for row in taken.tables["texts"] if row["record_id"] in {key(3), key(4)}]
    assert "bot" == taken.by_id("accounts")["b1"]["kind"]


def test_a_private_chat_is_refused_and_counted_unless_its_id_is_listed(tmp_path: Path) -> None:
    closed, opened = read(tmp_path), read(tmp_path, private_channels=[CHAT])

    assert {6: PRIVATE} == closed.refused
    assert {("m.json", n) for n in range(1, 7)} == closed.lines
    assert {} == opened.refused
    assert "direct" == opened.by_id("channels")[CHAT]["kind"]
    assert {PLACE["channelId"]: "public"} == {k: row["kind"] for k, row in closed.by_id("channels").items()}


def test_lists_pages_and_lines_read_alike(tmp_path: Path) -> None:
    pages = json.dumps({"@odata.context": "x", "value": ALL[:3]}) + "\n" + json.dumps({"value": ALL[3:]})
    lines = "\n".join(json.dumps(item) for item in ALL)

    whole = read(tmp_path).by_id("messages")
    assert whole == read(tmp_path, ALL).by_id("messages")
    assert whole == take(SOURCE, tmp_path, {"p.json": pages}).by_id("messages")
    assert whole == take(SOURCE, tmp_path, {"m.jsonl": lines}).by_id("messages")


def test_replies_inside_their_root_are_read_with_it(tmp_path: Path) -> None:
    nested = {**ROOT, "replies": [{k: v for k, v in REPLY.items() if k not in {"channelIdentity", "chatId"}}]}

    assert {key(1), key(2)} == set(read(tmp_path, [nested]).by_id("messages"))


@pytest.mark.parametrize(
    "text", ['{"value": [{"id": "1", "createdDateTime": "2024', "[1, 2", "nonsense", '[{"id": 1}]']
)
def test_a_broken_or_foreign_file_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnreadableFileError):
        take(SOURCE, tmp_path, {"m.json": text})


def test_a_broken_line_of_json_lines_is_refused_alone(tmp_path: Path) -> None:
    taken = take(SOURCE, tmp_path, {"m.jsonl": json.dumps(ROOT) + "\n{oops\n[7]\n" + json.dumps(REPLY)})

    assert {2: "not a line of JSON", 3: "not a JSON object"} == taken.refused
    assert 2 == len(taken.tables["messages"])
