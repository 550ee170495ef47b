"""Notices, receipts, own statements, contests, blind reviews, audits, and who saw what; all of them only grow."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

TABLES = (
    "notice_versions", "notice_deliveries", "notice_receipts", "seeking_statements", "help_statements", "help_answers",
    "contests", "contest_answers", "excluded_rows", "blind_reviews", "blind_answers", "fairness_audits", "openings",
)  # fmt: skip


def _key() -> sa.Column[Any]:
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=True)


def _person(name: str = "person_id") -> sa.Column[Any]:
    return sa.Column(name, sa.String(64), nullable=False, index=True)


def _text(name: str, length: int | None = None, **told: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length) if length else sa.Text, nullable=False, **told)


def _at(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime, nullable=False)


def _of(name: str, target: str, **told: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, sa.ForeignKey(target), nullable=False, **told)


def _row() -> tuple[sa.Column[Any], ...]:
    return _person(), _text("signal", 64), _text("record_table", 64), _text("record_id", 200)


def upgrade() -> None:
    """Make the tables, and let nothing in them be changed or deleted."""
    op.create_table(
        "notice_versions",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        _text("text"), _text("published_by", 200), _at("published_at"),
    )  # fmt: skip
    op.create_table(
        "notice_deliveries", _key(), _of("number", "notice_versions.number"), _person(),
        _text("delivered_by", 200), _at("delivered_at"),
    )  # fmt: skip
    op.create_table(
        "notice_receipts", _key(), _of("number", "notice_versions.number"), _person(), _text("how", 8),
        _text("recorded_by", 200), _at("received_at"), _text("reason"),
    )  # fmt: skip
    op.create_table(
        "seeking_statements", _key(), _person(), sa.Column("is_seeking", sa.Boolean, nullable=False), _at("stated_at")
    )
    op.create_table(
        "help_statements", _key(), _person(), _person("helped_person_id"),
        sa.Column("helped_on", sa.Date, nullable=False), _text("words"), _at("stated_at"),
        sa.Column("ticket_id", sa.String(200)),
    )  # fmt: skip
    op.create_table(
        "help_answers", _key(), _of("statement_id", "help_statements.id", unique=True),
        sa.Column("is_confirmed", sa.Boolean, nullable=False), _at("answered_at"),
    )  # fmt: skip
    op.create_table("contests", _key(), *_row(), _text("words"), _at("contested_at"))
    op.create_table(
        "contest_answers", _key(), _of("contest_id", "contests.id", unique=True), _text("verdict", 8), _text("reason"),
        _text("answered_by", 200), _at("answered_at"),
    )  # fmt: skip
    op.create_table("excluded_rows", _key(), *_row(), _of("contest_id", "contests.id"), _at("excluded_at"))
    op.create_table(
        "blind_reviews", _key(), _person(), _text("reviewer_key", 220, index=True), _text("reviewer", 200),
        sa.Column("questions_version", sa.Integer, nullable=False), _at("finished_at"),
    )  # fmt: skip
    op.create_table(
        "blind_answers", _key(), _of("review_id", "blind_reviews.id", index=True), _text("question", 64),
        sa.Column("step", sa.Integer), _text("reason"),
    )  # fmt: skip
    op.create_table(
        "fairness_audits", _key(), sa.Column("audit_on", sa.Date, nullable=False, index=True), _text("summary"),
        _text("recorded_by", 200), _at("recorded_at"),
    )  # fmt: skip
    op.create_table(
        "openings", _key(), _person(), _text("viewer_key", 220, index=True), _text("viewer", 200), _text("role", 16),
        _text("kind", 32), _text("purpose", 32), _text("policies", 400), _at("opened_at"),
    )  # fmt: skip
    _only_grow()


def _only_grow() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if not is_sqlite:
        op.execute("CREATE FUNCTION only_grows() RETURNS trigger AS $$ BEGIN "
                   "RAISE EXCEPTION 'rows of % are added, never changed', TG_TABLE_NAME; END $$ LANGUAGE plpgsql")  # fmt: skip
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
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION only_grows()")
