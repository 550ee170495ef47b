"""The migration makes the tables of seats as described, and they only grow."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, Table, create_engine, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cadre.db.database import migrate
from cadre.db.seats import LeadOutcome, Seat, SeatCost, SeatDecision, TeamAnswer, TeamToken

AT = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
TABLES = [c.__table__ for c in (Seat, SeatDecision, SeatCost, TeamToken, TeamAnswer, LeadOutcome)]


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    made = create_engine(f"sqlite:///{tmp_path / 'decisions.sqlite'}")
    migrate(made)
    return made


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_a_migrated_table_is_the_one_described(engine: Engine, table: Table) -> None:
    found = inspect(engine)
    columns = {c["name"]: (str(c["type"]), c["nullable"]) for c in found.get_columns(table.name)}
    indexed = {tuple(i["column_names"]) for i in found.get_indexes(table.name)}
    unique = {tuple(u["column_names"]) for u in found.get_unique_constraints(table.name)}

    assert {
        c.name: (c.type.compile(engine.dialect), bool(c.nullable) and not c.primary_key) for c in table.columns
    } == columns
    assert {tuple(c.name for c in i.columns) for i in table.indexes} == indexed
    assert {(c.name,) for c in table.columns if c.unique} == unique


@pytest.mark.parametrize("statement", ["UPDATE seat_decisions SET reason = 'other'", "DELETE FROM seat_decisions"])
def test_a_decision_is_never_changed(engine: Engine, statement: str) -> None:
    with Session(engine) as session:
        session.add(SeatDecision("noc", None, "Wait", "Olga", AT, 3, "0.1.0", "digest"))
        session.commit()

    with engine.begin() as connection, pytest.raises(IntegrityError, match="never changed"):
        connection.execute(text(statement))
