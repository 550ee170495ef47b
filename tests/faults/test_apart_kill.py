"""A process that decides, killed at any instant beside the one that writes for it, loses nothing it answered."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine

from cadre.audit.event import Event
from cadre.db.database import sqlite_url
from cadre.services.audit.apart import PenApart
from cadre.services.audit.writer import EventWriter
from tests.faults.killing import Ask, Worker, heard
from tests.faults.test_audit_kill import names_in
from tests.services.ledger import AT, new_ledger


def worker(root: Path) -> Worker:
    """One that hands events with names of their own to a process that writes."""

    def start(generation: int) -> Ask:
        writer = EventWriter(create_engine(sqlite_url(root)), pen=PenApart(str(root / "decisions.sqlite")))

        def ask(thread: int, number: int) -> str:
            name = f"try:{generation}.{thread}.{number}"
            place = writer.submit(Event("log:started", AT, "machine", objects=(name,))).result()
            return f"{name} {place}"

        return ask

    return start


@pytest.mark.parametrize("kills", [6, pytest.param(200, marks=pytest.mark.slow)])
def test_a_kill_beside_the_writing_process_loses_nothing_that_was_answered(tmp_path: Path, kills: int) -> None:
    log = new_ledger(tmp_path / "w")
    told = heard("tests.faults.test_apart_kill", [log.root], [kills])[0]
    answers = [line.split() for generation in told for line in generation]
    written = names_in(log)
    lost = [name for name, place in answers if int(place) not in written.get(name, ())]
    twice = [name for name, places in written.items() if len(places) > 1]
    problems = log.check().problems
    log.close()

    assert ([], [], [], kills) == (lost, twice, problems, sum(bool(generation) for generation in told))
