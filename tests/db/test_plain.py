"""Rows that go straight to the driver are the rows that `insert` would have written, and fail as they would."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any, cast

import pytest
from sqlalchemy import Engine, Table, create_engine, insert, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from cadre.db.audit import AuditTile
from cadre.db.governance import ActionDecision
from cadre.db.plain import add_rows

TABLE = cast("Table", ActionDecision.__table__)
TILES = cast("Table", AuditTile.__table__)
AT = datetime(2026, 3, 1, 9, 30, 0, 250, tzinfo=timezone(timedelta(hours=2)))


def decision(number: int, **told: object) -> dict[str, Any]:
    row = dict.fromkeys((column.name for column in TABLE.columns), "x")
    return {**row, "decision_id": f"d{number}", "at": AT, "tool": 'a "quoted" näme', **told}


@pytest.fixture
def engine() -> Engine:
    made = create_engine("sqlite://")
    TABLE.create(made)
    TILES.create(made)
    return made


def test_rows_are_those_that_insert_writes(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(insert(TABLE), [decision(1)])
        add_rows(
            connection, TABLE, [decision(number) for number in range(2, 56)]
        )  # 54: three wide ones, one of four, two
        read = [tuple(row)[1:] for row in connection.exec_driver_sql("SELECT * FROM action_decisions")]
        expected = [read[0]] * 55
        actual = read
        assert expected == actual


def test_instants_and_bytes_come_back_as_they_went(engine: Engine) -> None:
    tile = {"level": 0, "place": 3, "hashes": b"\x00\xff", "root": b"r"}
    with engine.begin() as connection:
        add_rows(connection, TABLE, [decision(1)])
        add_rows(connection, TILES, [tile])
        expected = (AT.astimezone(UTC), tile)
        actual = (connection.scalar(select(TABLE.c.at)), dict(connection.execute(select(TILES)).mappings().one()))
    assert expected == actual


def test_no_rows_ask_nothing(engine: Engine) -> None:
    with engine.begin() as connection:
        add_rows(connection, TABLE, [])
        expected: list[object] = []
        actual = list(connection.execute(select(TABLE)))
    assert expected == actual


def test_a_row_that_is_there_already_fails_as_with_insert(engine: Engine) -> None:
    with engine.begin() as connection:
        add_rows(connection, TABLE, [decision(1)])
        with pytest.raises(IntegrityError):
            add_rows(connection, TABLE, [decision(1)])


@pytest.mark.parametrize("wrong", [{"at": "today"}, {"tool": object()}])
def test_a_value_that_does_not_fit_fails_as_with_insert(engine: Engine, wrong: dict[str, object]) -> None:
    with engine.begin() as connection, pytest.raises(SQLAlchemyError):
        add_rows(connection, TABLE, [decision(1, **wrong)])
