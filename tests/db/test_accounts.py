"""The migrations make the tables that the classes describe, and the database keeps what it is told to keep."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, Table, create_engine, inspect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cadre.db.accounts import Account, AccountDecision, AccountSession, AccountToken, Invitation, SignInAttempt
from cadre.db.database import migrate

AT = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
TABLES = [c.__table__ for c in (Account, AccountDecision, Invitation, AccountSession, AccountToken, SignInAttempt)]


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    made = create_engine(f"sqlite:///{tmp_path / 'decisions.sqlite'}")
    migrate(made)
    return made


def _account(name: str, *, person_id: str | None, is_active: bool = True) -> Account:
    return Account(name, name.casefold(), "manager", "hash", AT, person_id=person_id, is_active=is_active)


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_a_migrated_table_is_the_one_described(engine: Engine, table: Table) -> None:
    found = inspect(engine)
    columns = {c["name"]: (str(c["type"]), c["nullable"]) for c in found.get_columns(table.name)}
    indexed = {tuple(i["column_names"]) for i in found.get_indexes(table.name)}
    unique = {tuple(u["column_names"]) for u in found.get_unique_constraints(table.name)}
    told_unique = {(c.name,) for c in table.columns if c.unique}

    assert {c.name: (c.type.compile(engine.dialect), bool(c.nullable)) for c in table.columns} == columns
    assert {tuple(c.name for c in i.columns) for i in table.indexes} == indexed
    assert told_unique == unique


def test_a_person_has_one_active_account(engine: Engine) -> None:
    with Session(engine) as session:
        session.add_all([_account("Gone", person_id="p_1", is_active=False), _account("Here", person_id="p_1")])
        session.add_all([_account("Guest", person_id=None), _account("Visitor", person_id=None)])
        session.flush()
        session.add(_account("Second", person_id="p_1"))
        with pytest.raises(IntegrityError):
            session.flush()
