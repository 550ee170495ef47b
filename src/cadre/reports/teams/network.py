"""Who works with whom: a network between teams and between persons, and where persons stand in it.

Keeps true: what names a person passes the release rule; a figure between teams leaves where each has five people and five
took part; small teams are not told by what is left over, since no totals are given. Central is not leading.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadre.errors import NotFoundError
from cadre.estimate import Abstained, Estimate, Measured
from cadre.records import Firm
from cadre.reports.head import dated_head
from cadre.reports.kept import kept
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
from cadre.reports.teams.ties import Drawn, Pair, Pairs, drawn
from cadre.signals.centrality import LEVEL
from cadre.signals.network import NETWORKS, Network
from cadre.warehouse import Snapshot

CAUTION = (
    "Central is not leading: the two were only weakly related where it was studied (Ghaffar et al. 2018). Who hands out the "
    "tickets is central by duty, and help across the desk leaves no trace. No estimate of a person rests on this."
)
LEAST_TIMES = 20
"""Times a person took part before measures are told of them."""
TOO_LARGE = "too many pairs for an interval in the time of a refresh"
WORDS: Mapping[str, tuple[str, str]] = {
    "month_out": ("people", ""),
    "month_in": ("people", ""),
    "betweenness": ("share", "On the way between others"),
    "pagerank": ("share", "Where the work ends up"),
}
"""Measure -> unit and head; the first two take theirs from the network."""


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
        window_start: First local day counted; missing where nothing was computed, and then there are no pairs.
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
    pairs: Sequence[Pair]
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
class _Shown:
    pairs: Pairs
    stands: tuple[Stand, ...]

    def only(self, people: frozenset[str]) -> "_Shown":
        """Where these persons stand, and the pairs of which both are among them."""
        return _Shown(self.pairs.only(people), tuple(s for s in self.stands if s.person_id in people))


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
    sealed = drawn(snapshot, chosen.name, span, people)
    shown = kept(
        snapshot,
        ("network shown", chosen.name, span),
        lambda: sealed.map(lambda found: _Shown(found.pairs, _stands(found, people, chosen))),
    )
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
        teams=release_group(
            gate,
            sealed,
            len(people),
            lambda found: kept(snapshot, ("teams", chosen.name, span), lambda: _teams(found, people, chosen)),
        ),
        pairs=known.content.pairs,
        stands=known.content.stands,
        withheld=known.withheld,
        held=known.held,
    )


def _teams(found: Drawn, people: Mapping[str, Staff], chosen: Network) -> TeamTable:
    members: dict[str, list[Staff]] = {}
    for person in people.values():
        if person.team_id:
            members.setdefault(person.team_id, []).append(person)
    large = {key: who for key, who in members.items() if len(who) >= MIN_GROUP}
    order = sorted(large, key=lambda key: ((large[key][0].team or key).casefold(), key))
    times, took_part = _between(found.pairs, people, order, is_directed=chosen.is_directed)
    size = len(order)
    cells = tuple(
        _cell(order[a], order[b], int(times[a, b]), int(took_part[a, b])) for a in range(size) for b in range(size)
    )
    inside = sum(c.times or 0 for c in cells if c.source == c.target)
    across = sum(c.times or 0 for c in cells if c.source != c.target) / (1 if chosen.is_directed else 2)
    is_told = inside + across > 0 and all(c.times is not None for c in cells)
    groups = len({place["community"] for place in found.places})
    return TeamTable(
        teams=tuple((key, large[key][0].team or key, len(large[key])) for key in order),
        cells=cells,
        within_share=inside / (inside + across) if is_told else None,
        groups=None if found.is_grouped is None else groups if found.is_grouped else 0,
    )


def _between(
    pairs: Pairs, people: Mapping[str, Staff], order: Sequence[str], *, is_directed: bool
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Times from team to team, and how many people took part; both ways where there is no direction."""
    place = {key: number for number, key in enumerate(order)}
    team = np.array([place.get(people[key].team_id or "", -1) for key in pairs.people] or [-1], np.int64)
    source, target, times = pairs.source, pairs.target, pairs.times
    if not is_directed:
        across = np.flatnonzero(team[source] != team[target])
        source, target = np.concatenate([source, target[across]]), np.concatenate([target, source[across]])
        times = np.concatenate([times, times[across]])
    inside = np.flatnonzero((team[source] >= 0) & (team[target] >= 0))
    source, target, times = source[inside], target[inside], times[inside]
    cell = team[source] * len(order) + team[target]
    # A person of a cell once, whichever end they were.
    present = np.unique(np.concatenate([cell * len(team) + source, cell * len(team) + target])) // len(team)
    shape = (len(order), len(order))
    whole = np.bincount(cell, times, len(order) ** 2).astype(np.int64)
    return whole.reshape(shape), np.bincount(present, minlength=len(order) ** 2).reshape(shape)


def _cell(source: str, target: str, times: int, people: int) -> Cell:
    return Cell(source, target, times if people >= MIN_GROUP or not times else None)


def _teams_json(table: TeamTable) -> dict[str, Any]:
    return {
        "teams": [{"team_id": key, "name": name, "people": size} for key, name, size in table.teams],
        "cells": [{"source": c.source, "target": c.target, "times": c.times} for c in table.cells],
        "within_share": table.within_share,
        "groups": table.groups,
    }


def _stands(found: Drawn, people: Mapping[str, Staff], chosen: Network) -> tuple[Stand, ...]:
    names = tuple(name for name in WORDS if chosen.is_directed or name != "month_in")
    made = []
    for place in found.places:
        n = place["times_in"] + place["times_out"] if chosen.is_directed else place["times_out"]
        made.append(
            Stand(
                person_id=place["person_id"],
                times_out=place["times_out"],
                times_in=place["times_in"],
                measured={name: _measured(place, name, n) for name in names},
                group=place["community"] if found.is_grouped else None,
            )
        )
    return tuple(sorted(made, key=lambda s: (people[s.person_id].name.casefold(), s.person_id)))


def _measured(place: Mapping[str, Any], name: str, n: int) -> Measured:
    if n < LEAST_TIMES:
        return Abstained("not enough evidence", n, LEAST_TIMES)
    if place[name] is None:
        return Abstained(TOO_LARGE, n)
    return Estimate(place[name], place[f"{name}_low"], place[f"{name}_high"], LEVEL, n)


def by_team(people: Mapping[str, Staff], stands: Sequence[Stand]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Team name -> keys of its persons in the network, the order of a plot; within a team by group, then name."""
    made: dict[str, list[Stand]] = {}
    for stand in stands:
        made.setdefault(people[stand.person_id].team or "", []).append(stand)
    return tuple(
        (team, tuple(s.person_id for s in sorted(made[team], key=lambda s: s.group or 0)))
        for team in sorted(made, key=lambda team: (not team, team.casefold()))
    )
