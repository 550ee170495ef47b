"""A setting about agents says which one it takes back, so that several are taken back one after another."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the column; settings so far take nothing back."""
    op.add_column("governance_settings", sa.Column("takes_back", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("governance_settings", "takes_back")
