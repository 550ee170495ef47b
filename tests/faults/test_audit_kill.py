"""A writer killed at any instant loses nothing it answered, and writes nothing twice."""

import json
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select

from cadre.audit.event import Event
from cadre.db.audit import AuditEvent
from cadre.db.database import sqlite_url
from cadre.services.audit.writer import EventWriter
from tests.faults.killing import Ask, Worker, heard, room, rows_of
from tests.services.ledger import AT, Ledger, new_ledger


def worker(root: Path) -> Worker:
    """A writer that appends events with names of their own."""

    def start(generation: int) -> Ask:
        writer = EventWriter(create_engine(sqlite_url(root)))

        def ask(thread: int, number: int) -> str:
            name = f"try:{generation}.{thread}.{number}"
            place = writer.submit(Event("log:started", AT, "machine", objects=(name,))).result()
            return f"{name} {place}"

        return ask

    return start


@pytest.mark.parametrize("kills", [20, pytest.param(1_000, marks=pytest.mark.slow)])
def test_a_kill_at_any_instant_loses_nothing_that_was_answered(
    tmp_path: Path, kills: int, capsys: pytest.CaptureFixture[str]
) -> None:
    began, rows = time.monotonic(), rows_of(kills)
    with room(kills, tmp_path) as folder:
        new_ledger(folder / "new").close()
        logs = [new_ledger(folder / f"{number}", folder / "new") for number in range(len(rows))]
        told = heard("tests.faults.test_audit_kill", [log.root for log in logs], rows)
        written = [names_in(log) for log in logs]
        problems = [problem for log in logs for problem in log.check().problems]
        for log in logs:
            log.close()
    answers = [[tuple(line.split()) for generation in row for line in generation] for row in told]
    lost = [name for row, mine in zip(answers, written, strict=True) for name, place in row
            if int(place) not in mine.get(name, ())]  # fmt: skip
    twice = [name for mine in written for name, places in mine.items() if len(places) > 1]
    with capsys.disabled():
        print(  # noqa: T201 (what `make faults` is run for)
            f"\n{kills:,} kills of a writer in {time.monotonic() - began:.0f} s: {sum(map(len, answers)):,} events answered, "
            f"{len(lost)} lost, {len(twice)} written twice"
        )

    assert ([], [], []) == (lost, twice, problems)
    assert kills == sum(bool(generation) for row in told for generation in row)


def names_in(log: Ledger) -> dict[str, list[int]]:
    """Places of what was tried, by its name."""
    found: dict[str, list[int]] = {}
    with log.work() as work:
        for event in work.session.execute(select(AuditEvent.position, AuditEvent.header)):
            for name in json.loads(event.header)["objects"]:
                found.setdefault(name, []).append(event.position)
    return found
