"""Structure: which leads the firm needs, now and as it grows, and who could take each open seat.

Keeps true: what a team asks for comes from figures of groups and the roster; a person appears only once the release rule
opened them for a seat; who seeks no lead role or leads already is assigned nowhere. It recommends a kind of lead, never a person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from cadre.db.seats import Seat
from cadre.errors import NotFoundError, UsageError
from cadre.estimate import Abstained, Estimate, Measured
from cadre.inference.shrinkage import LEVEL
from cadre.readiness.seat import need
from cadre.readiness.structure.assignment import MATCH, Place, assign, drawn
from cadre.readiness.structure.growth import SPANS, TIMES, NextSeat, Scenario, next_seat, scenario
from cadre.readiness.structure.rule import WEIGHTS, Input, Recommendation, recommend
from cadre.records import Firm
from cadre.reports.head import head
from cadre.reports.readiness import Prepared, prepared
from cadre.reports.release import CANDIDATE, Gate, HeldBack, Withheld, purpose_word, release_persons
from cadre.reports.roster import Staff, staff
from cadre.reports.seats.seat import leading, not_seeking, seat_inputs
from cadre.reports.seats.seats import outcomes, seats
from cadre.reports.seats.selection import leaning
from cadre.reports.teams.closeness import TeamFacts, team_facts
from cadre.warehouse import Snapshot

MOST_PEOPLE = 100_000
MOST_SPAN = 50
MOST_WEIGHT = 100.0


@dataclass(frozen=True, slots=True)
class Options:
    """What somebody set otherwise than the default.

    Attributes:
        weights: Part of the rule -> how much it counts.
        spans: Fewest and most people to one lead.
        size: One more size of the firm to look at; 0 for none.
        people_share: Share of people leaders wanted among leads of teams, 0-1; missing takes the rule's.
        match: What one standard deviation of the wanted kind adds to a fit.
        team: Only this team's recommendation; all unless given.
    """

    weights: Mapping[str, float] = field(default_factory=lambda: dict(WEIGHTS))
    spans: tuple[int, int] = SPANS
    size: int = 0
    people_share: float | None = None
    match: float = MATCH
    team: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.spans[0] <= self.spans[1] <= MOST_SPAN:
            raise UsageError(f"a span goes from 1 to {MOST_SPAN}, the smaller number first", hint="Such as 5-8.")
        if not 0 <= self.size <= MOST_PEOPLE:
            raise UsageError(f"a size is at most {MOST_PEOPLE:,} people", hint="Such as 60.")
        if self.people_share is not None and not 0 <= self.people_share <= 1:
            raise UsageError("a share lies between 0 and 1", hint="Such as 0.3.")
        unknown = [name for name in self.weights if name not in WEIGHTS]
        if unknown or any(not 0 <= weight <= MOST_WEIGHT for weight in self.weights.values()):
            raise UsageError(
                f"a weight is one of {', '.join(WEIGHTS)} with 0 to {MOST_WEIGHT:g}", hint="Such as hands_on=3."
            )


def read_spans(told: str) -> tuple[int, int]:
    """A range of spans as people write it, such as `5-8` or `6`; the default where nothing is told.

    Raises:
        UsageError: It is none.
    """
    if not told.strip():
        return SPANS
    low, _, high = told.replace(" ", "").replace("\N{EN DASH}", "-").partition("-")
    if not low.isdecimal() or not (high or low).isdecimal():
        raise UsageError(f"{told!r} is no range of spans", hint="Such as 5-8.")
    return int(low), int(high or low)


def read_weights(told: Mapping[str, str]) -> dict[str, float]:
    """Weights as people write them, part -> number; the default for those that are not told.

    Raises:
        UsageError: One is no number.
    """
    made = dict(WEIGHTS)
    for name, text in told.items():
        try:
            made[name.strip()] = float(text.strip().replace(",", "."))
        except ValueError:
            raise UsageError(f"{text!r} is no number for {name}", hint="Such as hands_on=3.") from None
    return made


@dataclass(frozen=True, slots=True)
class TeamNeed:
    """A team and what it asks for; `over` is how many people its leads have above the widest span, 0 for none."""

    facts: TeamFacts
    asks: Recommendation
    over: float

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        asks = self.asks
        return {
            "team_id": self.facts.team_id,
            "name": self.facts.name,
            "people": self.facts.people,
            "leads": self.facts.leads,
            "people_to_a_lead": self.facts.reports,
            "over_the_widest_span_by": self.over,
            "inputs": {name: _input_json(each) for name, each in self.facts.inputs.items()},
            "asks_for": asks.word,
            "position": asks.position,
            "low": asks.low,
            "high": asks.high,
            "is_settled": asks.is_settled,
            "missing": dict(asks.missing),
            "flips": [{"part": f.part, "is_weight": f.is_weight, "at": f.at, "is_above": f.is_above, "asks_for": f.word,
                       "is_plausible": f.is_plausible} for f in asks.flips],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpenSeat:
    """An open seat, what it asks for (0 technical to 1 people; missing where not known), and who could take it."""

    seat: Seat
    team: str | None
    position: float | None
    word: str
    place: Place

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            "seat": self.seat.seat_key,
            "name": self.seat.name,
            "team": self.team,
            "asks_for": self.word,
            "position": self.position,
            "person_id": self.place.person if self.place.holds else None,
            "holds": self.place.holds,
            "draws": self.place.draws,
            "in_share_of_draws": [{"person_id": who, "share": share} for who, share in self.place.others],
        }


@dataclass(frozen=True, slots=True)
class Kind:
    """Whether somebody stands to the technical or the people side: craft less leading in sd, or why that is not told."""

    person: Staff
    is_lead: bool
    estimate: Measured
    word: str

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            "person_id": self.person.person_id,
            "name": self.person.name,
            "team": self.person.team,
            "is_lead": self.is_lead,
            "technical_less_people": self.estimate.json(),
            "leans": self.word,
        }


@dataclass(frozen=True, slots=True)
class StructureReport:
    """What leads the firm needs.

    Attributes:
        firm: The firm.
        purpose: The word to show; empty for a firm's own workspace.
        as_of: When the record was last changed.
        options: What was set.
        people: People who work here.
        leads: Leads of teams among them.
        teams: By name.
        mix: Answer -> teams that ask for it, the unanswered among them.
        scenarios: Today's size, multiples of it, and a size asked for.
        next: When one more lead is needed.
        seats: Open seats, the newest first.
        candidates: People whom an assignment could choose.
        kinds: Who is released, by name.
        names: Key -> name of everybody shown.
        held: Who is not released, counted.
        withheld: Why nobody is; None where somebody is.
    """

    firm: Firm
    purpose: str
    as_of: datetime | None
    options: Options
    people: int
    leads: int
    teams: tuple[TeamNeed, ...]
    mix: Mapping[str, int]
    scenarios: tuple[Scenario, ...]
    next: NextSeat
    seats: tuple[OpenSeat, ...]
    candidates: int
    kinds: tuple[Kind, ...]
    names: Mapping[str, str]
    held: tuple[HeldBack, ...]
    withheld: Withheld | None

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            **head(self.firm, self.purpose),
            "rule": {"weights": dict(self.options.weights), "spans": list(self.options.spans),
                     "people_share": self.options.people_share, "match": self.options.match},
            "people": self.people,
            "leads": self.leads,
            "teams": [each.json() for each in self.teams],
            "mix": dict(self.mix),
            "scenarios": [{"people": s.people, "leads": [s.fewest, s.most], "leads_of_leads": list(s.above),
                           "people_leaders": list(s.people_leaders) if s.people_leaders else None,
                           "people_leader_share": list(s.share) if s.share else None} for s in self.scenarios],
            "next_lead_at": list(self.next.at),
            "seats": [each.json() for each in self.seats],
            "candidates": self.candidates,
            "kinds": [each.json() for each in self.kinds],
            "held": [each.json() for each in self.held],
            "withheld": self.withheld.json() if self.withheld else None,
        }  # fmt: skip


def structure(
    gate: Gate, snapshot: Snapshot, sessions: sessionmaker[Session], *, now: datetime, options: Options | None = None
) -> StructureReport:
    """What leads the firm needs, and who could take each open seat.

    Args:
        gate: Who asks; for the purpose of filling a seat.
        snapshot: The record.
        sessions: Sessions on the database of decisions.
        now: The current instant.
        options: What is set otherwise than the default.

    Raises:
        NotFoundError: There is no team of that key with people in it.
    """
    chosen = options or Options()
    everybody = staff(snapshot)
    has_roster = any(s.is_listed for s in everybody)
    working = [s for s in everybody if s.left_on is None and (s.is_listed or not has_roster)]
    facts = team_facts(gate, snapshot, working)
    if chosen.team and chosen.team not in {each.team_id for each in facts}:
        raise NotFoundError(f"no team {chosen.team} with people in it", hint="The teams are listed under Teams.")
    found = [_team(each, chosen) for each in facts if not chosen.team or each.team_id == chosen.team]
    leads = leading(snapshot) & {s.person_id for s in working}
    unwilling = not_seeking(sessions)
    asked = [s.person_id for s in working if s.person_id not in unwilling]
    sealed = prepared(snapshot, outcomes(sessions))
    told = release_persons(gate, sealed, asked, lambda ready, some: ready.only(some), kind=CANDIDATE)
    ready = told.content
    free = [p for p in ready.standing.order if p not in leads and p in told.open]
    sizes = dict.fromkeys([*(round(len(working) * times) for times in TIMES), *([chosen.size] if chosen.size else [])])
    words = [each.asks.word if each.asks.position is not None else "cannot tell" for each in found]
    return StructureReport(
        firm=snapshot.firm,
        purpose=purpose_word(snapshot.firm),
        as_of=snapshot.manifest.made_at,
        options=chosen,
        people=len(working),
        leads=len(leads),
        teams=tuple(found),
        mix={word: words.count(word) for word in sorted(set(words))},
        scenarios=tuple(scenario(size, chosen.spans, lambda s: _mix(facts, chosen, s)) for size in sorted(sizes)),
        next=next_seat(len(working), len(leads), chosen.spans),
        seats=_seats(gate, snapshot, sessions, now, working, ready, free, chosen.match),
        candidates=len(free),
        kinds=tuple(_kind(s, ready, s.person_id in leads) for s in working if s.person_id in told.open),
        names={s.person_id: s.name for s in working if s.person_id in told.open},
        held=told.held,
        withheld=told.withheld,
    )


def _team(facts: TeamFacts, options: Options) -> TeamNeed:
    weights = {**WEIGHTS, **options.weights}
    return TeamNeed(facts, recommend(facts.inputs, weights), max(facts.reports - options.spans[1], 0.0))


def _mix(facts: Sequence[TeamFacts], options: Options, size: int) -> tuple[float, float, float] | None:
    """Share of people leaders among leads of teams: the mean position of the teams at that size, spans as the rule wants them."""
    if options.people_share is not None:
        return (options.people_share,) * 3
    weights = {**WEIGHTS, **options.weights}
    told = []
    for each in facts:
        span, firm = each.inputs["span"], each.inputs["firm"]
        value = min(max(span.value or 0.0, options.spans[0]), options.spans[1])
        inputs = {
            **each.inputs,
            "span": Input(value, options.spans[0], options.spans[1], span.n, span.told),
            "firm": Input(size, size, size, firm.n, firm.told),
        }
        asks = recommend(inputs, weights)
        if asks.position is not None:
            told.append((asks.position, asks.low, asks.high))
    if not told:
        return None
    value, low, high = (sum(part) / len(told) for part in zip(*told, strict=True))
    return value, low, high


def _seats(
    gate: Gate,
    snapshot: Snapshot,
    sessions: sessionmaker[Session],
    now: datetime,
    working: list[Staff],
    ready: Prepared,
    free: Sequence[str],
    match: float,
) -> tuple[OpenSeat, ...]:
    rows = [
        row
        for row in seats(gate.principal, snapshot, sessions, now).rows
        if row.decided is None or row.decided.person_id is None
    ]
    needs = {row.seat.seat_key: need(seat_inputs(row.seat, snapshot, working)) for row in rows}
    kinds = frozenset(person for person, one in ready.types.items() if one.value is not None)
    found = drawn(ready.competence, free, ready.standing.weights, ready.profile.names, kinds)
    places = assign(found, {key: asked.position for key, asked in needs.items()}, match)
    by_seat = {place.seat: place for place in places}
    return tuple(
        OpenSeat(row.seat, row.team, needs[key].position, needs[key].word, by_seat[key])
        for row in rows
        for key in [row.seat.seat_key]
    )


def _kind(person: Staff, ready: Prepared, is_lead: bool) -> Kind:
    one = ready.types.get(person.person_id)
    known = ready.competence
    n = 0
    if one is not None:
        i = known.people.index(person.person_id)
        n = int(sum(counts[i] for counts in known.n.values()))
    if one is None or one.value is None or one.low is None or one.high is None:
        why = "none of their work was measured" if one is None else one.reason or "not enough evidence"
        return Kind(person, is_lead, Abstained(why, n), leaning(one))
    return Kind(person, is_lead, Estimate(one.value, one.low, one.high, LEVEL, max(n, 1)), leaning(one))


def _input_json(each: Input) -> dict[str, Any]:
    if each.value is None:
        return {"missing": each.told}
    return {"value": each.value, "low": each.low, "high": each.high, "n": each.n, "told": each.told}
