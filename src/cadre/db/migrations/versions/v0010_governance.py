"""Governance: settings, decisions about agents' calls, what they asked for, approvals, reports; added, never changed."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_GROWING = ("governance_settings", "action_decisions", "action_approvals", "action_approval_steps", "action_reports")
_USED = sa.text("what = 'used'")


def upgrade() -> None:
    """Make the tables; only what was asked for in full may be erased."""
    _settings()
    _decisions()
    _approvals()
    if op.get_bind().dialect.name == "sqlite":
        for table in _GROWING:
            for act in ("update", "delete"):
                _refuse(f"{table}_no_{act}", f"{act.upper()} ON {table}", f"rows of {table} are added, never changed")
        _refuse("action_requests_no_update", "UPDATE ON action_requests", "requests are added or erased, never changed")
        return
    for table in (*_GROWING, "action_requests"):
        acts = "UPDATE" if table == "action_requests" else "UPDATE OR DELETE"
        op.execute(f"CREATE TRIGGER {table}_grows BEFORE {acts} ON {table} FOR EACH ROW EXECUTE FUNCTION audit_grows()")


def downgrade() -> None:
    """Drop them; what was recorded is gone."""
    for table in ("action_reports", "action_approval_steps", "action_approvals", "action_requests", "action_decisions",
                  "governance_settings"):  # fmt: skip
        op.drop_table(table)


def _settings() -> None:
    op.create_table(
        "governance_settings",
        _number(),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("agent", sa.String(200), nullable=False),
        sa.Column("client_id", sa.String(200), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("decided_by", sa.String(200), nullable=False),
        sa.Column("decided_at", sa.DateTime, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_index("ix_governance_settings_of", "governance_settings", ["kind", "agent", "client_id", "key"])


def _decisions() -> None:
    op.create_table(
        "action_decisions",
        sa.Column("decision_id", sa.String(32), primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("agent", sa.String(200), nullable=False),
        sa.Column("client_id", sa.String(200), nullable=False),
        sa.Column("task", sa.String(200), nullable=False),
        sa.Column("tool", sa.String(200), nullable=False),
        sa.Column("answered", sa.String(8), nullable=False),
        sa.Column("judged", sa.String(8), nullable=False),
        sa.Column("tier", sa.String(12), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("record", sa.Text, nullable=False),
    )
    op.create_index("ix_action_decisions_agent", "action_decisions", ["agent", "at"])
    op.create_index("ix_action_decisions_client", "action_decisions", ["client_id", "at"])
    op.create_table(
        "action_requests",
        sa.Column("decision_id", sa.String(32), sa.ForeignKey("action_decisions.decision_id"), primary_key=True),
        sa.Column("arguments", sa.Text, nullable=False),
        sa.Column("user_request", sa.Text, nullable=False),
        sa.Column("target_revision", sa.Text, nullable=False),
    )
    op.create_table(
        "action_reports",
        _number(),
        _decision(),
        sa.Column("told", sa.String(16), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("after_digest", sa.String(64), nullable=False),
        sa.Column("is_undo_offered", sa.Boolean, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
    )


def _approvals() -> None:
    op.create_table(
        "action_approvals",
        sa.Column("approval_id", sa.String(32), primary_key=True),
        _decision(),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("target_revision", sa.Text, nullable=False),
        sa.Column("policy_version", sa.String(64), nullable=False),
        sa.Column("tier", sa.String(12), nullable=False),
        sa.Column("asked_by", sa.Text, nullable=False),
        sa.Column("asked_at", sa.DateTime, nullable=False),
        sa.Column("stages", sa.Text, nullable=False),
        sa.Column("expires_at", sa.DateTime, nullable=False, index=True),
    )
    op.create_table(
        "action_approval_steps",
        _number(),
        sa.Column("approval_id", sa.String(32), sa.ForeignKey("action_approvals.approval_id"), nullable=False),
        sa.Column("what", sa.String(8), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_index("ix_action_approval_steps_once", "action_approval_steps", ["approval_id"], unique=True,
                    sqlite_where=_USED, postgresql_where=_USED)  # fmt: skip
    op.create_index("ix_action_approval_steps_who", "action_approval_steps", ["approval_id", "what", "by"], unique=True)


def _number() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=True)


def _decision() -> sa.Column[str]:
    return sa.Column("decision_id", sa.String(32), sa.ForeignKey("action_decisions.decision_id"), nullable=False,
                     index=True)  # fmt: skip


def _refuse(name: str, act: str, why: str) -> None:
    op.execute(f"CREATE TRIGGER {name} BEFORE {act} BEGIN SELECT RAISE(ABORT, '{why}'); END")
