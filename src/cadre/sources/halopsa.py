"""HaloPSA: tickets and actions, as its API gives them or as CSV.

An action is what happened on a ticket: a note, a mail, a call. Hidden from the user it is private; time taken on it
is a time entry as well. An action that names neither agent nor user by id is taken for an agent's.
"""

from collections.abc import Iterator, Sequence

from cadre.sources.columns import flag
from cadre.sources.psa import PATTERNS, YIELDS, Preset, Read, read_psa
from cadre.sources.source import Item, ReadOptions, Source, SourceFile


def _is_private(read: Read) -> bool | None:
    return flag(read("hidden"))


def _is_billable(read: Read) -> bool | None:
    return flag(read("billable"))


PRESET = Preset(
    ticket={
        "id": ("ticket id", "faultid"),
        "title": ("summary",),
        "body": ("details",),
        "status": ("status_name", "status/name", "status", "status_id"),
        "client": ("client_id", "client"),
        "client_name": ("client_name",),
        "requester": ("user_id",),
        "requester_name": ("user_name", "user", "end user"),
        "requester_email": ("user_email", "emailtoaddress"),
        "holder": ("agent_id",),
        "holder_name": ("agent_name", "agent", "agent/name"),
        "resolver": ("closure_agent_id",),
        "team": ("team_id", "team"),
        "team_name": ("team", "team_name"),
        "priority": ("priority_name", "priority/name", "priority", "priority_id"),
        "category": ("category_1", "category 1", "category"),
        "type": ("tickettype_name", "tickettype/name", "ticket type", "tickettype_id"),
        "channel": ("source",),
        "opened_at": ("dateoccurred", "datecreated", "date occurred", "date created", "date logged"),
        "closed_at": ("dateclosed", "date closed"),
        "due_at": ("fixbydate", "deadlinedate"),
        "revised_at": ("last_update", "lastactiondate"),
        "parent": ("parent_id",),
    },
    note={
        "id": ("action id",),
        "ticket": ("ticket_id", "faultid"),
        "at": ("datetime", "actionarrivaldate", "datetimestamp", "date"),
        "body": ("note", "note_html", "emailbody"),
        "member": ("who_agentid",),
        "member_name": ("who",),
        "contact": ("who_userid", "user_id"),
        "contact_name": ("who",),
        "creator": ("who",),
        "hidden": ("hiddenfromuser",),
        "hours": ("timetaken", "time taken"),
        "billable": ("actionisbillable", "billable"),
    },
    time={
        "id": ("timesheet event id",),
        "ticket": ("ticket_id",),
        "at": ("start_date",),
        "hours": ("timetaken", "time taken", "hours"),
        "member": ("agent_id",),
        "member_name": ("agent_name",),
        "client": ("client_id",),
        "client_name": ("client_name",),
        "kind": ("event_type", "charge_type_name"),
        "billable": ("billable",),
        "body": ("subject", "note"),
    },
    needs={
        "time": ("id", "at", "hours", "member"),
        "note": ("id", "ticket", "at"),
        "ticket": ("id", "title", "opened_at"),
    },
    is_private=_is_private,
    is_billable=_is_billable,
)


def _read(files: Sequence[SourceFile], options: ReadOptions) -> Iterator[Item]:
    return read_psa(PRESET, files, options)


SOURCE = Source(
    name="halopsa",
    label="HaloPSA",
    group="msp",
    accepts="tickets, actions and timesheet events as the API's JSON or as CSV with the same columns",
    patterns=PATTERNS,
    yields=YIELDS,
    read=_read,
    tried="not yet tried on a live export",
    reference="HaloPSA REST API, /Tickets, /Actions and /TimesheetEvent (halopsa.com/apidoc)",
)
