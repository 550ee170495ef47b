"""Counting decisions without reading them: whether one only reads becomes a column, and counts come out of an index each."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_READ = """'"effects":["read"],"facts"'"""
"""As the record of an act that only reads spells it; canonical JSON keeps the order of its fields."""
_COUNTED = ["at", "answered", "agent", "client_id", "tool", "judged", "tier", "decision_id"]
_INDEXES = (("ix_action_decisions_read", "is_read = 1"), ("ix_action_decisions_change", "is_read = 0"))


def upgrade() -> None:
    """Derive the column from what is recorded, so that whoever writes a decision need not know of it."""
    if op.get_bind().dialect.name == "sqlite":
        how = f"(instr(record, {_READ}) > 0) VIRTUAL"
    else:
        how = f"(CASE WHEN strpos(record, {_READ}) > 0 THEN 1 ELSE 0 END) STORED"
    op.execute(f"ALTER TABLE action_decisions ADD COLUMN is_read SMALLINT GENERATED ALWAYS AS {how}")
    for name, where in _INDEXES:
        op.create_index(name, "action_decisions", _COUNTED, sqlite_where=sa.text(where),
                        postgresql_where=sa.text(where))  # fmt: skip
    rest = sa.text("told <> 'done'")
    op.create_index("ix_action_reports_rest", "action_reports", ["at"], sqlite_where=rest, postgresql_where=rest)
    op.create_index("ix_action_approvals_asked_at", "action_approvals", ["asked_at"])


def downgrade() -> None:
    """Take them away."""
    op.drop_index("ix_action_approvals_asked_at", "action_approvals")
    op.drop_index("ix_action_reports_rest", "action_reports")
    for name, _ in _INDEXES:
        op.drop_index(name, "action_decisions")
    op.drop_column("action_decisions", "is_read")
