"""Tables of the firm's register of machines: what may exist, who answers for it, what it signs in with.

Keeps true: a machine's key is never given to another, so that an old record still says who it was; a secret is kept as
its hash; what changed is added to `machine_decisions` and never edited there.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from cadre.db.model import Base, UtcDateTime


class RegisteredMachine(Base):
    """A machine that the firm decided may exist.

    Attributes:
        key: Key of `machine_identities` where a source tells of it, else `cadre/` and a name of our own.
        name: As shown.
        kind: As `machine_identities` has it.
        purpose: What it is for, in the owner's words.
        made_at: When it was registered.
        owner_person_id: Who on the staff answers for it; missing once they were erased.
        client_id: In whose environment it works; missing for the firm's own.
        removal: What happens when it is no longer needed, in the owner's words.
        expires_on: Last day of its registration; missing without an end.
        retired_at: When it was retired; missing while it may act.
    """

    __tablename__ = "machines"

    key: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(24))
    purpose: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    owner_person_id: Mapped[str | None] = mapped_column(String(64), default=None)
    client_id: Mapped[str | None] = mapped_column(String(200), default=None)
    removal: Mapped[str] = mapped_column(Text, default="")
    expires_on: Mapped[date | None] = mapped_column(default=None)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True, init=False)


class MachineDecision(Base):
    """One change in the register, as it was made.

    Attributes:
        machine_id: The machine.
        what: `registered`, `owner`, `purpose`, `expiry`, `secret`, `revoked` or `retired`.
        before: What held until then; empty for nothing.
        after: What holds since.
        decided_by: Name of the principal.
        decided_at: When.
        reason: Why, in the decider's words.
    """

    __tablename__ = "machine_decisions"

    machine_id: Mapped[int] = mapped_column(ForeignKey("machines.id"), index=True)
    what: Mapped[str] = mapped_column(String(16))
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(String(200))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True, init=False)


class MachineSecret(Base):
    """What a machine shows to get a token.

    Attributes:
        machine_id: The machine.
        secret_hash: SHA-256 of the secret.
        made_by: Who had it made.
        made_at: When.
        expires_at: When it ends by itself.
        ended_at: When it was ended before that.
        ended_by: By whom.
        used_at: When a token was last given for it.
    """

    __tablename__ = "machine_secrets"

    machine_id: Mapped[int] = mapped_column(ForeignKey("machines.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_by: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    ended_by: Mapped[str] = mapped_column(String(200), default="")
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True, init=False)
