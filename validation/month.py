"""Study: a month of a 25-person firm whose agents are only observed: how often people would be asked if decisions were enforced.

Invented agents (`simulator/agents.py`) ask the real decide service, on disk, by the clock of their month; the asks are counted
from the record, and a replay tells approvers' minutes. `--json` prints figures with 90% intervals over weeks of all seeds. How much
work agents get and how often one is taken over are guesses of that module, and its tool descriptions were worded with these
figures in view: the study shows what the default tiers cost in such a firm, not what they stop elsewhere (`gate.py` does).
"""

import argparse
import json
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from cadre.access.principal import Principal
from cadre.db.database import open_database, sqlite_url
from cadre.db.machines import RegisteredMachine
from cadre.governance.action import Effect, Outcome
from cadre.governance.gate import assess
from cadre.governance.replay import MINUTES_PER_APPROVAL, Replay, replay
from cadre.inference.exact import share_interval
from cadre.policy.agents import shipped_agents
from cadre.reports.agents.acts import recorded
from cadre.services.agents.decide import Governor
from cadre.services.agents.govern import Place, set_value
from cadre.services.agents.simulate import MovingClock, action_of, ask_all, key_of
from cadre.services.append import begin_log
from cadre.services.audit.writer import EventWriter
from cadre.services.unit_of_work import UnitOfWork
from cadre.simulator.agents import InventedCall, agents, month

FIRST = date(2026, 10, 5)
PEOPLE, CLIENTS, APPROVERS, WEEKS = 25, 20, 4, 4
DRAWS = 1000
OWNER = Principal("owner of the study", "owner")


@dataclass
class Week:
    """What one week of one seed came to."""

    calls: int = 0
    changes: int = 0
    alone: int = 0
    asked: int = 0
    answers: int = 0
    looks: int = 0
    refused: int = 0


@dataclass
class Month:
    """What one seed came to."""

    weeks: list[Week] = field(default_factory=list)
    hijacked: int = 0
    stopped: int = 0
    tasks: int = 0
    tasks_alone: int = 0
    by_tool: Counter[str] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)
    effort: Replay | None = None


def observed(seed: int, *, people: int = PEOPLE, weeks: int = WEEKS) -> Month:
    """A month of observing, in a workspace of its own."""
    start = datetime.combine(FIRST, datetime.min.time(), UTC)
    calls = list(month(seed, [f"client-{n}" for n in range(CLIENTS)], people=people, first=FIRST, days=7 * weeks))
    clock = MovingClock(start - timedelta(minutes=1))
    with tempfile.TemporaryDirectory() as folder:
        sessions = open_database(sqlite_url(Path(folder)))
        begin_log(sessions, clock)
        with UnitOfWork(sessions) as work:
            for short, told in agents().items():
                work.session.add(RegisteredMachine(key_of(short), told["name"], "agent", told["purpose"], clock.now()))
            work.commit()
        set_value(OWNER, UnitOfWork(sessions), clock, "mode", "observe", place=Place(), reason="A month of watching")
        with EventWriter(sessions.kw["bind"]) as writer:
            answers = ask_all(Governor(sessions, writer, clock, shipped_agents()), clock, calls)
        held = [call.tool.name for call, answer in answers if answer.outcome is not Outcome.ALLOW]
        if held:
            raise AssertionError(f"observing held back {held[:3]}")
        with sessions() as session:
            rows = list(recorded(session, start, start + timedelta(days=7 * weeks)))
            found = _counted(
                [(call, json.loads(row.text)) for call, row in zip(calls, rows, strict=True)], start, weeks
            )
            for number, week in enumerate(found.weeks):
                since = start + timedelta(days=7 * number)
                some = replay(recorded(session, since, since + timedelta(days=7)), shipped_agents())
                week.looks, week.answers = some.effort.looks, some.effort.answers
            found.effort = replay(rows, shipped_agents())
        sessions.kw["bind"].dispose()
    return found


def _counted(told: list[tuple[InventedCall, dict[str, Any]]], start: datetime, weeks: int) -> Month:
    found = Month([Week() for _ in range(weeks)])
    alone: dict[tuple[str, str], bool] = {}
    for call, record in told:
        week, judged = found.weeks[(call.at - start).days // 7], Outcome(record["judged"])
        is_read = set(assess(action_of(call)).nature.effects) == {Effect.READ}
        week.calls += 1
        week.changes += not is_read
        week.alone += not is_read and judged is Outcome.ALLOW
        week.asked += judged is Outcome.APPROVE
        week.refused += judged is Outcome.DENY
        if call.is_hijacked:
            found.hijacked += 1
            found.stopped += judged is not Outcome.ALLOW
            found.passed[call.tool.name] += judged is Outcome.ALLOW
        else:
            task = (call.client, call.task)
            alone[task] = alone.get(task, True) and judged is Outcome.ALLOW
            found.by_tool[call.tool.name] += judged is Outcome.APPROVE
    found.tasks, found.tasks_alone = len(alone), sum(alone.values())
    return found


def mean(values: list[float], seed: int = 20261121) -> dict[str, float | int]:
    """Mean over weeks with its 90% bootstrap interval."""
    told = np.asarray(values, dtype=float)
    drawn = told[np.random.default_rng(seed).integers(0, len(told), (DRAWS, len(told)))].mean(axis=1)
    low, high = np.quantile(drawn, [0.05, 0.95])
    return {"value": float(told.mean()), "low": float(low), "high": float(high), "n": len(told)}


def share(count: int, n: int) -> dict[str, float | int | None]:
    """A share with its exact 90% interval."""
    if not n:
        return {"value": None, "low": None, "high": None, "n": 0}
    ends = share_interval(count, n)
    return {"value": count / n, "low": ends.low, "high": ends.high, "n": n}


def study(seeds: int, *, people: int = PEOPLE, weeks: int = WEEKS) -> dict[str, Any]:
    """All figures over some seeds."""
    begun = time.perf_counter()
    months = [observed(seed, people=people, weeks=weeks) for seed in range(1, seeds + 1)]
    some = [week for one in months for week in one.weeks]
    per = 5 * APPROVERS
    asks: Counter[str] = sum((one.by_tool for one in months), Counter())
    worst = max(week.answers / per for week in some)
    return {
        "study": "month", "data": f"invented: {people} people, {CLIENTS} clients, {weeks} weeks, {seeds} seeds",
        "seconds": time.perf_counter() - begun,
        "figures": {
            "approvals_a_day_per_approver": mean([week.answers / per for week in some]),
            "looks_a_day_per_approver": mean([week.looks / per for week in some]),
            "approver_minutes_a_week": mean([week.answers * MINUTES_PER_APPROVAL for week in some]),
            "changes_alone": share(sum(week.alone for week in some), sum(week.changes for week in some)),
            "tasks_alone": share(sum(one.tasks_alone for one in months), sum(one.tasks for one in months)),
            "hijacked_calls_stopped": share(sum(one.stopped for one in months), sum(one.hijacked for one in months)),
            "calls_a_week": mean([float(week.calls) for week in some]),
            "refused_a_week": mean([float(week.refused) for week in some]),
            "replays_that_differ": sum(len(one.effort.differing) for one in months if one.effort),
            "worst_week_a_day_per_approver": worst,
        },
        "baselines": {"approvals_a_day_per_approver_if_every_change_asks": mean([week.changes / per for week in some])},
        "asked_most": dict(asks.most_common(8)),
        "hijacked_let_through": dict(+sum((one.passed for one in months), Counter())),
        "notes": [f"{APPROVERS} approvers share the asks of five working days; four eyes need two answers",
                  f"{MINUTES_PER_APPROVAL} minutes an answer are a guess", "intervals 90%, over weeks of all seeds",
                  "work, agents and attacks are invented, and tool texts were worded with these figures in view"],
    }  # fmt: skip


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--weeks", type=int, default=WEEKS)
    parser.add_argument("--json", action="store_true")
    told = parser.parse_args()
    print(json.dumps(study(told.seeds, people=told.people, weeks=told.weeks), indent=None if told.json else 2))


if __name__ == "__main__":
    main()
