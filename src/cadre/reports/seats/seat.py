"""The seat sheet: one seat, what it asks for, and the willing and released people side by side, with what the desk loses.

Keeps true: everything about a person passes the release rule as a candidate for a named seat; people are ordered only among
those who are open; who cannot be told apart is said first; nobody without enough evidence is placed. It decides nothing.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from cadre.db.seats import Seat, SeatCost
from cadre.db.stewardship import SeekingStatement
from cadre.errors import ForbiddenError
from cadre.estimate import Abstained, Estimate, Measured
from cadre.inference.shrinkage import LEVEL
from cadre.readiness.competency import COMPETENCIES
from cadre.readiness.readiness import Readiness, Standing
from cadre.readiness.seat import Need, SeatInputs, need
from cadre.records import Firm
from cadre.reports.measure import window
from cadre.reports.readiness import Prepared, prepared
from cadre.reports.release import CANDIDATE, Gate, HeldBack, Released, Withheld, purpose_word, release_persons
from cadre.reports.roster import Staff, staff
from cadre.reports.seats.desk import Loss, desk, losses
from cadre.reports.seats.seats import Decided, cost_json, decided, described, open_contests, outcomes, team_names
from cadre.reports.seats.trial import Tried, sharpness, tried
from cadre.reports.wording import Direction
from cadre.warehouse import Snapshot

MOST_SHOWN = 6
"""People side by side: more cannot be compared on one page; others can be put beside them by hand."""
_REACH = 1.6448536269514722
_LEAST_SETTLED = 0.2
"""Share of a competency that evidence must settle before it is drawn as known."""


@dataclass(frozen=True, slots=True)
class CompetencyCard:
    """A competency as pages show it."""

    name: str
    label: str
    behaviour: str
    direction: Direction = "high"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person beside others.

    Attributes:
        person: Who.
        estimate: Readiness in standard deviations between people of the firm.
        chance: Chance of turning out well, 0-1; missing without enough outcomes of the firm's own.
        rank: Best and worst place among those compared, at 90%; missing where abstained.
        known: Share of what the estimate could vary by that evidence settles, 0-1.
        competencies: Competency -> estimate in standard deviations; abstained where evidence is thin.
        loss: What the desk loses.
        kind: Between technical and people leader, in words.
        tried: What a four-week trial would tell; missing where nobody else is shown.
        contested: Rows of theirs that they contested and nobody has answered yet.
    """

    person: Staff
    estimate: Measured
    chance: Estimate | None
    rank: tuple[int, int] | None
    known: float
    competencies: Mapping[str, Measured]
    loss: Loss
    kind: str
    tried: Tried | None
    contested: int

    @property
    def thin(self) -> tuple[str, ...]:
        """Competencies whose evidence is thin."""
        return tuple(c.label for c in COMPETENCIES if isinstance(self.competencies[c.name], Abstained))

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            "person_id": self.person.person_id,
            "name": self.person.name,
            "role": self.person.role,
            "readiness": self.estimate.json(),
            "chance": self.chance.json() if self.chance else None,
            "rank": list(self.rank) if self.rank else None,
            "known_share": self.known,
            "kind": self.kind,
            "contested_rows_open": self.contested,
            "competencies": {name: found.json() for name, found in self.competencies.items()},
            "desk": self.loss.json(),
            "trial": self.tried.json() if self.tried else None,
        }


@dataclass(frozen=True, slots=True)
class SeatReport:
    """The sheet of one seat.

    Attributes:
        firm: The firm.
        purpose: The word to show; empty for a firm's own workspace.
        as_of: When the record was last changed.
        manifest: Its number.
        seat: As described last.
        team: Name of its team.
        need: What it asks for.
        candidates: Shown side by side, the highest estimate first.
        others: Compared and not shown side by side, by name.
        thin: Of whom too little was seen to place them, by name, with the reason.
        compared: How many are placed among each other.
        alike: How many from the first on cannot be told apart from the first.
        above: Chance that the first of two shown stands above the second; in the order of the candidates.
        leading: People left out because they lead a team already.
        held: Who is not released, counted.
        withheld: Why nobody is; None where somebody is.
        decisions: What was decided, the newest first.
        cost: What a failure would cost, where somebody entered it.
        clients: Client -> name.
        names: Everybody's name.
        outcomes: Outcomes of the firm's own behind the estimates.
    """

    firm: Firm
    purpose: str
    as_of: datetime | None
    manifest: int
    seat: Seat
    team: str | None
    need: Need
    candidates: tuple[Candidate, ...]
    others: tuple[Staff, ...]
    thin: tuple[tuple[Staff, str], ...]
    compared: int
    alike: int
    above: Mapping[tuple[str, str], float]
    leading: int
    held: tuple[HeldBack, ...]
    withheld: Withheld | None
    decisions: tuple[Decided, ...]
    cost: SeatCost | None
    clients: Mapping[str, str]
    names: Mapping[str, str]
    outcomes: int

    @property
    def headline(self) -> str:
        """What can be said of them, in one sentence."""
        if self.withheld or not self.candidates:
            return "Nobody can be shown for this seat yet"
        if self.alike <= 1:
            return f"{self.candidates[0].person.name} stands apart from the others in what was seen"
        if self.alike >= self.compared:
            return "These people cannot be told apart"
        return f"{self.alike} of these {self.compared} people cannot be told apart"

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            "firm": self.firm.name,
            "purpose": self.firm.purpose,
            "manifest": self.manifest,
            "seat": {"key": self.seat.seat_key, "name": self.seat.name, "team": self.team},
            "need": {"position": self.need.position, "low": self.need.low, "high": self.need.high,
                     "word": self.need.word, "is_settled": self.need.is_settled},
            "headline": self.headline,
            "compared": self.compared,
            "candidates": [each.json() for each in self.candidates],
            "above": [{"first": a, "second": b, "chance": c} for (a, b), c in self.above.items()],
            "not_enough_evidence": [{"name": s.name, "reason": why} for s, why in self.thin],
            "withheld": self.withheld.json() if self.withheld else None,
            "held": [each.json() for each in self.held],
            "decisions": [each.json() for each in self.decisions],
            "cost": cost_json(self.cost),
        }  # fmt: skip


def seat(
    gate: Gate,
    snapshot: Snapshot,
    sessions: sessionmaker[Session],
    key: str,
    *,
    now: datetime,
    among: str = "",
    beside: Collection[str] = (),
) -> SeatReport:
    """The sheet of a seat.

    Args:
        gate: Who asks, for the purpose of filling a seat.
        snapshot: The record.
        sessions: Sessions on the database of decisions.
        key: Key of the seat.
        now: The current instant.
        among: Only people of this team; everybody unless given.
        beside: Keys of people to put beside the first few.

    Raises:
        NotFoundError: There is no such seat.
    """
    row, cost = described(sessions, key)
    everybody = staff(snapshot)
    working = [s for s in everybody if s.left_on is None and (s.is_listed or not any(x.is_listed for x in everybody))]
    leads = leading(snapshot)
    unwilling = not_seeking(sessions)
    asked = [s for s in working if s.person_id not in leads and (not among or s.team_id == among)]
    turned = outcomes(sessions)
    sealed = prepared(snapshot, turned)
    names = {s.person_id: s.name for s in working}
    span = window(snapshot)
    counts = desk(snapshot, span)
    people = [s.person_id for s in asked if s.person_id not in unwilling]
    told = release_persons(gate, sealed, people, lambda ready, some: ready.only(some), kind=CANDIDATE)
    stands = told.content.standing
    shown, others, thin = _placed(stands, {s.person_id: s for s in asked}, told, frozenset(beside))
    keys = frozenset(s.person_id for s in shown)
    lost = losses(gate, counts, names, keys, row.hands_on_share)
    desks = release_persons(gate, lost, keys, lambda found, _: found, kind=CANDIDATE).content
    trials = tried(sharpness(snapshot, span), told.content, [s.person_id for s in shown]) if shown else {}
    waiting = open_contests(sessions, keys)
    return SeatReport(
        firm=snapshot.firm,
        purpose=purpose_word(snapshot.firm),
        as_of=snapshot.manifest.made_at,
        manifest=snapshot.manifest.number,
        seat=row,
        team=team_names(snapshot).get(row.team_id or ""),
        need=need(seat_inputs(row, snapshot, working)),
        candidates=tuple(
            _candidate(s, told.content, desks[s.person_id], trials.get(s.person_id), waiting.get(s.person_id, 0))
            for s in shown
        ),
        others=others,
        thin=thin,
        compared=stands.ranked,
        alike=_alike(stands),
        above=_above(stands, [s.person_id for s in shown]),
        leading=len({s.person_id for s in working} & leads),
        held=told.held,
        withheld=told.withheld,
        decisions=decided(gate.principal, snapshot, sessions, key, now),
        cost=cost,
        clients=counts.clients,
        names=names,
        outcomes=len(turned),
    )


def require_candidate(gate: Gate, person_id: str) -> None:
    """Stop a decision about somebody whom the release rule does not open as a candidate.

    Raises:
        ForbiddenError: They are not open; the message says which rule holds.
    """
    shut = gate.withheld([person_id], kind=CANDIDATE).get(person_id)
    if shut is not None:
        raise ForbiddenError(
            f"they are not open as a candidate: {shut.rule[0].lower()}{shut.rule[1:]}", hint=shut.opens
        )


def cards() -> tuple[CompetencyCard, ...]:
    """The competencies, in order, without what computes them."""
    return tuple(CompetencyCard(c.name, c.label, c.behaviour) for c in COMPETENCIES)


def seat_inputs(row: Seat, snapshot: Snapshot, working: list[Staff]) -> SeatInputs:
    """What is known of the seat: as described, else as the team is now."""
    members = [s for s in working if s.team_id is not None and s.team_id == row.team_id]
    tiers = tuple(tier for tier in row.tiers.split(",") if tier)
    if not tiers and row.team_id:
        teams = snapshot.table("teams")
        found = snapshot.rows(teams.filter(teams.team_id == row.team_id).select("tier"))
        tiers = tuple(each["tier"] for each in found if each["tier"])
    listed = sum(s.is_listed for s in working)
    span = row.span if row.span is not None else (max(len(members) - 1, 0) or None)
    return SeatInputs(row.hands_on_share, span, tiers, listed or None)


def leading(snapshot: Snapshot) -> frozenset[str]:
    """Keys of everybody to whom somebody reports."""
    people = snapshot.table("people")
    rows = snapshot.rows(people.filter(people.lead_person_id.notnull()).select("lead_person_id").distinct())
    return frozenset(row["lead_person_id"] for row in rows)


def not_seeking(sessions: sessionmaker[Session]) -> frozenset[str]:
    """Who said so; they are on no list in a study either, where nothing else is asked of the rule."""
    with sessions() as session:
        rows = session.execute(
            select(SeekingStatement.person_id, SeekingStatement.is_seeking).order_by(SeekingStatement.id)
        )
        newest = {row.person_id: row.is_seeking for row in rows}
    return frozenset(person for person, is_seeking in newest.items() if not is_seeking)


def _placed(
    stands: Standing, asked: Mapping[str, Staff], told: Released[Prepared], beside: frozenset[str]
) -> tuple[tuple[Staff, ...], tuple[Staff, ...], tuple[tuple[Staff, str], ...]]:
    """Who is shown side by side, who could be put there, and of whom too little was seen."""
    first = [p for i, p in enumerate(stands.order) if i < MOST_SHOWN or p in beside]
    others = [asked[p] for p in stands.order if p not in first]
    why = {each.person_id: each.reason for each in stands.people if each.value is None}
    thin = [(asked[p], why.get(p) or "none of their work was measured") for p in told.open if p not in stands.order]
    return (
        tuple(asked[p] for p in first),
        tuple(sorted(others, key=lambda s: s.name.casefold())),
        tuple(sorted(thin, key=lambda pair: pair[0].name.casefold())),
    )


def _candidate(person: Staff, ready: Prepared, loss: Loss, trial: Tried | None, contested: int) -> Candidate:
    found = next(each for each in ready.standing.people if each.person_id == person.person_id)
    return Candidate(
        person=person,
        estimate=_estimate(found),
        chance=Estimate(*found.chance, LEVEL, max(found.n, 1)) if found.chance else None,
        rank=None if found.rank_low is None or found.rank_high is None else (found.rank_low, found.rank_high),
        known=found.known,
        competencies=competencies_of(ready, person.person_id),
        loss=loss,
        kind=_kind(ready, person.person_id),
        tried=trial,
        contested=contested,
    )


def competencies_of(ready: Prepared, person_id: str) -> dict[str, Measured]:
    """Competency -> estimate in standard deviations; abstained where evidence is thin."""
    known, i = ready.competence, ready.competence.people.index(person_id)
    made: dict[str, Measured] = {}
    for each in COMPETENCIES:
        got, n = known.measured[each.name], int(known.n[each.name][i])
        if not got.seen[i] or got.variance[i] > 1 - _LEAST_SETTLED:
            made[each.name] = Abstained("hardly anything of it was seen", n)
        else:
            mean, reach = float(got.mean[i]), _REACH * float(got.variance[i]) ** 0.5
            made[each.name] = Estimate(mean, mean - reach, mean + reach, LEVEL, n)
    return made


def _estimate(found: Readiness) -> Measured:
    if found.value is None or found.low is None or found.high is None:
        return Abstained(found.reason or "not enough evidence", found.n)
    return Estimate(found.value, found.low, found.high, LEVEL, found.n)


def _kind(ready: Prepared, person_id: str) -> str:
    one = ready.types.get(person_id)
    if one is None or one.value is None or one.low is None or one.high is None:
        return "cannot tell yet"
    if one.low > 0:
        return "clearly more on the technical side"
    if one.high < 0:
        return "clearly more on the people side"
    return "neither side stands out"


def _alike(stands: Standing) -> int:
    """How many from the first on cannot be told apart from the first."""
    count = 1
    while count < stands.ranked and not stands.apart(stands.order[0], stands.order[count]):
        count += 1
    return min(count, stands.ranked)


def _above(stands: Standing, shown: list[str]) -> dict[tuple[str, str], float]:
    place = {person: i for i, person in enumerate(stands.order)}
    return {
        (a, b): float(stands.above[place[a], place[b]]) for i, a in enumerate(shown) for b in shown[i + 1 :]
    }  # fmt: skip
