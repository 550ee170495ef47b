"""Meetings: one utterance a dialogue act, answers from pairs, and people known across tables."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cadre.errors import UnreadableFileError
from cadre.sources.meetings import SOURCE
from cadre.sources.source import Folded, Item, ReadOptions, Record, Rejected, SourceFile
from tests.sources.taken import take

ACTS = (
    "da_id,meeting,speaker,role,participant,meeting_type,start,end,da_type,addressee,reflexivity,text\n"
    "m.A.1,m,A,PM,P1,scenario,10.5,12,el.inf,B,,Is it ready?\n"
    "m.A.2,m,A,PM,P1,scenario,20,21,bck,,,\n"
    'm.B.1,m,B,,P2,scenario,12.5,14,inf,"A,C",false,It is.\n'
    "m.C.1,m,C,ME,,scenario,15,,,,,Good.\n"
)
PAIRS = "meeting,type,source_da,target_da\nm,POS,m.A.1,m.B.1\nm,POS,,m.C.1\nm,POS,m.B.1,gone\nm,NEG,m.C.1,m.B.1\nm,POS,m.A.1,m.B.1\n"
SPEAKERS = "meeting,speaker,role,participant,type,date,start\nm,A,PM,P1,scenario,08-02-2005,10h55\nm,B,,P2,scenario,08-02-2005,\n"
ROLES = "meeting,speaker,start,end,social_role\nm,A,0.0,101.5,Neutral\n"


def items(folder: Path, texts: dict[str, str]) -> list[Item]:
    for name, text in texts.items():
        (folder / name).write_text(text)
    files = [SourceFile(folder / name, name) for name in texts]
    return [*SOURCE.read(files, ReadOptions(zone="Europe/London"))]


def rows_of(found: list[Item], table: str) -> dict[str, dict[str, object]]:
    kept = [dict(item.values) for item in found if isinstance(item, Record) and item.table == table]
    return {str(row["external_id"]): row for row in kept}


def test_utterances_stand_in_the_order_they_were_said(tmp_path: Path) -> None:
    taken = take(SOURCE, tmp_path, {"acts.csv": ACTS})

    assert {"m.A.1": 0, "m.B.1": 1, "m.C.1": 2, "m.A.2": 3} == {
        row["external_id"]: row["ordinal"] for row in taken.tables["utterances"]
    }
    assert ({("acts.csv", n) for n in range(2, 6)}, {}) == (taken.lines, taken.refused)


def test_addressees_are_accounts_of_that_meeting_and_missing_where_not_labelled(tmp_path: Path) -> None:
    said = take(SOURCE, tmp_path, {"acts.csv": ACTS}).by_id("utterances")

    assert (["P2"], ["P1", "m.C"], None) == tuple(
        said[name]["addressee_account_ids"] for name in ("m.A.1", "m.B.1", "m.C.1")
    )
    assert ("m.C", None, None) == (said["m.C.1"]["account_id"], said["m.C.1"]["act"], said["m.C.1"]["end_seconds"])


def test_words_lie_apart_and_silence_has_none(tmp_path: Path) -> None:
    taken = take(SOURCE, tmp_path, {"acts.csv": ACTS})

    assert "It is." == taken.body("m.B.1")
    assert {"m.A.1", "m.B.1", "m.C.1"} == {row["record_id"] for row in taken.tables["texts"]}


def test_the_second_half_of_a_pair_answers_the_first(tmp_path: Path) -> None:
    found = items(tmp_path, {"pairs.csv": PAIRS, "acts.csv": ACTS})

    said = rows_of(found, "utterances")
    assert ("m.A.1", None) == (said["m.B.1"]["reply_to_id"], said["m.C.1"]["reply_to_id"])


def test_every_pair_is_folded_into_its_answer_or_refused(tmp_path: Path) -> None:
    found = items(tmp_path, {"pairs.csv": PAIRS, "acts.csv": ACTS})

    assert [("utterances", "m.B.1", 2), ("utterances", "m.B.1", 6)] == [
        (item.table, item.external_id, item.line) for item in found if isinstance(item, Folded)
    ]
    assert {
        3: "a pair without its first or its second utterance links nothing",
        4: "no dialogue act of that id in the files given",
        5: "its utterance answers another one already, in an earlier row",
    } == {item.line: item.reason for item in found if isinstance(item, Rejected)}


def test_speakers_tell_who_attended_and_when_it_began(tmp_path: Path) -> None:
    found = items(tmp_path, {"acts.csv": ACTS, "speakers.csv": SPEAKERS})

    kept = [item for item in found if isinstance(item, Record) and item.table == "attendances"]
    assert [("m.A", "P1", "PM", 2), ("m.B", "P2", None, 3), ("m.C", "m.C", "ME", None)] == [
        (item.values["external_id"], item.values["account_id"], item.values["role"], item.line) for item in kept
    ]
    assert datetime(2005, 2, 8, 10, 55, tzinfo=UTC) == rows_of(found, "meetings")["m"]["occurred_at"]
    assert datetime(2005, 2, 8, 10, 55, 12, 500_000, tzinfo=UTC) == rows_of(found, "utterances")["m.B.1"]["occurred_at"]


def test_a_date_alone_counts_from_noon_and_without_one_times_are_missing(tmp_path: Path) -> None:
    dated = items(tmp_path, {"acts.csv": ACTS, "speakers.csv": SPEAKERS.replace("10h55", "")})
    undated = items(tmp_path, {"acts.csv": ACTS})

    assert datetime(2005, 2, 8, 12, tzinfo=UTC) == rows_of(dated, "meetings")["m"]["occurred_at"]
    assert (None, None) == (
        rows_of(undated, "meetings")["m"]["occurred_at"],
        rows_of(undated, "utterances")["m.A.1"]["occurred_at"],
    )


def test_social_roles_are_refused_row_by_row(tmp_path: Path) -> None:
    taken = take(SOURCE, tmp_path, {"roles.csv": ROLES})

    assert {2: "no table holds social roles yet"} == taken.refused


def test_rows_that_cannot_be_read_are_refused_with_their_line(tmp_path: Path) -> None:
    texts = {
        "acts.csv": ACTS
        + "m.B.2,m,B,,P2,scenario,soon,14,inf,,,x\n,m,B,,P2,scenario,1,14,inf,,,x\nm.B.3,,B,,,,1,2,,,,x\n"
        "m.B.4,m,B,,P2,scenario,inf,14,inf,,,x\n",
        "speakers.csv": SPEAKERS.replace("m,B,,P2,scenario,08-02-2005", "m,B,,P2,scenario,38-02-2005"),
    }
    refused = {(item.file, item.line): item.reason for item in items(tmp_path, texts) if isinstance(item, Rejected)}

    assert {
        ("acts.csv", 6): "not a number",
        ("acts.csv", 7): "no id of the dialogue act",
        ("acts.csv", 8): "no meeting or no speaker",
        ("acts.csv", 9): "not a number of seconds from the meeting's start",
        ("speakers.csv", 3): "no such date when read day first",
    } == refused


def test_a_table_of_something_else_is_refused_as_a_whole(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="found the columns colour"):
        take(SOURCE, tmp_path, {"other.csv": "colour,weight\nred,2\n"})
