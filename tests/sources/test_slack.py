import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from cadre.errors import UnreadableFileError
from cadre.sources import ReadOptions, SourceFile
from cadre.sources.slack import PRIVATE, SOURCE, plain_text
from tests.sources.taken import Taken, take

USERS = [
    {"id": "U1", "name": "ada", "profile": {"real_name": "Ada Example", "email": "ADA@firm.example"}},
    {"id": "U2", "name": "bo", "profile": {"real_name": "Bo Example"}},
    {"id": "U3", "name": "guest", "is_restricted": True, "profile": {"real_name": "A Guest"}},
    {"id": "UB", "name": "alerts", "is_bot": True, "profile": {"real_name": "Alerts"}},
]
DAY = [
    {"type": "message", "user": "U1", "text": "<@U2> does the VPN work for you?", "ts": "1714550400.000100",
     "thread_ts": "1714550400.000100", "reactions": [{"name": "eyes", "users": ["U2", "U3"]}]},
    {"type": "message", "user": "U2", "text": "Yes, since <https://kb.example/7|article 7> &amp; a restart",
     "ts": "1714550460.000200", "thread_ts": "1714550400.000100", "edited": {"user": "U2", "ts": "1714550500.000000"}},
    {"type": "message", "subtype": "channel_join", "user": "U3", "text": "<@U3> has joined", "ts": "1714550470.000300"},
    {"type": "message", "subtype": "bot_message", "bot_id": "B9", "text": "disk full", "ts": "1714550480.000400"},
    {"type": "message", "user": "U404", "text": "who left before the export", "ts": "1714550490.000500"},
    {"type": "message", "user": "U1", "text": "no time"},
]  # fmt: skip


def packed(members: dict[str, Any], root: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(root + name, content if isinstance(content, str) else json.dumps(content))
    return out.getvalue()


def export(**more: Any) -> dict[str, Any]:
    lists = {
        "users.json": USERS,
        "channels.json": [{"id": "C1", "name": "desk"}, {"id": "C2", "name": "inc-mail-down"}],
    }
    return {**lists, "desk/2024-05-01.json": DAY, "inc-mail-down/2024-05-01.json": DAY[:1], **more}


@pytest.fixture
def taken(tmp_path: Path) -> Taken:
    return take(SOURCE, tmp_path, {"export.zip": packed(export())})


def test_every_message_is_taken_or_refused_with_a_reason(taken: Taken) -> None:
    in_desk = {line for name, line in taken.lines if name == "export.zip:desk/2024-05-01.json"}

    assert {1, 2, 3, 4, 5, 6} == in_desk
    assert {6: "not a Slack message: no usable ts"} == taken.refused


def test_a_thread_is_answered_and_mentions_are_accounts(taken: Taken) -> None:
    messages = taken.by_id("messages")
    asked, answer = messages["C1/1714550400.000100"], messages["C1/1714550460.000200"]

    assert (["U2"], None) == (asked["mention_account_ids"], asked["reply_to_id"])
    assert ("C1/1714550400.000100", "C1/1714550400.000100") == (answer["reply_to_id"], answer["thread_id"])
    assert "2024-05-01T08:00:00.000100+00:00" == asked["occurred_at"].isoformat()


def test_an_edit_is_told_with_its_instant(taken: Taken) -> None:
    answer = taken.by_id("messages")["C1/1714550460.000200"]

    assert (True, "2024-05-01T08:01:40+00:00") == (answer["is_edited"], answer["revised_at"].isoformat())


def test_joins_and_bots_are_system_lines_without_words(taken: Taken) -> None:
    kinds = {key: row["kind"] for key, row in taken.by_id("messages").items()}
    with_words = {row["record_id"] for row in taken.tables["texts"]}

    assert ("system", "system") == (kinds["C1/1714550470.000300"], kinds["C1/1714550480.000400"])
    assert not with_words & {"C1/1714550470.000300", "C1/1714550480.000400"}


def test_a_message_by_an_unlisted_user_is_kept(taken: Taken) -> None:
    assert "U404" == taken.by_id("messages")["C1/1714550490.000500"]["account_id"]
    assert "unknown" == taken.by_id("accounts")["U404"]["kind"]


def test_accounts_have_kinds_and_names_lie_apart(taken: Taken) -> None:
    kinds = {key: row["kind"] for key, row in taken.by_id("accounts").items()}

    assert {"U1": "staff", "U2": "staff", "U3": "unknown", "UB": "bot", "B9": "bot", "U404": "unknown"} == kinds
    assert "ada@firm.example" == taken.name("U1", "email")


def test_words_lose_their_markup_and_keep_mentions_as_tokens() -> None:
    assert "<@U2> see article 7 (https://kb.example/7) & #desk" == plain_text(
        "<@U2> see <https://kb.example/7|article 7> &amp; <#C1|desk>"
    )


def test_reactions_are_one_row_a_person(taken: Taken) -> None:
    assert {("U2", "eyes"), ("U3", "eyes")} == {
        (r["account_id"], r["name"]) for r in taken.tables["reactions"] if r["message_id"] == "C1/1714550400.000100"
    }


def test_incident_channels_are_known_by_their_name(taken: Taken) -> None:
    assert {"C1": "public", "C2": "incident"} == {k: r["kind"] for k, r in taken.by_id("channels").items()}


def test_private_channels_and_direct_messages_stay_closed_unless_named(tmp_path: Path) -> None:
    members = export(**{"groups.json": [{"id": "G1", "name": "leads"}], "leads/2024-05-01.json": DAY[:2],
                        "dms.json": [{"id": "D1", "members": ["U1", "U2"]}], "D1/2024-05-01.json": DAY[:1]})  # fmt: skip
    closed = take(SOURCE, tmp_path, {"a.zip": packed(members)})
    opened = take(SOURCE, tmp_path, {"b.zip": packed(members)}, settings={"private_channels": ["leads"]})

    assert PRIVATE == closed.refused[1]
    assert "G1" not in {r["channel_id"] for r in closed.tables["messages"]}
    assert "G1" in {r["channel_id"] for r in opened.tables["messages"]}
    assert "D1" not in {r["channel_id"] for r in opened.tables["messages"]}


def test_an_export_without_its_lists_keeps_its_messages(tmp_path: Path) -> None:
    taken = take(SOURCE, tmp_path, {"x.zip": packed({"desk/2024-05-01.json": DAY})})

    assert 5 == len(taken.tables["messages"])
    assert {"unknown", "bot"} == {row["kind"] for row in taken.tables["accounts"]}


def test_an_export_packed_inside_a_folder_is_read(tmp_path: Path) -> None:
    assert 6 == len(take(SOURCE, tmp_path, {"x.zip": packed(export(), root="My export/")}).tables["messages"])


def test_a_day_file_that_is_no_json_is_refused_alone(tmp_path: Path) -> None:
    taken = take(SOURCE, tmp_path, {"x.zip": packed(export(**{"desk/2024-05-02.json": "{cut"}))})

    assert ("x.zip:desk/2024-05-02.json", 1) in taken.lines
    assert 6 == len(taken.tables["messages"])


def test_an_unpacked_folder_is_read_like_the_archive(tmp_path: Path) -> None:
    (tmp_path / "desk").mkdir()
    (tmp_path / "users.json").write_text(json.dumps(USERS), "utf-8")
    (tmp_path / "channels.json").write_text(json.dumps([{"id": "C1", "name": "desk"}]), "utf-8")
    (tmp_path / "desk" / "2024-05-01.json").write_text(json.dumps(DAY), "utf-8")

    items = list(SOURCE.read([SourceFile(tmp_path / "users.json", "users.json")], ReadOptions()))

    assert 5 == sum(getattr(item, "table", "") == "messages" for item in items)


@pytest.mark.parametrize("content", [b"not a zip", packed({"users.json": USERS})])
def test_what_is_no_export_is_an_error_of_the_file(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnreadableFileError):
        take(SOURCE, tmp_path, {"x.zip": content})


def test_a_mention_that_carries_a_name_loses_it(tmp_path: Path) -> None:
    day = [{"type": "message", "user": "U1", "text": "<@U2|bo.planted> please", "ts": "1714550400.000100",
            "reactions": [{"name": "eyes"}, "odd"]}]  # fmt: skip

    taken = take(SOURCE, tmp_path, {"x.zip": packed(export(**{"desk/2024-05-01.json": day}))})

    assert "<@U2> please" == taken.body("C1/1714550400.000100")


def test_a_damaged_member_is_an_error_of_the_file(tmp_path: Path) -> None:
    whole = bytearray(packed({"users.json": USERS, "desk/2024-05-01.json": DAY * 50}))
    at = whole.index(b"desk/2024-05-01.json") + 60
    whole[at : at + 8] = b"\0\1\2\3\4\5\6\7"

    with pytest.raises(UnreadableFileError):
        take(SOURCE, tmp_path, {"x.zip": bytes(whole)})
