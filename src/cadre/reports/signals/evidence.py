"""The rows behind a person's signal: newest first, what each did, and the source record it came from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ibis
import ibis.expr.types as ir

from cadre.errors import NotFoundError
from cadre.estimate import Estimate, Measured
from cadre.records import BY_NAME, Firm
from cadre.reports.head import head
from cadre.reports.measure import ESTIMATES, Span, readings, window
from cadre.reports.release import Gate, Withheld, purpose_word, release_person
from cadre.reports.roster import Staff, staff
from cadre.reports.signals.signals import SignalCard, card, estimate_card
from cadre.signals import SIGNALS, Signal, Window
from cadre.signals.partial import LEAST_OTHERS
from cadre.warehouse import Snapshot

PAGE_ROWS = 50


LEFT_OUT = "; not counted, being of the colleague with most of these"


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One record that moved the signal.

    Attributes:
        record_table: Table of the record.
        record_id: Its key; `/record/<table>/<id>` opens it.
        local_at: When, on the firm's wall clock.
        effect: What it did, in the signal's unit; missing where it counts without a size.
        note: What happened, in a few words without names.
        source: Source instance.
        source_file: File it came from.
        source_line: Line in it.
    """

    record_table: str
    record_id: str
    local_at: datetime | None
    effect: float | None
    note: str
    source: str | None
    source_file: str | None
    source_line: int | None

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            "record_table": self.record_table,
            "record_id": self.record_id,
            "local_at": self.local_at.isoformat() if self.local_at else None,
            "effect": self.effect,
            "note": self.note,
            "source": self.source,
            "source_file": self.source_file,
            "source_line": self.source_line,
        }


@dataclass(frozen=True, slots=True)
class Part:
    """What one signal contributes to an estimate, in standard deviations; with the team's part they add up to it."""

    name: str
    label: str
    contribution: float


@dataclass(frozen=True, slots=True)
class EvidenceReport:
    """The rows behind one signal or estimate of one person.

    Attributes:
        firm: The firm.
        purpose: The word to show; empty for a firm's own workspace.
        person: Whose.
        card: The signal.
        measured: What was measured; None where the person was not looked at.
        rows: One page of rows, newest first.
        total: Rows there are.
        offset: Rows before this page.
        withheld: Why nothing is shown; None where it is.
        parts: For an estimate, the signals it rests on; empty for a signal.
    """

    firm: Firm
    purpose: str
    person: Staff
    card: SignalCard
    measured: Measured | None
    rows: tuple[EvidenceRow, ...]
    total: int
    offset: int
    withheld: Withheld | None
    parts: tuple[Part, ...] = ()

    @property
    def team_part(self) -> float | None:
        """What is taken off an estimate, or added, for what the person's team has in common; None without parts."""
        if not self.parts or not isinstance(self.measured, Estimate):
            return None
        return self.measured.value - sum(part.contribution for part in self.parts)

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            **head(self.firm, self.purpose),
            "person_id": self.person.person_id,
            "name": self.person.name,
            "signal": self.card.name,
            "measured": self.measured.json() if self.measured is not None else None,
            "total": self.total,
            "offset": self.offset,
            "withheld": self.withheld.json() if self.withheld else None,
            "parts": [{"signal": p.name, "contribution": p.contribution} for p in self.parts],
            "team_part": self.team_part,
            "rows": [r.json() for r in self.rows],
        }


def evidence(
    gate: Gate,
    snapshot: Snapshot,
    person_id: str,
    name: str,
    *,
    offset: int = 0,
    registry: Sequence[Signal] = SIGNALS,
) -> EvidenceReport:
    """The rows behind one signal or estimate of one person in the newest window.

    Args:
        gate: Who asks.
        snapshot: The record.
        person_id: Key of the person.
        name: Name of the signal, or of a competency.
        offset: Rows to pass over.
        registry: The signals.

    Raises:
        NotFoundError: There is no such person or signal.
    """
    found = [each for each in staff(snapshot) if each.person_id == person_id]
    if not found:
        raise NotFoundError(f"no person {person_id} on the staff", hint="Take the key from the list of people.")
    signals = [s for s in registry if s.name == name]
    if not signals and name not in ESTIMATES:
        raise NotFoundError(f"no signal {name!r}", hint="The signals are listed under Signals (`cadre signals`).")
    alone = readings(snapshot).map(lambda everybody: everybody.only(frozenset({person_id})))
    known = release_person(gate, alone, person_id)
    rows: tuple[EvidenceRow, ...] = ()
    parts: tuple[Part, ...] = ()
    total = 0
    shown = card(signals[0]) if signals else estimate_card(name)
    if not signals and not isinstance(known, Withheld):
        parts = _parts(known.contributions.get(person_id, {}).get(name, ()), registry)
        signals = [s for s in registry if s.name in {part.name for part in parts}]
    span = window(snapshot)
    if not isinstance(known, Withheld) and span.start_on is not None and signals:
        accounts = [a.account_id for a in found[0].accounts] or [person_id]
        total, rows = _page(snapshot, signals, accounts, span, max(0, offset), labelled=bool(parts))
    return EvidenceReport(
        firm=snapshot.firm,
        purpose=purpose_word(snapshot.firm),
        person=found[0],
        card=shown,
        measured=None if isinstance(known, Withheld) else known.of(person_id, name),
        rows=rows,
        total=total,
        offset=max(0, offset),
        withheld=known if isinstance(known, Withheld) else None,
        parts=parts,
    )


def _parts(told: Sequence[str], registry: Sequence[Signal]) -> tuple[Part, ...]:
    labels = {s.name: s.label for s in registry}
    pairs = (each.split("=", 1) for each in told)
    return tuple(Part(name, labels[name], float(value)) for name, value in pairs if name in labels)


def _rows_of(snapshot: Snapshot, signals: Sequence[Signal], *, labelled: bool) -> ir.Table:
    """The evidence of one signal, or of several with their labels and without effects, whose units differ."""
    columns = ("account_id", "other_account_id", "record_table", "record_id", "local_at", "effect", "note")
    tables = []
    for signal in signals:
        table = snapshot.view(signal.evidence)
        if "other_account_id" not in table.columns:  # a row about nobody else
            table = table.mutate(other_account_id=ibis.null("string"))
        if labelled:
            table = table.mutate(effect=ibis.null("float64"), note=ibis.literal(f"{signal.label}: ") + table.note)
        tables.append(table.select(*columns))
    return ibis.union(*tables) if len(tables) > 1 else tables[0]


def _page(
    snapshot: Snapshot, signals: Sequence[Signal], accounts: list[str], span: Span, offset: int, *, labelled: bool
) -> tuple[int, tuple[EvidenceRow, ...]]:
    assert span.start_on is not None
    frame = Window(span.start_on, span.days)
    table = _rows_of(snapshot, signals, labelled=labelled)
    other = table.other_account_id
    own = table.filter(table.account_id.isin(accounts) & (other.isnull() | ~other.isin(accounts)))
    joined = snapshot.table("person_accounts")
    outsiders = joined.filter(joined.kind.isin(["client", "bot"])).select(other_account_id="account_id")
    chosen = own.anti_join(outsiders, "other_account_id")
    day = chosen.local_at.date()
    inside = chosen.filter((day >= frame.start) & (day < frame.end))
    told = inside.select("record_table", "record_id", "local_at", "effect", "note", other="other_account_id")
    counted = told.mutate(total=told.count().over())
    page = counted.order_by(counted.local_at.desc(), counted.record_id).limit(PAGE_ROWS, offset=offset)
    found = snapshot.rows(page)
    total = int(found[0]["total"]) if found else offset and int(snapshot.rows(inside.agg(n=inside.count()))[0]["n"])
    origin = _origins(snapshot, found)
    out = _left_out(snapshot, inside, signals[0].leaves_out) if len(signals) == 1 and not labelled else frozenset()
    rows = tuple(
        EvidenceRow(
            r["record_table"],
            r["record_id"],
            r["local_at"],
            # A literal comes as a decimal, which JSON has none of.
            None if r["effect"] is None or r["other"] in out else float(r["effect"]),
            (r["note"] or "") + (LEFT_OUT if r["other"] in out else ""),
            *origin.get((r["record_table"], r["record_id"]), (None, None, None)),
        )
        for r in found
    )
    return total, rows


def _left_out(snapshot: Snapshot, inside: ir.Table, by: str) -> frozenset[str]:
    """Accounts of the colleague with most, whose rows do not count; the same one that the value leaves out."""
    if not by:
        return frozenset()
    owners = snapshot.table("person_accounts").select("account_id", "person_id")
    named = inside.select("other_account_id", day=inside.local_at.date()).join(
        owners.select(other_account_id="account_id", other="person_id"), "other_account_id"
    )
    each = named.group_by("other").agg(most=named.count() if by == "rows" else named.day.nunique())
    rows = snapshot.rows(each)
    if len(rows) < LEAST_OTHERS:
        return frozenset()
    person = max(rows, key=lambda row: (row["most"], row["other"]))["other"]
    return frozenset(row["account_id"] for row in snapshot.rows(owners.filter(owners.person_id == person)))


def _origins(
    snapshot: Snapshot, found: Sequence[Mapping[str, Any]]
) -> dict[tuple[str, str], tuple[str | None, str | None, int | None]]:
    """Source, file and line of records, read only for one page of them."""
    made: dict[tuple[str, str], tuple[str | None, str | None, int | None]] = {}
    for name in {r["record_table"] for r in found} & set(BY_NAME):
        key = BY_NAME[name].key
        table: ir.Table = snapshot.table(name)
        wanted = [r["record_id"] for r in found if r["record_table"] == name]
        for row in snapshot.rows(
            table.filter(table[key].isin(wanted)).select(key, "source", "source_file", "source_line")
        ):
            made[name, row[key]] = (row["source"], row["source_file"], row["source_line"])
    return made
