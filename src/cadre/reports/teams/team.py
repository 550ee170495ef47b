"""Teams: who is in them, and figures about a team from five people up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from typing import Any

from cadre.errors import NotFoundError
from cadre.estimate import Abstained, Estimate, Measured
from cadre.records import Firm
from cadre.reports.head import dated_head
from cadre.reports.measure import ESTIMATES, Readings, readings
from cadre.reports.release import MIN_GROUP, Gate, Withheld, purpose_word, release_group
from cadre.reports.roster import Staff, staff
from cadre.reports.signals.signals import SignalCard, Spread, cards, firm_spreads
from cadre.signals import SIGNALS, Signal
from cadre.warehouse import Snapshot


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team.

    Attributes:
        team_id: Key.
        name: Its name.
        members: Who is in it, by name.
        figures: Signal or estimate -> mean over its members, or why there is none; or why none is shown.
    """

    team_id: str
    name: str
    members: tuple[Staff, ...]
    figures: dict[str, Measured] | Withheld

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            "team_id": self.team_id,
            "name": self.name,
            "members": [m.person_id for m in self.members],
            "figures": self.figures.json()
            if isinstance(self.figures, Withheld)
            else {k: m.json() for k, m in self.figures.items()},
        }


@dataclass(frozen=True, slots=True)
class TeamReport:
    """The teams of the firm.

    Attributes:
        firm: The firm.
        purpose: The word to show; empty for a firm's own workspace.
        as_of: When the record was last changed.
        signals: What was measured.
        rows: The teams, by name.
        whole: The whole firm as one team; `withheld` below five people.
        spread: How the *people* of the firm are spread; the band behind a team's figure.
        without_team: People of whom no roster tells a team.
    """

    firm: Firm
    purpose: str
    as_of: datetime | None
    signals: tuple[SignalCard, ...]
    rows: tuple[TeamRow, ...]
    whole: TeamRow
    spread: dict[str, Spread]
    without_team: int

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            **dated_head(self.firm, self.purpose, self.as_of),
            "teams": [r.json() for r in self.rows],
            "whole": self.whole.json(),
            "without_team": self.without_team,
        }


def teams(
    gate: Gate, snapshot: Snapshot, *, one: str | None = None, registry: Sequence[Signal] = SIGNALS
) -> TeamReport:
    """The teams of the firm with their figures.

    Args:
        gate: Who asks.
        snapshot: The record.
        one: Only the team of that key.
        registry: The signals.

    Raises:
        NotFoundError: There is no team of that key, or nobody is in it.
    """
    found = [s for s in staff(snapshot) if s.left_on is None]
    sealed = readings(snapshot)
    names = [*(s.name for s in registry), *ESTIMATES]
    by_team: dict[str, list[Staff]] = {}
    for person in found:
        if person.team_id:
            by_team.setdefault(person.team_id, []).append(person)
    if one is not None and one not in by_team:
        raise NotFoundError(f"no team {one} with people in it", hint="The teams are listed under Teams.")

    shown = [m.person_id for members in by_team.values() if len(members) >= MIN_GROUP for m in members]

    alone = gate.seen_alone(s.person_id for s in found)

    def row(key: str, name: str, members: list[Staff]) -> TeamRow:
        ids = [m.person_id for m in members]
        beside = alone if key or snapshot.firm.purpose == "study" else alone.union(shown)
        figures = release_group(gate, sealed, len(ids), lambda known: _figures(known, ids, names, beside))
        return TeamRow(key, name, tuple(members), figures)

    spread = firm_spreads(gate, snapshot, names, among=frozenset(s.person_id for s in found))
    rows = [row(key, members[0].team or key, members) for key, members in by_team.items() if one in (None, key)]
    return TeamReport(
        firm=snapshot.firm,
        purpose=purpose_word(snapshot.firm),
        as_of=snapshot.manifest.made_at,
        signals=cards(registry),
        rows=tuple(sorted(rows, key=lambda r: (r.name.casefold(), r.team_id))),
        whole=row("", "The whole firm", found),
        spread=spread,
        without_team=sum(s.team_id is None for s in found),
    )


def pooled(members: Sequence[Measured | None], *, size: int) -> Measured:
    """The mean over the members who have an estimate, from five of them up.

    The ends lie as far from the mean as the members' own ends combine to, taking their errors as independent: it says
    how surely the mean of *these* people is known, not how the next hire will do.
    """
    held = [m for m in members if isinstance(m, Estimate)]
    if len(held) < MIN_GROUP:
        return Abstained(
            f"{len(held)} of {size} members have an estimate; {MIN_GROUP} are needed", len(held), MIN_GROUP
        )
    count = len(held)
    value = sum(m.value for m in held) / count
    below = sqrt(sum((m.value - m.low) ** 2 for m in held)) / count
    above = sqrt(sum((m.high - m.value) ** 2 for m in held)) / count
    return Estimate(value, value - below, value + above, min(m.level for m in held), sum(m.n for m in held))


def _figures(known: Readings, ids: list[str], names: list[str], beside: frozenset[str]) -> dict[str, Measured]:
    """The figures of a group; withheld where those shown `beside` it, alone or in groups, leave a few to be computed."""
    made: dict[str, Measured] = {}
    for name in names:
        looked_at = [known.of(p, name) for p in ids]
        if not any(m is not None for m in looked_at):
            continue
        rest = [known.of(p, name) for p in ids if p not in beside]
        left = sum(isinstance(m, Estimate) for m in rest)
        if beside and 0 < left < MIN_GROUP:
            made[name] = Abstained("not shown: beside what else is shown it would give away the few others")
        else:
            made[name] = pooled(looked_at, size=len(ids))
    return made
