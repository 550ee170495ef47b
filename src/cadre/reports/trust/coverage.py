"""Coverage: which signals this record carries, for how many people, and what the next source would unlock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cadre.estimate import Estimate, Sealed
from cadre.records import Firm
from cadre.reports.head import dated_head
from cadre.reports.measure import Readings, readings, window
from cadre.reports.release import Gate, HeldBack, Withheld, purpose_word, release_group, release_persons
from cadre.reports.roster import staff
from cadre.reports.seen import seen_shares
from cadre.reports.signals.signals import SignalCard, card
from cadre.signals import SIGNALS, Signal
from cadre.sources import SOURCES, Source
from cadre.warehouse import Snapshot


@dataclass(frozen=True, slots=True)
class Carried:
    """A signal and whether the record carries it.

    Attributes:
        card: The signal.
        is_carried: Whether the tables of one way to measure it have rows.
        missing: Tables of the nearest way that have none.
        people: People with an estimate; None where the group is too small to say.
        thin: People seen, with too little evidence; None where the group is too small to say.
    """

    card: SignalCard
    is_carried: bool
    missing: tuple[str, ...]
    people: int | None
    thin: int | None


@dataclass(frozen=True, slots=True)
class NextSource:
    """A source not loaded yet, and the signals it would unlock or feed."""

    name: str
    label: str
    accepts: str
    unlocks: tuple[str, ...]
    feeds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeenRow:
    """A person's seen share; None without a schedule."""

    person_id: str
    name: str
    seen_share: float | None


@dataclass(frozen=True, slots=True)
class CoverageReport:
    """What this record can and cannot show.

    Attributes:
        firm: The firm.
        purpose: The word to show; empty for a firm's own workspace.
        as_of: When the record was last changed.
        people: People on the staff.
        carried: Every signal, in the order of the registry.
        next_sources: Sources that would add most, best first.
        seen: Seen share by person, by name; withheld as numbers about persons are.
        scheduled: People with a schedule.
        held: Those whose seen share is not released to whoever asks, counted by reason.
    """

    firm: Firm
    purpose: str
    as_of: datetime | None
    people: int
    carried: tuple[Carried, ...]
    next_sources: tuple[NextSource, ...]
    seen: tuple[SeenRow, ...] | Withheld
    scheduled: int
    held: tuple[HeldBack, ...] = ()

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            **dated_head(self.firm, self.purpose, self.as_of),
            "people": self.people,
            "signals": [
                {
                    "signal": c.card.name,
                    "carried": c.is_carried,
                    "missing": list(c.missing),
                    "people": c.people,
                    "thin": c.thin,
                }
                for c in self.carried
            ],
            "next_sources": [
                {"source": s.name, "unlocks": list(s.unlocks), "feeds": list(s.feeds)} for s in self.next_sources
            ],
            "scheduled": self.scheduled,
            "held": [each.json() for each in self.held],
            "seen": self.seen.json()
            if isinstance(self.seen, Withheld)
            else [{"person_id": r.person_id, "name": r.name, "seen_share": r.seen_share} for r in self.seen],
        }


def coverage(
    gate: Gate,
    snapshot: Snapshot,
    *,
    registry: Sequence[Signal] = SIGNALS,
    sources: Sequence[Source] = SOURCES,
) -> CoverageReport:
    """What this record can and cannot show.

    Args:
        gate: Who asks.
        snapshot: The record.
        registry: The signals.
        sources: The connectors.
    """
    found = staff(snapshot)
    sealed = readings(snapshot)
    shares = seen_shares(snapshot, window(snapshot))
    rows = tuple(SeenRow(s.person_id, s.name, shares.get(s.person_id)) for s in found)
    seen = release_persons(gate, Sealed(rows), [r.person_id for r in rows], _seen_of)
    ids = [s.person_id for s in found]
    return CoverageReport(
        firm=snapshot.firm,
        purpose=purpose_word(snapshot.firm),
        as_of=snapshot.manifest.made_at,
        people=len(found),
        carried=tuple(_carried(gate, snapshot, signal, sealed, ids) for signal in registry),
        next_sources=next_sources(snapshot, registry, sources),
        seen=seen.withheld or seen.content,
        held=seen.held,
        scheduled=sum(r.seen_share is not None for r in rows),
    )


def next_sources(snapshot: Snapshot, registry: Sequence[Signal], sources: Sequence[Source]) -> tuple[NextSource, ...]:
    """Sources of a firm's own systems that are not loaded, those that unlock most signals first."""
    loads = snapshot.table("loads")
    loaded = {r["source"] for r in snapshot.rows(loads.select("source").distinct())}
    lacks = {signal.name: missing(snapshot, signal) for signal in registry}
    made = []
    for source in sources:
        if source.group != "msp" or source.name in loaded:
            continue
        gives = set(source.yields)
        unlocks = tuple(s.name for s in registry if lacks[s.name] and not s.lacking(gives | snapshot.filled()))
        feeds = tuple(
            s.name for s in registry if s.name not in unlocks and gives & {name for way in s.needs for name in way}
        )
        if unlocks or feeds:
            made.append(NextSource(source.name, source.label, source.accepts, unlocks, feeds))
    return tuple(sorted(made, key=lambda s: (-len(s.unlocks), -len(s.feeds), s.name)))


def _seen_of(rows: tuple[SeenRow, ...], people: frozenset[str]) -> tuple[SeenRow, ...]:
    return tuple(row for row in rows if row.person_id in people)


def _would_have_rows(snapshot: Snapshot, gives: set[str], name: str) -> bool:
    return name in gives or bool(snapshot.manifest.rows(name))


def missing(snapshot: Snapshot, signal: Signal) -> tuple[str, ...]:
    """Tables a signal needs that have no rows."""
    return signal.lacking(snapshot.filled())


def _carried(gate: Gate, snapshot: Snapshot, signal: Signal, sealed: Sealed[Readings], ids: list[str]) -> Carried:
    def counted(known: Readings) -> tuple[int, int]:
        held = [m for p in ids if (m := known.of(p, signal.name)) is not None]
        return sum(isinstance(m, Estimate) for m in held), sum(not isinstance(m, Estimate) for m in held)

    got = release_group(gate, sealed, len(ids), counted)
    with_estimate, thin = (None, None) if isinstance(got, Withheld) else got
    lacks = missing(snapshot, signal)
    return Carried(card(signal), not lacks, lacks, with_estimate, thin)
