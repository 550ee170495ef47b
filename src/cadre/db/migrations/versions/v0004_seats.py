"""Lead seats, decisions about them, their cost, and how leads turned out; all of them only grow."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

TABLES = ("seats", "seat_decisions", "seat_costs", "team_tokens", "team_answers", "lead_outcomes")


def _key() -> sa.Column[Any]:
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=True)


def _text(name: str, length: int | None = None, **told: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length) if length else sa.Text, nullable=False, **told)


def _number(name: str, kind: Any = sa.Integer) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _of(name: str, target: str, **told: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, sa.ForeignKey(target), nullable=False, **told)


def upgrade() -> None:
    """Make the tables, and let nothing in them be changed or deleted."""
    op.create_table(
        "seats", _key(), _text("seat_key", 64, index=True), _text("name", 200), sa.Column("team_id", sa.String(200)),
        sa.Column("hands_on_share", sa.Double), sa.Column("span", sa.Integer), _text("tiers", 100),
        _text("opened_by", 200), _number("opened_at", sa.DateTime),
    )  # fmt: skip
    op.create_table(
        "seat_decisions", _key(), _text("seat_key", 64, index=True), sa.Column("person_id", sa.String(64)),
        _text("reason"), _text("decided_by", 200), _number("decided_at", sa.DateTime), _number("manifest"),
        _text("code_version", 32), _text("settings_digest", 64), _text("known"),
    )  # fmt: skip
    op.create_table(
        "seat_costs", _key(), _text("seat_key", 64, index=True), _number("yearly_pay", sa.Double), _text("currency", 8),
        _number("low_multiple", sa.Double), _number("high_multiple", sa.Double), _text("source"),
        _text("entered_by", 200), _number("entered_at", sa.DateTime),
    )  # fmt: skip
    op.create_table(
        "team_tokens", _key(), _of("decision_id", "seat_decisions.id", index=True), _number("months"),
        _text("token_hash", 64, unique=True), _text("made_by", 200), _number("made_at", sa.DateTime),
    )  # fmt: skip
    op.create_table("team_answers", _key(), _of("token_id", "team_tokens.id", unique=True), _text("steps"))
    op.create_table(
        "lead_outcomes", _key(), _of("decision_id", "seat_decisions.id", index=True), _number("months"),
        _text("verdict", 12), _text("parts"), _text("recorded_by", 200), _number("recorded_at", sa.DateTime),
    )  # fmt: skip
    _only_grow()


def _only_grow() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in TABLES:
        if not is_sqlite:
            op.execute(f"CREATE TRIGGER {table}_grows BEFORE UPDATE OR DELETE ON {table} "
                       "FOR EACH ROW EXECUTE FUNCTION only_grows()")  # fmt: skip
            continue
        for act in ("update", "delete"):
            op.execute(f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
                       f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are added, never changed'); END")  # fmt: skip


def downgrade() -> None:
    """Drop them."""
    for table in reversed(TABLES):
        op.drop_table(table)
