"""Accounts, what was decided about them, invitations, sessions, tokens, tries to sign in."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TABLES = (
    "sign_in_attempts", "account_tokens", "account_sessions", "invitations", "account_decisions", "accounts",
)  # fmt: skip


def _key() -> sa.Column[Any]:
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=True)


def _account(*, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column("account_id", sa.Integer, sa.ForeignKey("accounts.id"), nullable=nullable, index=not nullable)


def _text(name: str, length: int, **told: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), nullable=False, **told)


def upgrade() -> None:
    """Make the tables of accounts."""
    op.create_table(
        "accounts",
        _key(),
        _text("name", 200),
        _text("handle", 200, unique=True),
        _text("role", 16),
        _text("password_hash", 200),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("person_id", sa.String(64)),
        sa.Column("is_active", sa.Boolean, nullable=False),
    )
    op.create_index(
        "ix_accounts_active_person", "accounts", ["person_id"], unique=True,
        sqlite_where=sa.text("is_active = 1"), postgresql_where=sa.text("is_active"),
    )  # fmt: skip
    op.create_table(
        "account_decisions",
        _key(),
        _account(),
        _text("what", 16),
        _text("before", 200),
        _text("after", 200),
        _text("decided_by", 200),
        sa.Column("decided_at", sa.DateTime, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_table(
        "invitations",
        _key(),
        _text("name", 200),
        _text("handle", 200, index=True),
        _text("role", 16),
        _text("secret_hash", 64, unique=True),
        _text("invited_by", 200),
        sa.Column("invited_at", sa.DateTime, nullable=False),
        sa.Column("expires_at", sa.DateTime, nullable=False),
        sa.Column("person_id", sa.String(64)),
        _account(nullable=True),
        sa.Column("used_at", sa.DateTime),
        sa.Column("revoked_at", sa.DateTime),
    )
    op.create_table(
        "account_sessions",
        _key(),
        _account(),
        _text("secret_hash", 64, unique=True),
        sa.Column("started_at", sa.DateTime, nullable=False),
        sa.Column("seen_at", sa.DateTime, nullable=False),
        sa.Column("expires_at", sa.DateTime, nullable=False),
        _text("browser", 200),
        _text("address", 64),
        sa.Column("ended_at", sa.DateTime),
    )
    op.create_table(
        "account_tokens",
        _key(),
        _account(),
        _text("name", 200),
        _text("role", 16),
        _text("secret_hash", 64, unique=True),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("expires_at", sa.DateTime, nullable=False),
        sa.Column("used_at", sa.DateTime),
        sa.Column("ended_at", sa.DateTime),
    )
    op.create_table(
        "sign_in_attempts",
        _key(),
        _text("key", 64, index=True),
        sa.Column("tried_at", sa.DateTime, nullable=False),
    )


def downgrade() -> None:
    """Drop them."""
    for table in TABLES:
        op.drop_table(table)
