from pathlib import Path

from training.chat import Log, log, logs


def written(folder: Path, *lines: str, gold: str | None = None, name: str = "2024-05-01_0") -> Log:
    path = folder / f"{name}.ascii.txt"
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    if gold is not None:
        (folder / f"{name}.annotation.txt").write_text(gold, "utf-8")
    return log(path, folder)


def test_a_line_is_a_turn_of_whoever_said_it(tmp_path: Path) -> None:
    read = written(tmp_path, "[10:00] <anna> is it on?", "[10:01] <Bert> anna: yes", "[10:02] * anna nods").turns

    assert ["is it on?", "anna: yes", "nods"] == [text.strip() for text in read.text]
    assert ([0, 1, 0], [["anna"], ["bert"]]) == (read.speaker.tolist(), list(read.names))
    assert [600, 601, 602] == read.minute.tolist()


def test_a_system_line_keeps_its_place_and_is_nobodys(tmp_path: Path) -> None:
    read = written(
        tmp_path, "[10:00] <anna> hello", "=== bert has joined", "", "not a line at all", "[10:05] <bert> hello"
    ).turns

    assert ([0, -1, -1, -1, 1], 5) == (read.speaker.tolist(), len(read))
    assert ["", "", ""] == list(read.text[1:4])
    assert [600, 600, 600, 600, 605] == read.minute.tolist()


def test_an_empty_log_has_no_turns(tmp_path: Path) -> None:
    read = written(tmp_path)

    assert (0, {}) == (len(read.turns), read.parents)


def test_times_go_on_over_midnight_and_over_noon_of_a_twelve_hour_clock(tmp_path: Path) -> None:
    night = written(tmp_path, "[23:59] <anna> late", "[00:01] <anna> early", name="night").turns
    noon = written(tmp_path, "[11:59] <anna> before", "[01:01] <anna> after", name="noon").turns

    assert [1439, 1441] == night.minute.tolist()
    assert [719, 781] == noon.minute.tolist()


def test_a_line_a_little_out_of_order_does_not_turn_time_back(tmp_path: Path) -> None:
    assert [600, 600, 601] == written(tmp_path, "[10:00] <a> x", "[09:58] <b> y", "[10:01] <a> z").turns.minute.tolist()


def test_channel_and_date_before_a_line_are_read_over(tmp_path: Path) -> None:
    read = written(tmp_path, "#help 2004-11-15 [10:00:30] <@anna> hello").turns

    assert (["hello"], [["anna"]]) == (list(read.text), list(read.names))


def test_gold_links_lead_from_the_later_line_to_the_earlier(tmp_path: Path) -> None:
    read = written(
        tmp_path, "[10:00] <anna> x", "[10:01] <bert> y", "[10:02] <anna> z", gold="0 0 -\n1 0 -\n1 2 -\n0 2 -\n\n"
    )

    assert {0: [0], 1: [0], 2: [1, 0]} == read.parents
    assert {} == written(tmp_path, "[10:00] <anna> x", name="unread").parents


def test_every_log_below_a_folder_is_found_by_name(tmp_path: Path) -> None:
    (tmp_path / "dev").mkdir()
    written(tmp_path, "[10:00] <anna> x", name="b")
    written(tmp_path / "dev", "[10:00] <anna> x", name="a")

    assert ["b", "dev/a"] == [each.name for each in logs(tmp_path)]


def test_bytes_that_are_no_text_do_not_stop_the_reading(tmp_path: Path) -> None:
    path = tmp_path / "x.ascii.txt"
    path.write_bytes(b"[10:00] <anna> caf\xe9\n[10:01] <bert> \xff\xfe\n")

    assert 2 == len(log(path, tmp_path).turns)
