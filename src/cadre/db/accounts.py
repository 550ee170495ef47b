"""Tables of who may sign in: accounts, what was decided about them, invitations, sessions, tokens, tries.

Keeps true: a secret is never stored, only its hash; a person has at most one active account (a unique index says so).
What changed about an account is added to `account_decisions` and never edited there.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from cadre.db.model import Base, UtcDateTime

_ONE_ACTIVE = Index(
    "ix_accounts_active_person",
    "person_id",
    unique=True,
    sqlite_where=text("is_active = 1"),
    postgresql_where=text("is_active"),
)


class Account(Base):
    """Somebody who may sign in.

    Attributes:
        name: As shown and as recorded beside decisions.
        handle: The name as it is compared when signing in: normalised, without case.
        role: Owner, manager, reviewer or technician.
        password_hash: Argon2id with its parameters.
        made_at: When the invitation was accepted.
        person_id: Key of their own person on the staff; missing where they are not on it or nobody said.
        is_active: Whether they may sign in.
    """

    __tablename__ = "accounts"
    __table_args__ = (_ONE_ACTIVE,)

    name: Mapped[str] = mapped_column(String(200))
    handle: Mapped[str] = mapped_column(String(200), unique=True)
    role: Mapped[str] = mapped_column(String(16))
    password_hash: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    person_id: Mapped[str | None] = mapped_column(String(64), default=None)
    is_active: Mapped[bool] = mapped_column(default=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True, init=False)


class AccountDecision(Base):
    """One change of an account, as it was made.

    Attributes:
        account_id: The account.
        what: `made`, `role`, `person`, `password`, `deactivated` or `reactivated`.
        before: What held until then; empty for nothing, and for what is not told (a password).
        after: What holds since.
        decided_by: Name of the principal.
        decided_at: When.
        reason: Why, in the decider's words.
    """

    __tablename__ = "account_decisions"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    what: Mapped[str] = mapped_column(String(16))
    before: Mapped[str] = mapped_column(String(200))
    after: Mapped[str] = mapped_column(String(200))
    decided_by: Mapped[str] = mapped_column(String(200))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True, init=False)


class Invitation(Base):
    """A link that works once: it makes an account, or gives one a new password.

    Attributes:
        name: Who is invited.
        handle: The name as it is compared.
        role: What they will be.
        secret_hash: SHA-256 of the secret in the link.
        invited_by: Name of the principal.
        invited_at: When.
        expires_at: From when on it opens nothing.
        person_id: Their own person on the staff, where told.
        account_id: The account it made, or the one that gets a new password.
        used_at: When it was used.
        revoked_at: When it was taken back.
    """

    __tablename__ = "invitations"

    name: Mapped[str] = mapped_column(String(200))
    handle: Mapped[str] = mapped_column(String(200), index=True)
    role: Mapped[str] = mapped_column(String(16))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by: Mapped[str] = mapped_column(String(200))
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    person_id: Mapped[str | None] = mapped_column(String(64), default=None)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), default=None)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True, init=False)


class AccountSession(Base):
    """A browser that is signed in.

    Attributes:
        account_id: Whose.
        secret_hash: SHA-256 of the cookie.
        started_at: When they signed in.
        seen_at: When it was last used, to the minute.
        expires_at: When it ends however much it is used.
        browser: What the browser calls itself, shortened, so that its owner can tell their sessions apart.
        address: Network address it was started from.
        ended_at: When it was ended, by its owner or with the account.
        ended_by: Name of the principal who ended it; empty while it was not.
    """

    __tablename__ = "account_sessions"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    browser: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(64), default="")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    ended_by: Mapped[str] = mapped_column(String(200), default="")
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True, init=False)


class AccountToken(Base):
    """A bearer token for programs.

    Attributes:
        account_id: Whose.
        name: What it is for, in its owner's words.
        role: Their role when it was made; it works only while they still have it.
        secret_hash: SHA-256 of the token.
        made_at: When.
        expires_at: From when on it opens nothing.
        used_at: When it was last used, to the minute.
        ended_at: When it was ended, by its owner or with the account.
        ended_by: Name of the principal who ended it; empty while it was not.
    """

    __tablename__ = "account_tokens"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(16))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    ended_by: Mapped[str] = mapped_column(String(200), default="")
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True, init=False)


class SignInAttempt(Base):
    """A try to sign in that did not succeed, or is not answered yet.

    Attributes:
        key: SHA-256 of the name that was typed, or of the network address; never the words themselves.
        tried_at: When.
    """

    __tablename__ = "sign_in_attempts"

    key: Mapped[str] = mapped_column(String(64), index=True)
    tried_at: Mapped[datetime] = mapped_column(UtcDateTime)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True, init=False)
