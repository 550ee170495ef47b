"""Reliance: which topics, clients and tiers rest on one person, which teams one person holds together, and who is nearest.

It is about what the firm would have to re-cover, never about the person. Keeps true: how many things rest on one person is told
from five people up; on whom, and who is nearest, only where the release rule opens them. Work without a trace is not seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ibis

from cadre.errors import UsageError
from cadre.estimate import Sealed
from cadre.readiness.structure.reliance import LEAST, SHARE, Reliance, consequence, cut_chance, cuts, reliances
from cadre.records import Firm
from cadre.reports.head import head
from cadre.reports.kept import kept
from cadre.reports.measure import Span, window
from cadre.reports.release import SIGNALS, Gate, HeldBack, Withheld, purpose_word, release_group, release_persons
from cadre.reports.roster import Staff, staff
from cadre.signals.network import NETWORKS
from cadre.warehouse import Snapshot

KINDS = ("topic", "client", "tier")
TIES = "working_together"
LEAST_SHARE = 0.1
"""Under this nothing is said to rest on anybody."""
Pairs = dict[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Cut:
    """A member without whom a team's ties fall apart.

    Attributes:
        team: Its name.
        person: Key of the member.
        parts: Sizes of the parts that would be left, the largest first.
        chance: Share of networks drawn anew in which it still falls apart, 0-1.
    """

    team: str
    person: str
    parts: tuple[int, ...]
    chance: float


@dataclass(frozen=True, slots=True)
class RelianceReport:
    """What rests on one person.

    Attributes:
        firm: The firm.
        purpose: The word to show; empty for a firm's own workspace.
        as_of: When the record was last changed.
        span: The window.
        least_share: Share of the work from which something rests on one person.
        counted: Kind -> (how many rest on one person, how many of these leave nobody practised, how many were looked at); or why
            that is not told.
        rows: What rests on whom, what leaves nobody first; only of those who are open.
        cuts: Teams that fall apart, of those who are open; missing where the record has no shared tickets.
        names: Key -> name of everybody named.
        clients: Client -> name.
        held: Who is not released, counted.
        withheld: Why nobody is; None where somebody is, or nothing rests on anybody.
    """

    firm: Firm
    purpose: str
    as_of: datetime | None
    span: Span
    least_share: float
    counted: Mapping[str, tuple[int, int, int]] | Withheld
    rows: tuple[Reliance, ...]
    cuts: tuple[Cut, ...] | None
    names: Mapping[str, str]
    clients: Mapping[str, str]
    held: tuple[HeldBack, ...]
    withheld: Withheld | None

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            **head(self.firm, self.purpose),
            "window_start": self.span.start_on.isoformat() if self.span.start_on else None,
            "window_days": self.span.days,
            "least_share": self.least_share,
            "counted": self.counted.json() if isinstance(self.counted, Withheld) else {
                kind: {"on_one_person": one, "leaves_nobody": nobody, "of": of}
                for kind, (one, nobody, of) in self.counted.items()
            },
            "rows": [
                {"kind": r.kind, "thing": r.thing, "person_id": r.person, "solved": r.solved, "of": r.of,
                 "share": r.share.json(), "practised_others": r.practised,
                 "near": [{"person_id": who, "solved": n} for who, n in r.near]} for r in self.rows
            ],
            "cuts": None if self.cuts is None else [
                {"team": c.team, "person_id": c.person, "parts": list(c.parts), "chance": c.chance} for c in self.cuts
            ],
            "held": [each.json() for each in self.held],
            "withheld": self.withheld.json() if self.withheld else None,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Found:
    rows: tuple[Reliance, ...]
    cuts: tuple[Cut, ...] | None
    looked: Mapping[str, int]

    def only(self, people: frozenset[str]) -> "_Found":
        """What names these persons alone."""
        rows = tuple(r.only(people) for r in self.rows if r.person in people)
        told = None if self.cuts is None else tuple(c for c in self.cuts if c.person in people)
        return _Found(rows, told, self.looked)

    def counted(self) -> dict[str, tuple[int, int, int]]:
        return {
            kind: (
                sum(r.kind == kind for r in self.rows),
                sum(r.kind == kind and r.leaves_nobody for r in self.rows),
                self.looked.get(kind, 0),
            )
            for kind in KINDS
        }


def reliance(gate: Gate, snapshot: Snapshot, *, least_share: float = SHARE) -> RelianceReport:
    """What rests on one person.

    Args:
        gate: Who asks.
        snapshot: The record.
        least_share: Share of the work from which something rests on one person, 0.1 to 1.

    Raises:
        UsageError: The share is none.
    """
    if not LEAST_SHARE <= least_share <= 1:
        raise UsageError(f"a share lies between {LEAST_SHARE:g} and 1", hint="Such as 0.4.")
    working = _working(snapshot)
    span = window(snapshot)
    found = kept(snapshot, ("reliance", span, least_share), lambda: _found(snapshot, span, working, least_share))
    shut = gate.withheld([s.person_id for s in working], kind=SIGNALS)
    seen = found.only(frozenset(s.person_id for s in working) - shut.keys())
    # Asked for are those who would be named, and those who are why something is not shown.
    near = {who for r in seen.rows for who, _ in r.near}
    named = near | {r.person for r in found.rows} | {c.person for c in found.cuts or ()}
    told = release_persons(gate, Sealed(found), named, _Found.only, kind=SIGNALS)
    return RelianceReport(
        firm=snapshot.firm,
        purpose=purpose_word(snapshot.firm),
        as_of=snapshot.manifest.made_at,
        span=span,
        least_share=least_share,
        counted=release_group(gate, Sealed(found), len(working), _Found.counted),
        rows=told.content.rows,
        cuts=told.content.cuts,
        names={s.person_id: s.name for s in working if s.person_id in told.open},
        clients=_clients(snapshot),
        held=told.held,
        withheld=told.withheld,
    )


def left_to_nobody(gate: Gate, snapshot: Snapshot) -> tuple[str, ...]:
    """Topics, clients and tiers in which one person alone is practised, as keys in order; none where so few work here.

    Args:
        gate: Who asks; told of the firm from five people up, and naming nobody.
        snapshot: The record.
    """
    working = _working(snapshot)
    found = Sealed(_rows(snapshot, window(snapshot), working, SHARE)[0])
    told = release_group(
        gate, found, len(working), lambda rows: tuple(f"{r.kind}:{r.thing}" for r in rows if r.leaves_nobody)
    )
    return () if isinstance(told, Withheld) else told


def resting(snapshot: Snapshot) -> None:
    """Work out what rests on one person by the usual share; it stays kept, and `reliance` opens it."""
    _rows(snapshot, window(snapshot), _working(snapshot), SHARE)


def _working(snapshot: Snapshot) -> list[Staff]:
    """Who works here now; where a roster lists people, those it lists."""
    everybody = staff(snapshot)
    has_roster = any(s.is_listed for s in everybody)
    return [s for s in everybody if s.left_on is None and (s.is_listed or not has_roster)]


def _found(snapshot: Snapshot, span: Span, working: Sequence[Staff], least_share: float) -> _Found:
    rows, looked = _rows(snapshot, span, working, least_share)
    return _Found(rows, _cuts(snapshot, span, working), looked)


def _rows(
    snapshot: Snapshot, span: Span, working: Sequence[Staff], least_share: float
) -> tuple[tuple[Reliance, ...], dict[str, int]]:
    """What rests on one person, and how many things of each kind have tickets enough to say."""
    here = frozenset(s.person_id for s in working)
    return kept(snapshot, ("rests", span, here, least_share), lambda: _resting(snapshot, span, here, least_share))


def _resting(
    snapshot: Snapshot, span: Span, here: frozenset[str], least_share: float
) -> tuple[tuple[Reliance, ...], dict[str, int]]:
    counts = _counts(snapshot, span)
    rows: list[Reliance] = []
    looked = {}
    for kind in KINDS:
        rows += reliances(kind, counts[kind], here, counts["topic"], least_share)
        sums: dict[str, int] = {}
        for (_, thing), n in counts[kind].items():
            sums[thing] = sums.get(thing, 0) + n
        looked[kind] = sum(n >= LEAST for n in sums.values())
    return tuple(sorted(rows, key=consequence)), looked


def _counts(snapshot: Snapshot, span: Span) -> dict[str, Pairs]:
    """Kind -> person and thing -> tickets resolved in the window."""
    made: dict[str, Pairs] = {kind: {} for kind in KINDS}
    if span.start_on is None:
        return made
    cases, accounts = snapshot.table("ticket_expectations"), snapshot.table("person_accounts")
    tickets, teams = snapshot.table("tickets"), snapshot.table("teams")
    first = ibis.timestamp(span.start_on.isoformat())
    cases = cases.filter((cases.local_at >= first) & (cases.local_at < first + ibis.interval(days=span.days)))
    cases = cases.select("ticket_id", "account_id", "topic", client="client_id")
    cases = cases.join(accounts.select("account_id", "person_id"), "account_id")
    cases = cases.left_join(tickets.select(at="ticket_id", team_id="team_id"), [cases.ticket_id == tickets.ticket_id])
    cases = cases.left_join(teams.select(in_team="team_id", tier="tier"), cases.team_id == teams.team_id)
    for row in snapshot.rows(cases.group_by(["person_id", *KINDS]).agg(n=cases.count())):
        for kind in KINDS:
            if row[kind] is not None:
                key = (row["person_id"], row[kind])
                made[kind][key] = made[kind].get(key, 0) + row["n"]
    return made


def _cuts(snapshot: Snapshot, span: Span, working: Sequence[Staff]) -> tuple[Cut, ...] | None:
    """Members without whom their team's shared tickets fall apart; missing where the record has none."""
    chosen = next(n for n in NETWORKS if n.name == TIES)
    if span.start_on is None or not snapshot.filled() >= set(chosen.needs):
        return None
    stored = snapshot.table("network_ties")
    mine = (stored.network == TIES) & (stored.window_start == span.start_on) & (stored.window_days == span.days)
    team_of = {person.person_id: person.team_id for person in working if person.team_id}
    ties: dict[str, Pairs] = {}
    for row in snapshot.rows(stored.filter(mine).select("source_id", "target_id", "times")):
        team = team_of.get(row["source_id"])
        if team and team == team_of.get(row["target_id"]):
            ties.setdefault(team, {})[row["source_id"], row["target_id"]] = row["times"]
    by_team: dict[str, list[Staff]] = {}
    for person in working:
        if person.team_id:
            by_team.setdefault(person.team_id, []).append(person)
    made = []
    for team_id, members in by_team.items():
        keys, inside = [m.person_id for m in members], ties.get(team_id, {})
        found = cuts(inside, keys)
        chances = cut_chance(inside, keys, found)
        name = members[0].team or team_id
        made += [Cut(name, who, tuple(len(p) for p in parts), chances[who]) for who, parts in found.items()]
    return tuple(sorted(made, key=lambda c: (-c.chance, c.team, c.person)))


def _clients(snapshot: Snapshot) -> dict[str, str]:
    told = snapshot.table("identities")
    rows = snapshot.rows(told.filter(told.client_id.notnull()).select("client_id", "display_name"))
    return {row["client_id"]: row["display_name"] for row in rows if row["display_name"]}
