"""Monitoring alerts from RMM tools, as CSV: one row an alert.

Column names as Datto RMM, NinjaOne and N-able exports and documentation write them are recognised; only the time is
needed. Keeps true: the words of an alert go to `texts`, a severity that is no known word or number is missing.
"""

from collections.abc import Iterator, Sequence

from cadre.sources.columns import urgency
from cadre.sources.flat import Made, Row, read_flat
from cadre.sources.source import Item, ReadOptions, Source, SourceFile

WANTED = {
    "id": ("alert id", "alert uid", "alertUid", "uid", "activity id", "notification id", "active issue id"),
    "at": ("created", "created on", "created at", "create time", "alert time", "timestamp", "triggered", "date",
           "activity time", "time", "triggered at", "time of event", "transition time", "start time"),
    "cleared_at": ("cleared", "resolved", "resolved on", "resolved at", "cleared at", "reset time", "closed at",
                   "end time", "time cleared"),
    "kind": ("alert type", "category", "type", "monitor", "condition", "monitor type", "service", "source type",
             "alert category", "activity type", "service name", "condition name"),
    "severity": ("priority", "alert priority", "status level", "level"),
    "client": ("site", "organization", "organisation", "customer", "client name", "site name", "customer name",
               "organization name", "company"),
    "ticket": ("ticket id", "ticket number", "psa ticket", "ticket no", "ticket reference"),
    "message": ("alert message", "description", "details", "subject", "alert", "diagnostics", "text"),
}  # fmt: skip


def _make(row: Row, options: ReadOptions) -> Made:
    del options
    at = row.when(row.read("at"))
    if at is None:
        raise ValueError("no time")
    yield (
        "alerts",
        {
            "external_id": row.id,
            "occurred_at": at,
            "client_id": row.named.client(row.read("client"), row.read("client")),
            "ticket_id": row.read("ticket"),
            "kind": row.read("kind"),
            "severity": urgency(row.read("severity")),
            "cleared_at": row.when(row.read("cleared_at")),
        },
    )
    message = row.read("message")
    if message:
        yield "texts", {"external_id": f"alerts/{row.id}/body", "record_table": "alerts", "record_id": row.id,
                        "field": "body", "body": message}  # fmt: skip


def _read(files: Sequence[SourceFile], options: ReadOptions) -> Iterator[Item]:
    return read_flat(files, options, WANTED, (("at",),), _make)


SOURCE = Source(
    name="alerts",
    label="RMM alerts",
    group="msp",
    accepts="an alert list as CSV or XLSX: time, client, type, severity, cleared",
    patterns=("*.csv", "*.csv.gz", "*.xlsx"),
    yields=("alerts", "clients", "identities", "texts"),
    read=_read,
    tried="not yet tried on a live export",
    reference="Datto RMM, NinjaOne and N-able public documentation of alert lists and their APIs",
)
