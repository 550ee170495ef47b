"""What is taken back is in no byte of the database's files, and nothing else can be overwritten."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from cadre.access.principal import Principal
from cadre.clock import FixedClock
from cadre.db.database import open_database, sqlite_url
from cadre.db.declared import Declaration
from cadre.reports.trust.declaration import own_declarations
from cadre.services.people.declaration import declare
from cadre.services.unit_of_work import UnitOfWork
from tests.conftest import NOW

CLOCK = FixedClock(NOW)
PLANTED = "Native Hawaiian or Pacific Islander"
TOM = Principal("Tom", "technician", "p_t")
UMA = Principal("Uma", "technician", "p_u")


def _said(sessions: sessionmaker[Session], who: Principal, label: str, attribute: str = "race or ethnicity") -> None:
    declare(who, UnitOfWork(sessions), CLOCK, labels={attribute: label})


def _bytes(folder: Path) -> bytes:
    """Every file of the database: its own, its write-ahead log, the log's index."""
    return b"".join(path.read_bytes() for path in sorted(folder.glob("decisions.sqlite*")))


def test_a_declaration_that_was_taken_back_is_in_no_file(tmp_path: Path) -> None:
    sessions = open_database(sqlite_url(tmp_path))
    _said(sessions, TOM, PLANTED)
    _said(sessions, TOM, "Asian")
    _said(sessions, UMA, "White")
    before = _bytes(tmp_path)
    _said(sessions, TOM, "")
    after = _bytes(tmp_path)

    assert [True, True, True] == [word.encode() in before for word in (PLANTED, "Asian", "White")]
    assert [False, False, True] == [word.encode() in after for word in (PLANTED, "Asian", "White")]
    assert "" == own_declarations(TOM, sessions)["race or ethnicity"]
    assert "White" == own_declarations(UMA, sessions)["race or ethnicity"]


def test_it_is_wiped_with_the_next_opening_where_somebody_was_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions = open_database(sqlite_url(tmp_path) + "?timeout=0.1")
    _said(sessions, TOM, PLANTED)
    reader = sqlite3.connect(tmp_path / "decisions.sqlite", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM declarations").fetchall()
    _said(sessions, TOM, "")
    held = _bytes(tmp_path)
    reader.close()
    open_database(sqlite_url(tmp_path))

    assert (True, False) == (PLANTED.encode() in held, PLANTED.encode() in _bytes(tmp_path))


def test_the_door_is_shut_again_behind_an_erasure(tmp_path: Path) -> None:
    sessions = open_database(sqlite_url(tmp_path))
    _said(sessions, TOM, PLANTED)
    _said(sessions, TOM, "")
    with sessions() as session:
        assert 0 == session.scalar(text("SELECT count(*) FROM erasing"))
        with pytest.raises(IntegrityError, match="never changed"):
            session.execute(text("UPDATE declarations SET label = 'Asian'"))


def test_what_was_taken_back_before_erasing_was_there_is_erased_by_the_migration(tmp_path: Path) -> None:
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine

    from cadre.db import database

    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).with_name("migrations")))
    engine = create_engine(sqlite_url(tmp_path))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
        for number, label in enumerate((PLANTED, "Asian", "", "White"), 1):
            connection.execute(
                text("INSERT INTO declarations VALUES (:n, 'p_t', 'race or ethnicity', :l, '2026-05-04')"),
                {"n": number, "l": label},
            )
    engine.dispose()
    sessions = open_database(sqlite_url(tmp_path))
    with sessions() as session:
        labels = session.scalars(select(Declaration.label).order_by(Declaration.id)).all()

    assert ["withdrawn 0.0", "withdrawn 0.1", "", "White"] == labels
    assert PLANTED.encode() not in _bytes(tmp_path)
