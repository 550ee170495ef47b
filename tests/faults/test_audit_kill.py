"""A writer killed at any instant loses nothing it answered, and writes nothing twice."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import create_engine, select

from cadre.audit.event import Event
from cadre.db.audit import AuditEvent
from cadre.db.database import sqlite_url
from cadre.services.audit.writer import EventWriter
from tests.services.ledger import AT, Ledger, new_ledger

_THREADS = 4
_PARENT = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from tests.faults.test_audit_kill import kill_often
kill_often(Path(sys.argv[1]), int(sys.argv[2]))
"""


def append_for_ever(root: Path, generation: int, told: int) -> None:
    """Append from several threads; what was answered is told at once through a pipe, unbuffered."""
    writer = EventWriter(create_engine(sqlite_url(root)))

    def ask(thread: int) -> None:
        for number in range(10**9):
            name = f"try:{generation}.{thread}.{number}"
            place = writer.submit(Event("log:started", AT, "machine", objects=(name,))).result()
            os.write(told, f"{name} {place}\n".encode())

    for thread in range(_THREADS):
        Thread(target=ask, args=(thread,), daemon=True).start()
    time.sleep(60)


def kill_often(root: Path, kills: int) -> None:
    """Fork a writer, kill it, and so on; a fork has everything imported, so that a kill meets work and not a start.

    It runs where there are no other threads, and prints what was answered as JSON.
    """
    dice = random.Random(kills)
    answered: dict[str, int] = {}
    for generation in range(kills):
        reading, told = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            append_for_ever(root, generation, told)
            os._exit(0)
        os.close(told)
        first = os.read(reading, 65_536)  # the kill comes while it works
        time.sleep(dice.uniform(0, 0.05))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        rest = first
        while more := os.read(reading, 65_536):
            rest += more
        os.close(reading)
        for line in rest.decode().splitlines(keepends=True):
            if line.endswith("\n"):
                name, place = line.split()
                answered[name] = int(place)
    sys.stdout.write(json.dumps(answered) + "\n")


@pytest.mark.parametrize("kills", [20, pytest.param(1_000, marks=pytest.mark.slow)])
def test_a_kill_at_any_instant_loses_nothing_that_was_answered(tmp_path: Path, kills: int) -> None:
    log: Ledger = new_ledger(tmp_path / "w")
    log.close()
    words = [sys.executable, "-c", _PARENT, str(log.root), str(kills), str(Path(__file__).parents[2])]

    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    answered: dict[str, int] = json.loads(done.stdout)
    written = names_in(log)

    assert [] == log.check().problems
    assert {} == {name: place for name, place in answered.items() if written.get(name) != [place]}
    assert [] == [name for name, places in written.items() if len(places) > 1]
    assert kills <= len(answered)
    assert set(range(kills)) == {int(name.split(":")[1].split(".")[0]) for name in answered}


def names_in(log: Ledger) -> dict[str, list[int]]:
    """Places of what was tried, by its name."""
    found: dict[str, list[int]] = {}
    with log.work() as work:
        for event in work.session.execute(select(AuditEvent.position, AuditEvent.header)):
            for name in json.loads(event.header)["objects"]:
                found.setdefault(name, []).append(event.position)
    return found
