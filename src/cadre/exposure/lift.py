"""What a person's presence does to the work of teammates: an adjusted plus-minus over days, one fit a team.

A resolved ticket of a teammate is a row; who else of the team was there on the day it was opened are its columns. The day of
opening is taken, since it is settled before anything is known of how the ticket went. Each teammate there counts one over the
number there, so that what is fitted is the mean of those on duty; the same ticket says nothing of its own holder.

Keeps true: the holder's own speed, the month and how many were there are taken out beside; nobody's own tickets tell their own
effect; the penalty is chosen on weeks held out, one for all teams; what the penalty took from an estimate is given back, with
its uncertainty, so that it is not shrunk a second time when it is shown; intervals come from drawing weeks anew. An effect is
told against the other teammates of the same team, since somebody is always there.

References:
    Rosenbaum 2004, Ilardi and Barzilai 2008 (adjusted plus-minus); Sill 2010 (regularised, with the penalty by
    cross-validation); Hoerl and Kennard 1970 (ridge); Davison and Hinkley 1997, ch. 3.8 (resampling of blocks).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from ibis import _
from numpy.typing import NDArray

LOOK_BACK_DAYS = 730
"""Days of opening the fit reads, up to the newest: two years, since a half-year of leaves tells little."""
TAIL = 0.8
"""Tickets slower for their case than this share of the team's are its slow tail."""
LEAST_TEAM = 3
"""With two in a team, presence of the one is the same as the other not being alone."""
LEAST_ABSENT, LEAST_PRESENT = 5, 5
"""Days with tickets of teammates on which the person was away, and there; fewer tell one leave from one bad week."""
LEAST_RESOLVED = 0.05
"""Share of a true effect that must come through the penalty; below it the data say next to nothing of the person."""
PENALTIES = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0)
"""How hard the effects of presence are held back, in tickets with nobody else there; weakest first."""
OWNER_PENALTY, MONTH_PENALTY, NUMBER_PENALTY = 3.0, 10.0, 1.0
"""How hard what is taken out beside is held back, in tickets; lightly, since it is not what is asked."""
RESAMPLES = 100
FOLDS = 5
_WEEK = 7
_OUTSIDE = ("client", "bot")

Tables = Mapping[str, ir.Table]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def persons(tables: Tables) -> ir.Table:
    """Accounts of persons of the roster who are in a team: `account_id`, `person_id`, `team_id`."""
    mine = tables["person_accounts"].filter(_.kind.notin(_OUTSIDE)).select("account_id", "person_id")
    teams = tables["people"].filter(_.team_id.notnull()).select("person_id", "team_id")
    return mine.join(teams, "person_id").select("account_id", "person_id", "team_id")


def outcomes(tables: Tables) -> ir.Table:
    """Resolved tickets with their holder and the local day they were opened.

    Returns:
        `ticket_id`, `person_id` and `team_id` of who resolved it, `day`, `log_ratio`, and `occurred_at` and `local_at` of
        resolution. Not there are tickets of persons without a team, those that do not tell when they were opened, and those
        first held in another team, whose people were there in this one's place.
    """
    expected = tables["ticket_expectations"].select("ticket_id", "account_id", "occurred_at", "local_at", "log_ratio")
    opened = tables["tickets"].select("ticket_id", day=tables["tickets"].local_at.date()).filter(_.day.notnull())
    dated = expected.join(opened, "ticket_id")
    who = persons(tables)
    order = ibis.window(group_by="ticket_id", order_by=["occurred_at", "event_id"])
    held = tables["ticket_holds"].filter(_.occurred_at.notnull()).mutate(place=ibis.row_number().over(order))
    held = held.filter(_.place == 0).select("ticket_id", first="account_id")
    before = held.join(who.select(first="account_id", first_team_id="team_id"), "first")
    placed = dated.join(who, "account_id").left_join(before.select("ticket_id", "first_team_id"), "ticket_id")
    placed = placed.filter(placed.first_team_id.isnull() | (placed.first_team_id == placed.team_id))
    return placed.select("ticket_id", "person_id", "team_id", "day", "log_ratio", "occurred_at", "local_at")


def presence(tables: Tables) -> ir.Table:
    """Days on which a person was there: a recorded act, else a working day by the person's own calendar.

    Returns:
        `person_id`, `team_id`, `day`, each once.
    """
    who = persons(tables)
    acts = [
        _acts(tables["ticket_events"], "actor_account_id"),
        _acts(tables["time_entries"], "account_id"),
        _acts(tables["messages"].filter(_.kind == "message"), "account_id"),
    ]
    acted = ibis.union(*acts).join(who, "account_id").select("person_id", "team_id", "day")
    days = tables["working_days"].filter(_.first_start.notnull()).select("day", person_id="calendar_id")
    planned = days.join(who.select("person_id", "team_id").distinct(), "person_id")
    return acted.union(planned.select("person_id", "team_id", "day")).distinct()


def _acts(table: ir.Table, account: str) -> ir.Table:
    dated = table.filter(table[account].notnull() & table.local_at.notnull())
    return dated.select(account_id=account, day=dated.local_at.date()).distinct()


@dataclass(frozen=True, slots=True)
class Effect:
    """What one person's presence did to teammates' tickets.

    Attributes:
        person_id: Whose presence.
        value: Effect on days the person was there, against the mean of the other teammates in the person's place.
        variance: Its sampling variance.
        n: Teammates' tickets opened on days the person was there.
        rows: Tickets of the team that the fit read.
        part: Share of those then there that the person was; value / part is the effect of all there being like the person.
    """

    person_id: str
    value: float
    variance: float
    n: int
    rows: int
    part: float


@dataclass(frozen=True, slots=True)
class _Team:
    """Tickets of one team, summed by week; columns are persons there, owners, months, how many were there, and one.

    Attributes:
        persons: Whose presence are the first columns.
        normal: Squares of the design. Shape (weeks, columns, columns).
        right: Its products with the outcome. Shape (weeks, columns).
        spread: Variance of the outcome.
        rows: Tickets.
        tickets: Teammates' tickets opened while each person was there.
        part: Mean share of those there that each person then was.
        days: Days with tickets of teammates on which each person was there, and away. Shape (2, persons).
    """

    persons: list[str]
    normal: Floats
    right: Floats
    spread: float
    rows: int
    tickets: Floats
    part: Floats
    days: Ints


def effects(tickets: pa.Table, there: pa.Table, *, tail: bool = False, seed: int = 0) -> list[Effect]:
    """Effects of everybody's presence.

    Args:
        tickets: Rows of `outcomes`.
        there: Rows of `presence`.
        tail: Whether the outcome is that a ticket is not in its team's slow tail; else it is log hours saved.
        seed: Of the resampling.

    Returns:
        One a person of whom something can be told, by person: in log hours saved, or as a difference of shares.
    """
    if not tickets.num_rows:
        return []
    teams = _teams(tickets, there, tail=tail)
    penalty = _penalty(teams)
    made = [effect for team in teams for effect in _fit(team, penalty, seed)]
    return sorted(made, key=lambda effect: effect.person_id)


def _teams(tickets: pa.Table, there: pa.Table, *, tail: bool) -> list[_Team]:
    day = _days(tickets)
    newest = int(day.max())
    kept = day > newest - LOOK_BACK_DAYS
    team = np.array(tickets.column("team_id").to_pylist())
    owner = np.array(tickets.column("person_id").to_pylist())
    speed = -np.asarray(tickets.column("log_ratio").to_numpy(), np.float64)
    order = np.lexsort((speed, owner, day))
    on_team, on_person, on_day = (
        np.array(there.column("team_id").to_pylist()), np.array(there.column("person_id").to_pylist()), _days(there)
    )  # fmt: skip
    made = []
    for name in sorted(set(team.tolist())):
        rows = order[(kept & (team == name))[order]]
        outcome = speed[rows]
        if tail:
            outcome = -(outcome < np.quantile(outcome, 1 - TAIL)).astype(np.float64)
        mine = on_team == name
        found = _team(owner[rows], day[rows], outcome, on_person[mine], on_day[mine])
        if found:
            made.append(found)
    return made


def _days(rows: pa.Table) -> Ints:
    return np.asarray(rows.column("day").to_numpy().astype("datetime64[D]").astype(np.int64), np.int64)


def _team(
    owner: NDArray[np.str_], day: Ints, outcome: Floats, on_person: NDArray[np.str_], on_day: Ints
) -> _Team | None:
    names = sorted(set(owner.tolist()))
    if len(names) < LEAST_TEAM:
        return None
    place = {name: n for n, name in enumerate(names)}
    first = int(day.min())
    here = np.zeros((int(day.max()) - first + 1, len(names)), bool)
    for name, at in zip(on_person.tolist(), (on_day - first).tolist(), strict=True):
        if name in place and 0 <= at < len(here):
            here[at, place[name]] = True
    own = np.array([place[name] for name in owner.tolist()], np.int64)
    cell, back = np.unique((day - first) * len(names) + own, return_inverse=True)
    at, who = cell // len(names), cell % len(names)
    beside = here[at].copy()
    beside[np.arange(len(at)), who] = False
    number = beside.sum(axis=1)
    some = number > 0
    count, total = np.bincount(back).astype(np.float64), np.bincount(back, outcome)
    at, who, beside, number = at[some], who[some], beside[some], number[some]
    if not len(at):
        return None
    month = (np.datetime64(first, "D") + at).astype("datetime64[M]").astype(np.int64)
    part = beside / number[:, None]
    rows = np.hstack([
        part, np.eye(len(names))[who], np.eye(int(np.ptp(month)) + 1)[month - month.min()],
        np.eye(len(names))[number], np.ones((len(at), 1)),
    ])  # fmt: skip
    count, total, outcome = count[some], total[some], outcome[some[back]]
    weeks = [np.flatnonzero((at + first) // _WEEK == week) for week in np.unique((at + first) // _WEEK)]
    tickets = count @ beside
    others = who[:, None] != np.arange(len(names))
    return _Team(
        names,
        np.array([rows[w].T @ (rows[w] * count[w, None]) for w in weeks]),
        np.array([rows[w].T @ total[w] for w in weeks]),
        float(outcome.var()) or 1.0,
        len(outcome),
        tickets,
        count @ part / np.maximum(tickets, 1),
        np.array([[len(np.unique(at[seen[:, n]])) for n in range(len(names))] for seen in (beside, others & ~beside)]),
    )


def _held_back(team: _Team, penalty: float) -> Floats:
    """Penalty of each column; next to none on the middle."""
    people = len(team.persons)
    months = team.right.shape[1] - 3 * people - 1
    return np.diag(np.concatenate([
        np.full(people, penalty), np.full(people, OWNER_PENALTY), np.full(months, MONTH_PENALTY),
        np.full(people, NUMBER_PENALTY), [1e-6],
    ]))  # fmt: skip


def _penalty(teams: Sequence[_Team]) -> float:
    """The penalty with the least squared error on weeks held out, over all teams; the hardest where none is better."""
    losses = np.zeros(len(PENALTIES))
    for team in teams:
        normal, right = team.normal.sum(axis=0), team.right.sum(axis=0)
        folds = np.arange(len(team.normal)) % FOLDS
        for fold in np.unique(folds):
            held_normal, held_right = team.normal[folds == fold].sum(axis=0), team.right[folds == fold].sum(axis=0)
            for n, penalty in enumerate(PENALTIES):
                held_back = _held_back(team, penalty)
                weights = np.linalg.solve(normal - held_normal + held_back, right - held_right)
                losses[n] += float(weights @ held_normal @ weights - 2 * weights @ held_right) / team.spread
    return PENALTIES[len(PENALTIES) - 1 - int(np.argmin(losses[::-1]))]


def _fit(team: _Team, penalty: float, seed: int) -> list[Effect]:
    people = len(team.persons)
    held_back = _held_back(team, penalty)
    normal = team.normal.sum(axis=0)
    centre = np.eye(people) - 1 / people
    inverse = np.linalg.inv(normal + held_back)
    weights = centre @ (inverse @ team.right.sum(axis=0))[:people]
    # Rows tell how much of a true contrast between persons comes through the penalty, and what of others' leaks in.
    through = centre @ (inverse @ normal)[:people, :people] @ centre
    resolved = np.diag(through) / (1 - 1 / people)
    leaked = through - resolved[:, None] * centre
    drawn = (_drawn(team, held_back, seed) @ centre).var(axis=0, ddof=1)
    # Few weeks drawn anew say too little of chance where the penalty is hard: never less than independent tickets would.
    chance = centre @ (inverse @ normal @ inverse)[:people, :people] @ centre * team.spread
    drawn = np.maximum(drawn, np.diag(chance))
    made = []
    for n, person in enumerate(team.persons):
        if team.days[0, n] < LEAST_PRESENT or team.days[1, n] < LEAST_ABSENT or resolved[n] < LEAST_RESOLVED:
            continue
        # From "all there are like this person" against the team to "this person is there" in place of another.
        back = float(team.part[n]) * people / (people - 1) / float(resolved[n])
        variance = float(drawn[n]) + team.spread / penalty * float((leaked[n] ** 2).sum())
        made.append(
            Effect(
                person,
                float(weights[n]) * back,
                variance * back * back,
                round(team.tickets[n]),
                team.rows,
                float(team.part[n]),
            )
        )
    return made


def _drawn(team: _Team, held_back: Floats, seed: int) -> Floats:
    """Effects fitted to weeks drawn anew. Shape (`RESAMPLES`, persons)."""
    dice = np.random.default_rng(seed)
    weeks = len(team.normal)
    made = []
    for _n in range(RESAMPLES):
        times = np.bincount(dice.integers(0, weeks, weeks), minlength=weeks).astype(np.float64)
        normal, right = np.tensordot(times, team.normal, 1), times @ team.right
        made.append(np.linalg.solve(normal + held_back, right)[: len(team.persons)])
    return np.array(made)
