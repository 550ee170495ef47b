"""The migration makes the tables of the audit log as described, and the database itself refuses to rewrite them."""

from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import Engine, Table, create_engine, insert, inspect, text
from sqlalchemy.exc import IntegrityError

from cadre.db import audit
from cadre.db.audit import AuditEvent, AuditPayload, AuditTile
from cadre.db.database import migrate
from cadre.db.model import Base

TABLES = [table for table in Base.metadata.sorted_tables if table.name.startswith("audit_")]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    made = create_engine(f"sqlite:///{Path(tmp_path_factory.mktemp('audit')) / 'decisions.sqlite'}")
    migrate(made)
    return made


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_a_migrated_table_is_the_one_described(engine: Engine, table: Table) -> None:
    found = inspect(engine)
    columns = {c["name"]: (str(c["type"]), c["nullable"]) for c in found.get_columns(table.name)}
    indexed = {tuple(i["column_names"]) for i in found.get_indexes(table.name)}

    assert {
        c.name: (c.type.compile(engine.dialect), bool(c.nullable) and not c.primary_key) for c in table.columns
    } == columns
    assert {tuple(c.name for c in i.columns) for i in table.indexes} == indexed


REWRITING = (
    "UPDATE audit_events SET header = 'other'",
    "DELETE FROM audit_events",
    "UPDATE audit_payloads SET payload = 'other'",
    "UPDATE audit_tiles SET level = 7",
    "DELETE FROM audit_tiles",
    "DELETE FROM audit_head",
    "UPDATE audit_head SET size = 4",
)


def test_nothing_of_the_log_is_rewritten(database: str) -> None:
    made = create_engine(database)
    migrate(made)
    with made.begin() as connection:
        connection.execute(insert(AuditEvent), {"position": 0, "kind": "log:started", "actor": "machine", "client_id": "",
                                                "nth": None, "header": "{}", "leaf": b"0"})  # fmt: skip
        connection.execute(insert(AuditPayload), {"position": 0, "salt": b"0", "payload": "{}"})
        connection.execute(insert(AuditTile), {"level": 0, "place": 0, "hashes": b"0", "root": b"0"})
        connection.execute(text("UPDATE audit_head SET size = 5"))
    refused = []
    for statement in REWRITING:
        with made.connect() as connection, suppress(IntegrityError):
            connection.execute(text(statement))
            continue
        refused.append(statement)
    with made.begin() as connection:
        connection.execute(text("DELETE FROM audit_payloads"))
    made.dispose()

    assert list(REWRITING) == refused


def test_every_table_of_the_log_is_tried() -> None:
    assert {name for name in vars(audit) if name.startswith("Audit")} == {
        mapper.class_.__name__ for mapper in Base.registry.mappers if mapper.class_.__module__ == "cadre.db.audit"
    }
    assert 9 == len(TABLES)
