"""How close each team is to the product, read from the record: what the rule of the kind of lead asks, with n or the reason.

Keeps true: sums over a team's work leave from five people up and where nobody can be computed from them; booked hours are a
part of the work, so the share of hands-on work carries how far the hours nobody booked could move it. Missing is never zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import ibis

from cadre.estimate import Estimate, Sealed
from cadre.exposure.trace import SCHEDULE, counted, scheduled_hours
from cadre.readiness.structure.rule import Input, Inputs
from cadre.reports.kept import kept
from cadre.reports.measure import window
from cadre.reports.release import MIN_GROUP, Gate, Withheld, release_group
from cadre.reports.roster import Staff
from cadre.reports.teams.team import teams
from cadre.signals import SIGNALS
from cadre.warehouse import Snapshot

CAUSES = "prevention_share"
"""The signal whose rest is daily service."""
_STEP, _SPAN_STEP, _FIRM_STEP = 0.15, 3, 1.5
"""What is tried around a share, a span and a size of which the record tells no range of its own."""


@dataclass(frozen=True, slots=True)
class Booked:
    """Hours of one person: on tickets and tasks, on neither, and scheduled over the same days; entries behind the first two."""

    hands_on: float
    other: float
    scheduled: float
    entries: int


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """A team and what the rule asks of it.

    Attributes:
        team_id: Key.
        name: Its name.
        people: Who is in it now, leads included.
        leads: Leads among them.
        reports: People to each lead, where a roster tells; the others of the team where it tells no lead.
        inputs: What the rule asks.
    """

    team_id: str
    name: str
    people: int
    leads: int
    reports: float
    inputs: Inputs


def team_facts(gate: Gate, snapshot: Snapshot, working: Sequence[Staff]) -> tuple[TeamFacts, ...]:
    """Every team with people in it, by name.

    Args:
        gate: Who asks.
        snapshot: The record.
        working: Who works here now.
    """
    by_team: dict[str, list[Staff]] = {}
    for person in working:
        if person.team_id:
            by_team.setdefault(person.team_id, []).append(person)
    leads = _reports(snapshot, {s.person_id for s in working})
    wanted = tuple(signal for signal in SIGNALS if signal.name == CAUSES)
    causes = {row.team_id: row.figures for row in teams(gate, snapshot, registry=wanted).rows}
    tiers = _tiers(snapshot)
    booked: Sealed[Mapping[str, Booked]] = Sealed(
        kept(snapshot, ("booked", window(snapshot)), lambda: _booked(snapshot))
    )
    made = []
    for key, members in by_team.items():
        ids = [m.person_id for m in members]
        own = [leads[p] for p in ids if p in leads]
        span = sum(own) / len(own) if own else float(max(len(ids) - 1, 1))
        figures = causes.get(key)
        inputs = {
            "hands_on": _hands_on(gate, booked, ids),
            "service": _service({} if figures is None or isinstance(figures, Withheld) else figures, len(ids)),
            "span": _span(span, len(own), len(ids)),
            "tiers": _tier_input(tiers.get(key, frozenset())),
            "firm": _firm(len(working)),
        }
        made.append(TeamFacts(key, members[0].team or key, len(ids), len(own), span, inputs))
    return tuple(sorted(made, key=lambda each: (each.name.casefold(), each.team_id)))


def _hands_on(gate: Gate, sealed: Sealed[Mapping[str, Booked]], ids: Sequence[str]) -> Input:
    """Hours on tickets and tasks over hours booked; the range is where the hours nobody booked could put it."""
    alone = gate.seen_alone(ids)

    def summed(found: Mapping[str, Booked]) -> Input:
        told = [found[p] for p in ids if p in found]
        rest = sum(p not in alone for p in ids if p in found)
        if not told:
            return Input.missing("no time is booked")
        if len(told) < MIN_GROUP or (alone and 0 < rest < MIN_GROUP):
            return Input.missing(f"time is booked by {len(told)} of them, and {MIN_GROUP} are needed for a figure")
        hours, other = sum(b.hands_on for b in told), sum(b.other for b in told)
        entries, whole = sum(b.entries for b in told), sum(b.scheduled for b in told)
        share = hours / (hours + other)
        said = f"{share:.0%} of {hours + other:,.0f} booked hours are on tickets and tasks"
        if whole <= hours + other:
            low, high = max(share - _STEP, 0.0), min(share + _STEP, 1.0)
            return Input(share, low, high, entries, said)
        said += f"; {(hours + other) / whole:.0%} of the scheduled hours are booked"
        return Input(share, hours / whole, (whole - other) / whole, entries, said)

    found = release_group(gate, sealed, len(ids), summed)
    return Input.missing(found.rule[0].lower() + found.rule[1:]) if isinstance(found, Withheld) else found


def _service(figures: Mapping[str, object], size: int) -> Input:
    """What is left of the work beside causes and projects, from the signal `prevention_share` of the members."""
    found = figures.get(CAUSES)
    if not isinstance(found, Estimate):
        why = f"the team has {size} people, and {MIN_GROUP} are needed for a figure" if size < MIN_GROUP else (
            "no ticket type or task tells projects from daily service"
        )  # fmt: skip
        return Input.missing(why)
    share = 1 - found.value
    low, high = max(min(1 - found.high, share - _STEP), 0.0), min(max(1 - found.low, share + _STEP), 1.0)
    return Input(share, low, high, found.n, f"{share:.0%} of the work is daily service, not projects and causes")


def _span(span: float, leads: int, people: int) -> Input:
    if not leads:
        told = f"no lead is on the roster; taken as one lead to the other {span:.0f}"
    else:
        told = f"{span:g} people report to {'the lead' if leads == 1 else f'each of {leads} leads'}"
    return Input(span, max(span - _SPAN_STEP, 1), span + _SPAN_STEP, people, told)


def _tier_input(tiers: frozenset[str]) -> Input:
    if not tiers:
        return Input.missing("no tier is on the roster")
    count = len(tiers)
    told = f"serves tier {min(tiers)}" if count == 1 else f"serves {count} tiers"
    return Input(count, count, count + 1, count, told)


def _firm(people: int) -> Input:
    return Input(
        people, round(people / _FIRM_STEP), round(people * _FIRM_STEP), people, f"the firm has {people} people"
    )


def _reports(snapshot: Snapshot, working: set[str]) -> dict[str, int]:
    """Lead -> people who work here and report to them."""
    people = snapshot.table("people")
    rows = snapshot.rows(people.filter(people.lead_person_id.notnull()).select("person_id", "lead_person_id"))
    made: dict[str, int] = {}
    for row in rows:
        if row["person_id"] in working and row["lead_person_id"] in working:
            made[row["lead_person_id"]] = made.get(row["lead_person_id"], 0) + 1
    return made


def _tiers(snapshot: Snapshot) -> dict[str, frozenset[str]]:
    """Team -> tiers it serves, those of teams that are part of it included."""
    rows = snapshot.rows(snapshot.table("teams").select("team_id", "tier", "parent_team_id"))
    made: dict[str, frozenset[str]] = {}
    for row in rows:
        for team in (row["team_id"], row["parent_team_id"]):
            if team and row["tier"]:
                made[team] = made.get(team, frozenset()) | {row["tier"]}
    return made


def _booked(snapshot: Snapshot) -> dict[str, Booked]:
    """Person -> hours of the newest window, and hours scheduled between its first and last booked day."""
    span = window(snapshot)
    if span.start_on is None:
        return {}
    table = snapshot.table("time_entries")
    first = ibis.timestamp(span.start_on.isoformat())
    inside = table.filter((table.local_at >= first) & (table.local_at < first + ibis.interval(days=span.days)))
    on_work = inside.ticket_id.notnull() | inside.task_id.notnull()
    told = inside.select("account_id", "hours", on_work=on_work, day=inside.local_at.date())
    joined = told.join(snapshot.table("person_accounts").select("account_id", "person_id"), "account_id")
    summed = joined.group_by("person_id").agg(
        hands_on=joined.on_work.ifelse(joined.hours, 0.0).sum(),
        other=joined.on_work.ifelse(0.0, joined.hours).sum(),
        entries=joined.count(),
        first_on=joined.day.min(),
        last_on=joined.day.max(),
    )
    rows = snapshot.rows(summed)
    if not rows:
        return {}
    whole = _scheduled(snapshot, min(r["first_on"] for r in rows), max(r["last_on"] for r in rows))
    return {
        row["person_id"]: Booked(row["hands_on"], row["other"], whole.get(row["person_id"], 0.0), row["entries"])
        for row in rows
    }


def _scheduled(snapshot: Snapshot, first_on: date, last_on: date) -> dict[str, float]:
    rows = snapshot.rows(snapshot.table("schedules").select(*SCHEDULE))
    found = scheduled_hours(rows, first_on, last_on + timedelta(days=1))
    return {person: float(counted(hours)) for person, hours in found.items()}
