"""The register of machines: what may exist, what was decided about it, what it signs in with."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_OPEN = "EXISTS (SELECT 1 FROM erasing)"


def upgrade() -> None:
    """Make the tables; what was decided is added and never changed."""
    op.create_table(
        "machines",
        _id(),
        sa.Column("key", sa.String(200), nullable=False, unique=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("owner_person_id", sa.String(64)),
        sa.Column("client_id", sa.String(200)),
        sa.Column("removal", sa.Text, nullable=False),
        sa.Column("expires_on", sa.Date),
        sa.Column("retired_at", sa.DateTime),
    )
    op.create_table(
        "machine_decisions",
        _id(),
        _machine(),
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.Column("decided_by", sa.String(200), nullable=False),
        sa.Column("decided_at", sa.DateTime, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_table(
        "machine_secrets",
        _id(),
        _machine(),
        sa.Column("secret_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("expires_at", sa.DateTime, nullable=False),
        sa.Column("ended_at", sa.DateTime),
        sa.Column("ended_by", sa.String(200), nullable=False),
        sa.Column("used_at", sa.DateTime),
    )
    if op.get_bind().dialect.name != "sqlite":
        op.execute("CREATE TRIGGER machine_decisions_grows BEFORE UPDATE OR DELETE ON machine_decisions "
                   "FOR EACH ROW EXECUTE FUNCTION only_grows()")  # fmt: skip
        return
    for act in ("update", "delete"):
        op.execute(f"CREATE TRIGGER machine_decisions_no_{act} BEFORE {act.upper()} ON machine_decisions "
                   f"WHEN NOT {_OPEN} "
                   "BEGIN SELECT RAISE(ABORT, 'rows of machine_decisions are added, never changed'); END")  # fmt: skip


def downgrade() -> None:
    """Drop them."""
    for table in ("machine_secrets", "machine_decisions", "machines"):
        op.drop_table(table)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=True)


def _machine() -> sa.Column[int]:
    return sa.Column("machine_id", sa.Integer, sa.ForeignKey("machines.id"), nullable=False, index=True)
