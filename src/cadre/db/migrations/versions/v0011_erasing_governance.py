"""What was decided about agents' calls steps aside for an erasure, too: a person's words stand in reasons and requests."""

from alembic import op

revision = "0011"
down_revision = "0010"

_GROWING = ("governance_settings", "action_decisions", "action_approvals", "action_approval_steps", "action_reports")
_OPEN = "EXISTS (SELECT 1 FROM erasing)"


def upgrade() -> None:
    """Teach the triggers of the door; requests are erased whole as before."""
    _again(f"WHEN NOT {_OPEN} ", "only_grows")


def downgrade() -> None:
    """Shut it."""
    _again("", "audit_grows")


def _again(unless: str, function: str) -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in _GROWING:
        if not is_sqlite:
            op.execute(f"DROP TRIGGER {table}_grows ON {table}")
            op.execute(f"CREATE TRIGGER {table}_grows BEFORE UPDATE OR DELETE ON {table} "
                       f"FOR EACH ROW EXECUTE FUNCTION {function}()")  # fmt: skip
            continue
        for act in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_no_{act}")
            op.execute(f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} {unless}"
                       f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are added, never changed'); END")  # fmt: skip
