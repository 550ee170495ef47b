"""Inviting: a link that works once, and the account or the new password it makes. Owners invite, nobody else.

Keeps true: the secret of a link is shown once and stored as a hash; whoever opens it at the same instant as somebody
else is let in alone. Changing an account is in `account`, signing in is in `sign_in`.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.exc import IntegrityError

from cadre.access.limit import LINK_DAYS, MOST_LINK_DAYS
from cadre.access.password import check_new, handle_of, hash_password
from cadre.access.principal import Principal
from cadre.access.right import require
from cadre.access.secret import hashed, new_secret
from cadre.access.throttle import name_key
from cadre.clock import Clock
from cadre.db.accounts import Account, AccountDecision, Invitation, SignInAttempt
from cadre.errors import NotFoundError, UsageError
from cadre.services.accounts.account import account_of, end_all, known_role, require_free, require_person
from cadre.services.actor import happened
from cadre.services.unit_of_work import UnitOfWork
from cadre.warehouse import Warehouse

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Link:
    """An invitation with its secret, which is nowhere else.

    Attributes:
        invitation: The invitation.
        path: Where the pages open it.
    """

    invitation: Invitation
    path: str


def invite(
    principal: Principal,
    work: UnitOfWork,
    clock: Clock,
    warehouse: Warehouse,
    *,
    name: str,
    role: str,
    person_id: str | None = None,
    days: int = LINK_DAYS,
) -> Link:
    """Make a link with which somebody makes their account.

    Args:
        principal: An owner.
        work: The transaction.
        clock: Tells when.
        warehouse: The record, which knows the staff.
        name: What they sign in with.
        role: One of `ROLES`; the first account is an owner's.
        person_id: Their own person on the staff.
        days: Days the link works.

    Raises:
        ForbiddenError: They are no owner.
        UsageError: The name or the person is taken, or the role or the days make no sense.
        NotFoundError: Nobody on the staff has that key.
    """
    require(principal, "account:manage")
    name, handle, known = " ".join(name.split()), handle_of(name), known_role(role)
    if not handle or len(name) > _LONGEST_NAME:
        raise UsageError("a name of 1 to 200 characters is needed", hint="Take what colleagues call them.")
    require_person(warehouse, person_id)
    with work:
        if work.session.scalar(select(Account).where(Account.handle == handle)):
            raise UsageError(
                "an account of that name exists already",
                hint="For a new password `cadre account reset`; for one switched off `cadre account reactivate`.",
            )
        if work.session.scalar(select(Invitation).where(Invitation.handle == handle, *_open_at(clock))):
            raise UsageError("that name is invited already", hint="Revoke the open invitation first.")
        if known != "owner" and not work.session.scalar(
            select(Account.id).where(Account.role == "owner", Account.is_active)
        ):
            raise UsageError("the first account is an owner's", hint="Invite an owner, and let them accept first.")
        require_free(work, person_id)
        link = _link(principal, clock, days, name=name, role=known, person_id=person_id)
        work.session.add(link.invitation)
        work.record(lambda: happened(principal, clock, "account:invited", f"invitation:{link.invitation.id}",
                                     about=[person_id], role=known, days=days))  # fmt: skip
        work.commit()
    return link


def new_link(principal: Principal, work: UnitOfWork, clock: Clock, *, account_id: int, days: int = LINK_DAYS) -> Link:
    """Make a link with which an account gets a new password; until it is used the old one holds.

    Raises:
        ForbiddenError: They are no owner.
        NotFoundError: There is no such active account.
        UsageError: The days make no sense.
    """
    require(principal, "account:manage")
    with work:
        account = account_of(work, account_id)
        if not account.is_active:
            raise NotFoundError("this account is switched off", hint="Switch it on again first.")
        _revoke(work, clock, Invitation.account_id == account_id)
        link = _link(principal, clock, days, name=account.name, role=account.role, account_id=account_id)
        work.session.add(link.invitation)
        work.record(happened(principal, clock, "account:link_made", f"account:{account_id}", days=days))
        work.commit()
    return link


def revoke_invitation(principal: Principal, work: UnitOfWork, clock: Clock, *, invitation_id: int) -> None:
    """Take a link back.

    Raises:
        ForbiddenError: They are no owner.
        NotFoundError: No open invitation has that number.
    """
    require(principal, "account:manage")
    with work:
        if not _revoke(work, clock, Invitation.id == invitation_id):
            raise NotFoundError(f"no open invitation {invitation_id}", hint="See `cadre account list`.")
        work.record(happened(principal, clock, "account:link_revoked", f"invitation:{invitation_id}"))
        work.commit()


def opened(work: UnitOfWork, clock: Clock, *, secret: str) -> Invitation:
    """The invitation of a link that still works.

    Raises:
        NotFoundError: It was used, taken back, is too old or never was; the message says which.
    """
    with work:
        invitation = work.session.scalar(select(Invitation).where(Invitation.secret_hash == hashed(secret)))
    if invitation is None:
        raise NotFoundError("this link opens nothing", hint="Copy it again, whole, from where you got it.")
    if invitation.used_at:
        raise NotFoundError("this link was used already", hint="It works once. Sign in with your name and password.")
    if invitation.revoked_at:
        raise NotFoundError("this link was taken back", hint="Ask an owner for another.")
    if invitation.expires_at <= clock.now():
        raise NotFoundError("this link is too old", hint="Ask an owner for another.")
    return invitation


def accept(work: UnitOfWork, clock: Clock, *, secret: str, password: str, firm_name: str = "") -> Account:
    """Use a link: make the account, or give it a new password, which signs it out everywhere.

    Args:
        work: The transaction.
        clock: Tells when.
        secret: Of the link.
        password: Chosen by whoever opened it.
        firm_name: The firm, whose name is no password.

    Raises:
        NotFoundError: The link does not work (any more).
        UsageError: The password is not accepted, or the name or person was taken meanwhile.
    """
    invitation = opened(work, clock, secret=secret)
    check_new(password, invitation.name, firm_name)
    kept, now = hash_password(password), clock.now()
    with work:
        # The condition is tested and set in one statement, so that two who open it at once do not both get in.
        used = work.session.execute(
            update(Invitation)
            .where(Invitation.id == invitation.id, *_open_at(clock))
            .values(used_at=now)
            .returning(Invitation.id)
        ).first()
        if used is None:
            raise NotFoundError("this link was used already", hint="It works once.")
        if invitation.account_id is None:
            account = _made(work, invitation, kept, clock)
        else:
            account = account_of(work, invitation.account_id)
            if not account.is_active:
                raise NotFoundError("this account is switched off", hint="Ask an owner.")
            account.password_hash = kept
            end_all(work, clock, account_id=account.id, by=account.name)
            told = f"link given by {invitation.invited_by}"
            work.session.add(AccountDecision(account.id, "password", "", "", account.name, now, told))
        kind = "account:made" if invitation.account_id is None else "account:password_changed"
        work.record(happened(f"account:{account.id}", clock, kind, f"account:{account.id}", f"invitation:{invitation.id}",
                             about=[account.person_id], role=account.role))  # fmt: skip
        # Whoever held a link need not wait for tries that somebody else failed in their name.
        work.session.execute(delete(SignInAttempt).where(SignInAttempt.key == name_key(account.handle)))
        work.commit()
    return account


def _open_at(clock: Clock) -> tuple[ColumnElement[bool], ...]:
    """What an invitation that works fulfils."""
    return (Invitation.used_at.is_(None), Invitation.revoked_at.is_(None), Invitation.expires_at > clock.now())


def _link(
    principal: Principal,
    clock: Clock,
    days: int,
    *,
    name: str,
    role: str,
    person_id: str | None = None,
    account_id: int | None = None,
) -> Link:
    if not 1 <= days <= MOST_LINK_DAYS:
        raise UsageError(f"a link works for 1 to {MOST_LINK_DAYS} days, not {days}", hint=f"{LINK_DAYS} is usual.")
    secret, now = new_secret(), clock.now()
    made = Invitation(
        name=name,
        handle=handle_of(name),
        role=role,
        secret_hash=hashed(secret),
        invited_by=principal.name,
        invited_at=now,
        expires_at=now + timedelta(days=days),
        person_id=person_id,
        account_id=account_id,
    )
    return Link(made, f"/invite/{secret}")


def _revoke(work: UnitOfWork, clock: Clock, which: ColumnElement[bool]) -> bool:
    """Take back the open invitations meant; whether there was any."""
    taken = update(Invitation).where(which, *_open_at(clock)).values(revoked_at=clock.now()).returning(Invitation.id)
    return bool(work.session.execute(taken).all())


def _made(work: UnitOfWork, invitation: Invitation, kept: str, clock: Clock) -> Account:
    account = Account(
        name=invitation.name,
        handle=invitation.handle,
        role=invitation.role,
        password_hash=kept,
        made_at=clock.now(),
        person_id=invitation.person_id,
    )
    work.session.add(account)
    try:
        work.session.flush()
    except IntegrityError:
        raise UsageError(
            "the name or the person of this invitation has an account meanwhile", hint="Ask an owner for another link."
        ) from None
    work.session.execute(update(Invitation).where(Invitation.id == invitation.id).values(account_id=account.id))
    told = f"invited by {invitation.invited_by}"
    for what, after in (("made", account.role), ("person", account.person_id)):
        if after:
            work.session.add(AccountDecision(account.id, what, "", after, account.name, clock.now(), told))
    return account
