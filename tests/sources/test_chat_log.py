"""Chat logs: one line one message in its order, whom it addresses, and archives read with bounds."""

import io
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cadre.errors import UnreadableFileError
from cadre.sources.chat_log import SOURCE
from tests.sources.taken import Taken, take

NAME = "help_2020-07-01.ascii.txt"
LOG = (
    "=== Ana [n=ana@example.org]  has joined #help\n"
    "[09:00] <Ana> how do I mount it?\n"
    "[09:00] <ben_> Ana: with mount\n"
    "[09:01]  * Cy thinks ben_ is right\n"
    "=== Cy [n=cy@example.org]  has left #help []\n"
    "[09:02] <Ana> note: thanks, all\n"
)


def told(taken: Taken, column: str) -> list[object]:
    return [row.get(column) for row in taken.tables["messages"]]


def clock(taken: Taken) -> list[str]:
    return [row["occurred_at"].strftime("%d %H:%M") for row in taken.tables["messages"]]


def archive(members: dict[str, str], mode: str = "w:gz") -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode) as made:  # type: ignore[call-overload]
        for name, text in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            made.addfile(info, io.BytesIO(text.encode()))
        link = tarfile.TarInfo("train/2020-07-02.link.ascii.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
        made.addfile(link)
    return packed.getvalue()


def test_each_line_is_one_message_known_by_its_number_from_zero(tmp_path: Path) -> None:
    taken = take(SOURCE, tmp_path, {NAME: LOG})

    assert [f"{NAME}:{n}" for n in range(6)] == told(taken, "external_id")
    assert ["system", "message", "message", "message", "system", "message"] == told(taken, "kind")
    assert [None, "ana", "ben_", "cy", None, "ana"] == told(taken, "account_id")
    assert ({(NAME, n) for n in range(1, 7)}, {}) == (taken.lines, taken.refused)


def test_words_are_kept_for_messages_and_actions_but_not_for_system_lines(tmp_path: Path) -> None:
    taken = take(SOURCE, tmp_path, {NAME: LOG})

    assert "thinks ben_ is right" == taken.body(f"{NAME}:3")
    assert {f"{NAME}:{n}" for n in (1, 2, 3, 5)} == {row["record_id"] for row in taken.tables["texts"]}


def test_a_message_addresses_the_nick_it_begins_with_and_recent_speakers_it_names(tmp_path: Path) -> None:
    taken = take(SOURCE, tmp_path, {NAME: LOG})

    assert [None, [], ["ana"], ["ben_"], None, []] == told(taken, "mention_account_ids")


def test_a_nick_that_only_joined_is_addressed_at_the_start_and_nowhere_else(tmp_path: Path) -> None:
    joined = "=== Dee [n=d@example.org]  has joined #help\n[09:00] <Ana> Dee, hello\n[09:01] <Ana> is Dee here?\n"
    taken = take(SOURCE, tmp_path, {NAME: joined})

    assert [None, ["dee"], []] == told(taken, "mention_account_ids")
    assert {"ana", "dee"} == set(taken.by_id("accounts"))


def test_a_speaker_further_back_than_the_last_two_hundred_is_not_guessed(tmp_path: Path) -> None:
    crowd = "".join(f"[09:01] <user{n}> hi\n" for n in range(200))
    text = f"[09:00] <Ana> hi\n{crowd}[09:02] <user0> where is Ana\n[09:02] <user0> user199 is here\n"
    taken = take(SOURCE, tmp_path, {NAME: text})

    assert [[], ["user199"]] == told(taken, "mention_account_ids")[-2:]


def test_within_a_minute_lines_keep_their_order(tmp_path: Path) -> None:
    at = told(take(SOURCE, tmp_path, {NAME: LOG}, zone="Europe/Berlin"), "occurred_at")

    assert datetime(2020, 7, 1, 7, 0, 0, 2, tzinfo=UTC) == at[1]
    assert at == sorted(set(at))  # type: ignore[type-var]


def test_a_clock_that_goes_back_has_passed_midnight(tmp_path: Path) -> None:
    lines = "[22:50] <a> x\n[23:59] <a> x\n=== mode/#help [+o a]  by b\n[00:01] <a> x\n[23:59] <a> x\n"
    taken = take(SOURCE, tmp_path, {NAME: lines})

    assert ["01 22:50", "01 23:59", "01 23:59", "02 00:01", "01 23:59"] == clock(taken)


def test_a_twelve_hour_clock_passes_noon_and_stays_in_its_day(tmp_path: Path) -> None:
    taken = take(
        SOURCE, tmp_path, {NAME: "[11:50] <a> x\n[12:40] <a> x\n[01:05] <a> x\n[11:30] <a> x\n[12:10] <a> x\n"}
    )

    assert ["01 11:50", "01 12:40", "01 13:05", "01 23:30", "02 00:10"] == clock(taken)


def test_a_clock_slightly_back_is_no_midnight(tmp_path: Path) -> None:
    taken = take(SOURCE, tmp_path, {NAME: "[09:10] <a> x\n[09:05] <a> x\n[14:00] <a> x\n"})

    assert ["01 09:10", "01 09:05", "01 14:00"] == clock(taken)


def test_lines_that_cannot_be_read_are_refused_with_their_line(tmp_path: Path) -> None:
    taken = take(
        SOURCE, tmp_path, {NAME: b"[09:00] <a> x\nplain words\n\n[29:00] <a> x\n[09:01] <a> \xff\n[09:02] ?\n"}
    )

    shape = "neither a message nor a system line: expected [hh:mm] <nick> text"
    assert {2: shape, 4: shape, 5: "not UTF-8 text; export the file as UTF-8", 6: shape} == taken.refused
    assert [f"{NAME}:0"] == told(taken, "external_id")


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("help.ascii.txt", LOG, "no date such as 2020-01-31 in the name of the file"),
        ("help_2020-13-01.ascii.txt", LOG, "no date such as 2020-01-31 in the name of the file"),
        (NAME, "=== a is now known as b\n", "no line of its file has a time"),
    ],
)
def test_a_log_without_date_or_time_is_refused_line_by_line(tmp_path: Path, name: str, text: str, reason: str) -> None:
    taken = take(SOURCE, tmp_path, {name: text})

    assert {reason} == set(taken.refused.values())
    assert len(text.splitlines()) == len(taken.lines)


def test_an_archive_gives_what_its_folder_gives_and_other_files_are_no_rows(tmp_path: Path) -> None:
    log, raw = "train/2020-07-01.a.ascii.txt", "train/2020-07-01.a.raw.txt"
    (tmp_path / "train").mkdir()
    folder = take(SOURCE, tmp_path, {log: LOG})
    members = {raw: LOG, "train/2020-07-01.a.annotation.txt": "1 1 -\n", log: LOG, "README.md": "x"}
    packed = take(SOURCE, tmp_path, {"chat.tar.gz": archive(members)})

    assert folder.tables == packed.tables
    assert {("chat.tar.gz", n) for n in range(1, 7)} == packed.lines
    assert ["train"] == [row["external_id"] for row in packed.tables["channels"]]


def test_lines_of_an_archive_count_through_its_logs(tmp_path: Path) -> None:
    members = {"2020-07-01.ascii.txt": "[09:00] <a> x\n[09:01] <a> y", "2020-07-02.ascii.txt": "?\n[09:00] <a> x\n"}
    taken = take(SOURCE, tmp_path, {"chat.tar.gz": archive(members)})

    assert ({("chat.tar.gz", n) for n in range(1, 5)}, {3}) == (taken.lines, set(taken.refused))
    assert "2020-07-02.ascii.txt:1" == told(taken, "external_id")[-1]


def test_raw_text_counts_where_there_is_no_ascii(tmp_path: Path) -> None:
    taken = take(SOURCE, tmp_path, {"chat.tar.gz": archive({"2020-07-01.a.raw.txt": LOG})})

    assert 6 == len(taken.tables["messages"])


def test_the_channel_is_the_prefix_of_the_name_unless_the_settings_tell_it(tmp_path: Path) -> None:
    plain = take(SOURCE, tmp_path, {NAME: LOG})
    named = take(SOURCE, tmp_path, {NAME: LOG}, settings={"channel": "#help"})

    assert ({"help"}, {"#help"}) == (set(told(plain, "channel_id")), set(told(named, "channel_id")))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("chat.tar.gz", archive({NAME: LOG})[:-20]),
        ("chat.tar.gz", b"no archive"),
        ("chat.tar", archive({NAME: LOG * 50}, "w")[:1000]),
        ("notes.txt", b"words"),
    ],
)
def test_what_is_no_whole_archive_or_log_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    with pytest.raises(UnreadableFileError):
        take(SOURCE, tmp_path, {name: data})


def test_a_log_too_large_to_hold_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cadre.sources.chat_log.MAX_LOG_BYTES", 100)

    for name, data in ((NAME, LOG.encode()), ("chat.tar.gz", archive({NAME: LOG}))):
        with pytest.raises(UnreadableFileError, match="a log may have 100"):
            take(SOURCE, tmp_path, {name: data})


def test_an_archive_that_unpacks_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cadre.sources.reading.RATIO_FROM_BYTES", 10_000)
    with pytest.raises(UnreadableFileError, match="unpacks to more than"):
        take(SOURCE, tmp_path, {"chat.tar.gz": archive({NAME: "x" * 5_000_000})})


def test_a_channel_that_writes_its_name_and_the_date_before_the_time_is_read(tmp_path: Path) -> None:
    lines = "rust 2020-07-01 [21:20:37] <ada> does it borrow?\n2020-07-01 [21:21:02] <bo> ada: no\n"

    taken = take(SOURCE, tmp_path, {NAME: lines})

    assert ["ada", "bo"] == told(taken, "account_id")
    assert ["01 21:20", "01 21:21"] == clock(taken)
