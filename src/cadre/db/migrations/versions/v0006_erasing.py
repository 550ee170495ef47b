"""Rows that only grow can be overwritten by an erasure; who ended a session or token is kept.

`erasing` holds a row inside the transaction of an erasure and at no other time: nobody else ever sees one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

GROWING = (
    "notice_versions", "notice_deliveries", "notice_receipts", "seeking_statements", "help_statements", "help_answers",
    "contests", "contest_answers", "excluded_rows", "blind_reviews", "blind_answers", "fairness_audits", "openings",
    "seats", "seat_decisions", "seat_costs", "team_tokens", "team_answers", "lead_outcomes", "declarations",
)  # fmt: skip
ENDED = ("account_sessions", "account_tokens")
_OPEN = "EXISTS (SELECT 1 FROM erasing)"
_LET = f"IF {_OPEN} THEN IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END IF; "


def upgrade() -> None:
    """Make the door, teach the triggers of it, and erase what was taken back so far."""
    op.create_table("erasing", sa.Column("id", sa.Integer, primary_key=True, autoincrement=True))
    for table in ENDED:
        op.add_column(table, sa.Column("ended_by", sa.String(200), nullable=False, server_default=""))
    _growing(when=_OPEN)
    _erase_taken_back()


def downgrade() -> None:
    """Take the door away again; what was erased stays erased."""
    _growing(when="")
    for table in ENDED:
        op.drop_column(table, "ended_by")
    op.drop_table("erasing")


def _growing(*, when: str) -> None:
    """Refuse changes of the tables that only grow, unless `when` holds."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute(
            f"CREATE OR REPLACE FUNCTION only_grows() RETURNS trigger AS $$ BEGIN {_LET if when else ''}"
            "RAISE EXCEPTION 'rows of % are added, never changed', TG_TABLE_NAME "
            "USING ERRCODE = 'integrity_constraint_violation'; END $$ LANGUAGE plpgsql"
        )
        return
    unless = f"WHEN NOT {when} " if when else ""
    for table in GROWING:
        for act in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_no_{act}")
            op.execute(f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} {unless}"
                       f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are added, never changed'); END")  # fmt: skip


def _erase_taken_back() -> None:
    """Overwrite groups that were declared and taken back, so that lots are still counted the same."""
    run = op.get_bind()
    said = sa.table("declarations", *map(sa.column, ("id", "person_id", "attribute", "label")))
    rows = run.execute(sa.select(said).order_by(said.c.id)).all()
    run.execute(sa.text("INSERT INTO erasing DEFAULT VALUES"))
    spans: dict[tuple[str, str], list[tuple[int, str]]] = {}
    times: dict[tuple[str, str], int] = {}
    for row in rows:
        key = (row.person_id, row.attribute)
        if row.label:
            spans.setdefault(key, []).append((row.id, row.label))
            continue
        span = spans.pop(key, [])
        groups = list(dict.fromkeys(label for _, label in span))
        for number, label in span:
            marker = f"withdrawn {times.get(key, 0)}.{groups.index(label)}"
            run.execute(sa.update(said).where(said.c.id == number).values(label=marker))
        times[key] = times.get(key, 0) + 1
    run.execute(sa.text("DELETE FROM erasing"))
    if run.dialect.name == "sqlite":
        run.exec_driver_sql("PRAGMA user_version = 1")  # whoever opens it wipes the files: see `db.database.wipe`
