"""Tables of the audit log: events in their places, what may be erased of them, kept hashes, checkpoints, keys, witnesses.

Keeps true: events, tiles, checkpoints, keys and cosignatures are added, never changed or deleted (triggers of migration
0007 refuse it); the head only grows. Payloads and whom they are about may be deleted, which leaves every hash as it is.
"""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from cadre.db.model import Base, UtcDateTime

_WIDE = BigInteger().with_variant(Integer, "sqlite")
OWN = text("client_id <> ''")
"""Rows of clients; a question about one says it too, or the index over them is not used."""


class AuditHead(Base):
    """One row: how long the log is. Whoever appends changes it first, so that one at a time gives places.

    Attributes:
        size: Events in the log.
        last_at: When the newest event happened, as its header says; missing in an empty log.
    """

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(_WIDE)
    last_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class AuditEvent(Base):
    """One event. The header is what is hashed; the other columns repeat words of it so that rows are found.

    Attributes:
        position: Its place, from 0.
        kind: Its name, `subject:action`.
        actor: Who did it, by an opaque key.
        client_id: The client it belongs to; empty for the firm's own.
        nth: Its number among that client's events, from 1; missing without a client.
        header: Canonical JSON, hashed as it stands.
        leaf: SHA-256 of 0x00 and the header.
    """

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_own", "client_id", "nth", unique=True, sqlite_where=OWN, postgresql_where=OWN),
        Index("ix_audit_events_kind", "kind", "position"),
        Index("ix_audit_events_actor", "actor", "position"),
    )

    position: Mapped[int] = mapped_column(_WIDE, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(64))
    actor: Mapped[str] = mapped_column(String(120))
    client_id: Mapped[str] = mapped_column(String(120))
    nth: Mapped[int | None] = mapped_column(_WIDE)
    header: Mapped[str] = mapped_column(Text)
    leaf: Mapped[bytes] = mapped_column(LargeBinary(32))


class AuditPayload(Base):
    """What may be erased of an event: its content and the salt without which nobody can guess it from the digest."""

    __tablename__ = "audit_payloads"

    position: Mapped[int] = mapped_column(
        _WIDE, ForeignKey("audit_events.position"), primary_key=True, autoincrement=False
    )
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))
    payload: Mapped[str] = mapped_column(Text)


class AuditAbout(Base):
    """A person whom an event is about; erased with them."""

    __tablename__ = "audit_about"
    __table_args__ = (Index("ix_audit_about_person", "person_id", "position"),)

    position: Mapped[int] = mapped_column(
        _WIDE, ForeignKey("audit_events.position"), primary_key=True, autoincrement=False
    )
    person_id: Mapped[str] = mapped_column(String(64), primary_key=True)


class AuditTile(Base):
    """256 neighbouring hashes of the tree, kept so that a proof reads a few rows instead of all.

    Attributes:
        level: Height in tiles: its hashes are roots of 256 ** level leaves.
        place: Which tile of that level, from 0.
        hashes: 256 times 32 bytes.
        root: Root of the tile, a hash of the next level.
    """

    __tablename__ = "audit_tiles"

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(_WIDE, primary_key=True, autoincrement=False)
    hashes: Mapped[bytes] = mapped_column(LargeBinary(8192))
    root: Mapped[bytes] = mapped_column(LargeBinary(32))


class AuditCheckpoint(Base):
    """A signed note that says how long the log was and what its root was."""

    __tablename__ = "audit_checkpoints"

    size: Mapped[int] = mapped_column(_WIDE, index=True)
    note: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    id: Mapped[int | None] = mapped_column(primary_key=True, autoincrement=True, nullable=False, default=None)


class AuditKey(Base):
    """A public key the log signs or signed with; the newest holds.

    Attributes:
        vkey: Verifier key as C2SP signed notes write it.
        handover: Note in which the key before handed over, signed by both; empty for the first.
        since_at: When it began.
    """

    __tablename__ = "audit_keys"

    vkey: Mapped[str] = mapped_column(String(400), unique=True)
    handover: Mapped[str] = mapped_column(Text)
    since_at: Mapped[datetime] = mapped_column(UtcDateTime)
    id: Mapped[int | None] = mapped_column(primary_key=True, autoincrement=True, nullable=False, default=None)


class AuditWitness(Base):
    """Somebody outside who cosigns checkpoints; the newest row of a name holds, an empty address ends it."""

    __tablename__ = "audit_witnesses"

    name: Mapped[str] = mapped_column(String(200), index=True)
    vkey: Mapped[str] = mapped_column(String(400))
    address: Mapped[str] = mapped_column(String(400))
    since_at: Mapped[datetime] = mapped_column(UtcDateTime)
    id: Mapped[int | None] = mapped_column(primary_key=True, autoincrement=True, nullable=False, default=None)


class AuditCosignature(Base):
    """A witness's line under a checkpoint."""

    __tablename__ = "audit_cosignatures"

    checkpoint_id: Mapped[int] = mapped_column(ForeignKey("audit_checkpoints.id"), index=True)
    witness: Mapped[str] = mapped_column(String(200))
    line: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    id: Mapped[int | None] = mapped_column(primary_key=True, autoincrement=True, nullable=False, default=None)
