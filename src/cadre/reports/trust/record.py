"""Record health: what was loaded, what was refused and why, which joins are doubtful, what was erased."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import ibis

from cadre.access.principal import Principal
from cadre.records import DERIVED, TABLES, Firm
from cadre.reports.head import dated_head
from cadre.reports.release import purpose_word
from cadre.reports.roster import account_names, staff
from cadre.warehouse import Snapshot

LOADS_SHOWN = 50
LINES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class TableState:
    """A table with its rows; `is_derived` for what was computed rather than told."""

    name: str
    grain: str
    rows: int
    is_derived: bool


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source: its loads, rows by fate over all of them, and the newest instant it told of."""

    source: str
    files: int
    rows_read: int
    rows_accepted: int
    rows_rejected: int
    rows_unchanged: int
    loaded_at: datetime
    newest_at: datetime | None


@dataclass(frozen=True, slots=True)
class LoadState:
    """One file of one load."""

    source: str
    file: str
    ended_at: datetime
    rows_read: int
    rows_accepted: int
    rows_rejected: int
    rows_unchanged: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """Rows refused for one reason: how many, and where the first of them stand (`file`, `line`)."""

    source: str
    reason: str
    rows: int
    places: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A join that somebody should look at."""

    doubt_id: str
    account_id: str
    account: str
    source: str
    person_id: str
    person: str
    reason: str


@dataclass(frozen=True, slots=True)
class RecordReport:
    """The state of the work record.

    Attributes:
        firm: The firm.
        purpose: The word to show; empty for a firm's own workspace.
        as_of: When the record was last changed; missing for an empty one.
        manifest: Number of the manifest read.
        tables: Canonical and derived tables.
        sources: Sources, by name.
        loads: Newest first; at most `LOADS_SHOWN`.
        refusals: Reasons, most rows first.
        rows_rejected: Rows refused in all.
        doubts: Doubtful joins.
        erased_count: Accounts and people erased; missing where the caller did not tell.
    """

    firm: Firm
    purpose: str
    as_of: datetime | None
    manifest: int
    tables: tuple[TableState, ...]
    sources: tuple[SourceState, ...]
    loads: tuple[LoadState, ...]
    refusals: tuple[Refusal, ...]
    rows_rejected: int
    doubts: tuple[Doubt, ...]
    erased_count: int | None

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            **dated_head(self.firm, self.purpose, self.as_of),
            "manifest": self.manifest,
            "tables": {t.name: t.rows for t in self.tables},
            "sources": [_plain(s) for s in self.sources],
            "loads": [_plain(s) for s in self.loads],
            "rows_rejected": self.rows_rejected,
            "refusals": [_plain(r) for r in self.refusals],
            "doubts": [_plain(d) for d in self.doubts],
            "erased_count": self.erased_count,
        }


def record(principal: Principal, snapshot: Snapshot, *, erased_count: int | None = None) -> RecordReport:
    """The state of the work record.

    Args:
        principal: Who asks.
        snapshot: The record.
        erased_count: How many accounts and people were erased, as the warehouse tells.
    """
    del principal  # counts and reasons; the record holds no content of refused rows
    manifest = snapshot.manifest
    return RecordReport(
        firm=snapshot.firm,
        purpose=purpose_word(snapshot.firm),
        as_of=manifest.made_at,
        manifest=manifest.number,
        tables=(
            *(TableState(t.name, t.grain, manifest.rows(t.name), is_derived=False) for t in TABLES),
            *(TableState(t.name, t.grain, manifest.rows(t.name), is_derived=True) for t in DERIVED),
        ),
        sources=_sources(snapshot),
        loads=_loads(snapshot),
        refusals=_refusals(snapshot),
        rows_rejected=manifest.rows("rejected"),
        doubts=_doubts(snapshot),
        erased_count=erased_count,
    )


def _sources(snapshot: Snapshot) -> tuple[SourceState, ...]:
    loads = snapshot.table("loads")
    grouped = loads.group_by("source").agg(
        files=loads.file.nunique(),
        rows_read=loads.rows_read.sum(),
        rows_accepted=loads.rows_accepted.sum(),
        rows_rejected=loads.rows_rejected.sum(),
        rows_unchanged=loads.rows_unchanged.sum(),
        loaded_at=loads.ended_at.max(),
        newest_at=loads.newest_at.max(),
    )
    return tuple(SourceState(**_utc(row)) for row in snapshot.rows(grouped.order_by("source")))


def _loads(snapshot: Snapshot) -> tuple[LoadState, ...]:
    loads = snapshot.table("loads")
    names = ("source", "file", "ended_at", "rows_read", "rows_accepted", "rows_rejected", "rows_unchanged")
    newest = loads.order_by(loads.ended_at.desc(), loads.file).limit(LOADS_SHOWN)
    return tuple(LoadState(**_utc(row)) for row in snapshot.rows(newest.select(*names)))


def _refusals(snapshot: Snapshot) -> tuple[Refusal, ...]:
    if not snapshot.manifest.rows("rejected"):
        return ()
    table = snapshot.table("rejected")
    grouped = table.group_by("source", "reason").agg(rows=table.count()).order_by("source", "reason")
    numbered = table.distinct(on=["source", "reason", "file", "line"], keep="first")
    ranked = numbered.mutate(place=ibis.row_number().over(group_by=["source", "reason"], order_by=["file", "line"]))
    places: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for r in snapshot.rows(ranked.filter(ranked.place < LINES_SHOWN).order_by("file", "line")):
        places.setdefault((r["source"], r["reason"]), []).append((r["file"], r["line"]))
    found = [
        Refusal(r["source"], r["reason"], r["rows"], tuple(places.get((r["source"], r["reason"]), ())))
        for r in snapshot.rows(grouped)
    ]
    return tuple(sorted(found, key=lambda r: (-r.rows, r.source, r.reason)))


def _doubts(snapshot: Snapshot) -> tuple[Doubt, ...]:
    table = snapshot.table("identity_doubts")
    sources = snapshot.table("accounts").select("account_id", "source")
    found = snapshot.rows(table.left_join(sources, "account_id").drop("account_id_right").order_by("doubt_id"))
    if not found:
        return ()
    accounts = account_names(snapshot, {r["account_id"] for r in found})
    people = {s.person_id: s.name for s in staff(snapshot)}
    return tuple(
        Doubt(
            r["doubt_id"],
            r["account_id"],
            accounts[r["account_id"]],
            r["source"] or "",
            r["person_id"],
            people.get(r["person_id"]) or account_names(snapshot, [r["person_id"]])[r["person_id"]],
            r["reason"],
        )
        for r in found
    )


def _utc(row: dict[str, Any]) -> dict[str, Any]:
    return {k: v.astimezone(UTC) if isinstance(v, datetime) else v for k, v in row.items()}


def _plain(value: Any) -> dict[str, Any]:
    return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in asdict(value).items()}
