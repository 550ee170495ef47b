"""What a connector is: a name, what it yields, and one function from files to canonical records.

Keeps true: a connector opens nothing but the files it is given, knows no database, and accounts for every
source row with a `Record`, a `Batch` line, a `Folded` or a `Rejected`. Hashing of keys, time zones of storage, dedupe and
writing are the warehouse's business.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Record:
    """One row for a canonical table.

    Attributes:
        table: Name of the canonical table.
        values: Column -> value with `external_id`; absent or None is missing. References hold the external key of
            the same source. Instants are timezone-aware datetimes.
        file: Name of the file it came from (`SourceFile.name`).
        line: Line or ordinal from 1; None for a row summed up from several, which is not counted as a source row.
    """

    table: str
    values: Mapping[str, Any]
    file: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Batch:
    """Many rows of one table as Arrow, in `Table.raw_schema` (missing columns are null). For bulk producers."""

    table: str
    rows: pa.Table


@dataclass(frozen=True, slots=True)
class Rejected:
    """A source row that cannot be taken, and why. The reason never quotes content.

    Attributes:
        reason: What was found and what was expected, in one sentence.
        file: Name of the file.
        line: Line or ordinal from 1.
    """

    reason: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Folded:
    """A source row that became part of a record summed up from several: accounted for by what happens to that record.

    Attributes:
        table: Table of the record it went into.
        external_id: Raw id of that record.
        file: Name of the file the row came from.
        line: Line or ordinal from 1.
    """

    table: str
    external_id: str
    file: str
    line: int


Item = Record | Batch | Rejected | Folded


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file given to a connector: where it lies and the name by which rows point back to it."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What is settled about a source before a row is read, and kept for the next load.

    Attributes:
        zone: IANA zone of times that carry none.
        day_first: Whether 03/04 is the third of April; None while nobody has said.
        mapping: The parsed TOML mapping of a mapped table; empty for other sources.
        settings: Further settings of the source, as in `cadre.toml` under `[sources.<name>]`.
    """

    zone: str = "UTC"
    day_first: bool | None = None
    mapping: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)


Reader = Callable[[Sequence[SourceFile], ReadOptions], Iterator[Item]]


@dataclass(frozen=True, slots=True)
class Source:
    """A connector.

    Attributes:
        name: The word after `cadre ingest`.
        label: The system's name as people write it.
        group: `msp` for what a firm has, `study` for research formats.
        accepts: What files it takes, in one sentence for the help text.
        patterns: Glob patterns of the files it picks out of a folder.
        yields: Canonical tables it can fill.
        read: From files and options to records; raises `UnreadableFileError` for a file as a whole.
        tried: What it was tried on: real data by name, or "not yet tried on a live export".
        reference: Public documentation it was built from.
    """

    name: str
    label: str
    group: Literal["msp", "study"]
    accepts: str
    patterns: tuple[str, ...]
    yields: tuple[str, ...]
    read: Reader
    tried: str
    reference: str
