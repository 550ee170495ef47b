"""A writing process of its own answers what is on disk; killing it loses nothing that was answered."""

import os
import signal
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from cadre.audit.event import Event
from cadre.db.database import sqlite_url
from cadre.db.log_lite import INSERTS
from cadre.db.model import Base
from cadre.errors import NotWrittenError
from cadre.services.audit.apart import PenApart
from cadre.services.audit.writer import EventWriter
from tests.services.ledger import AT, Ledger, new_ledger


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = new_ledger(tmp_path_factory.mktemp("empty"))
    made.close()
    return made.root


@pytest.fixture
def log(tmp_path: Path, empty: Path) -> Ledger:
    return new_ledger(tmp_path / "w", empty)


def told(number: int = 0, client: str = "") -> Event:
    return Event("log:started", AT, "machine", client, objects=(f"number:{number}",), payload={"number": number})


def written(log: Ledger) -> list[int]:
    with sqlite3.connect(log.path) as reading:
        return [row[0] for row in reading.execute("SELECT position FROM audit_events WHERE actor = 'machine'")]


def test_it_writes_what_the_thread_writes(log: Ledger) -> None:
    pen = PenApart(str(log.path))
    with EventWriter(create_engine(sqlite_url(log.root)), pen=pen) as writer:
        waiting = [writer.submit(told(n, f"c_{n % 3}")) for n in range(600)]
        log.grow(1)
        places = [each.result(20) for each in waiting]
        number = pen.number

    assert (602, 600, []) == (log.check().size, len(set(places)), log.check().problems)
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_a_killed_process_loses_nothing_that_was_answered(log: Ledger) -> None:
    pen = PenApart(str(log.path))
    answered: list[int] = []

    def ask(number: int) -> None:
        try:
            answered.append(writer.submit(told(number)).result(20))
        except NotWrittenError:
            return
        if number % 40 == 0:
            os.kill(pen.number, signal.SIGKILL)

    with EventWriter(create_engine(sqlite_url(log.root)), pen=pen) as writer, ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(200)))
        last = writer.submit(told(1_000)).result(20)

    assert (len(set(answered)), set(), []) == (
        len(answered), {*answered, last} - set(written(log)), log.check().problems)  # fmt: skip


def test_a_database_held_by_somebody_else_is_said_and_survived(log: Ledger) -> None:
    holder = sqlite3.connect(log.path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with EventWriter(create_engine(sqlite_url(log.root)), pen=PenApart(str(log.path), 0.1)) as writer:
        with pytest.raises(NotWrittenError, match="OperationalError"):
            writer.submit(told()).result(20)
        holder.execute("ROLLBACK")
        holder.close()

        assert 1 == writer.submit(told()).result(20)


@pytest.mark.parametrize("table", INSERTS)
def test_statements_of_the_log_name_every_column_in_order(table: str) -> None:
    columns = [column.name for column in Base.metadata.tables[table].columns]
    expected = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    actual = INSERTS[table]
    assert expected == actual
