"""The AI register: checks of AI tools, added and never changed."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_OPEN = "EXISTS (SELECT 1 FROM erasing)"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "ai_tool_checks",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(100), nullable=False, index=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("checked_on", sa.Date, nullable=False),
        sa.Column("recorded_by", sa.String(200), nullable=False),
        sa.Column("recorded_at", sa.DateTime, nullable=False),
        sa.Column("tools", sa.Text, nullable=False),
        sa.Column("client_id", sa.String(200)),
        sa.Column("vendor", sa.String(200)),
        sa.Column("model", sa.String(200)),
        sa.Column("purpose", sa.Text),
        sa.Column("owner_person_id", sa.String(64)),
        sa.Column("data_classes", sa.Text),
        sa.Column("processed_in", sa.Text),
        sa.Column("kept", sa.Text),
        sa.Column("trains", sa.String(8)),
        sa.Column("sub_processors", sa.Text),
        sa.Column("contract", sa.Text),
        sa.Column("is_ended", sa.Boolean, nullable=False),
    )
    if op.get_bind().dialect.name != "sqlite":
        op.execute("CREATE TRIGGER ai_tool_checks_grows BEFORE UPDATE OR DELETE ON ai_tool_checks "
                   "FOR EACH ROW EXECUTE FUNCTION only_grows()")  # fmt: skip
        return
    for act in ("update", "delete"):
        op.execute(f"CREATE TRIGGER ai_tool_checks_no_{act} BEFORE {act.upper()} ON ai_tool_checks WHEN NOT {_OPEN} "
                   "BEGIN SELECT RAISE(ABORT, 'rows of ai_tool_checks are added, never changed'); END")  # fmt: skip


def downgrade() -> None:
    """Drop it."""
    op.drop_table("ai_tool_checks")
