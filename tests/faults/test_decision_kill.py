"""A gate killed at any instant loses no decision it answered, keeps none twice, and none without its event."""

import json
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import sessionmaker

from cadre.db.audit import AuditEvent
from cadre.db.database import sqlite_url
from cadre.db.governance import ActionDecision, ActionRequest, ApprovalAsked
from cadre.policy.agents import shipped_agents
from cadre.services.agents.decide import Governor
from cadre.services.audit.writer import EventWriter
from tests.faults.killing import Ask, Worker, heard, room, rows_of
from tests.services.desk import AT, Desk, call, caller, copied_desk, new_desk, read
from tests.services.ledger import Ledger

NOT_KEPT = "-"
"""Instead of an id, where it was refused because it could not be recorded."""


def worker(root: Path) -> Worker:
    """A gate that decides: half of its calls go ahead, half wait for somebody."""
    policies = shipped_agents()

    def start(generation: int) -> Ask:
        desk = Desk(Ledger(root, sessionmaker(create_engine(sqlite_url(root)), expire_on_commit=False)), policies)
        desk.log.clock.at = AT + timedelta(weeks=generation)  # budgets begin anew, and it is a Monday morning
        writer = EventWriter(create_engine(sqlite_url(root)))
        governor = Governor(desk.log.sessions, writer, desk.log.clock, policies, read=read)

        def ask(thread: int, number: int) -> str:
            tool = ("look", "send_mail")[number % 2]
            answer = governor.decide(caller(), call(tool, to=f"{thread}.{number}"))
            return f"{answer.decision_id or NOT_KEPT} {answer.outcome.value}"

        return ask

    return start


@dataclass
class Kept:
    """What a row of kills left.

    Attributes:
        kept: Answers by decision.
        events: How many events speak of each decision.
        asked: Decisions with an approval.
        calls: How many decisions there are of each call that was made.
        requests: Decisions with their arguments.
        problems: What a check of the log found.
    """

    kept: dict[str, str]
    events: Counter[str]
    asked: set[str]
    calls: Counter[tuple[datetime, str]]
    requests: set[str]
    problems: list[str]


def kept_by(desk: Desk) -> Kept:
    with desk.log.work() as work:
        kept = {row.decision_id: row.answered for row in work.session.scalars(select(ActionDecision))}
        headers = work.session.scalars(select(AuditEvent.header).where(AuditEvent.kind.startswith("action:")))
        events = Counter(json.loads(header)["objects"][0].removeprefix("decision:") for header in headers)
        asked = set(work.session.scalars(select(ApprovalAsked.decision_id)))
        made = select(ActionRequest.decision_id, ActionDecision.at, ActionRequest.arguments).join(
            ActionDecision, ActionDecision.decision_id == ActionRequest.decision_id
        )
        rows = work.session.execute(made).all()
    calls = Counter((at, arguments) for _, at, arguments in rows)
    return Kept(
        kept, events, asked, calls, {key for key, _, _ in rows}, [str(one) for one in desk.log.check().problems]
    )


@pytest.mark.parametrize("kills", [20, pytest.param(1_000, marks=pytest.mark.slow)])
def test_a_kill_at_any_instant_loses_no_decision_that_was_answered(
    tmp_path: Path, kills: int, capsys: pytest.CaptureFixture[str]
) -> None:
    began, rows = time.monotonic(), rows_of(kills)
    with room(kills, tmp_path) as folder:
        new_desk(folder / "new").log.close()
        desks = [copied_desk(folder / f"{number}", folder / "new") for number in range(len(rows))]
        told = heard("tests.faults.test_decision_kill", [desk.log.root for desk in desks], rows)
        found = [kept_by(desk) for desk in desks]
        for desk in desks:
            desk.log.close()
    answers = [[tuple(line.split()) for generation in row for line in generation] for row in told]
    unkept = [said for row in answers for key, said in row if key == NOT_KEPT]
    lost = [key for row, mine in zip(answers, found, strict=True) for key, said in row
            if key != NOT_KEPT and mine.kept.get(key) != said]  # fmt: skip
    twice = [key for mine in found for some in (mine.calls, mine.events) for key, count in some.items() if count > 1]
    without = [key for mine in found for key in mine.kept if not mine.events[key]]
    with capsys.disabled():
        print(  # noqa: T201 (what `make faults` is run for)
            f"\n{kills:,} kills of a gate in {time.monotonic() - began:.0f} s: {sum(map(len, answers)):,} answers, "
            f"{len(lost)} lost, {len(twice)} kept twice, {len(without)} without an event, "
            f"{len(unkept)} refused because they could not be recorded"
        )

    assert ([], [], [], {*unkept}) == (lost, twice, without, {"deny"} & {*unkept})
    assert [] == [key for mine in found for key in mine.events if key not in mine.kept]
    assert [] == [problem for mine in found for problem in mine.problems]
    for mine in found:
        assert mine.asked == {key for key, outcome in mine.kept.items() if outcome == "approve"}
        assert mine.requests == set(mine.kept)
    assert kills == sum(bool(generation) for row in told for generation in row)
    assert {"allow", "approve"} <= {said for row in answers for _, said in row}
