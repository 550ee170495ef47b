"""The migration makes the tables of governance as described; facts are only added, and an approval is used once."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, Table, create_engine, inspect, text
from sqlalchemy.exc import IntegrityError

from cadre.db import governance
from cadre.db.database import migrate

TABLES = [c.__table__ for c in vars(governance).values() if getattr(c, "__module__", "") == governance.__name__]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    made = create_engine(f"sqlite:///{Path(tmp_path_factory.mktemp('governance')) / 'decisions.sqlite'}")
    migrate(made)
    at = "'2026-03-03'"
    rows = {
        "governance_settings": f"1, 'mode', '', '', '', '\"observe\"', 'machine', {at}, '', NULL",
        "action_decisions": f"'d1', {at}, 'bot', '', '', 'mail', 'approve', 'approve', 'approve', '', '{{}}'",
        "action_requests": "'d1', '{}', '', ''",
        "action_approvals": f"'a1', 'd1', 'x', '', 'p', 'approve', '[]', {at}, '[]', {at}",
        "action_approval_steps": f"1, 'a1', 'used', 'agent:bot', {at}, ''",
        "action_reports": f"1, 'd1', 'done', {at}, 'agent:bot', '', 0, ''",
    }
    with made.begin() as connection:
        for table, values in rows.items():
            connection.execute(text(f"INSERT INTO {table} VALUES ({values})"))
    return made


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_a_migrated_table_is_the_one_described(engine: Engine, table: Table) -> None:
    found = inspect(engine)
    columns = {c["name"]: (str(c["type"]), c["nullable"]) for c in found.get_columns(table.name)}
    indexed = {(*i["column_names"], bool(i["unique"])) for i in found.get_indexes(table.name)}

    assert {c.name: (c.type.compile(engine.dialect), bool(c.nullable) and not c.primary_key) for c in table.columns} == {
        name: (kind, nullable and name not in {"decision_id", "approval_id"}) for name, (kind, nullable) in columns.items()}  # fmt: skip
    assert {(*(c.name for c in i.columns), bool(i.unique)) for i in table.indexes} == indexed


@pytest.mark.parametrize("statement", [
    "UPDATE governance_settings SET value = 'null'", "DELETE FROM governance_settings",
    "UPDATE action_decisions SET tier = 'notify'", "DELETE FROM action_decisions",
    "UPDATE action_requests SET arguments = ''", "UPDATE action_approvals SET digest = 'y'",
    "UPDATE action_approvals SET expires_at = '2036-01-01'",
    "DELETE FROM action_approvals", "UPDATE action_approval_steps SET what = 'no'",
    "DELETE FROM action_approval_steps", "UPDATE action_reports SET told = 'failed'", "DELETE FROM action_reports",
    "INSERT INTO action_approval_steps VALUES (2, 'a1', 'used', 'agent:other', '2026-03-04', '')",
])  # fmt: skip
def test_facts_are_only_added_and_an_approval_is_used_once(engine: Engine, statement: str) -> None:
    with engine.begin() as connection, pytest.raises(IntegrityError, match=r"never|UNIQUE"):
        connection.execute(text(statement))


def test_what_was_asked_for_in_full_can_be_erased(engine: Engine) -> None:
    with engine.connect() as connection:
        assert 1 == connection.execute(text("DELETE FROM action_requests")).rowcount
        connection.rollback()
