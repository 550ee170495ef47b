"""Time booked on work, from any timesheet as CSV or XLSX: one row an entry.

Keeps true: hours are above 0, given as hours (`1.5` or `1:30`), as minutes, or as a start and an end; the words of
an entry go to `texts`. Whose time it is and when must be told.
"""

import re
from collections.abc import Iterator, Sequence

from cadre.sources.columns import flag, real
from cadre.sources.flat import Made, Row, read_flat
from cadre.sources.source import Item, ReadOptions, Source, SourceFile

WANTED = {
    "id": ("time entry id", "entry id", "timesheet id"),
    "date": ("date worked", "worked on", "entry date", "work date", "day", "spent on"),
    "start": ("start time", "started", "started at", "time start", "from", "start date time"),
    "end": ("end time", "ended", "ended at", "time end", "to", "end date time"),
    "hours": ("actual hours", "hours worked", "duration", "time spent", "quantity", "hours actual", "duration hours"),
    "minutes": ("duration minutes", "minutes worked", "time spent minutes", "mins"),
    "technician": ("member", "resource", "employee", "user", "agent", "technician name", "who", "employee id", "name",
                   "resource name"),
    "email": ("technician email", "member email", "user email", "e-mail", "employee email", "work email"),
    "ticket": ("ticket id", "ticket number", "ticket no", "ticket #", "charge to"),
    "client": ("company", "client name", "customer", "account", "company name", "organization"),
    "kind": ("work type", "type", "activity", "work role", "charge code"),
    "billable": ("is billable", "billable option", "billed", "chargeable"),
    "notes": ("note", "description", "summary", "comment", "comments", "summary notes"),
}  # fmt: skip
_CLOCK = re.compile(r"^(\d{1,3}):(\d{2})(?::(\d{2}))?$")
_BILLED = {"billable": True, "donotbill": False, "do not bill": False, "nocharge": False, "no charge": False,
           "nodefault": None, "non-billable": False, "not billable": False}  # fmt: skip


def hours_of(text: str | None) -> float | None:
    """Hours from `1.5`, `1:30` or `1h`; None for a missing cell. `ValueError` otherwise."""
    if text is None:
        return None
    clock = _CLOCK.match(text)
    if clock:
        return int(clock[1]) + int(clock[2]) / 60 + int(clock[3] or 0) / 3600
    return real(text.lower().removesuffix("h").removesuffix("hrs").removesuffix("hours").strip())


def billed(text: str | None) -> bool | None:
    """Whether time is billed, from yes and no or the options common PSAs write."""
    if text is None:
        return None
    lower = text.lower()
    return _BILLED[lower] if lower in _BILLED else flag(text)


def _make(row: Row, options: ReadOptions) -> Made:
    del options
    start_text, date_text = row.read("start"), row.read("date")
    if start_text and date_text and re.match(r"^\d{1,2}:\d{2}", start_text):
        start_text = f"{date_text.split('T')[0].split(' ')[0]} {start_text}"
    at = row.when(start_text) or row.when(date_text)
    who = row.named.person(row.read("technician"), row.read("email"), "staff")
    if at is None or who is None:
        raise ValueError("a date and a technician are needed")
    minutes = real(row.read("minutes"))
    hours = hours_of(row.read("hours")) if minutes is None else minutes / 60
    end_text = row.read("end")
    if hours is None and end_text and start_text:
        if date_text and re.match(r"^\d{1,2}:\d{2}", end_text):
            end_text = f"{date_text.split('T')[0].split(' ')[0]} {end_text}"
        end = row.when(end_text)
        hours = None if end is None else (end - at).total_seconds() / 3600
    if hours is None or not 0 < hours <= 24:
        raise ValueError("hours: expected above 0 and at most 24")
    yield (
        "time_entries",
        {
            "external_id": row.id,
            "occurred_at": at,
            "account_id": who,
            "ticket_id": row.read("ticket"),
            "client_id": row.named.client(row.read("client"), row.read("client")),
            "hours": hours,
            "kind": row.read("kind"),
            "is_billable": billed(row.read("billable")),
        },
    )
    notes = row.read("notes")
    if notes:
        yield "texts", {"external_id": f"time_entries/{row.id}/body", "record_table": "time_entries",
                        "record_id": row.id, "field": "body", "account_id": who, "body": notes}  # fmt: skip


def _read(files: Sequence[SourceFile], options: ReadOptions) -> Iterator[Item]:
    needed = (("date", "start"), ("technician", "email"), ("hours", "minutes", "end"))
    return read_flat(files, options, WANTED, needed, _make)


SOURCE = Source(
    name="time-entries",
    label="Time entries",
    group="msp",
    accepts="a timesheet as CSV or XLSX: date or start, technician, hours or end, ticket, client, billable",
    patterns=("*.csv", "*.csv.gz", "*.xlsx"),
    yields=("time_entries", "accounts", "identities", "clients", "texts"),
    read=_read,
    tried="not yet tried on a live export",
    reference="column names as the time sheets of common PSA tools write them, from their public documentation",
)
