"""Who works with whom: a network between teams and between persons, and where persons stand in it.

Keeps true: what names a person passes the release rule; a figure between teams leaves where each has five people and five
took part; small teams are not told by what is left over, since no totals are given. Central is not leading.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cadre.errors import NotFoundError
from cadre.estimate import Abstained, Estimate, Measured, Sealed
from cadre.records import Firm
from cadre.reports.head import dated_head
from cadre.reports.kept import kept
from cadre.reports.measure import Span
from cadre.reports.measure import window as newest_window
from cadre.reports.release import (
    MIN_GROUP,
    Gate,
    HeldBack,
    Withheld,
    purpose_word,
    release_group,
    release_persons,
)
from cadre.reports.roster import Staff, staff
from cadre.signals import Window
from cadre.signals.centrality import LEVEL, Place, Spans, measures, spans
from cadre.signals.network import NETWORKS, Network, among_persons, with_months
from cadre.warehouse import Snapshot

CAUTION = (
    "Central is not leading: the two were only weakly related where it was studied (Ghaffar et al. 2018). Who hands out the "
    "tickets is central by duty, and help across the desk leaves no trace. No estimate of a person rests on this."
)
LEAST_TIMES = 20
"""Times a person took part before measures are told of them."""
TOO_LARGE = "too many pairs for an interval while a page waits"
WORDS: Mapping[str, tuple[str, str]] = {
    "month_out": ("people", ""),
    "month_in": ("people", ""),
    "betweenness": ("share", "On the way between others"),
    "pagerank": ("share", "Where the work ends up"),
}
"""Measure -> unit and head; the first two take theirs from the network."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two persons: how often, of how many the outcome is known, and how many of these turned out well.

    Attributes:
        source: Key of who did it.
        target: Key of to or with whom.
        times: At least 1.
        judged: Of how many the outcome is known; 0 in a network without one.
        good: How many of these turned out well, credit for help; missing where none is known.
    """

    source: str
    target: str
    times: int
    judged: int
    good: float | None


@dataclass(frozen=True, slots=True)
class Cell:
    """From one team to another; `times` is missing where fewer than five people took part, 0 where nobody did."""

    source: str
    target: str
    times: int | None


@dataclass(frozen=True, slots=True)
class TeamTable:
    """What went on between teams of five people and more.

    Attributes:
        teams: Key, name and members of each, by name.
        cells: Every ordered pair of them, and each with itself.
        within_share: Of the times between people of these teams, the share inside one of them, 0-1; missing where a
            cell is.
        groups: Groups in the whole network that work more among themselves; 0 where they are no more than chance,
            missing where that was not looked at.
    """

    teams: tuple[tuple[str, str, int], ...]
    cells: tuple[Cell, ...]
    within_share: float | None
    groups: int | None


@dataclass(frozen=True, slots=True)
class Stand:
    """Where one person stands: measure -> estimate or why there is none; the group, missing where groups are chance."""

    person_id: str
    times_out: int
    times_in: int
    measured: Mapping[str, Measured]
    group: int | None


@dataclass(frozen=True, slots=True)
class NetworkReport:
    """A network.

    Attributes:
        firm: The firm.
        purpose: The word to show; empty for a firm's own workspace.
        as_of: When the record was last changed.
        window_start: First local day counted; missing where nothing was computed, and then the whole record counts.
        window_days: Days counted.
        chosen: The network.
        networks: All there are.
        is_carried: Whether the record has the tables for it.
        people: The persons that may be named, by key: empty where they are withheld.
        teams: Between teams.
        pairs: Between persons, most first.
        stands: Where persons stand, by name.
        withheld: Why nothing about persons is shown; None where it is.
        held: Those who are not released to whoever asks, counted by reason.
    """

    firm: Firm
    purpose: str
    as_of: datetime | None
    window_start: date | None
    window_days: int
    chosen: Network
    networks: tuple[Network, ...]
    is_carried: bool
    people: Mapping[str, Staff]
    teams: TeamTable | Withheld
    pairs: tuple[Pair, ...]
    stands: tuple[Stand, ...]
    withheld: Withheld | None
    held: tuple[HeldBack, ...] = ()

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            **dated_head(self.firm, self.purpose, self.as_of),
            "window_start": self.window_start.isoformat() if self.window_start else None,
            "window_days": self.window_days,
            "network": self.chosen.name,
            "networks": [{"name": n.name, "label": n.label, "explanation": n.explanation} for n in self.networks],
            "carried": self.is_carried,
            "caution": CAUTION,
            "withheld": self.withheld.json() if self.withheld else None,
            "held": [each.json() for each in self.held],
            "teams": self.teams.json() if isinstance(self.teams, Withheld) else _teams_json(self.teams),
            "pairs": [
                {"source": p.source, "target": p.target, "times": p.times, "judged": p.judged, "good": p.good}
                for p in self.pairs
            ],
            "people": [
                {
                    "person_id": s.person_id,
                    "name": self.people[s.person_id].name,
                    "times_out": s.times_out,
                    "times_in": s.times_in,
                    "group": s.group,
                    "measured": {name: m.json() for name, m in s.measured.items()},
                }
                for s in self.stands
            ],
        }


@dataclass(frozen=True, slots=True)
class _Found:
    pairs: tuple[Pair, ...]
    places: tuple[Place, ...]
    spans: Spans


@dataclass(frozen=True, slots=True)
class _Shown:
    pairs: tuple[Pair, ...]
    stands: tuple[Stand, ...]

    def only(self, people: frozenset[str]) -> "_Shown":
        """Where these persons stand, and the pairs of which both are among them."""
        pairs = tuple(p for p in self.pairs if p.source in people and p.target in people)
        return _Shown(pairs, tuple(s for s in self.stands if s.person_id in people))


def network(gate: Gate, snapshot: Snapshot, name: str = NETWORKS[0].name) -> NetworkReport:
    """A network of the newest window.

    Args:
        gate: Who asks.
        snapshot: The record.
        name: One of `NETWORKS`.

    Raises:
        NotFoundError: There is no network of that name.
    """
    chosen = next((n for n in NETWORKS if n.name == name), None)
    if chosen is None:
        raise NotFoundError(f"no network {name}", hint=f"There are {', '.join(n.name for n in NETWORKS)}.")
    people = {s.person_id: s for s in staff(snapshot)}
    span = newest_window(snapshot)
    sealed = _found(snapshot, chosen, span, people)
    shown = sealed.map(lambda found: _Shown(found.pairs, _stands(found, people, chosen)))
    known = release_persons(gate, shown, list(people), _Shown.only)
    return NetworkReport(
        firm=snapshot.firm,
        purpose=purpose_word(snapshot.firm),
        as_of=snapshot.manifest.made_at,
        window_start=span.start_on,
        window_days=span.days,
        chosen=chosen,
        networks=NETWORKS,
        is_carried=snapshot.filled() >= set(chosen.needs),
        people={} if known.withheld else people,
        teams=release_group(gate, sealed, len(people), lambda found: _teams(found, people, chosen)),
        pairs=known.content.pairs,
        stands=known.content.stands,
        withheld=known.withheld,
        held=known.held,
    )


def _found(snapshot: Snapshot, chosen: Network, span: Span, people: Mapping[str, Staff]) -> Sealed[_Found]:
    return kept(snapshot, ("network", chosen.name, span), lambda: _drawn(snapshot, chosen, span, people))


def _drawn(snapshot: Snapshot, chosen: Network, span: Span, people: Mapping[str, Staff]) -> Sealed[_Found]:
    window = Window(span.start_on, span.days) if span.start_on else None
    placed = among_persons(snapshot)
    edges = with_months(chosen.edges(placed, window), placed, window)
    listed = list(people)
    table = snapshot.arrow(edges.filter(edges.source.isin(listed) & edges.target.isin(listed))) if listed else None
    if table is None or not table.num_rows:
        return Sealed(_Found((), (), Spans({}, {}, {}, 0.0, None)))
    pairs = [Pair(row["source"], row["target"], row["times"], row["judged"], row["good"]) for row in table.to_pylist()]
    ordered = tuple(sorted(pairs, key=lambda p: (-p.times, people[p.source].name, people[p.target].name)))
    return Sealed(
        _Found(
            ordered,
            measures(table, is_directed=chosen.is_directed),
            spans(table, is_directed=chosen.is_directed),
        )
    )


def _teams(found: _Found, people: Mapping[str, Staff], chosen: Network) -> TeamTable:
    members: dict[str, list[Staff]] = {}
    for person in people.values():
        if person.team_id:
            members.setdefault(person.team_id, []).append(person)
    large = {key: who for key, who in members.items() if len(who) >= MIN_GROUP}
    order = sorted(large, key=lambda key: ((large[key][0].team or key).casefold(), key))
    times: dict[tuple[str, str], int] = {}
    took_part: dict[tuple[str, str], set[str]] = {}
    for pair in found.pairs:
        ends = (people[pair.source].team_id or "", people[pair.target].team_id or "")
        for way in {ends} if chosen.is_directed else {ends, ends[::-1]}:
            times[way] = times.get(way, 0) + pair.times
            took_part.setdefault(way, set()).update((pair.source, pair.target))
    cells = tuple(_cell(a, b, times.get((a, b), 0), len(took_part.get((a, b), ()))) for a in order for b in order)
    inside = sum(c.times or 0 for c in cells if c.source == c.target)
    across = sum(c.times or 0 for c in cells if c.source != c.target) / (1 if chosen.is_directed else 2)
    is_told = inside + across > 0 and all(c.times is not None for c in cells)
    groups = len({p.community for p in found.places})
    return TeamTable(
        teams=tuple((key, large[key][0].team or key, len(large[key])) for key in order),
        cells=cells,
        within_share=inside / (inside + across) if is_told else None,
        groups=None if found.spans.is_grouped is None else groups if found.spans.is_grouped else 0,
    )


def _cell(source: str, target: str, times: int, people: int) -> Cell:
    return Cell(source, target, times if people >= MIN_GROUP or not times else None)


def _teams_json(table: TeamTable) -> dict[str, Any]:
    return {
        "teams": [{"team_id": key, "name": name, "people": size} for key, name, size in table.teams],
        "cells": [{"source": c.source, "target": c.target, "times": c.times} for c in table.cells],
        "within_share": table.within_share,
        "groups": table.groups,
    }


def _stands(found: _Found, people: Mapping[str, Staff], chosen: Network) -> tuple[Stand, ...]:
    made = []
    for number, place in enumerate(found.places):
        n = place.times_in + place.times_out if chosen.is_directed else place.times_out
        made.append(
            Stand(
                person_id=place.node,
                times_out=place.times_out,
                times_in=place.times_in,
                measured={
                    name: _measured(name, number, n, found.spans)
                    for name in WORDS
                    if chosen.is_directed or name != "month_in"
                },
                group=place.community if found.spans.is_grouped else None,
            )
        )
    return tuple(sorted(made, key=lambda s: (people[s.person_id].name.casefold(), s.person_id)))


def _measured(name: str, number: int, n: int, known: Spans) -> Measured:
    if n < LEAST_TIMES:
        return Abstained("not enough evidence", n, LEAST_TIMES)
    if name not in known.low:
        return Abstained(TOO_LARGE, n)
    value, low, high = (float(part[name][number]) for part in (known.value, known.low, known.high))
    return Estimate(value, low, high, LEVEL, n)


def by_team(people: Mapping[str, Staff], stands: Sequence[Stand]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Team name -> keys of its persons in the network, the order of a plot; within a team by group, then name."""
    made: dict[str, list[Stand]] = {}
    for stand in stands:
        made.setdefault(people[stand.person_id].team or "", []).append(stand)
    return tuple(
        (team, tuple(s.person_id for s in sorted(made[team], key=lambda s: s.group or 0)))
        for team in sorted(made, key=lambda team: (not team, team.casefold()))
    )
