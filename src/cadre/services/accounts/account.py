"""Changing an account: its role, its person, whether it may sign in. Owners alone, each with a reason that is kept.

Keeps true: a person has at most one active account; there is always an owner; an account that is switched off has no
session and no token left.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select, update

from cadre.access.principal import ROLES, Principal, Role
from cadre.access.right import require
from cadre.clock import Clock
from cadre.db.accounts import Account, AccountDecision, AccountSession, AccountToken
from cadre.errors import ForbiddenError, NotFoundError, UsageError
from cadre.services.actor import happened
from cadre.services.unit_of_work import UnitOfWork
from cadre.warehouse import Warehouse

_EVENTS = {
    "role": "role_changed",
    "person": "person_linked",
    "deactivated": "deactivated",
    "reactivated": "reactivated",
}


def set_role(
    principal: Principal, work: UnitOfWork, clock: Clock, *, account_id: int, role: str, reason: str
) -> Account:
    """Give an account another role; its tokens end, since each was made for the old one.

    Raises:
        ForbiddenError: They are no owner, or the last owner would be gone.
        NotFoundError: There is no such account.
        UsageError: The role is unknown, or no reason was given.
    """
    known = known_role(role)

    def change(account: Account) -> tuple[str, str]:
        before, account.role = account.role, known
        if before != known:
            _end_tokens(work, clock.now(), account_id, principal.name)
        return before, known

    return _changed(principal, work, clock, account_id=account_id, what="role", reason=reason, change=change)


def link_person(
    principal: Principal,
    work: UnitOfWork,
    clock: Clock,
    warehouse: Warehouse,
    *,
    account_id: int,
    person_id: str | None,
    reason: str,
) -> Account:
    """Say which person on the staff an account is, or that it is none.

    Raises:
        ForbiddenError: They are no owner.
        NotFoundError: There is no such account, or nobody on the staff has that key.
        UsageError: The person has another active account, or no reason was given.
    """
    require(principal, "account:manage")
    require_person(warehouse, person_id)

    def change(account: Account) -> tuple[str, str]:
        if account.is_active:
            require_free(work, person_id, besides=account_id)
        before, account.person_id = account.person_id, person_id
        return before or "", person_id or ""

    return _changed(principal, work, clock, account_id=account_id, what="person", reason=reason, change=change)


def deactivate(principal: Principal, work: UnitOfWork, clock: Clock, *, account_id: int, reason: str) -> Account:
    """Switch an account off; its sessions and tokens end now.

    Raises:
        ForbiddenError: They are no owner, or this is the last owner.
        NotFoundError: There is no such account.
        UsageError: It is off already, or no reason was given.
    """

    def change(account: Account) -> tuple[str, str]:
        before, account.is_active = _state(account), False
        end_all(work, clock, account_id=account_id, by=principal.name)
        return before, _state(account)

    return _changed(principal, work, clock, account_id=account_id, what="deactivated", reason=reason, change=change)


def reactivate(principal: Principal, work: UnitOfWork, clock: Clock, *, account_id: int, reason: str) -> Account:
    """Switch an account on again; its password holds, its old sessions do not.

    Raises:
        ForbiddenError: They are no owner.
        NotFoundError: There is no such account.
        UsageError: Its person has another active account by now, or no reason was given.
    """

    def change(account: Account) -> tuple[str, str]:
        require_free(work, account.person_id, besides=account_id)
        before, account.is_active = _state(account), True
        return before, _state(account)

    return _changed(principal, work, clock, account_id=account_id, what="reactivated", reason=reason, change=change)


def known_role(role: str) -> Role:
    """A role by its word.

    Raises:
        UsageError: There is none of that word.
    """
    if role not in ROLES:
        raise UsageError(f"unknown role {role!r}", hint=f"Use one of {', '.join(ROLES)}.")
    return role


def account_of(work: UnitOfWork, account_id: int) -> Account:
    """An account by its number.

    Raises:
        NotFoundError: There is none.
    """
    account = work.session.get(Account, account_id)
    if account is None:
        raise NotFoundError(f"no account {account_id}", hint="See `cadre account list`.")
    return account


def require_person(warehouse: Warehouse, person_id: str | None) -> None:
    """Refuse a key that nobody in the record has.

    Raises:
        NotFoundError: Nobody has it.
    """
    if person_id is None:
        return
    with warehouse.snapshot() as record:
        for name in ("people", "person_accounts"):
            table = record.table(name)
            if record.rows(table.filter(table.person_id == person_id).select("person_id").limit(1)):
                return
    raise NotFoundError("nobody on the staff has that key", hint="Take it from `cadre people --json`.")


def require_free(work: UnitOfWork, person_id: str | None, *, besides: int | None = None) -> None:
    """Refuse a person who has an active account.

    Raises:
        UsageError: They have one.
    """
    if person_id is None:
        return
    holding = work.session.scalar(select(Account).where(Account.person_id == person_id, Account.is_active))
    if holding is not None and holding.id != besides:
        raise UsageError(
            f"this person has an active account, number {holding.id}",
            hint="Switch that one off, or say that it is somebody else's, first.",
        )


def end_all(work: UnitOfWork, clock: Clock, *, account_id: int, by: str, besides: int | None = None) -> None:
    """End sessions and tokens of an account, inside the transaction of whoever calls.

    Args:
        work: The transaction, under way.
        clock: Tells when.
        account_id: Whose.
        by: Name of whoever ends them.
        besides: A session that stays.
    """
    ended = update(AccountSession).where(AccountSession.account_id == account_id, AccountSession.ended_at.is_(None))
    if besides is not None:
        ended = ended.where(AccountSession.id != besides)
    work.session.execute(ended.values(ended_at=clock.now(), ended_by=by))
    _end_tokens(work, clock.now(), account_id, by)


def _state(account: Account) -> str:
    return "active" if account.is_active else "off"


def _end_tokens(work: UnitOfWork, now: datetime, account_id: int, by: str) -> None:
    held = (AccountToken.account_id == account_id, AccountToken.ended_at.is_(None))
    work.session.execute(update(AccountToken).where(*held).values(ended_at=now, ended_by=by))


def _changed(
    principal: Principal,
    work: UnitOfWork,
    clock: Clock,
    *,
    account_id: int,
    what: str,
    reason: str,
    change: Callable[[Account], tuple[str, str]],
) -> Account:
    """Make a change and keep what held before, unless it leaves no owner."""
    require(principal, "account:manage")
    if not reason.strip():
        raise UsageError("an account is changed with a reason, and none was given", hint="Say why in a few words.")
    with work:
        account = account_of(work, account_id)
        before, after = change(account)
        if before == after:
            raise UsageError("that is how it is already", hint="See `cadre account list`.")
        work.session.flush()
        # Locked where the database locks rows, so that two owners cannot switch each other off at once.
        owners = select(Account.id).where(Account.role == "owner", Account.is_active).with_for_update()
        if not work.session.scalars(owners).all():
            raise ForbiddenError("the last owner stays an owner", hint="Make somebody else an owner first.")
        made = AccountDecision(account_id, what, before, after, principal.name, clock.now(), reason.strip())
        work.session.add(made)
        persons = [before, after] if what == "person" else []
        told = {} if persons else {"before": before, "after": after}
        work.record(
            happened(principal, clock, f"account:{_EVENTS[what]}", f"account:{account_id}", about=persons, **told)
        )
        work.commit()
    return account
