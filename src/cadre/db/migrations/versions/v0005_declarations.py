"""Voluntary declarations, in a table of their own that only grows."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the table, and let nothing in it be changed or deleted."""
    op.create_table(
        "declarations",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("person_id", sa.String(64), nullable=False, index=True),
        sa.Column("attribute", sa.String(40), nullable=False),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("declared_on", sa.Date, nullable=False),
    )
    if op.get_bind().dialect.name != "sqlite":
        op.execute("CREATE TRIGGER declarations_grows BEFORE UPDATE OR DELETE ON declarations "
                   "FOR EACH ROW EXECUTE FUNCTION only_grows()")  # fmt: skip
        return
    for act in ("update", "delete"):
        op.execute(f"CREATE TRIGGER declarations_no_{act} BEFORE {act.upper()} ON declarations "
                   "BEGIN SELECT RAISE(ABORT, 'rows of declarations are added, never changed'); END")  # fmt: skip


def downgrade() -> None:
    """Drop it."""
    op.drop_table("declarations")
