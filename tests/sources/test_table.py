import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cadre.errors import UnreadableFileError, UsageError
from cadre.sources import SourceFile
from cadre.sources.mapping import draft, parse
from cadre.sources.table import SOURCE
from tests.sources.taken import take

TICKETS = (
    "Ticket #,Company,Summary,Description,Priority,Status,Board,Resource,Contact,Date Entered,Date Closed,Due Date,Colour\n"
    "1001,Example Dental,No mail,Outlook asks for a password,Critical,Closed,Desk,Ada Example,Cleo Client,03/04/2024 09:10,25/04/2024 10:00,,red\n"
    "1002,Example Dental,Printer,Paper jam,Whenever,Open,Desk,Bo Example,Cleo Client,26/04/2024 11:00,,30/04/2024 12:00,blue\n"
)


def mapping(text: str) -> dict[str, object]:
    return tomllib.loads(text)


def test_a_drafted_mapping_reads_a_psa_export_as_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(TICKETS, "utf-8")

    told = draft(SourceFile(path, "t.csv"))
    taken = take(SOURCE, tmp_path, {"t.csv": TICKETS}, zone="Europe/Berlin", mapping=mapping(told))

    first = taken.by_id("tickets")["1001"]
    assert {} == taken.refused
    assert (1, "Example Dental", "Ada Example", "Cleo Client", "Desk") == tuple(
        first[c] for c in ("priority", "client_id", "assignee_account_id", "requester_account_id", "team_id")
    )
    assert datetime(2024, 4, 3, 7, 10, tzinfo=UTC) == first["occurred_at"]
    assert ("No mail", "Outlook asks for a password") == (taken.body("1001", "title"), taken.body("1001"))
    assert {"Ada Example": "staff", "Bo Example": "staff", "Cleo Client": "client"} == {
        key: row["kind"] for key, row in taken.by_id("accounts").items()
    }
    assert "Not used: Colour." in told
    assert '"Whenever" = 3  # a guess' in told
    assert "day_first = true" in told


def test_a_word_for_not_told_is_drafted_as_missing(tmp_path: Path) -> None:
    rows = "id,priority\n1,high\n2,unknown\n"
    path = tmp_path / "t.csv"
    path.write_text(rows, "utf-8")

    taken = take(SOURCE, tmp_path, {"t.csv": rows}, mapping=mapping(draft(SourceFile(path, "t.csv"))))

    assert [2, None] == [row["priority"] for row in taken.tables["tickets"]]


def test_minutes_become_hours_and_lists_are_parted(tmp_path: Path) -> None:
    told = """
        [[table]]
        to = "time_entries"
        [table.columns]
        occurred_at = "day"
        hours = "minutes"
        account_id = "who"
        [table.scales]
        hours = 0.016666666666666666
        [[table]]
        to = "messages"
        id = ["n"]
        [table.columns]
        occurred_at = "day"
        channel_id = "room"
        account_id = "who"
        mention_account_ids = "to"
        [table.separators]
        mention_account_ids = ";"
        [table.constants]
        kind = "message"
    """
    taken = take(
        SOURCE,
        tmp_path,
        {"t.csv": "n,day,minutes,who,room,to\n1,2024-05-01,90,ada,desk,bo; cy\n"},
        mapping=mapping(told),
    )

    assert 1.5 == pytest.approx(taken.tables["time_entries"][0]["hours"])
    assert ["bo", "cy"] == taken.tables["messages"][0]["mention_account_ids"]
    assert {"desk"} == set(taken.by_id("channels"))
    assert {("t.csv", 2)} == taken.lines


def test_equal_rows_without_an_id_stay_apart(tmp_path: Path) -> None:
    told = '[[table]]\nto = "tickets"\n[table.columns]\ncategory = "topic"\n'

    ids = [
        row["external_id"]
        for row in take(SOURCE, tmp_path, {"t.csv": "topic\nmail\nmail\nvpn\n"}, mapping=mapping(told)).tables[
            "tickets"
        ]
    ]

    assert 3 == len(set(ids))
    assert ids[0].rsplit(".", 1)[0] == ids[1].rsplit(".", 1)[0]


def test_a_cell_that_cannot_be_read_refuses_its_row_and_names_the_column(tmp_path: Path) -> None:
    told = '[[table]]\nto = "tickets"\nid = "n"\n[table.columns]\noccurred_at = "opened"\n'

    taken = take(
        SOURCE, tmp_path, {"t.csv": "n,opened\n1,yesterday\n2,2024-05-01\n,2024-05-01\n"}, mapping=mapping(told)
    )

    assert {
        2: "opened: not a time: expected ISO 8601 or day/month/year hour:minute",
        4: "no n, which make the row's id",
    } == taken.refused
    assert ["2"] == list(taken.by_id("tickets"))


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ("", "no [[table]]"),
        ('[[table]]\nto = "texts"\n', "'texts' is no canonical table"),
        ('[[table]]\nto = "tickets"\n[table.columns]\ncolour = "c"\n', "unknown colour"),
        ('[[table]]\nto = "messages"\n[table.columns]\nchannel_id = "c"\n', "needs occurred_at, kind"),
        ('[[table]]\nto = "tickets"\n[table.kinds]\nassignee_account_id = "boss"\n', "'boss'"),
        ('speed = 3\n[[table]]\nto = "tickets"\n', "unknown speed"),
    ],
)
def test_a_wrong_mapping_is_an_error_that_names_the_key(told: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(mapping(told))

    assert message in caught.value.message
    assert caught.value.hint


def test_a_column_the_file_lacks_is_an_error_of_the_file(tmp_path: Path) -> None:
    told = '[[table]]\nto = "tickets"\n[table.columns]\ncategory = "topic"\n'

    with pytest.raises(UnreadableFileError, match="the mapping names topic"):
        take(SOURCE, tmp_path, {"t.csv": "subject\nmail\n"}, mapping=mapping(told))
