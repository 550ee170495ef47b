"""What is left of an account when its person is erased: that there was one, under a number, switched off for good.

Keeps true: names, links to the staff, browsers, addresses and reasons go, in accounts and in what they decided; that
something was decided, and when, stays. There is an owner afterwards, or nothing is erased.
"""

from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.orm import InstrumentedAttribute

from cadre.clock import Clock
from cadre.db.accounts import Account, AccountDecision, AccountSession, AccountToken, Invitation
from cadre.db.model import AgendaDecision, IdentityDecision
from cadre.errors import ForbiddenError
from cadre.services.accounts.account import end_all
from cadre.services.unit_of_work import UnitOfWork

_SIGNED: tuple[InstrumentedAttribute[str], ...] = (
    AccountDecision.decided_by, AgendaDecision.decided_by, AgendaDecision.assignee, IdentityDecision.decided_by,
    Invitation.invited_by, AccountSession.ended_by, AccountToken.ended_by,
)  # fmt: skip


def require_an_owner_besides(work: UnitOfWork, keys: Collection[str]) -> None:
    """Refuse to erase the person of the last owner.

    Args:
        work: A transaction of its own.
        keys: Keys of the person.

    Raises:
        ForbiddenError: Nobody else is an owner.
    """
    with work:
        owners = work.session.scalars(select(Account).where(Account.role == "owner", Account.is_active)).all()
    if owners and all(owner.person_id in keys for owner in owners):
        raise ForbiddenError(
            "the last owner's account belongs to this person", hint="Make somebody else an owner first."
        )


def forget_accounts(work: UnitOfWork, clock: Clock, keys: Collection[str], *, by: str) -> int:
    """Take a person out of their accounts, inside the transaction of whoever calls.

    Args:
        work: The transaction, under way.
        clock: Tells when.
        keys: Keys of the person.
        by: Name of whoever erases.

    Returns:
        Accounts that were theirs.
    """
    session = work.session
    invited = update(Invitation).where(Invitation.person_id.in_(keys), Invitation.account_id.is_(None))
    session.execute(invited.values(name="erased", handle="", person_id=None, revoked_at=clock.now()))
    for column in (AccountDecision.before, AccountDecision.after):
        session.execute(update(AccountDecision).where(column.in_(keys)).values({column: "", "reason": ""}))
    theirs = session.scalars(select(Account).where(Account.person_id.in_(keys))).all()
    for account in theirs:
        end_all(work, clock, account_id=account.id, by=by)
        called = f"erased account {account.id}"
        for signed in _SIGNED:
            session.execute(update(signed.class_).where(signed == account.name).values({signed: called}))
        held = AccountSession.account_id == account.id
        session.execute(update(AccountSession).where(held).values(browser="", address=""))
        session.execute(update(AccountToken).where(AccountToken.account_id == account.id).values(name=""))
        links = update(Invitation).where(Invitation.account_id == account.id)
        session.execute(links.values(name=called, handle="", person_id=None, revoked_at=clock.now()))
        session.execute(update(AccountDecision).where(AccountDecision.account_id == account.id).values(reason=""))
        account.name = account.handle = called
        account.password_hash, account.person_id, account.is_active = "", None, False
    return len(theirs)
