"""ConnectWise PSA (Manage): tickets, ticket notes and time entries, as its REST API gives them or as CSV.

Takes the answers of `service/tickets`, `service/tickets/{id}/notes` (or `allNotes`) and `time/entries`. A member is
known by the login (`identifier`), because `enteredBy` and `createdBy` hold nothing else. Notes marked as internal
analysis are private, those marked as description or resolution are what the client sees. Not read: the audit trail,
whose entries name no ticket.
"""

from collections.abc import Iterator, Sequence

from cadre.sources.columns import flag
from cadre.sources.psa import PATTERNS, YIELDS, Preset, Read, read_psa
from cadre.sources.source import Item, ReadOptions, Source, SourceFile

_BILLED = {"billable": True, "donotbill": False, "nocharge": False}


def _is_private(read: Read) -> bool | None:
    if flag(read("internal")) or flag(read("internal_flag")):
        return True
    if flag(read("description")) or flag(read("resolution")) or flag(read("external_flag")):
        return False
    return None


def _is_billable(read: Read) -> bool | None:
    return _BILLED.get((read("billable") or "").replace(" ", "").lower())


def _is_on_ticket(read: Read) -> bool:
    return "ticket" in (read("charge_type") or "ticket").lower()


PRESET = Preset(
    ticket={
        "id": ("ticket id", "ticket #", "ticketNbr"),
        "title": ("summary",),
        "body": ("initialDescription",),
        "status": ("status/name",),
        "client": ("company/identifier", "company/id", "company"),
        "client_name": ("company/name", "company name"),
        "requester": ("contact/id", "contact/identifier"),
        "requester_name": ("contactName", "contact/name", "contact"),
        "requester_email": ("contactEmailAddress",),
        "holder": ("owner/identifier", "owner/id", "owner"),
        "holder_name": ("owner/name",),
        "resolver": ("resolvedBy",),
        "team": ("team/name", "team", "board/name", "board"),
        "priority": ("priority/name",),
        "category": ("subType/name", "type/name", "type"),
        "type": ("recordType",),
        "channel": ("source/name", "source"),
        "opened_at": ("dateEntered", "_info/dateEntered", "date entered"),
        "resolved_at": ("dateResolved",),
        "closed_at": ("closedDate", "date closed"),
        "due_at": ("requiredDate",),
        "sla_met": ("isInSla",),
        "revised_at": ("_info/lastUpdated", "lastUpdated", "last update"),
        "parent": ("parentTicketId",),
    },
    note={
        "id": ("note id",),
        "ticket": ("ticketId", "ticket/id"),
        "at": ("dateCreated", "_info/dateEntered"),
        "body": ("text",),
        "member": ("member/identifier", "member/id"),
        "member_name": ("member/name",),
        "creator": ("createdBy", "enteredBy"),
        "contact": ("contact/id",),
        "contact_name": ("contact/name",),
        "internal": ("internalAnalysisFlag",),
        "internal_flag": ("internalFlag",),
        "external_flag": ("externalFlag",),
        "description": ("detailDescriptionFlag",),
        "resolution": ("resolutionFlag",),
        "revised_at": ("_info/lastUpdated",),
    },
    time={
        "id": ("time entry id",),
        "ticket": ("chargeToId", "ticket/id", "ticketId"),
        "charge_type": ("chargeToType",),
        "at": ("timeStart",),
        "date": ("dateEntered",),
        "hours": ("actualHours",),
        "member": ("member/identifier", "member/id", "member", "enteredBy"),
        "member_name": ("member/name",),
        "client": ("company/identifier", "company/id", "company"),
        "client_name": ("company/name",),
        "kind": ("workType/name", "workType"),
        "billable": ("billableOption",),
        "body": ("notes",),
        "internal": ("internalNotes",),
        "revised_at": ("_info/lastUpdated",),
    },
    needs={"time": ("id", "at", "hours"), "note": ("id", "ticket", "body"), "ticket": ("id", "title")},
    is_private=_is_private,
    is_billable=_is_billable,
    is_on_ticket=_is_on_ticket,
)


def _read(files: Sequence[SourceFile], options: ReadOptions) -> Iterator[Item]:
    return read_psa(PRESET, files, options)


SOURCE = Source(
    name="connectwise",
    label="ConnectWise PSA",
    group="msp",
    accepts="tickets, notes and time entries as the REST API's JSON or as CSV with the same columns",
    patterns=PATTERNS,
    yields=YIELDS,
    read=_read,
    tried="not yet tried on a live export",
    reference="ConnectWise PSA REST API, service/tickets, service/tickets/{id}/notes and time/entries (developer.connectwise.com)",
)
