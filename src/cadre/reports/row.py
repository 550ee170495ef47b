"""One stored row with its words, for whoever wants to see what a number rests on."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cadre.errors import NotFoundError
from cadre.estimate import Sealed
from cadre.records import BY_NAME, Firm
from cadre.records.schema import Table
from cadre.reports.release import Gate, Withheld, purpose_word, release_row
from cadre.reports.roster import account_names
from cadre.warehouse import Snapshot


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of the row: its name, what it means, its value, and the row it refers to (`table`, `key`)."""

    name: str
    doc: str
    value: Any
    shown: str
    refers_to: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class RowReport:
    """One stored row.

    Attributes:
        firm: The firm.
        purpose: The word to show; empty for a firm's own workspace.
        table: Its table.
        grain: What a row of it is.
        key: Its key.
        cells: What the source said.
        origin: Source, file, line, load and when it came.
        texts: Its words, by field; empty where none were kept.
        withheld: Why it is not shown; None where it is.
    """

    firm: Firm
    purpose: str
    table: str
    grain: str
    key: str
    cells: tuple[Cell, ...]
    origin: Mapping[str, Any]
    texts: tuple[tuple[str, str], ...]
    withheld: Withheld | None

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            "table": self.table,
            "key": self.key,
            "purpose": self.firm.purpose,
            "label": self.purpose,
            "values": {c.name: _plain(c.value) for c in self.cells},
            "origin": {name: _plain(value) for name, value in self.origin.items()},
            "texts": dict(self.texts),
            "withheld": self.withheld.json() if self.withheld else None,
        }


_ORIGIN = ("source", "source_file", "source_line", "external_id", "revised_at", "ingested_at", "load_id")


def row(gate: Gate, snapshot: Snapshot, table: str, key: str, *, contested_by: Collection[str] = ()) -> RowReport:
    """One stored row with its words.

    Args:
        gate: Who asks.
        snapshot: The record.
        table: A canonical table that holds no names or words itself.
        key: Key of the row.
        contested_by: Keys of those whose contest of this row waits for an answer.

    Raises:
        NotFoundError: There is no such table or row.
    """
    kind = BY_NAME.get(table)
    if kind is None or kind.private:
        raise NotFoundError(f"no table {table!r} to look into", hint="The tables are listed under Record.")
    stored = snapshot.table(table)
    found = snapshot.rows(stored.filter(stored[kind.key] == key).limit(1))
    if not found:
        raise NotFoundError(f"no row {key} in {table}", hint="It may have been corrected or erased since.")
    held = found[0]
    texts = snapshot.table("texts")
    words = snapshot.rows(
        texts.filter((texts.record_table == table) & (texts.record_id == key)).select("field", "body")
    )
    told = release_row(gate, Sealed((held, words)), _staff_in(snapshot, kind, held), contested_by=contested_by)
    if isinstance(told, Withheld):
        return RowReport(snapshot.firm, purpose_word(snapshot.firm), table, kind.grain, key, (), {}, (), told)
    accounts = [held[c.name] for c in kind.columns if c.ref == "accounts" and c.kind == "text" and held[c.name]]
    names = account_names(snapshot, accounts) if accounts else {}
    cells = []
    for column in kind.columns:
        value = held[column.name]
        is_key = column.ref in BY_NAME and isinstance(value, str)
        refers_to = (str(column.ref), value) if is_key and not BY_NAME[str(column.ref)].private else None
        shown = names.get(value, "") if isinstance(value, str) else ""
        cells.append(Cell(column.name, column.doc, value, shown, refers_to))
    return RowReport(
        firm=snapshot.firm,
        purpose=purpose_word(snapshot.firm),
        table=table,
        grain=kind.grain,
        key=key,
        cells=tuple(cells),
        origin={name: held[name] for name in _ORIGIN},
        texts=tuple(sorted(((w["field"], w["body"]) for w in words), key=lambda w: w[0] != "title")),
        withheld=None,
    )


def _staff_in(snapshot: Snapshot, kind: Table, held: Mapping[str, Any]) -> frozenset[str]:
    """Keys of the staff a row names, by account or as a person."""
    people = {held[c.name] for c in kind.columns if c.ref == "people" and held[c.name]}
    accounts = [held[c.name] for c in kind.columns if c.ref == "accounts" and c.kind == "text" and held[c.name]]
    if accounts:
        joined = snapshot.table("person_accounts")
        chosen = joined.filter(joined.account_id.isin(accounts) & joined.kind.isin(["staff", "unknown"]))
        people |= {each["person_id"] for each in snapshot.rows(chosen.select("person_id"))}
    return frozenset(people)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
