"""Who may sign in, for owners; and where oneself is signed in, for everybody. Never a secret, never a hash."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from cadre.access.limit import session_lives
from cadre.access.password import handle_of
from cadre.access.principal import Principal
from cadre.access.right import require
from cadre.access.secret import hashed
from cadre.db.accounts import Account, AccountDecision, AccountSession, AccountToken, Invitation
from cadre.errors import NotFoundError
from cadre.reports.roster import short, staff
from cadre.warehouse import Snapshot

_LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account.

    Attributes:
        account_id: Its number.
        name: As they sign in.
        role: Their role.
        person_id: Their own person on the staff; missing where nobody said.
        person: How that person is written.
        is_active: Whether they may sign in.
        made_at: When they accepted.
        seen_at: When a session of theirs was last used; missing before the first.
    """

    account_id: int
    name: str
    role: str
    person_id: str | None
    person: str
    is_active: bool
    made_at: datetime
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """A link that still works; `is_renewal` where it gives an account a new password."""

    invitation_id: int
    name: str
    role: str
    person: str
    invited_by: str
    expires_at: datetime
    is_renewal: bool


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change of an account, as it was made."""

    name: str
    what: str
    before: str
    after: str
    decided_by: str
    decided_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class AccountsReport:
    """Who may sign in.

    Attributes:
        accounts: By name, those switched off last.
        invitations: Links that still work, the first to end first.
        changes: Newest first.
        staff: Key and name of everybody on the staff, to say who an account is.
    """

    accounts: tuple[AccountRow, ...]
    invitations: tuple[InvitationRow, ...]
    changes: tuple[ChangeRow, ...]
    staff: tuple[tuple[str, str], ...]

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        told = asdict(self)
        return {key: told[key] for key in ("accounts", "invitations", "changes")}


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A browser that is signed in; `is_here` for the one that asks."""

    session_id: int
    browser: str
    address: str
    started_at: datetime
    seen_at: datetime
    is_here: bool


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A bearer token that works."""

    token_id: int
    name: str
    made_at: datetime
    used_at: datetime | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class EndedRow:
    """A session or token of oneself that was ended by somebody; `what` is the browser, or what the token was for."""

    kind: str
    what: str
    ended_by: str
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class OwnReport:
    """How oneself is signed in.

    Attributes:
        name: As one signs in.
        role: One's role.
        person_id: One's own person on the staff, where an owner said so.
        sessions: Browsers, last used first.
        tokens: Tokens that work, the first to end first.
        ended: What was ended in the last 30 days, newest first; what ran out by itself is not there.
    """

    name: str
    role: str
    person_id: str | None
    sessions: tuple[SessionRow, ...]
    tokens: tuple[TokenRow, ...]
    ended: tuple[EndedRow, ...]

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return asdict(self)


def accounts(
    principal: Principal, sessions: sessionmaker[Session], snapshot: Snapshot, *, now: datetime
) -> AccountsReport:
    """Accounts, open invitations and what was changed.

    Args:
        principal: An owner.
        sessions: Sessions on the database of decisions.
        snapshot: The record, which knows the staff.
        now: The instant that says which links still work.

    Raises:
        ForbiddenError: They are no owner.
    """
    require(principal, "account:manage")
    people = {one.person_id: one.name for one in staff(snapshot)}
    with sessions() as session:
        newest = select(AccountSession.account_id, func.max(AccountSession.seen_at)).group_by(AccountSession.account_id)
        seen: dict[int, datetime] = dict(session.execute(newest).all())
        held = session.scalars(select(Account).order_by(Account.is_active.desc(), Account.handle)).all()
        links = session.scalars(
            select(Invitation)
            .where(Invitation.used_at.is_(None), Invitation.revoked_at.is_(None), Invitation.expires_at > now)
            .order_by(Invitation.expires_at)
        ).all()
        changes = session.execute(
            select(AccountDecision, Account.name).join(Account).order_by(AccountDecision.id.desc())
        ).all()
    return AccountsReport(
        accounts=tuple(
            AccountRow(
                a.id, a.name, a.role, a.person_id, _named(people, a.person_id), a.is_active, a.made_at, seen.get(a.id)
            )
            for a in held
        ),
        invitations=tuple(
            InvitationRow(
                i.id, i.name, i.role, _named(people, i.person_id), i.invited_by, i.expires_at, i.account_id is not None
            )
            for i in links
        ),
        changes=tuple(_change(people, decision, name) for decision, name in changes),
        staff=tuple(people.items()),
    )


def account_named(principal: Principal, sessions: sessionmaker[Session], told: str) -> int:
    """The number of the account meant by a name or a number.

    Args:
        principal: An owner.
        sessions: Sessions on the database of decisions.
        told: What was written.

    Raises:
        ForbiddenError: They are no owner.
        NotFoundError: No account is meant.
    """
    require(principal, "account:manage")
    with sessions() as session:
        found = session.scalar(select(Account.id).where(Account.handle == handle_of(told)))
        if found is None and told.strip().isdecimal():
            found = session.scalar(select(Account.id).where(Account.id == int(told)))
    if found is None:
        raise NotFoundError("no account has that name or number", hint="See `cadre account list`.")
    return found


def own_account(principal: Principal, sessions: sessionmaker[Session], *, now: datetime, secret: str = "") -> OwnReport:
    """Where oneself is signed in, and which tokens work.

    Args:
        principal: Whose; nobody's sessions where they act at the machine itself.
        sessions: Sessions on the database of decisions.
        now: The instant that says what still works.
        secret: Of the session that asks.
    """
    with sessions() as session:
        browsers = session.scalars(
            select(AccountSession)
            .where(AccountSession.account_id == principal.account_id, AccountSession.ended_at.is_(None))
            .order_by(AccountSession.seen_at.desc(), AccountSession.id.desc())
        ).all()
        tokens = session.scalars(
            select(AccountToken)
            .where(
                AccountToken.account_id == principal.account_id,
                AccountToken.ended_at.is_(None),
                AccountToken.expires_at > now,
                AccountToken.role == principal.role,
            )
            .order_by(AccountToken.expires_at)
        ).all()
        ended = _ended(session, principal.account_id, now)
    return OwnReport(
        name=principal.name,
        role=principal.role,
        person_id=principal.person_id,
        sessions=tuple(
            SessionRow(s.id, s.browser, s.address, s.started_at, s.seen_at, s.secret_hash == hashed(secret))
            for s in browsers
            if session_lives(now, seen_at=s.seen_at, expires_at=s.expires_at, ended_at=s.ended_at)
        ),
        tokens=tuple(TokenRow(t.id, t.name, t.made_at, t.used_at, t.expires_at) for t in tokens),
        ended=ended,
    )


def _ended(session: Session, account_id: int | None, now: datetime) -> tuple[EndedRow, ...]:
    """What was ended lately; rows from before it was kept by whom are left out."""
    found: list[EndedRow] = []
    for kind, named, table in (
        ("session", AccountSession.browser, AccountSession),
        ("token", AccountToken.name, AccountToken),
    ):
        lately = select(named, table.ended_by, table.ended_at).where(
            table.account_id == account_id, table.ended_at > now - _LATELY, table.ended_by != ""
        )
        found += [EndedRow(kind, what, by, at) for what, by, at in session.execute(lately) if at]
    return tuple(sorted(found, key=lambda row: (row.ended_at, row.kind, row.what), reverse=True))


def _named(people: dict[str, str], person_id: str | None) -> str:
    return people.get(person_id, short(person_id)) if person_id else ""


def _change(people: dict[str, str], made: AccountDecision, name: str) -> ChangeRow:
    before, after = made.before, made.after
    if made.what == "person":
        before, after = _named(people, before), _named(people, after)
    return ChangeRow(name, made.what, before, after, made.decided_by, made.decided_at, made.reason)
