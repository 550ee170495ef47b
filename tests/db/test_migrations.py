"""Every migration goes up and down again on both databases, and what only grows is refused another way on both."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import cadre.db.database as opening
from cadre.db.governance import CHANGES, READS, ActionDecision
from cadre.db.model import AgendaDecision, Base
from cadre.db.seats import SeatDecision
from cadre.db.stewardship import NoticeVersion, Opened
from cadre.errors import UsageError
from cadre.services.unit_of_work import UnitOfWork
from tests.conftest import NOW
from tests.postgres import Server


def _move(engine: Engine, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(opening.__file__).with_name("migrations")))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if to == "base" else command.upgrade)(config, to)


def test_up_makes_what_is_described_and_down_leaves_nothing(database: str) -> None:
    engine = create_engine(database)
    _move(engine, "head")
    with engine.connect() as connection:
        told = MigrationContext.configure(connection, opts={"compare_type": True})
        different = [d for d in compare_metadata(told, Base.metadata) if "add_table" in d or "column" in str(d[0])]
    _move(engine, "base")
    left = inspect(engine).get_table_names()
    _move(engine, "head")
    again = set(inspect(engine).get_table_names()) - {"alembic_version"}
    engine.dispose()

    assert [] == different
    assert ["alembic_version"] == left
    assert set(Base.metadata.tables) <= again


def test_what_only_grows_is_neither_changed_nor_deleted_but_for_erasing(database: str) -> None:
    sessions = opening.open_database(database)
    with sessions.begin() as session:
        session.add(SeatDecision("noc", "p_1", "Wait", "Olga", NOW, 3, "0.1.0", "digest"))
        session.add(NoticeVersion(number=1, text="Text", published_by="Olga", published_at=NOW))
        session.add(Opened("p_1", "name:Olga", "Olga", "owner", "see_signals", "development", "rule", NOW))
    for table in ("seat_decisions", "notice_versions", "openings"):
        for statement in (f"UPDATE {table} SET {_words(table)} = 'other'", f"DELETE FROM {table}"):
            with sessions() as session, pytest.raises(IntegrityError, match="never changed"):
                session.execute(text(statement))
    with UnitOfWork(sessions) as work:
        with work.erasing():
            work.session.execute(text("UPDATE seat_decisions SET reason = 'erased'"))
            work.session.execute(text("DELETE FROM openings"))
        work.commit()
    with Session(sessions.kw["bind"]) as session:
        found = [session.execute(text(f"SELECT count(*) FROM {t}")).scalar() for t in ("openings", "erasing")]
        assert ([0, 0], "erased") == (found, session.scalars(text("SELECT reason FROM seat_decisions")).one())


def _words(table: str) -> str:
    return {"seat_decisions": "reason", "notice_versions": "text", "openings": "viewer"}[table]


def test_whether_an_act_only_reads_follows_from_its_record_whoever_writes_it(database: str) -> None:
    sessions = opening.open_database(database)
    with sessions.begin() as session:
        for key, effects in (("d1", ["read"]), ("d2", ["read", "send"]), ("d3", [])):
            record = json.dumps({"inputs": {"effects": effects, "facts": {}}}, separators=(",", ":"))
            session.add(ActionDecision(key, NOW, "bot", "acme", "t", "tool", "allow", "allow", "notify", "", record))
    with sessions() as session:
        found = [session.scalars(select(ActionDecision.decision_id).where(kind).order_by(ActionDecision.decision_id)).all()
                 for kind in (READS, CHANGES)]  # fmt: skip

    assert [["d1"], ["d2", "d3"]] == found


def test_words_that_do_not_fit_are_refused_alike_and_repeated_nowhere(database: str) -> None:
    sessions = opening.open_database(database)
    with sessions() as session, pytest.raises(UsageError, match=r"^assignee: 201 characters, and 200 are kept$"):
        session.add(AgendaDecision("stale:x", "assigned", "Olga", NOW, assignee="x" * 201))
        session.flush()


@pytest.mark.slow
def test_processes_that_open_a_new_database_at_once_migrate_it_once(postgres: Server) -> None:
    code = f"from cadre.db.database import open_database; open_database({postgres.database()!r})"
    running = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(3)]

    assert [0, 0, 0] == [one.wait(timeout=300) for one in running]


def test_a_driver_that_is_missing_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(url: str) -> Engine:
        raise ModuleNotFoundError(name=url.partition("+")[2].partition(":")[0])

    monkeypatch.setattr(opening, "create_engine", missing)
    with pytest.raises(UsageError, match="driver psycopg") as found:
        opening.open_database("postgresql://somewhere/cadre")

    assert "cadre[postgres]" in (found.value.hint or "")
