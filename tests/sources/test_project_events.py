"""Project events: one row one event, one change one task, and listings as role changes."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cadre.errors import UnreadableFileError
from cadre.sources.project_events import SOURCE
from tests.sources.taken import take

EVENTS = (
    "repo,date,kind,actor,patch_author,commit_no\n"
    "core,2020-07-01,reviewed,bb,aa,7\n"
    "core,2020-07-01,reviewed,bb,aa,7\n"
    "core,2020-07-02,commit,aa,aa,7\n"
    "core,2020-07-02,apply,cc,aa,7\n"
    "core,2020-07-02,acked,cc,,8\n"
)
LISTED = "repo,person,first_listed_date,initial_list,n_sections\ncore,aa,2015-01-28,1,3\ncore,bb,2021-02-03,0,1\n"


def test_each_row_is_one_event_under_its_kind(tmp_path: Path) -> None:
    taken = take(SOURCE, tmp_path, {"core_events.csv": EVENTS})

    assert [
        ("reviewed", "bb", "aa", "core#7"),
        ("reviewed", "bb", "aa", "core#7"),
        ("authored", "aa", "aa", "core#7"),
        ("merged", "cc", "aa", "core#7"),
        ("approved", "cc", None, "core#8"),
    ] == [
        (row["kind"], row["actor_account_id"], row["for_account_id"], row["task_id"])
        for row in taken.tables["task_events"]
    ]
    assert ({("core_events.csv", n) for n in range(2, 7)}, {}) == (taken.lines, taken.refused)


def test_exact_repeats_are_kept_apart_and_read_the_same_next_time(tmp_path: Path) -> None:
    first = take(SOURCE, tmp_path, {"core_events.csv": EVENTS}).by_id("task_events")
    again = take(SOURCE, tmp_path, {"core_events.csv": EVENTS}).by_id("task_events")

    assert (5, list(first)) == (len(first), list(again))


def test_a_change_is_one_task_of_its_author_made_when_authored(tmp_path: Path) -> None:
    tasks = take(SOURCE, tmp_path, {"core_events.csv": EVENTS}).by_id("tasks")

    assert {"core#7", "core#8"} == set(tasks)
    assert ("aa", datetime(2020, 7, 2, 12, tzinfo=UTC), "core") == tuple(
        tasks["core#7"][name] for name in ("account_id", "occurred_at", "project")
    )
    assert (None, None) == (tasks["core#8"]["account_id"], tasks["core#8"]["occurred_at"])


def test_a_date_alone_counts_as_noon_where_the_source_is(tmp_path: Path) -> None:
    taken = take(SOURCE, tmp_path, {"core_events.csv": EVENTS}, zone="Europe/Berlin")

    assert datetime(2020, 7, 1, 10, tzinfo=UTC) == taken.tables["task_events"][0]["occurred_at"]


def test_a_first_listing_at_the_start_is_told_from_a_promotion(tmp_path: Path) -> None:
    taken = take(SOURCE, tmp_path, {"core_promotions.csv": LISTED})

    assert [("aa", "listed at the start", "maintainer"), ("bb", None, "maintainer")] == [
        (row["account_id"], row["from_role"], row["to_role"]) for row in taken.tables["role_changes"]
    ]
    assert {("core_promotions.csv", 2), ("core_promotions.csv", 3)} == taken.lines


def test_everyone_named_has_one_account(tmp_path: Path) -> None:
    taken = take(SOURCE, tmp_path, {"core_events.csv": EVENTS, "core_promotions.csv": LISTED})

    assert {"aa": "staff", "bb": "staff", "cc": "staff"} == {
        row["external_id"]: row["kind"] for row in taken.tables["accounts"]
    }


def test_rows_that_cannot_be_read_are_refused_with_their_line(tmp_path: Path) -> None:
    head = EVENTS.split("\n", 1)[0]
    bad = f"{head}\ncore,2020-07-01,danced,bb,aa,7\ncore,soon,commit,bb,aa,7\ncore,2020-07-01,commit,,aa,7\n"
    bad += "core,2020-07-01,commit,bb,aa,\ncore,,commit,bb,aa,7\ncore,2020-07-01\n"
    taken = take(SOURCE, tmp_path, {"core_events.csv": bad})

    assert {
        2: "kind: expected one of commit, apply, reviewed, tested, acked, helped, reported, suggested",
        3: "not a date: expected yyyy-mm-dd or day/month/year",
        4: "no actor",
        5: "no repository or no number of the change",
        6: "no date",
        7: "2 cells where the header has 6",
    } == taken.refused
    assert [] == taken.tables["tasks"]


def test_a_listing_without_its_date_is_refused(tmp_path: Path) -> None:
    taken = take(SOURCE, tmp_path, {"core_promotions.csv": LISTED.replace("2021-02-03", "")})

    assert {3: "no repository, no person or no date of listing"} == taken.refused


def test_a_table_of_something_else_is_refused_as_a_whole(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="found the columns colour"):
        take(SOURCE, tmp_path, {"x_events.csv": "colour,weight\nred,2\n"})
