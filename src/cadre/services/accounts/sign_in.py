"""Signing in and out: sessions of browsers, tokens of programs, and who is behind either.

Keeps true: an unknown name and a wrong password cost the same time and are told in the same words; a try is counted
before it is looked at, so that many at once are no way around the wait; a secret is stored as a hash.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import delete, func, select, update

from cadre.access.limit import ABSOLUTE, MOST_TOKEN_HOURS, TOKEN_HOURS, session_lives
from cadre.access.password import check_new, handle_of, hash_password, is_right
from cadre.access.principal import Principal, Role
from cadre.access.secret import hashed, new_secret, new_token
from cadre.access.throttle import BY_ADDRESS, BY_NAME, CLOSED, KEPT, Limit, address_key, name_key, wait
from cadre.clock import Clock
from cadre.db.accounts import Account, AccountDecision, AccountSession, AccountToken, SignInAttempt
from cadre.errors import ForbiddenError, NotFoundError, TooManyTriesError, UnauthenticatedError, UsageError
from cadre.services.accounts.account import account_of, end_all
from cadre.services.actor import MACHINE, happened
from cadre.services.unit_of_work import UnitOfWork

_TOUCH = timedelta(minutes=1)
_BROWSER_LENGTH = 200


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session with its secret, which is nowhere else.

    Attributes:
        principal: Who.
        secret: For the cookie.
        expires_at: When it ends at the latest.
    """

    principal: Principal
    secret: str
    expires_at: datetime


def sign_in(
    work: UnitOfWork, clock: Clock, *, name: str, password: str, address: str = "", browser: str = ""
) -> SignedIn:
    """Check a name and a password and begin a session.

    Args:
        work: The transaction.
        clock: Tells when.
        name: As typed.
        password: As typed.
        address: Network address it comes from.
        browser: What the browser calls itself.

    Raises:
        UnauthenticatedError: They do not fit an active account.
        TooManyTriesError: Too many tries failed; this one was not looked at.
    """
    account = proven(work, clock, name=name, password=password, address=address)
    return begin(work, clock, account, address=address, browser=browser)


def proven(work: UnitOfWork, clock: Clock, *, name: str, password: str, address: str) -> Account:
    """The account of a name and its password.

    Raises:
        UnauthenticatedError: They do not fit an active account.
        TooManyTriesError: Too many tries failed; this one was not looked at.
    """
    now, handle = clock.now(), handle_of(name)
    keys = ((name_key(handle), BY_NAME), (address_key(address), BY_ADDRESS))
    with work:
        work.session.execute(delete(SignInAttempt).where(SignInAttempt.tried_at < now - KEPT))
        tries = [_counted(work, key, limit, now) for key, limit in keys]
        account = work.session.scalar(select(Account).where(Account.handle == handle, Account.is_active))
        work.commit()
    if not is_right(password, account.password_hash if account else None) or account is None:
        _refused(work, clock, handle)
        raise UnauthenticatedError(
            "the name and the password do not fit an account",
            hint="Check both. An owner can give you a link for a new password.",
        )
    with work:
        # This try did not fail, so that it is taken out; other people's tries from the address stay counted.
        work.session.execute(delete(SignInAttempt).where(SignInAttempt.key == name_key(handle)))
        work.session.execute(delete(SignInAttempt).where(SignInAttempt.id.in_(tries)))
        work.commit()
    return account


def begin(work: UnitOfWork, clock: Clock, account: Account, *, address: str = "", browser: str = "") -> SignedIn:
    """Begin a session of an account that has just proven itself."""
    now, secret = clock.now(), new_secret()
    ends = now + ABSOLUTE
    with work:
        # Where somebody sat long ago is nobody's business any more; that they were here stays.
        old = update(AccountSession).where(AccountSession.expires_at < now - KEPT)
        work.session.execute(old.values(browser="", address=""))
        held = AccountSession(account.id, hashed(secret), now, now, ends, browser[:_BROWSER_LENGTH], address[:64])
        work.session.add(held)
        work.record(lambda: happened(f"account:{account.id}", clock, "session:begun", f"session:{held.id}"))
        work.commit()
    return SignedIn(principal_for(account), secret, ends)


def has_accounts(work: UnitOfWork) -> bool:
    """Whether anybody has an account here; until then nobody can be asked to sign in."""
    with work:
        return work.session.scalar(select(Account.id).limit(1)) is not None


def in_session(work: UnitOfWork, clock: Clock, secret: str) -> Principal | None:
    """Who a cookie stands for; None where it stands for nobody (any more)."""
    now = clock.now()
    with work:
        found = work.session.execute(
            select(AccountSession, Account).join(Account).where(AccountSession.secret_hash == hashed(secret))
        ).one_or_none()
        if found is None:
            return None
        held, account = found
        lives = session_lives(now, seen_at=held.seen_at, expires_at=held.expires_at, ended_at=held.ended_at)
        if not lives or not account.is_active:
            return None
        if now - held.seen_at >= _TOUCH:
            held.seen_at = now
            work.commit()
        return principal_for(account)


def with_token(work: UnitOfWork, clock: Clock, token: str) -> Principal:
    """Who a bearer token stands for.

    Raises:
        UnauthenticatedError: Nobody (any more).
    """
    now = clock.now()
    with work:
        found = work.session.execute(
            select(AccountToken, Account).join(Account).where(AccountToken.secret_hash == hashed(token))
        ).one_or_none()
        if found is not None:
            held, account = found
            if account.is_active and not held.ended_at and now < held.expires_at and held.role == account.role:
                if held.used_at is None or now - held.used_at >= _TOUCH:
                    held.used_at = now
                    work.commit()
                return principal_for(account)
    raise UnauthenticatedError("this token opens nothing, or not any more", hint="Make one with `cadre account token`.")


def sign_out(work: UnitOfWork, clock: Clock, secret: str) -> None:
    """End the session of a cookie; nothing happens where there is none."""
    with work:
        held = work.session.scalar(select(AccountSession).where(AccountSession.secret_hash == hashed(secret)))
        if held is not None and held.ended_at is None:
            held.ended_at = clock.now()
            held.ended_by = account_of(work, held.account_id).name
            work.record(happened(f"account:{held.account_id}", clock, "session:ended", f"session:{held.id}"))
            work.commit()


def end_session(principal: Principal, work: UnitOfWork, clock: Clock, *, session_id: int) -> None:
    """End one of one's own sessions.

    Raises:
        NotFoundError: They have no such session.
    """
    with work:
        held = work.session.get(AccountSession, session_id)
        if held is None or held.account_id != principal.account_id:
            raise NotFoundError("you have no such session", hint="Take one from the list.")
        if held.ended_at is None:
            held.ended_at, held.ended_by = clock.now(), principal.name
            work.record(happened(principal, clock, "session:ended", f"session:{session_id}"))
        work.commit()


def change_password(
    principal: Principal, work: UnitOfWork, clock: Clock, *, current: str, password: str, secret: str, firm_name: str
) -> None:
    """Set one's own password anew; every other session and every token ends.

    Args:
        principal: Whose.
        work: The transaction.
        clock: Tells when.
        current: The password that holds.
        password: The one that shall.
        secret: Of the session that stays.
        firm_name: The firm, whose name is no password.

    Raises:
        ForbiddenError: Nobody is signed in, or the current password is wrong.
        TooManyTriesError: The current password was wrong too often.
        UsageError: The new one is not accepted.
    """
    check_new(password, principal.name, firm_name)
    try:
        proven(work, clock, name=principal.name, password=current, address=f"account {principal.account_id}")
    except UnauthenticatedError:
        raise ForbiddenError("the current password is not that", hint="Check it.") from None
    kept = hash_password(password)
    with work:
        account = account_of(work, _own(principal))
        account.password_hash = kept
        here = work.session.scalar(select(AccountSession.id).where(AccountSession.secret_hash == hashed(secret)))
        end_all(work, clock, account_id=account.id, by=account.name, besides=here)
        work.session.add(AccountDecision(account.id, "password", "", "", principal.name, clock.now()))
        work.record(happened(principal, clock, "account:password_changed", f"account:{account.id}"))
        work.commit()


def issue_token(
    principal: Principal, work: UnitOfWork, clock: Clock, *, name: str, hours: int = TOKEN_HOURS
) -> tuple[AccountToken, str]:
    """Make a bearer token that may what its owner may, while they have the role they have now.

    Args:
        principal: Whose.
        work: The transaction.
        clock: Tells when.
        name: What it is for.
        hours: Hours it works.

    Returns:
        The token as stored, and its secret, which is nowhere else.

    Raises:
        ForbiddenError: Nobody is signed in.
        UsageError: The hours make no sense.
    """
    if not 1 <= hours <= MOST_TOKEN_HOURS:
        raise UsageError(
            f"a token works for 1 to {MOST_TOKEN_HOURS} hours, not {hours}", hint=f"{TOKEN_HOURS} is usual."
        )
    secret, now = new_token(), clock.now()
    with work:
        account = account_of(work, _own(principal))
        made = AccountToken(
            account.id, " ".join(name.split())[:200], account.role, hashed(secret), now, now + timedelta(hours=hours)
        )
        work.session.add(made)
        work.record(lambda: happened(principal, clock, "token:made", f"token:{made.id}", hours=hours))
        work.commit()
    return made, secret


def end_token(principal: Principal, work: UnitOfWork, clock: Clock, *, token_id: int) -> None:
    """End one of one's own tokens.

    Raises:
        NotFoundError: They have no such token.
    """
    with work:
        held = work.session.get(AccountToken, token_id)
        if held is None or held.account_id != principal.account_id:
            raise NotFoundError("you have no such token", hint="Take one from the list.")
        if held.ended_at is None:
            held.ended_at, held.ended_by = clock.now(), principal.name
            work.record(happened(principal, clock, "token:ended", f"token:{token_id}"))
        work.commit()


def principal_for(account: Account) -> Principal:
    """On whose behalf an account acts."""
    return Principal(account.name, cast("Role", account.role), account.person_id, account.id)


def _own(principal: Principal) -> int:
    if principal.account_id is None:
        raise ForbiddenError("at the machine itself nobody has an account", hint="Sign in, and do it there.")
    return principal.account_id


def _counted(work: UnitOfWork, key: str, limit: Limit, now: datetime) -> int:
    """Count a try before it is looked at; the number it was kept under.

    The try is written first: that takes SQLite's write lock, so that tries at once are counted one after the other.
    PostgreSQL locks the key.
    """
    if work.session.get_bind().dialect.name != "sqlite":
        work.session.execute(select(func.pg_advisory_xact_lock(int(key[:15], 16))))
    made = SignInAttempt(key, now)
    work.session.add(made)
    work.session.flush()
    earlier = select(SignInAttempt.tried_at).where(SignInAttempt.key == key, SignInAttempt.id != made.id)
    pause = wait(sorted(work.session.scalars(earlier)), now, limit)
    if pause == CLOSED:
        raise TooManyTriesError(
            "too many tries failed for this name", hint="Ask an owner for a link for a new password."
        )
    if pause:
        seconds = max(1, round(pause.total_seconds()))
        raise TooManyTriesError("too many tries failed", hint=f"Try again in {_words(seconds)}.", wait_seconds=seconds)
    return made.id


def _refused(work: UnitOfWork, clock: Clock, handle: str) -> None:
    """Put on record that somebody was not let in: the hash of what was typed, since it may be a mistyped password."""
    with work:
        work.record(happened(MACHINE, clock, "session:refused", name=name_key(handle)))
        work.commit()


def _words(seconds: int) -> str:
    if seconds < 60:
        return f"{seconds} seconds" if seconds > 1 else "a second"
    minutes = -(-seconds // 60)
    return f"{minutes} minutes" if minutes > 1 else "a minute"
