import csv
import gzip
from pathlib import Path

import pytest
from training.labelled import LABELS, comments, labelled, meeting_acts

from training import labelled as read

UTTERANCES = [
    {"issueid": "7", "id": "71", "author": "a", "author_role": "reporter", "comment_seq": "1", "created": "2024-01-01", "actionbody": "It does not start."},
    {"issueid": "7", "id": "72", "author": "b", "author_role": "assignee", "comment_seq": "2.0", "created": "2024-01-02", "actionbody": "Is it on?"},
    {"issueid": "7", "id": "71", "author": "a", "author_role": "reporter", "comment_seq": "1", "created": "2024-01-01", "actionbody": "Please help."},
]  # fmt: skip
ACTS = [
    {"da_id": "ES1a.2", "meeting": "ES1abcd", "speaker": "B", "start": "10.5", "end": "11", "text": "yeah"},
    {"da_id": "ES1a.1", "meeting": "ES1abcd", "speaker": "A", "start": "9.5", "end": "10", "text": "shall we start"},
]


def table(path: Path, rows: list[dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def data(folder: Path) -> Path:
    table(folder / "desk/helpdesk_utterances.csv.gz", UTTERANCES)
    table(folder / "talk/ami_dialogue_acts.csv.gz", ACTS)
    (folder / "chat").mkdir()
    lines = ["[10:00] <anna> is it on?", "=== carl has joined", "[10:01] <bert> anna: yes", "[10:02] <bert> try again"]
    (folder / "chat/day.ascii.txt").write_text("".join(f"{line}\n" for line in lines), "utf-8")
    (folder / "chat/day.annotation.txt").write_text("0 0 -\n0 2 -\n2 3 -\n", "utf-8")
    return folder


def test_a_comment_is_its_sentences_and_comments_stand_in_their_order(tmp_path: Path) -> None:
    found = comments(data(tmp_path))["7"]

    assert [("71", "It does not start. Please help."), ("72", "Is it on?")] == [
        (one["id"], one["text"]) for one in found
    ]


def test_what_is_said_in_a_meeting_stands_in_the_order_it_began(tmp_path: Path) -> None:
    assert ["ES1a.1", "ES1a.2"] == [one["da_id"] for one in meeting_acts(data(tmp_path))["ES1abcd"]]


def test_labels_are_joined_with_the_words_of_the_turn_and_of_the_one_it_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = LABELS.read_text("utf-8").splitlines()[0]
    ids = ("irc:day:2", "irc:day:3", "helpdesk:7:72", "ami:ES1a.2", "irc:gone:5")
    codes = {"rule": "r", "first": "A", "second": "", "note": ""}
    own = tmp_path / "turns.csv"
    with own.open("w", newline="") as out:
        writer = csv.DictWriter(out, header.split(","), restval="")
        writer.writeheader()
        writer.writerows({"id": one, **{k: v for k, v in codes.items() if k in header.split(",")}} for one in ids)
    monkeypatch.setattr(read, "LABELS", own)
    found = {one.id: one for one in labelled(data(tmp_path))}

    assert set(ids[:4]) == set(found)
    assert ("anna: yes", "is it on?", False) == tuple(
        getattr(found["irc:day:2"], x) for x in ("text", "before", "same_speaker")
    )
    assert ("try again", "anna: yes", True) == tuple(
        getattr(found["irc:day:3"], x) for x in ("text", "before", "same_speaker")
    )
    assert ("Is it on?", "It does not start. Please help.") == (
        found["helpdesk:7:72"].text,
        found["helpdesk:7:72"].before,
    )
    assert ("yeah", "shall we start") == (found["ami:ES1a.2"].text, found["ami:ES1a.2"].before)
    assert ["irc", "helpdesk", "ami"] == list(dict.fromkeys(one.genre for one in found.values()))
    assert {None} == {one.second for one in found.values()}


def test_the_labels_hold_ids_and_codes_and_no_words() -> None:
    rows = list(csv.DictReader(LABELS.open(encoding="utf-8")))

    assert len(rows) > 1000
    assert len(rows) == len({row["id"] for row in rows})
    assert all(row["id"].split(":", 1)[0] in {"irc", "helpdesk", "ami"} for row in rows)
    assert all(len(row["first"]) < 20 and " " not in row["id"] for row in rows)
