"""A gate killed at any instant loses no decision it answered, keeps none twice, and none without its event."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import sessionmaker

from cadre.db.audit import AuditEvent
from cadre.db.database import sqlite_url
from cadre.db.governance import ActionDecision, ActionRequest, ApprovalAsked
from cadre.policy.agents import shipped_agents
from cadre.services.agents.decide import Governor
from cadre.services.audit.writer import EventWriter
from tests.services.desk import AT, Desk, call, caller, new_desk, read
from tests.services.ledger import Ledger

_THREADS = 4
_PARENT = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from tests.faults.test_decision_kill import kill_often
kill_often(Path(sys.argv[1]), int(sys.argv[2]))
"""


def decide_for_ever(root: Path, told: int) -> None:
    """Decide from several threads; each answer is told at once through a pipe, unbuffered."""
    desk = Desk(Ledger(root, sessionmaker(create_engine(sqlite_url(root)), expire_on_commit=False)))
    desk.log.clock.at = AT
    writer = EventWriter(create_engine(sqlite_url(root)))
    governor = Governor(desk.log.sessions, writer, desk.log.clock, shipped_agents(), read=read)

    def ask(thread: int) -> None:
        for number in range(10**9):
            tool = ("look", "send_mail")[number % 2]
            answer = governor.decide(caller(), call(tool, to=f"{thread}.{number}"))
            os.write(told, f"{answer.decision_id} {answer.outcome.value}\n".encode())

    for thread in range(_THREADS):
        Thread(target=ask, args=(thread,), daemon=True).start()
    time.sleep(60)


def kill_often(root: Path, kills: int) -> None:
    """Fork a gate, kill it, and so on; prints what was answered as JSON."""
    dice = random.Random(kills)
    answered: dict[str, str] = {}
    for _ in range(kills):
        reading, told = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            decide_for_ever(root, told)
            os._exit(0)
        os.close(told)
        heard = os.read(reading, 65_536)  # the kill comes while it works
        time.sleep(dice.uniform(0, 0.05))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        while more := os.read(reading, 65_536):
            heard += more
        os.close(reading)
        for line in heard.decode().splitlines(keepends=True):
            if line.endswith("\n"):
                decision, outcome = line.split()
                answered[decision] = outcome
    sys.stdout.write(json.dumps(answered) + "\n")


@pytest.mark.parametrize("kills", [20, pytest.param(1_000, marks=pytest.mark.slow)])
def test_a_kill_at_any_instant_loses_no_decision_that_was_answered(tmp_path: Path, kills: int) -> None:
    desk = new_desk(tmp_path / "w")
    desk.log.close()
    words = [sys.executable, "-c", _PARENT, str(desk.log.root), str(kills), str(Path(__file__).parents[2])]

    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    answered: dict[str, str] = json.loads(done.stdout)
    with desk.log.work() as work:
        kept = {row.decision_id: row.answered for row in work.session.scalars(select(ActionDecision))}
        headers = work.session.scalars(select(AuditEvent.header).where(AuditEvent.kind.startswith("action:")))
        events = Counter(json.loads(header)["objects"][0] for header in headers)
        asked = set(work.session.scalars(select(ApprovalAsked.decision_id)))
        requests = set(work.session.scalars(select(ActionRequest.decision_id)))

    assert [] == desk.log.check().problems
    assert {} == {key: outcome for key, outcome in answered.items() if kept.get(key) != outcome}
    assert Counter(f"decision:{key}" for key in kept) == events
    assert {key for key, outcome in kept.items() if outcome == "approve"} == asked
    assert set(kept) == requests
    assert kills <= len(answered)
