"""ServiceNow: one event a row, one ticket an incident, people kept apart where numbers are masked."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cadre.errors import UnreadableFileError
from cadre.sources.servicenow import SOURCE
from tests.sources.taken import take

HEAD = (
    "number,incident_state,sys_mod_count,reopen_count,made_sla,caller_id,opened_by,opened_at,sys_updated_by,"
    "sys_updated_at,priority,assignment_group,assigned_to,resolved_by,resolved_at,closed_at\n"
)
LOG = HEAD + (
    "I1,New,0,0,true,7,7,29/2/2016 01:16,7,29/2/2016 01:23,2 - High,G1,?,?,?,?\n"
    "I2,New,0,0,true,8,7,29/2/2016 02:00,7,29/2/2016 02:00,3,G1,?,?,?,?\n"
    "I1,Active,1,0,true,7,7,29/2/2016 01:16,7,29/2/2016 01:30,2 - High,G1,9,?,?,?\n"
    "I1,Active,1,0,true,7,7,29/2/2016 01:16,7,29/2/2016 01:31,2 - High,G2,10,?,?,?\n"
    "I1,Resolved,2,0,true,7,7,29/2/2016 01:16,7,29/2/2016 02:00,2 - High,G2,10,3,29/2/2016 02:00,?\n"
    "I1,Active,3,1,true,7,7,29/2/2016 01:16,7,29/2/2016 03:00,2 - High,G2,10,?,?,?\n"
    "I1,Closed,4,1,false,7,7,29/2/2016 01:16,7,1/3/2016 03:00,2 - High,G2,10,3,29/2/2016 04:00,1/3/2016 03:00\n"
)


def test_each_row_is_one_event_with_its_most_telling_change(tmp_path: Path) -> None:
    taken = take(SOURCE, tmp_path, {"log.csv": LOG}, day_first=True)

    kinds = [(row["external_id"], row["kind"]) for row in taken.tables["ticket_events"]]
    assert [
        ("I1.0.0", "created"),
        ("I2.0.0", "created"),
        ("I1.1.0", "assigned"),
        ("I1.1.1", "handed_over"),
        ("I1.2.0", "resolved"),
        ("I1.3.0", "reopened"),
        ("I1.4.0", "closed"),
    ] == kinds
    assert ({("log.csv", n) for n in range(2, 9)}, {}) == (taken.lines, taken.refused)


def test_a_handover_tells_holder_and_team_before_and_after(tmp_path: Path) -> None:
    event = take(SOURCE, tmp_path, {"log.csv": LOG}, day_first=True).by_id("ticket_events")["I1.1.1"]

    expected = {"from_account_id": "assigned_to:9", "to_account_id": "assigned_to:10", "from_team_id": "G1", "to_team_id": "G2"}  # fmt: skip
    assert expected == {name: event.get(name) for name in expected}
    assert "to_status" not in event


def test_a_ticket_is_its_latest_state_and_an_open_one_has_not_kept_its_agreement_yet(tmp_path: Path) -> None:
    tickets = take(SOURCE, tmp_path, {"log.csv": LOG}, day_first=True).by_id("tickets")

    first, second = tickets["I1"], tickets["I2"]
    assert ("Closed", 2, 1, False) == (first["status"], first["priority"], first["reopen_count"], first["sla_met"])
    assert datetime(2016, 3, 1, 3, tzinfo=UTC) == first["closed_at"]
    assert (None, None) == (second["sla_met"], second["resolver_account_id"])


def test_bare_numbers_are_counted_by_column_unless_the_settings_say_one_numbering(tmp_path: Path) -> None:
    apart = take(SOURCE, tmp_path, {"log.csv": LOG}, day_first=True).by_id("accounts")
    joined = take(SOURCE, tmp_path, {"log.csv": LOG}, day_first=True, settings={"one_numbering": True}).by_id(
        "accounts"
    )

    assert ("client", "staff") == (apart["caller_id:7"]["kind"], apart["sys_updated_by:7"]["kind"])
    assert "7" in joined
    assert "caller_id:7" not in joined


def test_an_export_with_names_keeps_one_account_a_name_and_its_words_apart(tmp_path: Path) -> None:
    text = (
        "Number,State,Updated,Updated by,Caller,Assigned to,Assignment group,Opened,Short description\n"
        "INC1,In Progress,2024-05-02 10:00:00,tdoe,Ann Client,Tom Doe,Service Desk,2024-05-01 09:00:00,Printer jams\n"
    )

    taken = take(SOURCE, tmp_path, {"list.csv": text}, zone="Europe/Berlin")

    ticket = taken.by_id("tickets")["INC1"]
    assert {"tdoe": "staff", "Ann Client": "client", "Tom Doe": "staff"} == {
        key: row["kind"] for key, row in taken.by_id("accounts").items()
    }
    assert ("Tom Doe", datetime(2024, 5, 1, 7, tzinfo=UTC)) == (ticket["assignee_account_id"], ticket["occurred_at"])
    assert ("tdoe", "Printer jams") == (taken.name("tdoe", "handle"), taken.body("INC1", "title"))


def test_a_list_of_one_row_an_incident_does_not_invent_its_creation(tmp_path: Path) -> None:
    row = "I1,Active,9,0,true,7,7,29/2/2016 01:16,7,1/3/2016 01:23,2,G1,9,?,?,?\n"

    events = take(SOURCE, tmp_path, {"list.csv": HEAD + row}, day_first=True).tables["ticket_events"]

    assert ["update"] == [event["kind"] for event in events]


def test_a_row_that_cannot_be_read_is_refused_and_leaves_the_ticket_as_it_was(tmp_path: Path) -> None:
    bad = (
        LOG + "I1,Active,5,1,true,7,7,29/2/2016 01:16,7,2/31/2016 03:00,2,G2,10,?,?,?\nI1,New,6,0,true,7,7,x,7,,,,,,,\n"
    )

    taken = take(SOURCE, tmp_path, {"log.csv": bad}, day_first=True)

    assert "no such date when read day first" == taken.refused[9]
    assert taken.refused[10].startswith("opened_at: not a time")
    assert "Closed" == taken.by_id("tickets")["I1"]["status"]


def test_a_row_out_of_order_is_an_update_and_never_the_latest_state(tmp_path: Path) -> None:
    late = LOG + "I1,Active,1,0,true,7,7,29/2/2016 01:16,7,29/2/2016 01:30,2,G1,9,?,?,?\n"

    taken = take(SOURCE, tmp_path, {"log.csv": late}, day_first=True)

    assert "update" == taken.by_id("ticket_events")["I1.1.2"]["kind"]
    assert "Closed" == taken.by_id("tickets")["I1"]["status"]


def test_a_file_of_other_columns_is_an_error_that_names_them(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"found the columns a, b; expected number, state, updated_at"):
        take(SOURCE, tmp_path, {"x.csv": "a,b\n1,2\n"})
