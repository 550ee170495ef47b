"""The migration makes the table of declarations as described; it hangs on nothing and nothing hangs on it."""

from pathlib import Path

from sqlalchemy import create_engine, inspect

from cadre.db.database import migrate
from cadre.db.declared import Declaration


def test_the_migrated_table_is_the_one_described_and_stands_alone(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'decisions.sqlite'}")
    migrate(engine)
    found = inspect(engine)
    columns = {c["name"]: (str(c["type"]), c["nullable"]) for c in found.get_columns("declarations")}
    pointing = [key["referred_table"] for name in found.get_table_names() for key in found.get_foreign_keys(name)]

    assert {
        c.name: (c.type.compile(engine.dialect), bool(c.nullable) and not c.primary_key)
        for c in Declaration.__table__.columns
    } == columns
    assert [] == found.get_foreign_keys("declarations")
    assert "declarations" not in pointing
