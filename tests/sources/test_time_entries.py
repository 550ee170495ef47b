"""Time entries: hours in any of the forms timesheets use, above 0, whose they are told."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cadre.errors import UnreadableFileError
from cadre.sources.time_entries import SOURCE
from tests.sources.taken import take

HEAD = "Date,Member,Hours,Minutes,Start Time,End Time,Ticket,Company,Work Type,Billable,Notes\n"


@pytest.mark.parametrize(
    ("cells", "hours"),
    [
        ("01/05/2024,Tom Doe,1.5,,,,T1,Acme,Remote,Yes,", 1.5),
        ("01/05/2024,Tom Doe,1:30,,,,T1,Acme,Remote,Yes,", 1.5),
        ("01/05/2024,Tom Doe,,90,,,T1,Acme,Remote,Billable,", 1.5),
        ("01/05/2024,Tom Doe,,,09:00,10:30,T1,Acme,Remote,true,", 1.5),
    ],
)
def test_hours_come_from_hours_minutes_or_start_and_end(tmp_path: Path, cells: str, hours: float) -> None:
    (entry,) = take(SOURCE, tmp_path, {"t.csv": HEAD + cells + "\n"}, day_first=True).tables["time_entries"]

    assert (hours, "T1", "Acme", "Remote", True) == tuple(
        entry[name] for name in ("hours", "ticket_id", "client_id", "kind", "is_billable")
    )


def test_a_start_time_beside_a_date_is_that_time_in_the_sources_zone(tmp_path: Path) -> None:
    text = HEAD + "01/05/2024,Tom Doe,,,09:00,10:30,,,,,Swapped a disk\n"

    taken = take(SOURCE, tmp_path, {"t.csv": text}, day_first=True, zone="Europe/Berlin")

    (entry,) = taken.tables["time_entries"]
    assert datetime(2024, 5, 1, 7, tzinfo=UTC) == entry["occurred_at"]
    assert ("Swapped a disk", None) == (taken.body(entry["external_id"]), entry["is_billable"])


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("01/05/2024,Tom Doe,0,,,,,,,,", "hours: expected above 0"),
        ("01/05/2024,Tom Doe,,,,,,,,,", "hours: expected above 0"),
        ("01/05/2024,Tom Doe,25,,,,,,,,", "hours: expected above 0"),
        ("01/05/2024,,1,,,,,,,,", "a date and a technician"),
        ("01/05/2024,Tom Doe,1,,,,,,,perhaps,", "not yes or no"),
    ],
)
def test_an_entry_that_cannot_be_read_is_refused(tmp_path: Path, cells: str, reason: str) -> None:
    taken = take(SOURCE, tmp_path, {"t.csv": HEAD + cells + "\n"}, day_first=True)

    assert reason in taken.refused[2]
    assert not taken.tables["time_entries"]


def test_a_file_without_hours_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="hours or minutes or end"):
        take(SOURCE, tmp_path, {"t.csv": "Date,Member\n2024-05-01,Tom\n"})
