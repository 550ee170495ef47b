"""What a Git history becomes, from a real repository made here and from a dump of it."""

import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cadre.errors import UnreadableFileError
from cadre.sources import Item, ReadOptions, Record, SourceFile
from cadre.sources.git import COMMAND, SOURCE
from tests.sources.taken import take

GIT = shutil.which("git") or "git"
TRAILERS = """Add a retry

The line drops at night.

Reviewed-by: Ben Okoro <Ben@Example.com>
Reviewed-by: Ben Okoro <ben@example.com>
Tested-by: cai@example.com
Acked-by: Dee Ruiz
Co-authored-by: Eli <eli@example.com>
Co-authored-by: Ana Lima <ana@example.com>
Helped-by: "Fay, G." <fay@example.com> # on chat
Reported-by: Gus <gus at example>
Suggested-by: https://example.com/thread/1
Suggested-by: <>
Signed-off-by: Hal <hal@example.com>
"""


def _commit(folder: Path, message: str, committer: str = "Ana Lima", address: str = "ana@example.com") -> None:
    told = {
        "GIT_AUTHOR_NAME": "Ana Lima",
        "GIT_AUTHOR_EMAIL": "Ana@Example.com",
        "GIT_AUTHOR_DATE": "1768467600 +0100",
        "GIT_COMMITTER_NAME": committer,
        "GIT_COMMITTER_EMAIL": address,
        "GIT_COMMITTER_DATE": "1768471200 +0100",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "PATH": os.environ["PATH"],
    }
    words = [GIT, "-C", str(folder), "commit", "-q", "--allow-empty", "-F", "-"]
    subprocess.run(words, input=message.encode(), env=told, check=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository of two commits."""
    folder = tmp_path / "tools"
    subprocess.run([GIT, "init", "-q", str(folder)], check=True)
    _commit(folder, TRAILERS)
    _commit(folder, "Mend the größe check\n", "GitHub", "noreply@github.com")
    return folder


def _records(path: Path, table: str) -> list[dict[str, object]]:
    items: list[Item] = list(SOURCE.read([SourceFile(path, path.name)], ReadOptions()))
    return [dict(item.values) for item in items if isinstance(item, Record) and item.table == table]


def test_a_commit_is_a_task_of_its_author(repository: Path) -> None:
    tasks = _records(repository, "tasks")

    expected = [("ana@example.com", "tools", datetime(2026, 1, 15, 9, tzinfo=UTC))] * 2
    assert expected == [(row["account_id"], row["project"], row["occurred_at"]) for row in tasks]
    assert ["Add a retry", "Mend the größe check"] == [row["body"] for row in _records(repository, "texts")]


def test_trailers_and_the_committer_tell_who_did_what_for_the_author(repository: Path) -> None:
    events = _records(repository, "task_events")

    assert [
        ("authored", "ana@example.com"),
        ("reviewed", "ben@example.com"),
        ("tested", "cai@example.com"),
        ("approved", "dee ruiz"),
        ("authored", "eli@example.com"),
        ("helped", "fay@example.com"),
        ("reported", "gus"),
        ("authored", "ana@example.com"),
        ("merged", "noreply@github.com"),
    ] == [(row["kind"], row["actor_account_id"]) for row in events]
    assert {"ana@example.com"} == {row["for_account_id"] for row in events}
    assert {datetime(2026, 1, 15, 10, tzinfo=UTC)} == {row["occurred_at"] for row in events}


def test_people_are_known_by_address_and_machines_are_bots(repository: Path) -> None:
    kinds = {row["external_id"]: row["kind"] for row in _records(repository, "accounts")}
    named = {
        row["account_id"]: (row.get("display_name"), row.get("email")) for row in _records(repository, "identities")
    }

    assert ("staff", "bot") == (kinds["ana@example.com"], kinds["noreply@github.com"])
    assert ("Ana Lima", "ana@example.com") == named["ana@example.com"]
    assert ("Dee Ruiz", None) == named["dee ruiz"]
    assert "hal@example.com" not in kinds


def test_a_dump_reads_as_its_repository(repository: Path, tmp_path: Path) -> None:
    dump = tmp_path / "tools.gitlog"
    words = [GIT, "--no-pager", "-C", str(repository), *COMMAND]
    dump.write_bytes(subprocess.run(words, check=True, capture_output=True).stdout)

    for table in SOURCE.yields:
        assert _records(repository, table) == _records(dump, table)


def _dump(*fields: str) -> bytes:
    return b"".join(field.encode("latin-1") + b"\0" for field in fields)


ONE = ("a" * 40, "Zoë", "", "1768467600", "Zoë", "", "1768471200", "Naïve fix", "")


def test_a_commit_without_an_address_is_known_by_name(tmp_path: Path) -> None:
    taken = take(SOURCE, tmp_path, {"x.gitlog": _dump(*ONE)})

    assert "zoë" == taken.tables["tasks"][0]["account_id"]
    assert "Naïve fix" == taken.body("a" * 40, "title")


def test_commits_that_cannot_be_taken_are_refused_at_their_ordinal(tmp_path: Path) -> None:
    bad_time = ("b" * 40, "Ana", "a@b.c", "soon", *ONE[4:])
    nobody = ("c" * 40, " ", "", *ONE[3:])
    taken = take(SOURCE, tmp_path, {"x.gitlog": _dump(*ONE, *bad_time, *nobody, *ONE, *ONE[:3])})

    assert [2, 3, 4, 5] == list(taken.refused)
    assert "not a time" in taken.refused[2]
    assert "neither a name" in taken.refused[3]
    assert "stands earlier" in taken.refused[4]
    assert "cut short: 3 of 9" in taken.refused[5]


def test_another_file_is_unreadable_as_a_whole(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="expected a commit id at commit 1"):
        take(SOURCE, tmp_path, {"x.gitlog": b"commit 1234\nAuthor: Ana\n"})


def test_a_folder_that_is_no_repository_is_unreadable_even_inside_one(repository: Path) -> None:
    inner = repository / "inner"
    inner.mkdir()

    with pytest.raises(UnreadableFileError, match="cannot list its commits"):
        _records(inner, "tasks")
