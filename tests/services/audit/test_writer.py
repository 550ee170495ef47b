"""The writer answers what is on disk, refuses what is not, and keeps its transaction to itself."""

import resource
import signal
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import Table, create_engine, event

from cadre.audit.event import Event
from cadre.db.database import open_database, sqlite_url
from cadre.db.log_lite import LiteRows
from cadre.db.model import AgendaDecision
from cadre.errors import NotWrittenError, UsageError
from cadre.services.audit.check import check_log
from cadre.services.audit.writer import EventWriter
from cadre.services.unit_of_work import UnitOfWork
from tests.services.door import AT_MACHINE
from tests.services.ledger import AT, Ledger, new_ledger

AGENDA = cast("Table", AgendaDecision.__table__)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = new_ledger(tmp_path_factory.mktemp("empty"))
    made.close()
    return made.root


@pytest.fixture
def log(tmp_path: Path, empty: Path) -> Ledger:
    return new_ledger(tmp_path / "w", empty)


def writer_of(log: Ledger, **told: int) -> EventWriter:
    return EventWriter(create_engine(sqlite_url(log.root), connect_args={"timeout": 0.2}), **told)


def told(number: int = 0) -> Event:
    return Event("log:started", AT, "machine", payload={"number": number})


def test_many_who_ask_at_once_get_a_place_each(log: Ledger) -> None:
    with writer_of(log) as writer, ThreadPoolExecutor(8) as pool:
        places = list(pool.map(lambda i: writer.submit(told(i)).result(10), range(400)))

    assert list(range(1, 401)) == sorted(places)
    assert (401, []) == (log.check().size, log.check().problems)


def test_rows_of_a_decision_come_with_its_event_or_not_at_all(log: Ledger) -> None:
    row = {
        "id": 1,
        "item_key": "k",
        "outcome": "done",
        "decided_by": "x",
        "decided_at": AT,
        "reason": "",
        "assignee": "",
    }
    with writer_of(log) as writer:
        answers = [writer.submit(told(), rows=[(AGENDA, row)]) for _ in range(2)]
        last = writer.submit(told())

        with pytest.raises(NotWrittenError, match="IntegrityError"):
            answers[1].result(10)

        assert [1, 2] == [answers[0].result(10), last.result(10)]
    assert (3, []) == (log.check().size, log.check().problems)


def test_a_payload_that_cannot_be_written_stops_nobody_else(log: Ledger) -> None:
    with writer_of(log) as writer:
        wrong = writer.submit(Event("log:started", AT, "machine", payload={"n": 2**60}))
        right = writer.submit(told())

        with pytest.raises(UsageError):
            wrong.result(10)
        assert 1 == right.result(10)


def test_a_database_held_by_somebody_else_is_said_and_survived(log: Ledger) -> None:
    holder = sqlite3.connect(log.path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with writer_of(log) as writer:
        with pytest.raises(NotWrittenError, match="nothing was decided"):
            writer.submit(told()).result(10)
        holder.execute("ROLLBACK")
        holder.close()

        assert 1 == writer.submit(told()).result(10)


def test_a_full_disk_is_said_and_survived(log: Ledger) -> None:
    """A limit on the size of files is met as a full disk is: in the middle of a write."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    kept = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    big = Event("log:started", AT, "machine", payload={"words": "x" * 300_000})
    try:
        with writer_of(log) as writer:
            place = writer.submit(told()).result(10)
            resource.setrlimit(resource.RLIMIT_FSIZE, (log.path.stat().st_size, before[1]))
            with pytest.raises(NotWrittenError, match="nothing was decided"):
                for _ in range(20):
                    place = writer.submit(big).result(10)
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

            assert place + 1 == writer.submit(told()).result(10)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, kept)
    assert [] == log.check().problems


def test_what_waits_is_bounded_and_closing_writes_it(log: Ledger) -> None:
    holder = sqlite3.connect(log.path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    writer = EventWriter(create_engine(sqlite_url(log.root), connect_args={"timeout": 5}), most_waiting=3)
    waiting = [writer.submit(told())]
    while not writer._waiting.empty():
        pass
    waiting += [writer.submit(told()) for _ in range(3)]

    with pytest.raises(NotWrittenError, match="wait to be written"):
        writer.submit(told())
    holder.execute("ROLLBACK")
    holder.close()
    writer.close()
    writer.close()

    assert [1, 2, 3, 4] == [each.result(0) for each in waiting]
    with pytest.raises(NotWrittenError, match="closed"):
        writer.submit(told())


def test_sqlite_writes_through(log: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = create_engine(sqlite_url(log.root))
    event.listen(engine, "connect", lambda c, _: c.execute("PRAGMA synchronous=OFF"))
    seen: list[int] = []
    move = LiteRows.move_head

    def watched(rows: LiteRows, size: int, last_at: str) -> None:
        seen.append(rows._connection.execute("PRAGMA synchronous").fetchone()[0])
        move(rows, size, last_at)

    monkeypatch.setattr(LiteRows, "move_head", watched)
    with EventWriter(engine) as writer:
        writer.submit(told()).result(10)

    assert [2] == seen


def test_units_of_work_and_the_writer_share_one_sequence(log: Ledger) -> None:
    with EventWriter(log.sessions.kw["bind"]) as writer:
        answers = []
        for _ in range(20):
            answers.append(writer.submit(told()))
            log.grow(1)
        places = [each.result(10) for each in answers]

    assert (41, 20, []) == (log.check().size, len(set(places)), log.check().problems)


def test_a_change_that_meets_a_held_database_is_refused_in_words(log: Ledger) -> None:
    log.sessions.kw["bind"] = create_engine(sqlite_url(log.root), connect_args={"timeout": 0.1})
    holder = sqlite3.connect(log.path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    with pytest.raises(NotWrittenError, match="nothing was decided"):
        log.grow(1)
    holder.execute("ROLLBACK")
    holder.close()
    log.grow(1)

    assert (2, []) == (log.check().size, log.check().problems)


def test_either_database_gives_places_in_one_sequence(database: str) -> None:
    sessions = open_database(database)
    with EventWriter(sessions.kw["bind"]) as writer:
        waiting = [writer.submit(Event("log:started", AT, "machine", f"c_{n % 3}")) for n in range(600)]
        with UnitOfWork(sessions) as work:
            work.record(told())
            work.commit()
        places = [each.result(20) for each in waiting]
    found = check_log(AT_MACHINE, UnitOfWork(sessions))
    sessions.kw["bind"].dispose()

    assert (602, [], 600) == (found.size, found.problems, len(set(places)))
