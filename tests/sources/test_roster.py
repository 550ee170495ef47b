"""Roster: people, names, teams, hours, role changes and leave from CSV files and workbooks."""

import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from cadre.errors import UnreadableFileError
from cadre.sources.roster import SOURCE
from cadre.sources.weekly import Span, spans
from tests.sources.taken import take

PEOPLE = (
    "Employee ID,Name,Work Email,Job Title,Department,Tier,Manager,Hire Date,Termination Date,FTE,Time Zone,Working Hours,Logins\n"
    "E1,Ann Lee,Ann@Firm.example,Team lead,Desk,1,,2020-01-06,,1,Europe/Berlin,Mon-Fri 09:00-17:30,alee; ann@chat.example\n"
    "E2,Tom Doe,tom@firm.example,Technician,Desk,1,Ann Lee,2021-02-01,2024-03-31,80%,,,tdoe\n"
    "E3,Kim Roe,kim@firm.example,Technician,Field,2,E1,2022-02-01,,0.5,,Mon-Wed 9-17,\n"
)
CHANGES = "employee_id,date,from,to\nE2,2023-05-01,Trainee,Technician\nE9,2023-05-01,,\n"
LEAVE = "Employee ID,From,To\nE3,2024-07-01,2024-07-14\n"


def test_people_with_team_role_lead_and_dates(tmp_path: Path) -> None:
    people = take(SOURCE, tmp_path, {"people.csv": PEOPLE}).by_id("people")

    expected = {"role": "Technician", "team_id": "Desk", "lead_person_id": "E1", "started_on": date(2021, 2, 1),
                "left_on": date(2024, 3, 31), "employment_share": 0.8, "zone": None}  # fmt: skip
    assert expected == {name: people["E2"][name] for name in expected}
    assert "E1" == people["E3"]["lead_person_id"]
    assert "Europe/Berlin" == people["E1"]["zone"]


def test_names_addresses_and_logins_lie_in_identities_alone(tmp_path: Path) -> None:
    rows = take(SOURCE, tmp_path, {"people.csv": PEOPLE}).by_id("identities")

    assert ("Ann Lee", "ann@firm.example") == (rows["person:E1"]["display_name"], rows["person:E1"]["email"])
    assert "alee" == rows["person:E1:alee"]["handle"]
    assert "ann@chat.example" == rows["person:E1:ann@chat.example"]["email"]


def test_teams_memberships_and_working_hours(tmp_path: Path) -> None:
    taken = take(SOURCE, tmp_path, {"people.csv": PEOPLE})

    assert {"Desk": "1", "Field": "2"} == {key: row["tier"] for key, row in taken.by_id("teams").items()}
    assert date(2024, 3, 31) == taken.by_id("memberships")["E2:Desk"]["ended_on"]
    hours = [(row["weekday"], row["start_hour"], row["end_hour"]) for row in taken.tables["schedules"] if row["person_id"] == "E1"]  # fmt: skip
    assert [(day, 9.0, 17.5) for day in range(5)] == hours


def test_role_changes_and_leave_come_from_their_own_files(tmp_path: Path) -> None:
    taken = take(SOURCE, tmp_path, {"c.csv": CHANGES, "l.csv": LEAVE, "p.csv": PEOPLE}, zone="Europe/Berlin")

    change = taken.tables["role_changes"][0]
    leave = taken.by_id("schedules")["E3:leave:2024-07-01"]
    assert ("E2", "Trainee", "Technician") == (change["person_id"], change["from_role"], change["to_role"])
    assert datetime(2023, 4, 30, 22, tzinfo=UTC) == change["occurred_at"]
    assert ("leave", date(2024, 7, 14)) == (leave["kind"], leave["ended_on"])
    assert {3: "a date and the role after it are needed"} == taken.refused


def test_a_workbook_is_read_sheet_by_sheet_and_its_lines_are_numbered_through(tmp_path: Path) -> None:
    book = Workbook()
    for title, text in (("People", PEOPLE), ("Roles", CHANGES), ("Away", LEAVE)):
        sheet = book.create_sheet(title)
        for line in text.splitlines():
            sheet.append(line.split(","))
    book.remove(book.worksheets[0])
    stream = io.BytesIO()
    book.save(stream)

    taken = take(SOURCE, tmp_path, {"roster.xlsx": stream.getvalue()})

    assert (3, 1) == (len(taken.tables["people"]), len(taken.tables["role_changes"]))
    assert {("roster.xlsx", n) for n in (2, 3, 4, 6, 7, 9)} == taken.lines


def test_people_named_by_mail_or_name_are_found_and_others_refused(tmp_path: Path) -> None:
    leave = "Name,Leave Type,Start Date,End Date\nTom Doe,Holiday,2024-01-02,2024-01-05\nNobody Known,Holiday,2024-01-02,2024-01-05\n"

    taken = take(SOURCE, tmp_path, {"l.csv": leave, "p.csv": PEOPLE})

    assert "E2:leave:2024-01-02" in taken.by_id("schedules")
    assert {3: "no employee id, and no person of this load has that e-mail or name"} == taken.refused


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("E1,A,,,,,,2020-13-01,,,,,", "not a date"),
        (",A,,,,,,,,,,,", "no employee id"),
        ("E1,A,,,,,,,,,Mars/Base,,", "time zone"),
        ("E1,A,,,,,,,,,,Mon-Fri,", "working hours"),
        ("E1,A,,,,,,,,250,,,", "fte"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_with_what_was_expected(tmp_path: Path, cells: str, reason: str) -> None:
    taken = take(SOURCE, tmp_path, {"p.csv": PEOPLE.splitlines()[0] + "\n" + cells + "\n"})

    assert reason in taken.refused[2]
    assert not taken.tables["people"]


def test_missing_columns_are_an_error_with_those_found_and_those_wanted(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"found the columns colour, size; expected employee_id"):
        take(SOURCE, tmp_path, {"p.csv": "colour,size\nred,1\n"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sat-Sun 18:00-08:00", [Span(5, 18.0, 8.0), Span(6, 18.0, 8.0)]),
        ("Mon, Wed 8am-4:30pm; Fri 8-12", [Span(0, 8.0, 16.5), Span(2, 8.0, 16.5), Span(4, 8.0, 12.0)]),
        ("flexible", []),
    ],
)
def test_weekly_hours_as_people_write_them(text: str, expected: list[Span]) -> None:
    assert expected == spans(text)


def test_a_memberships_file_outweighs_the_team_of_the_people_rows(tmp_path: Path) -> None:
    moves = "Employee ID,Team,From,To\nE2,Field,2021-02-01,2022-12-31\nE2,Desk,2023-01-01,\n"

    rows = take(SOURCE, tmp_path, {"p.csv": PEOPLE, "m.csv": moves}).by_id("memberships")

    assert {"E1:Desk", "E3:Field", "E2:Field:2021-02-01", "E2:Desk:2023-01-01"} == set(rows)


def test_rows_of_a_sheet_with_other_columns_are_refused_and_the_rest_is_read(tmp_path: Path) -> None:
    book = Workbook()
    for title, text in (("Colours", "colour\nred\n"), ("People", PEOPLE)):
        sheet = book.create_sheet(title)
        for line in text.splitlines():
            sheet.append(line.split(","))
    book.remove(book.worksheets[0])
    stream = io.BytesIO()
    book.save(stream)

    taken = take(SOURCE, tmp_path, {"roster.xlsx": stream.getvalue()})

    assert ({2: "its sheet has none of the known columns"}, 3) == (taken.refused, len(taken.tables["people"]))
