"""Autotask PSA: Tickets, TicketNotes and TimeEntries, as its REST API gives them or as CSV.

The API writes picklists as numbers. A priority number is read as the picklist comes when Autotask is set up (4
critical, 1 high, 2 medium, 3 low) unless the setting `priorities` says otherwise (a table of number to 1-5); words are
read as words. A note published to all Autotask users can be seen by the client, any other is private.
"""

from collections.abc import Iterator, Mapping, Sequence

from cadre.sources.columns import flag, urgency
from cadre.sources.psa import PATTERNS, YIELDS, Preset, Read, read_psa
from cadre.sources.source import Item, ReadOptions, Source, SourceFile

_AS_SET_UP = {"4": 1, "1": 2, "2": 3, "3": 4}


def _urgency(text: str | None, options: ReadOptions) -> int | None:
    if text is None or not text.isdigit():
        return urgency(text)
    said = options.settings.get("priorities")
    if not isinstance(said, Mapping):
        return _AS_SET_UP.get(text)
    value = said.get(text)
    return int(value) if value is not None else None


def _is_private(read: Read) -> bool | None:
    publish = read("publish")
    if publish is None:
        return None
    return publish.lower() not in {"1", "all autotask users", "all"}


def _is_billable(read: Read) -> bool | None:
    non = flag(read("non_billable"))
    return None if non is None else not non


PRESET = Preset(
    ticket={
        "id": ("ticket id",),
        "title": (),
        "body": ("description",),
        "status": (),
        "client": ("companyID", "accountID", "company", "account"),
        "client_name": ("companyName", "company name", "account name"),
        "requester": ("contactID",),
        "requester_name": ("contact name", "contact"),
        "holder": ("assignedResourceID",),
        "holder_name": ("primary resource", "assigned resource", "primary resource name"),
        "resolver": ("completedByResourceID",),
        "resolver_name": ("completed by", "completed by resource"),
        "team": ("queueID", "queue"),
        "team_name": ("queue name",),
        "priority": (),
        "category": ("issueType", "ticketCategory"),
        "type": ("ticketType",),
        "channel": ("source",),
        "opened_at": ("createDate", "created", "create date time"),
        "resolved_at": ("resolvedDateTime", "resolved date"),
        "closed_at": ("completedDate", "complete date"),
        "due_at": ("resolvedDueDateTime", "dueDateTime", "due date"),
        "sla_met": ("serviceLevelAgreementHasBeenMet",),
        "revised_at": ("lastTrackedModificationDateTime", "lastActivityDate"),
        "parent": ("problemTicketId",),
    },
    note={
        "id": ("note id",),
        "ticket": ("ticketID",),
        "at": ("createDateTime",),
        "title": (),
        "body": ("description",),
        "member": ("creatorResourceID",),
        "creator": ("created by", "creator name"),
        "contact": ("createdByContactID",),
        "publish": (),
        "note_type": ("noteType",),
        "revised_at": ("lastActivityDate",),
    },
    time={
        "id": ("time entry id",),
        "ticket": ("ticketID",),
        "at": ("startDateTime",),
        "date": ("dateWorked",),
        "hours": ("hoursWorked",),
        "member": ("resourceID",),
        "member_name": ("resource name", "resource"),
        "kind": ("billingCodeID", "work type"),
        "non_billable": ("isNonBillable",),
        "body": ("summaryNotes",),
        "internal": ("internalNotes",),
        "revised_at": ("lastModifiedDateTime",),
    },
    needs={
        "time": ("id", "hours"),
        "note": ("id", "ticket", "at", "body"),
        "ticket": ("id", "title", "opened_at"),
    },
    is_private=_is_private,
    is_billable=_is_billable,
    urgency=_urgency,
)


def _read(files: Sequence[SourceFile], options: ReadOptions) -> Iterator[Item]:
    return read_psa(PRESET, files, options)


SOURCE = Source(
    name="autotask",
    label="Autotask PSA",
    group="msp",
    accepts="Tickets, TicketNotes and TimeEntries as the REST API's JSON or as CSV with the same columns",
    patterns=PATTERNS,
    yields=YIELDS,
    read=_read,
    tried="not yet tried on a live export",
    reference="Autotask PSA REST API, entities Tickets, TicketNotes and TimeEntries (autotask.net help, developer section)",
)
