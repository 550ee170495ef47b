"""The two tables beside the record: what was loaded and what was refused. They hold no content of any row."""

from cadre.records.derivation import Derived
from cadre.records.schema import Column

_LOAD = (
    Column("load_id", "text", "The load", required=True),
    Column("source", "text", "Name of the source instance", required=True),
    Column("file", "text", "File as named at ingest", required=True),
)

LOADS = Derived(
    "loads",
    "one file of one load",
    (
        *_LOAD,
        Column("file_digest", "text", "SHA-256 of the file", required=True),
        Column("settings_digest", "text", "Digest of the settings it was read with", required=True),
        Column("began_at", "instant", "When the load began", required=True),
        Column("ended_at", "instant", "When its rows were counted", required=True),
        Column("rows_read", "integer", "Source rows read", required=True),
        Column("rows_accepted", "integer", "Rows that brought something new or corrected", required=True),
        Column("rows_rejected", "integer", "Rows refused, each with a row in `rejected`", required=True),
        Column("rows_unchanged", "integer", "Rows that said what was known", required=True),
        Column("newest_at", "instant", "Newest instant the file tells of; missing where it tells none"),
    ),
)
REJECTED = Derived(
    "rejected",
    "one source row that was refused",
    (
        *_LOAD,
        Column("line", "integer", "Line or ordinal from 1", required=True),
        Column("reason", "text", "What was found and what was expected", required=True),
        Column("rejected_at", "instant", "When", required=True),
    ),
)
LEDGER: tuple[Derived, ...] = (LOADS, REJECTED)
