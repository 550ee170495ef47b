"""The grammar of a canonical table: columns with kinds, units, meaning and what they refer to.

Keeps true: every column says what it holds and what missing means, every key has one home. What the
tables *are* stands in `tables.py`; how they are stored is the warehouse's business.
"""

from dataclasses import dataclass, field
from typing import Literal

import pyarrow as pa

Kind = Literal["text", "integer", "real", "flag", "instant", "local", "date", "texts"]

ARROW: dict[str, pa.DataType] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "real": pa.float64(),
    "flag": pa.bool_(),
    "instant": pa.timestamp("us", tz="UTC"),
    "local": pa.timestamp("us"),
    "date": pa.date32(),
    "texts": pa.list_(pa.string()),
}

HASHED = frozenset({"accounts", "people"})
"""Tables whose keys are people: sources give the raw key, the warehouse stores a keyed hash of it."""

ANY = "*"
"""A reference to a record of whichever table `record_table` names."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a canonical table.

    Attributes:
        name: Snake case with its unit (`_hours`, `_share`, `_count`), `_at` for instants, `_on` for dates.
        kind: What it holds; `instant` is UTC, `local` the firm's wall clock, `texts` a list.
        doc: Its meaning, and what a missing value means where that is not "not told by the source".
        ref: The table whose key it holds. Sources write the *external* key; the warehouse turns it into
            `<source>/<key>`, or into a keyed hash for accounts and people.
        required: A row without it is rejected.
        ahead: An instant that may lie in the future, such as a due date; others refuse their row.
    """

    name: str
    kind: Kind
    doc: str
    ref: str | None = None
    required: bool = False
    ahead: bool = False

    @property
    def arrow(self) -> pa.DataType:
        """The column's type in memory."""
        return ARROW[self.kind]


@dataclass(frozen=True, slots=True)
class Table:
    """One canonical table.

    Attributes:
        name: Plural noun; the folder name under `record/`.
        grain: What one row is.
        key: Name of its key column, filled by the warehouse from `external_id`.
        columns: The columns a source fills, without the common ones.
        private: Names, addresses or free text: kept apart, dropped row by row when a person is erased.
    """

    name: str
    grain: str
    key: str
    columns: tuple[Column, ...]
    private: bool = False
    _by_name: dict[str, Column] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._by_name.update({c.name: c for c in (*FILLED, *self.columns)})

    @property
    def is_fact(self) -> bool:
        """Whether its rows happen at an instant."""
        return "occurred_at" in self._by_name

    def column(self, name: str) -> Column:
        """The column of that name; `KeyError` where a source may not fill it."""
        return self._by_name[name]

    def raw_schema(self) -> pa.Schema:
        """What a source hands over: raw keys, no hashes, no load columns but file and line."""
        return pa.schema([pa.field(c.name, c.arrow) for c in (*FILLED, *self.columns, *POINTER)])

    def stored_schema(self) -> pa.Schema:
        """What lies on disk, in order."""
        local = (Column("local_at", "local", "`occurred_at` on the firm's wall clock"),) if self.is_fact else ()
        key = Column(self.key, "text", "Key of the row", required=True)
        return pa.schema([pa.field(c.name, c.arrow) for c in (key, *self.columns, *local, *COMMON)])


FILLED = (
    Column("external_id", "text", "The row's id in its source, unique in table and source", required=True),
    Column("revised_at", "instant", "When the source last changed the row; an older revision never replaces a newer"),
)
POINTER = (
    Column("source_file", "text", "File the row came from, as named at ingest"),
    Column(
        "source_line",
        "integer",
        "Line or ordinal of the row in that file, from 1; missing for a row summed up from several",
    ),
)
COMMON = (
    Column("source", "text", "Name of the source instance", required=True),
    *FILLED,
    *POINTER,
    Column("ingested_at", "instant", "When the load that brought this version began", required=True),
    Column("load_id", "text", "The load that brought this version", required=True),
    Column(
        "content_digest",
        "integer",
        "Digest of what the source said; equal content is never written twice",
        required=True,
    ),
)
