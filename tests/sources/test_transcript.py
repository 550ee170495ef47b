"""What Teams and Zoom transcripts become."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cadre.errors import UnreadableFileError
from cadre.sources.transcript import SOURCE
from tests.sources.taken import take

UUID = "5c2d1f4e-0a1b-4c3d-9e8f-001122334455"
TEAMS = f"""WEBVTT

NOTE Recorded 2026-01-15T09:00:00+01:00

{UUID}/1-0
00:00:01.500 --> 00:00:04.000
<v Ana Lima>The backup of
M&amp;S failed &lt;again&gt;.</v>

{UUID}/1-1
00:00:04.000 --> 00:00:05.000
I look into it.

{UUID}/2-0
00:00:06.000 --> 00:00:07.000
Nobody says this.

{UUID}/3-0
01:00:06.000 --> 01:00:07.250
<v Ben Okoro>Thanks.</v> <v Ana Lima>Gladly.</v>
"""
ZOOM = """WEBVTT

1
00:00:02.000 --> 00:00:03.000
Ana Lima: Note this: the line is down.

2
00:00:03.000 --> 00:00:04.000
who said that

3
00:00:09.000 --> 00:00:08.000
Ana Lima: Backwards.

4
Ana Lima: Without times.

5
00:00:10.000 --> 00:00:11.000
Speaker 1: Hello.
"""


def unmarked(key: str) -> str:
    """A key without the mark that tells meetings of one file name apart."""
    return re.sub(r"#[0-9a-f]{8}", "", key)


def test_teams_cues_become_utterances_of_their_speakers(tmp_path: Path) -> None:
    taken = take(SOURCE, tmp_path, {"weekly.vtt": TEAMS})

    spoken = [(u["ordinal"], u["account_id"], u["start_seconds"], u["end_seconds"]) for u in taken.tables["utterances"]]
    assert [
        (0, "Ana Lima", 1.5, 4.0),
        (1, "Ana Lima", 4.0, 5.0),
        (2, "Ben Okoro", 3606.0, 3607.25),
        (3, "Ana Lima", 3606.0, 3607.25),
    ] == spoken
    assert "The backup of M&S failed <again>." == taken.body(taken.tables["utterances"][0]["external_id"])
    assert "I look into it." == taken.body(taken.tables["utterances"][1]["external_id"])


def test_a_cue_that_continues_nobody_is_refused_at_its_line(tmp_path: Path) -> None:
    taken = take(SOURCE, tmp_path, {"weekly.vtt": TEAMS})

    assert [14] == list(taken.refused)
    assert "no speaker" in taken.refused[14]


def test_a_note_tells_when_a_meeting_began(tmp_path: Path) -> None:
    taken = take(SOURCE, tmp_path, {"weekly.vtt": TEAMS})

    meeting = taken.tables["meetings"][0]
    assert datetime(2026, 1, 15, 8, tzinfo=UTC) == meeting["occurred_at"]
    assert datetime(2026, 1, 15, 9, 0, 7, 250_000, tzinfo=UTC) == meeting["ended_at"]
    assert datetime(2026, 1, 15, 8, 0, 1, 500_000, tzinfo=UTC) == taken.tables["utterances"][0]["occurred_at"]
    assert None is meeting.get("kind")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("GMT20260115-090000_Recording.transcript.vtt", datetime(2026, 1, 15, 9, tzinfo=UTC)),
        ("2026-01-15 14.30 Review.vtt", datetime(2026, 1, 15, 13, 30, tzinfo=UTC)),
        ("Review 2026-07-15.vtt", datetime(2026, 7, 15, 10, tzinfo=UTC)),
        ("Review 2026-13-15.vtt", None),
        ("Review.vtt", None),
    ],
)
def test_the_file_name_tells_when_a_meeting_began(tmp_path: Path, name: str, expected: datetime | None) -> None:
    taken = take(SOURCE, tmp_path, {name: ZOOM}, zone="Europe/Berlin")

    assert expected == taken.tables["meetings"][0].get("occurred_at")


def test_zoom_lines_name_their_speaker_and_bad_cues_are_refused(tmp_path: Path) -> None:
    taken = take(SOURCE, tmp_path, {"call.vtt": ZOOM})

    assert ["Ana Lima", "call.vtt/Speaker 1"] == [unmarked(u["account_id"]) for u in taken.tables["utterances"]]
    assert "Note this: the line is down." == taken.body(taken.tables["utterances"][0]["external_id"])
    assert [7, 11, 15] == sorted(taken.refused)
    assert "ends before it starts" in taken.refused[11]
    assert "no cue times" in taken.refused[15]


def test_a_numbered_speaker_is_another_one_in_each_meeting_and_has_no_name(tmp_path: Path) -> None:
    taken = take(SOURCE, tmp_path, {"a.vtt": ZOOM, "b.vtt": ZOOM})

    assert {"Ana Lima", "a.vtt/Speaker 1", "b.vtt/Speaker 1"} == {unmarked(key) for key in taken.by_id("accounts")}
    assert {"unknown"} == {row["kind"] for row in taken.tables["accounts"]}
    assert ["Ana Lima"] == [row["display_name"] for row in taken.tables["identities"]]
    seats = [(unmarked(row["meeting_id"]), unmarked(row["account_id"])) for row in taken.tables["attendances"]]
    assert [
        ("a.vtt", "Ana Lima"),
        ("a.vtt", "a.vtt/Speaker 1"),
        ("b.vtt", "Ana Lima"),
        ("b.vtt", "b.vtt/Speaker 1"),
    ] == seats


def test_a_line_that_is_no_text_refuses_its_cue(tmp_path: Path) -> None:
    damaged = b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ana>caf\xe9</v>\n\n00:02.000 --> 00:03.000\n<v Ana>Yes.</v>\n"
    taken = take(SOURCE, tmp_path, {"x.vtt": damaged})

    assert {3, 4} == set(taken.refused)
    assert 1 == len(taken.tables["utterances"])


def test_another_format_is_unreadable_as_a_whole(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="does not begin with WEBVTT"):
        take(SOURCE, tmp_path, {"x.vtt": "1\n00:00:01,000 --> 00:00:02,000\nAna: Yes\n"})


def test_two_meetings_of_one_file_name_stay_apart(tmp_path: Path) -> None:
    later = ZOOM.replace("00:00:0", "00:00:4")
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()

    first = take(SOURCE, tmp_path / "one", {"meeting.vtt": ZOOM})
    second = take(SOURCE, tmp_path / "two", {"meeting.vtt": later})

    assert not set(first.by_id("meetings")) & set(second.by_id("meetings"))
    assert not set(first.by_id("utterances")) & set(second.by_id("utterances"))
