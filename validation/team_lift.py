"""Study: what the effect of a person's presence on teammates' tickets can resolve, in firms of 12, 30 and 100 people.

Invented firms are simulated without words; how each ticket's team was led while it was worked on is planted (log hours shorter by
`lift_effect` x mean leading of the teammates on duty). For each size and length of record: the rank correlation with planted
leading, how many 90% intervals hold the planted effect, how many shown intervals leave out zero, where the effect is planted and
where it is not (*none*), and the smallest effect that would be seen four times in five. Then what is seen of learning after help:
in the simulator with and without teaching, and where colleagues are lastingly weak at some topics and nobody learns anything,
which is the size of what regression to the mean does. It shows nothing of any real firm, where presence goes along with more.
"""

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy.stats import spearmanr

from cadre.exposure import (
    HELD,
    SHARES,
    cases,
    effects,
    expectations,
    fitted,
    helps,
    hold_expectations,
    holds,
    learning_steps,
    outcomes,
    presence,
    tries,
    working_days,
)
from cadre.exposure.lift import Effect
from cadre.inference.shrinkage import Z_90, shrink
from cadre.records import BY_NAME, DERIVED_BY_NAME, Firm
from cadre.simulator import load_world, simulate, truth

UNTIL = date(2026, 6, 30)
ZONE = "Europe/Berlin"
MONTH_DAYS = 30.4
Z_POWER = 0.8416
"""With `Z_90`: an effect of so many standard errors is seen four times in five."""
LEAST_PEOPLE = 5
LEAST_STEPS = 15
Figure = dict[str, float | int | None]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Invented:
    """A firm's facts and what was planted.

    Attributes:
        leading: Person -> planted leading (sd).
        mentoring: Account -> planted mentoring of its person (sd).
        lift_effect: Log hours saved for each sd of mean leading of those there.
        tickets: Rows of `outcomes`.
        there: Rows of `presence`.
        steps: Rows of `learning_steps`.
        taught: Steps of the first and of the last half-year are told apart by this day.
    """

    leading: Mapping[str, float]
    mentoring: Mapping[str, float]
    lift_effect: float
    tickets: pa.Table
    there: pa.Table
    steps: pa.Table
    taught: datetime


def invented(seed: int, people: int, months: int, *, lifts: bool = True, teaches: bool = True) -> Invented:
    """Simulate a firm of the helpful world without chat, and compute its facts."""
    world = load_world("helpful")
    world = replace(world, asking=replace(world.asking, per_day=0.0, small_talk_per_day=0.0))
    if not lifts:
        world = replace(world, tickets=replace(world.tickets, lift_effect=0.0))
    if not teaches:
        world = replace(world, assists=replace(world.assists, learn_speed=0.0, learn_need=0.0))
    found: dict[str, list[pa.Table]] = {}
    for name, rows in simulate(world, seed, people, months, until=UNTIL, zone=ZONE, texts=False):
        found.setdefault(name, []).append(rows)
    planted = truth(world, seed, people, until=UNTIL, months=months, zone=ZONE).to_pylist()
    tables = _tables({name: _stored(name, pa.concat_tables(parts)) for name, parts in found.items()}, planted)
    return Invented(
        {row["person_id"]: row["leading"] for row in planted},
        {row[name]: row["mentoring"] for row in planted for name in ("psa_account_id", "chat_account_id")},
        world.tickets.lift_effect,
        outcomes(tables).to_pyarrow(),
        presence(tables).to_pyarrow(),
        learning_steps(helps(tables).to_pyarrow(), tries(tables).to_pyarrow()),
        datetime.combine(UNTIL, datetime.min.time(), UTC) - timedelta(days=months * MONTH_DAYS - 182),
    )


def _stored(name: str, rows: pa.Table) -> pa.Table:
    """Rows as the simulator gives them, with the columns the warehouse adds."""
    schema, key = BY_NAME[name].stored_schema(), BY_NAME[name].key
    more: dict[str, Any] = {key: rows.column("external_id"), "source": pa.array(["simulated"] * rows.num_rows)}
    if "local_at" in schema.names:
        more["local_at"] = pc.local_timestamp(rows.column("occurred_at").cast(pa.timestamp("us", tz=ZONE)))
    columns = []
    for field in schema:
        told = field.name in rows.column_names
        column = more.get(field.name, rows.column(field.name) if told else pa.nulls(rows.num_rows, field.type))
        columns.append(column.cast(field.type))
    return pa.table(columns, schema=schema)


def _tables(rows: Mapping[str, pa.Table], planted: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    tables = {
        name: ibis.memtable(rows.get(name, table.stored_schema().empty_table())) for name, table in BY_NAME.items()
    }
    tables |= {name: ibis.memtable(table.schema().empty_table()) for name, table in DERIVED_BY_NAME.items()}
    staff = {row[name]: row["person_id"] for row in planted for name in ("psa_account_id", "chat_account_id")}
    owners = [{"account_id": a, "person_id": staff.get(a, a), "rule": "own", "kind": "staff" if a in staff else "client"}
              for a in sorted(staff.keys() | set(rows["accounts"].column("account_id").to_pylist()))]  # fmt: skip
    schema = DERIVED_BY_NAME["person_accounts"].schema()
    tables["person_accounts"] = ibis.memtable(pa.Table.from_pylist(owners, schema))
    first = pc.min(rows["tickets"].column("occurred_at")).as_py().date() - timedelta(days=1)
    span = (first, UNTIL + timedelta(days=1))
    days = working_days(rows["people"].to_pylist(), rows["schedules"].to_pylist(), Firm(zone=ZONE), span)
    tables["working_days"] = ibis.memtable(days)
    done, held = cases(tables).to_pyarrow(), holds(tables).to_pyarrow()
    told = expectations(done, fitted(done, staff, ("hours", *SHARES)), staff)
    tables["ticket_expectations"] = ibis.memtable(told)
    tables["ticket_holds"] = ibis.memtable(hold_expectations(held, fitted(held, staff, HELD), staff))
    return tables


def last(firm: Invented, months: int) -> pa.Table:
    """The firm's tickets opened in the last so many months."""
    since = UNTIL - timedelta(days=round(months * MONTH_DAYS))
    return firm.tickets.filter(pc.greater(firm.tickets.column("day"), pa.scalar(since)))


def planted_effects(firm: Invented, tickets: pa.Table, made: Sequence[Effect]) -> Floats:
    """The planted effect of each person's presence: against the mean of the team's others, by the person's share of those there."""
    owners: dict[str, set[str]] = {}
    for person, team in zip(*(tickets.column(n).to_pylist() for n in ("person_id", "team_id")), strict=True):
        owners.setdefault(team, set()).add(person)
    team_of = {person: team for team, people in owners.items() for person in people}
    found = []
    for effect in made:
        others = [firm.leading[p] for p in owners[team_of[effect.person_id]] if p != effect.person_id]
        found.append(firm.lift_effect * (firm.leading[effect.person_id] - float(np.mean(others))) * effect.part)
    return np.array(found, np.float64)


def resolved(firms: Sequence[Invented], months: int, *, tail: bool, seed: int) -> dict[str, Figure]:
    """What is found of planted leading over the last so many months; firms are resampled for intervals."""
    ranks: list[float] = []
    inside: list[float] = []
    outside: list[float] = []
    errors: list[float] = []
    sizes: list[float] = []
    slopes: list[float] = []
    valued: list[float] = []
    for firm in firms:
        tickets = last(firm, months)
        made = effects(tickets, firm.there, tail=tail)
        valued.append(len(made) / len(firm.leading))
        if len(made) < LEAST_PEOPLE:
            continue
        value = np.array([e.value for e in made])
        error = np.array([e.variance for e in made]) ** 0.5
        true = planted_effects(firm, tickets, made)
        shown = shrink(value, error**2)
        ranks.append(float(spearmanr(shown.value, [firm.leading[e.person_id] for e in made]).statistic))
        inside.append(float(np.mean(np.abs(value - true) <= Z_90 * error)))
        outside.append(float(np.mean((shown.low > 0) | (shown.high < 0))))
        errors.append(float(np.median(error)))
        sizes.append(float(true.std()))
        slopes.append(float((value * true / error**2).sum() / ((true**2 / error**2).sum() or np.nan)))
    made_of = {"valued": valued, "spearman": ranks, "excludes_zero": outside}
    if not tail:  # what a lift of so many log hours does to the slow tail is not planted as a number
        made_of |= {"coverage_90": inside, "planted_sd": sizes, "found_of_planted": slopes}
    made_of["seen_at_80_power"] = [(Z_90 + Z_POWER) * error for error in errors]
    return {name: resampled(values, seed) for name, values in made_of.items() if values}


def resampled(values: Sequence[float], seed: int) -> Figure:
    """Mean with its 90% interval from drawing the values anew."""
    known = np.array([v for v in values if not np.isnan(v)], np.float64)
    if not len(known):
        return {"value": None, "low": None, "high": None, "n": 0}
    drawn = np.random.default_rng(seed).choice(known, size=(2000, len(known))).mean(axis=1)
    low, high = np.quantile(drawn, [0.05, 0.95])
    return {"value": float(known.mean()), "low": float(low), "high": float(high), "n": len(known)}


def learnt(firms: Sequence[Invented], seed: int) -> dict[str, Figure]:
    """Mean gain after help in the first half-year and the last, and its rank correlation with the helper's mentoring."""
    early: list[float] = []
    late: list[float] = []
    ranks: list[float] = []
    for firm in firms:
        gain = np.asarray(firm.steps.column("gain").to_numpy(), np.float64)
        at = firm.steps.column("occurred_at").to_pylist()
        end = datetime.combine(UNTIL, datetime.min.time(), UTC) - timedelta(days=182)
        early += gain[[when < firm.taught for when in at]].tolist()
        late += gain[[when >= end for when in at]].tolist()
        by_helper: dict[str, list[float]] = {}
        for account, value in zip(firm.steps.column("account_id").to_pylist(), gain.tolist(), strict=True):
            by_helper.setdefault(account, []).append(value)
        enough = {a: float(np.mean(v)) for a, v in by_helper.items() if len(v) >= LEAST_STEPS}
        if len(enough) >= LEAST_PEOPLE:
            ranks.append(float(spearmanr(list(enough.values()), [firm.mentoring[a] for a in enough]).statistic))
    return {
        "mean_early": resampled(early, seed),
        "mean_late": resampled(late, seed),
        "spearman": resampled(ranks, seed),
    }


def weak(
    spread: float, lesson: float, seed: int, *, learners: int = 200, tickets: int = 400, topics: int = 13
) -> Figure:
    """Mean gain where each learner has a lasting weakness by topic, and each help makes the learner better at it or not.

    Args:
        spread: Standard deviation of the log odds of needing help, between learners within a topic.
        lesson: By how much one help lowers those log odds, for good; 0 where nobody learns anything.
        seed: Of the draws.
        learners: How many.
        tickets: Of each learner, one a day.
        topics: How many, drawn alike.
    """
    dice = np.random.default_rng(seed)
    topic = dice.integers(0, topics, (learners, tickets))
    weakness = -1.6 + spread * dice.standard_normal((learners, topics))
    needs = np.zeros((learners, tickets))
    for n in range(tickets):
        who = np.arange(learners)
        odds = weakness[who, topic[:, n]]
        needs[:, n] = dice.random(learners) < 1 / (1 + np.exp(-odds))
        weakness[who, topic[:, n]] -= lesson * needs[:, n]
    opened = datetime(2025, 1, 1, tzinfo=UTC)
    rows = [
        {"ticket_id": f"{who}-{n}", "topic": str(topic[who, n]), "account_id": str(who), "learner_id": str(who),
         "at": opened + timedelta(days=n), "occurred_at": opened + timedelta(days=n), "local_at": datetime(2025, 1, 1),  # noqa: DTZ001
         "alone": 1.0 - needs[who, n], "expected_alone": 1.0 - float(needs.mean())}
        for who in range(learners) for n in range(tickets)
    ]  # fmt: skip
    tried = pa.Table.from_pylist(rows)
    helped = [{**{k: row[k] for k in ("ticket_id", "topic", "learner_id")}, "account_id": "h", "helper_id": "h",
               "at": row["at"] + timedelta(hours=1)} for row in rows if not row["alone"]]  # fmt: skip
    gain = learning_steps(pa.Table.from_pylist(helped), tried).column("gain").to_pylist()
    return resampled(gain[:: max(1, len(gain) // 5000)], seed)


def main() -> None:
    """Print one JSON object with the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sizes", type=int, nargs="*", default=[12, 30, 100])
    parser.add_argument("--months", type=int, nargs="*", default=[6, 24], help="the most are simulated")
    parser.add_argument("--people", type=int, default=120, help="people of all firms of one size, about")
    parser.add_argument("--quick", action="store_true", help="two firms a size, up to 30 people")
    args = parser.parse_args()
    began = time.perf_counter()
    sizes = [n for n in args.sizes if n <= 30] if args.quick else args.sizes
    told: dict[str, Figure] = {}
    for size in sizes:
        seeds = [args.seed * 1000 + n for n in range(2 if args.quick else max(2, args.people // size))]
        firms = [invented(seed, size, max(args.months)) for seed in seeds]
        # A few firms where presence does nothing and nobody teaches are enough to see what is found by chance.
        nothing = [invented(seed, size, max(args.months), lifts=False, teaches=False) for seed in seeds[:4]]
        for months in sorted(args.months):
            for name, tail in (("team_lift", False), ("team_steadiness", True)):
                for label, found in resolved(firms, months, tail=tail, seed=args.seed).items():
                    told[f"{name}_{label}_{size}x{months}"] = found
                by_chance = resolved(nothing, months, tail=tail, seed=args.seed)
                for label in ("excludes_zero", "coverage_90"):
                    if label in by_chance:
                        told[f"{name}_{label}_none_{size}x{months}"] = by_chance[label]
        told |= {f"learner_gain_{k}_{size}": v for k, v in learnt(firms, args.seed).items()}
        told |= {f"learner_gain_{k}_none_{size}": v for k, v in learnt(nothing, args.seed).items()}
        print(f"{size} people: {len(firms)} firms, {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    for spread in (0.0, 0.5, 1.0):
        told[f"learner_gain_weak_{spread}"] = weak(spread, 0.0, args.seed)
        told[f"learner_gain_weak_{spread}_lesson_0.3"] = weak(spread, 0.3, args.seed)
    notes = [
        "SIZExMONTHS; valued: share of people with a figure; found_of_planted: slope; seen_at_80_power and planted_sd: log hours (lift) or shares (steadiness)",
        "none: no effect planted; learner_gain_weak_S: nobody learns, S is the sd of log odds of needing help within a topic",
    ]
    print(json.dumps({"study": "team_lift", "data": "simulator", "seconds": round(time.perf_counter() - began, 1),
                      "figures": told, "notes": notes}, indent=2))  # fmt: skip


if __name__ == "__main__":
    main()
