"""The audit log: events that only grow, payloads that may be erased, kept hashes, checkpoints, keys, witnesses."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_KEPT = ("audit_events", "audit_tiles", "audit_checkpoints", "audit_keys", "audit_witnesses", "audit_cosignatures")
_ERASABLE = ("audit_payloads", "audit_about")
_WIDE = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_OWN = sa.text("client_id <> ''")


def upgrade() -> None:
    """Make the tables, begin with an empty log, and let nothing of it be changed."""
    _events()
    _checkpoints()
    if op.get_bind().dialect.name == "sqlite":
        for table in _KEPT:
            for act in ("update", "delete"):
                _refuse(f"{table}_no_{act}", f"{act.upper()} ON {table}", f"rows of {table} are added, never changed")
        for table in _ERASABLE:
            _refuse(f"{table}_no_update", f"UPDATE ON {table}", f"rows of {table} are added or erased, never changed")
        _refuse("audit_head_no_delete", "DELETE ON audit_head", "the head of the log stays")
        _refuse("audit_head_grows", "UPDATE ON audit_head WHEN NEW.size < OLD.size", "the log never gets shorter")
        return
    # A function of its own: `only_grows` steps aside while somebody is erased, and the log does not.
    op.execute("CREATE FUNCTION audit_grows() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION "
               "'rows of % are added, never changed', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; "
               "END $$ LANGUAGE plpgsql")  # fmt: skip
    for table in (*_KEPT, *_ERASABLE, "audit_head"):
        acts = {**dict.fromkeys(_ERASABLE, "UPDATE"), "audit_head": "DELETE"}.get(table, "UPDATE OR DELETE")
        op.execute(f"CREATE TRIGGER {table}_grows BEFORE {acts} ON {table} FOR EACH ROW EXECUTE FUNCTION audit_grows()")
    op.execute("CREATE TRIGGER audit_head_longer BEFORE UPDATE ON audit_head FOR EACH ROW WHEN (NEW.size < OLD.size) "
               "EXECUTE FUNCTION audit_grows()")  # fmt: skip


def downgrade() -> None:
    """Drop them; what was recorded is gone."""
    for table in (*_ERASABLE, "audit_cosignatures", "audit_witnesses", "audit_keys", "audit_checkpoints", "audit_tiles",
                  "audit_events", "audit_head"):  # fmt: skip
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION audit_grows()")


def _events() -> None:
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("size", _WIDE, nullable=False),
        sa.Column("last_at", sa.DateTime),
    )
    op.bulk_insert(head, [{"id": 1, "size": 0, "last_at": None}])
    op.create_table(
        "audit_events",
        sa.Column("position", _WIDE, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("actor", sa.String(120), nullable=False),
        sa.Column("client_id", sa.String(120), nullable=False),
        sa.Column("nth", _WIDE),
        sa.Column("header", sa.Text, nullable=False),
        sa.Column("leaf", sa.LargeBinary(32), nullable=False),
    )
    op.create_index("ix_audit_events_own", "audit_events", ["client_id", "nth"], unique=True, sqlite_where=_OWN,
                    postgresql_where=_OWN)  # fmt: skip
    op.create_index("ix_audit_events_kind", "audit_events", ["kind", "position"])
    op.create_index("ix_audit_events_actor", "audit_events", ["actor", "position"])
    op.create_table("audit_payloads", _place(), sa.Column("salt", sa.LargeBinary(32), nullable=False),
                    sa.Column("payload", sa.Text, nullable=False))  # fmt: skip
    op.create_table("audit_about", _place(), sa.Column("person_id", sa.String(64), primary_key=True))
    op.create_index("ix_audit_about_person", "audit_about", ["person_id", "position"])
    op.create_table(
        "audit_tiles",
        sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("place", _WIDE, primary_key=True, autoincrement=False),
        sa.Column("hashes", sa.LargeBinary(8192), nullable=False),
        sa.Column("root", sa.LargeBinary(32), nullable=False),
    )


def _checkpoints() -> None:
    op.create_table(
        "audit_checkpoints",
        _number(),
        sa.Column("size", _WIDE, nullable=False, index=True),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "audit_keys",
        _number(),
        sa.Column("vkey", sa.String(400), nullable=False, unique=True),
        sa.Column("handover", sa.Text, nullable=False),
        sa.Column("since_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "audit_witnesses",
        _number(),
        sa.Column("name", sa.String(200), nullable=False, index=True),
        sa.Column("vkey", sa.String(400), nullable=False),
        sa.Column("address", sa.String(400), nullable=False),
        sa.Column("since_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "audit_cosignatures",
        _number(),
        sa.Column("checkpoint_id", sa.Integer, sa.ForeignKey("audit_checkpoints.id"), nullable=False, index=True),
        sa.Column("witness", sa.String(200), nullable=False),
        sa.Column("line", sa.Text, nullable=False),
        sa.Column("received_at", sa.DateTime, nullable=False),
    )


def _place() -> sa.Column[int]:
    return sa.Column("position", _WIDE, sa.ForeignKey("audit_events.position"), primary_key=True, autoincrement=False)


def _number() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=True)


def _refuse(name: str, act: str, why: str) -> None:
    op.execute(f"CREATE TRIGGER {name} BEFORE {act} BEGIN SELECT RAISE(ABORT, '{why}'); END")
