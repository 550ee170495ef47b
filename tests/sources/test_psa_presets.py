"""The three PSA presets on fixtures in their vendors' formats: states stay states, notes become events."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cadre.errors import UnreadableFileError
from cadre.sources import autotask, connectwise, halopsa
from cadre.sources.source import Source
from tests.sources.taken import take

CW_TICKET = {
    "id": 493, "summary": "Backup failed", "recordType": "ServiceTicket",
    "board": {"id": 1, "name": "Service"}, "status": {"id": 16, "name": "Closed"},
    "company": {"id": 16, "identifier": "Acme", "name": "Acme, Inc."},
    "contact": {"id": 48, "name": "Ann Client"}, "contactEmailAddress": "Ann@acme.example",
    "type": {"id": 14, "name": "Backup"}, "team": {"id": 25, "name": "Service Team"},
    "owner": {"id": 9, "identifier": "TDoe", "name": "Tom Doe"}, "priority": {"id": 4, "name": "Priority 2 - High"},
    "source": {"id": 3, "name": "Email"}, "closedDate": "2024-05-02T10:00:00Z", "isInSla": True, "resources": "tdoe",
    "dateResolved": "2024-05-02T09:00:00Z",
    "_info": {"lastUpdated": "2024-05-02T10:00:01Z", "dateEntered": "2024-05-01T08:00:00Z"},
}  # fmt: skip
CW_NOTES = [
    {"id": 1, "ticketId": 493, "text": "It fails since Monday", "detailDescriptionFlag": True, "internalAnalysisFlag": False,
     "contact": {"id": 48, "name": "Ann Client"}, "dateCreated": "2024-05-01T08:00:00Z", "createdBy": "zmail"},
    {"id": 2, "ticketId": 493, "text": "Disk is full", "detailDescriptionFlag": False, "internalAnalysisFlag": True,
     "member": {"id": 9, "identifier": "TDoe", "name": "Tom Doe"}, "dateCreated": "2024-05-01T09:00:00Z"},
]  # fmt: skip
CW_TIME = {"items": [
    {"id": 7, "chargeToId": 493, "chargeToType": "ServiceTicket", "timeStart": "2024-05-01T09:00:00Z",
     "actualHours": 0.75, "billableOption": "DoNotBill", "member": {"id": 9, "identifier": "TDoe", "name": "Tom Doe"},
     "workType": {"id": 1, "name": "Remote"}, "notes": "Freed space", "company": {"id": 16, "identifier": "Acme"}},
    {"id": 8, "chargeToId": 22, "chargeToType": "ChargeCode", "timeStart": "2024-05-01T12:00:00Z", "actualHours": 1.0,
     "billableOption": "NoDefault", "member": {"id": 9, "identifier": "TDoe", "name": "Tom Doe"}},
    {"id": 9, "chargeToId": 493, "chargeToType": "ServiceTicket", "timeStart": "2024-05-01T12:00:00Z", "actualHours": 0},
]}  # fmt: skip
AT_TICKET = {"items": [
    {"id": 8001, "ticketNumber": "T20240501.0001", "title": "Printer jams", "description": "Since noon", "status": 5,
     "priority": 4, "queueID": 29, "companyID": 174, "contactID": 30, "assignedResourceID": 29682885,
     "completedByResourceID": 29682886, "createDate": "2024-05-01T10:00:00.123Z", "completedDate": "2024-05-02T10:00:00Z",
     "resolvedDateTime": "2024-05-02T09:00:00Z", "serviceLevelAgreementHasBeenMet": False, "issueType": 10,
     "lastActivityDate": "2024-05-02T10:00:00Z", "userDefinedFields": [{"name": "x", "value": None}]}
], "pageDetails": {"count": 1, "nextPageUrl": None}}  # fmt: skip
AT_NOTES = {"items": [
    {"id": 1, "ticketID": 8001, "title": "Update", "description": "Ordered a part", "createDateTime": "2024-05-01T11:00:00Z",
     "creatorResourceID": 29682885, "createdByContactID": None, "publish": 1, "noteType": 1},
    {"id": 2, "ticketID": 8001, "description": "Still jams", "createDateTime": "2024-05-01T12:00:00Z",
     "creatorResourceID": None, "createdByContactID": 30, "publish": 1, "noteType": 1},
    {"id": 3, "ticketID": 8001, "description": "Call the vendor", "createDateTime": "2024-05-01T13:00:00Z",
     "creatorResourceID": 29682886, "publish": 2, "noteType": 1},
]}  # fmt: skip
AT_TIME = {"items": [
    {"id": 5, "ticketID": 8001, "resourceID": 29682885, "dateWorked": "2024-05-01T00:00:00Z",
     "startDateTime": "2024-05-01T11:00:00Z", "endDateTime": "2024-05-01T11:30:00Z", "hoursWorked": 0.5,
     "isNonBillable": False, "summaryNotes": "Looked at it", "internalNotes": "Old model"},
]}  # fmt: skip
HALO_TICKETS = {"record_count": 1, "tickets": [
    {"id": 2818, "summary": "VPN down", "details": "<p>Cannot connect</p>", "dateoccurred": "2024-05-01T08:00:00",
     "dateclosed": "1900-01-01T00:00:00", "client_id": 12, "client_name": "Acme", "user_id": 30, "user_name": "Ann Client",
     "agent_id": 4, "agent_name": "Tom Doe", "team": "2nd Line", "status_id": 2, "priority_id": 1,
     "tickettype_id": 1, "category_1": "Network>VPN", "last_update": "2024-05-01T09:00:00", "parent_id": 0}
]}  # fmt: skip
HALO_ACTIONS = {"record_count": 2, "actions": [
    {"id": 1, "ticket_id": 2818, "who": "Tom Doe", "who_agentid": 4, "note": "Reset the tunnel", "hiddenfromuser": True,
     "datetime": "2024-05-01T08:30:00.1234567Z", "outcome": "Private Note", "timetaken": 0.25, "actionisbillable": True},
    {"id": 2, "ticket_id": 2818, "who": "Ann Client", "who_agentid": 0, "who_userid": 30, "note": "Works again",
     "hiddenfromuser": False, "datetime": "2024-05-01T08:45:00Z", "outcome": "User Updated", "timetaken": 0},
]}  # fmt: skip


def dumped(**files: Any) -> dict[str, str | bytes]:
    return {f"{name}.json": json.dumps(content) for name, content in files.items()}


def test_connectwise_tickets_are_states_without_invented_history(tmp_path: Path) -> None:
    taken = take(connectwise.SOURCE, tmp_path, dumped(tickets=[CW_TICKET]))

    ticket = taken.by_id("tickets")["493"]
    expected = {"client_id": "Acme", "status": "Closed", "priority": 2, "assignee_account_id": "member:tdoe",
                "requester_account_id": "contact:48", "team_id": "Service Team", "category": "Backup", "channel": "Email",
                "occurred_at": datetime(2024, 5, 1, 8, tzinfo=UTC), "sla_met": True, "resolver_account_id": None}  # fmt: skip
    assert expected == {name: ticket[name] for name in expected}
    assert not taken.tables["ticket_events"]
    assert ("ann@acme.example", "Tom Doe") == (taken.name("contact:48", "email"), taken.name("member:tdoe"))
    assert "Backup failed" == taken.body("493", "title")


def test_connectwise_notes_are_replies_or_private_notes_by_their_author(tmp_path: Path) -> None:
    events = take(connectwise.SOURCE, tmp_path, dumped(notes=CW_NOTES)).by_id("ticket_events")

    assert [("reply", "public", "contact:48"), ("note", "private", "member:tdoe")] == [
        (events[key]["kind"], events[key]["visibility"], events[key]["actor_account_id"])
        for key in ("note:493:1", "note:493:2")
    ]


def test_connectwise_time_is_on_a_ticket_only_where_it_is_charged_to_one(tmp_path: Path) -> None:
    taken = take(connectwise.SOURCE, tmp_path, dumped(time=CW_TIME))

    entries = taken.by_id("time_entries")
    assert ("493", 0.75, False, "Remote") == tuple(
        entries["7"][n] for n in ("ticket_id", "hours", "is_billable", "kind")
    )
    assert (None, None) == (entries["8"]["ticket_id"], entries["8"]["is_billable"])
    assert {3: "a start or date and a member are needed"} == taken.refused
    assert {("time.json", n) for n in (1, 2, 3)} == taken.lines


def test_connectwise_csv_with_the_apis_columns_reads_alike(tmp_path: Path) -> None:
    text = (
        "id,summary,board/name,status/name,company/identifier,company/name,owner/identifier,priority/name,dateEntered\n"
        '493,Backup failed,Service,New,Acme,"Acme, Inc.",TDoe,Priority 1 - Critical,2024-05-01T08:00:00Z\n'
    )

    ticket = take(connectwise.SOURCE, tmp_path, {"t.csv": text}).by_id("tickets")["493"]

    assert ("Acme", "member:tdoe", 1, "New", "Service") == tuple(
        ticket[n] for n in ("client_id", "assignee_account_id", "priority", "status", "team_id")
    )


def test_autotask_tickets_read_priorities_as_set_up_unless_told(tmp_path: Path) -> None:
    ticket = take(autotask.SOURCE, tmp_path, dumped(t=AT_TICKET)).by_id("tickets")["8001"]
    told = take(autotask.SOURCE, tmp_path, dumped(t=AT_TICKET), settings={"priorities": {"4": 5}}).by_id("tickets")

    assert (1, 5) == (ticket["priority"], told["8001"]["priority"])
    expected = {"client_id": "174", "team_id": "29", "assignee_account_id": "member:29682885", "status": "5",
                "resolver_account_id": "member:29682886", "requester_account_id": "contact:30", "sla_met": False,
                "resolved_at": datetime(2024, 5, 2, 9, tzinfo=UTC)}  # fmt: skip
    assert expected == {name: ticket[name] for name in expected}


def test_autotask_notes_and_time(tmp_path: Path) -> None:
    taken = take(autotask.SOURCE, tmp_path, dumped(n=AT_NOTES, t=AT_TIME))

    events = taken.tables["ticket_events"]
    assert [("reply", "member:29682885"), ("reply", "contact:30"), ("note", "member:29682886")] == [
        (event["kind"], event["actor_account_id"]) for event in events
    ]
    (entry,) = taken.tables["time_entries"]
    assert (0.5, "8001", True) == (entry["hours"], entry["ticket_id"], entry["is_billable"])
    assert "Looked at it\nOld model" == taken.body("5")
    assert {"member:29682885": "staff", "member:29682886": "staff", "contact:30": "client"} == {
        key: row["kind"] for key, row in taken.by_id("accounts").items()
    }


def test_halopsa_tickets_take_no_date_for_one_that_is_only_a_placeholder(tmp_path: Path) -> None:
    taken = take(halopsa.SOURCE, tmp_path, dumped(t=HALO_TICKETS))

    ticket = taken.by_id("tickets")["2818"]
    expected = {"closed_at": None, "client_id": "12", "assignee_account_id": "member:4", "team_id": "2nd Line",
                "requester_account_id": "contact:30", "priority": 1, "parent_ticket_id": None,
                "revised_at": datetime(2024, 5, 1, 9, tzinfo=UTC)}  # fmt: skip
    assert expected == {name: ticket[name] for name in expected}
    assert "Cannot connect" == taken.body("2818")
    assert ("Tom Doe", "Ann Client") == (taken.name("member:4"), taken.name("contact:30"))


def test_halopsa_actions_are_events_and_their_time_is_booked(tmp_path: Path) -> None:
    taken = take(halopsa.SOURCE, tmp_path, dumped(a=HALO_ACTIONS))

    assert [("note", "private", "member:4"), ("reply", "public", "contact:30")] == [
        (event["kind"], event["visibility"], event["actor_account_id"]) for event in taken.tables["ticket_events"]
    ]
    (entry,) = taken.tables["time_entries"]
    assert (0.25, "member:4", True) == (entry["hours"], entry["account_id"], entry["is_billable"])


@pytest.mark.parametrize("module", [connectwise, autotask, halopsa])
def test_a_file_of_something_else_is_an_error_and_a_stray_row_is_refused(tmp_path: Path, module: Any) -> None:
    source: Source = module.SOURCE

    with pytest.raises(UnreadableFileError, match="found the columns colour; expected"):
        take(source, tmp_path, dumped(x=[{"colour": "red"}]))
    ticket = {"id": 1, "summary": "a", "title": "a", "dateEntered": "2024-05-01", "createDate": "2024-05-01", "dateoccurred": "2024-05-01"}  # fmt: skip
    taken = take(source, tmp_path, dumped(x=[ticket, {"colour": "red"}, {**ticket, "id": None}]))
    assert (1, "neither a ticket, a note nor a time entry") == (len(taken.tables["tickets"]), taken.refused[2])
    assert 3 in taken.refused


def test_a_file_without_a_clients_name_gives_it_none(tmp_path: Path) -> None:
    named = take(connectwise.SOURCE, tmp_path, dumped(tickets=[CW_TICKET])).by_id("identities")
    unnamed = take(connectwise.SOURCE, tmp_path, dumped(time=CW_TIME)).by_id("identities")

    assert "Acme, Inc." == named["client:Acme"]["display_name"]
    assert "client:Acme" not in unnamed
