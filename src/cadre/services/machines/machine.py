"""Changing the register of machines: registering, owners, ends, secrets, retiring. Each change with a reason that is kept.

Keeps true: a key is never given twice; a retired machine has no secret left and never acts again, while its key goes on
being readable in old records. Signing in is in `machine_sign_in`.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select, update

from cadre.access.principal import Principal
from cadre.access.right import require
from cadre.access.secret import hashed, new_token
from cadre.audit.event import Event
from cadre.clock import Clock
from cadre.db.machines import MachineDecision, MachineSecret, RegisteredMachine
from cadre.errors import NotFoundError, UsageError
from cadre.services.accounts.account import require_person
from cadre.services.actor import actor_of
from cadre.services.duty import told
from cadre.services.unit_of_work import UnitOfWork
from cadre.warehouse import Warehouse

KINDS = ("agent", "service_principal", "managed_identity", "service_account", "api_member", "unknown")
OWN = "cadre/"
"""Begins the key of a machine that no source tells of."""
SECRET_DAYS = 90
MOST_SECRET_DAYS = 365
_EVENTS = {"registered": "machine:registered", "owner": "machine:changed", "expiry": "machine:changed",
           "secret": "machine:secret_made", "revoked": "machine:revoked", "retired": "machine:retired"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A secret as it is shown, once.

    Attributes:
        machine: Whose.
        secret: What it shows to get a token.
        expires_on: Last day it works.
    """

    machine: RegisteredMachine
    secret: str
    expires_on: date


def register(
    principal: Principal,
    work: UnitOfWork,
    clock: Clock,
    warehouse: Warehouse,
    *,
    name: str,
    purpose: str,
    owner: str | None,
    kind: str = "agent",
    key: str = "",
    client_id: str | None = None,
    removal: str = "",
    expires_on: date | None = None,
) -> RegisteredMachine:
    """Decide that a machine may exist.

    Args:
        principal: An owner or manager.
        work: The transaction.
        clock: Tells when.
        warehouse: The record, which knows the staff.
        name: As shown.
        purpose: What it is for.
        owner: Key of whoever on the staff answers for it.
        kind: One of `KINDS`.
        key: Its key in the record; empty for one that no source tells of.
        client_id: Client in whose environment it works; None for the firm's own.
        removal: What happens when it is no longer needed.
        expires_on: Last day of the registration.

    Raises:
        ForbiddenError: They may not.
        UsageError: A name, purpose or owner is missing, the key or name is taken, or the day has passed.
        NotFoundError: Nobody on the staff has the owner's key.
    """
    require(principal, "machine:manage")
    if kind not in KINDS:
        raise UsageError(f"unknown kind {kind!r}", hint=f"Use one of {', '.join(KINDS)}.")
    if not owner:
        raise UsageError("a machine needs somebody on the staff who answers for it", hint="Name them with --owner.")
    require_person(warehouse, owner)
    _ahead(expires_on, clock)
    words = told(name, "a machine", "Give it a name that colleagues know.")
    made = RegisteredMachine(
        key=key or OWN + slug(words), name=words, kind=kind, made_at=clock.now(), owner_person_id=owner,
        purpose=told(purpose, "a registration", "Say what the machine is for."), client_id=client_id or None,
        removal=removal.strip(), expires_on=expires_on,
    )  # fmt: skip
    with work:
        if work.session.scalar(select(RegisteredMachine.id).where(RegisteredMachine.key == made.key)):
            raise UsageError(f"{made.key} is in the register already, perhaps as retired",
                             hint="Keys are never given twice: take another name.")  # fmt: skip
        work.session.add(made)
        work.session.flush()
        _note(work, principal, clock, made, "registered", "", made.name, made.purpose)
        work.commit()
    return made


def change_owner(
    principal: Principal, work: UnitOfWork, clock: Clock, warehouse: Warehouse, *, key: str, owner: str, reason: str
) -> RegisteredMachine:
    """Say who on the staff answers for a machine from now on.

    Raises:
        ForbiddenError: They may not.
        NotFoundError: There is no such machine or person.
        UsageError: It is retired, nothing would change, or no reason was given.
    """
    require_person(warehouse, owner)

    def change(machine: RegisteredMachine) -> tuple[str, str]:
        before, machine.owner_person_id = machine.owner_person_id, owner
        return before or "", owner

    return _changed(principal, work, clock, key=key, what="owner", reason=reason, change=change)


def change_expiry(
    principal: Principal, work: UnitOfWork, clock: Clock, *, key: str, expires_on: date | None, reason: str
) -> RegisteredMachine:
    """Give the registration another last day, or none.

    Raises:
        ForbiddenError: They may not.
        NotFoundError: There is no such machine.
        UsageError: The day has passed, it is retired, nothing would change, or no reason was given.
    """
    _ahead(expires_on, clock)

    def change(machine: RegisteredMachine) -> tuple[str, str]:
        before, machine.expires_on = machine.expires_on, expires_on
        return _day(before), _day(expires_on)

    return _changed(principal, work, clock, key=key, what="expiry", reason=reason, change=change)


def new_secret(
    principal: Principal,
    work: UnitOfWork,
    clock: Clock,
    *,
    key: str,
    reason: str,
    days: int = SECRET_DAYS,
    overlap_hours: int = 0,
) -> NewSecret:
    """Give a machine a new secret; the ones before it end now, or after an overlap in which both work.

    Raises:
        ForbiddenError: They may not.
        NotFoundError: There is no such machine.
        UsageError: It is retired, no reason was given, or the days make no sense.
    """
    if not 1 <= days <= MOST_SECRET_DAYS:
        raise UsageError(f"a secret lives 1 to {MOST_SECRET_DAYS} days", hint=f"Use --days {SECRET_DAYS}.")
    if not 0 <= overlap_hours <= 24 * 7:
        raise UsageError("old and new overlap by 0 to 168 hours", hint="A day is enough to deploy the new one.")
    secret, now = new_token(), clock.now()

    def change(machine: RegisteredMachine) -> tuple[str, str]:
        live = (MachineSecret.machine_id == machine.id, MachineSecret.ended_at.is_(None))
        ends = now + timedelta(hours=overlap_hours)
        if overlap_hours:
            work.session.execute(update(MachineSecret).where(*live, MachineSecret.expires_at > ends)
                                 .values(expires_at=ends))  # fmt: skip
        else:
            work.session.execute(update(MachineSecret).where(*live).values(ended_at=now, ended_by=principal.name))
        made = MachineSecret(machine.id, hashed(secret), principal.name, now, now + timedelta(days=days))
        work.session.add(made)
        work.session.flush()
        return "", f"secret {made.id}, {days} days"

    machine = _changed(principal, work, clock, key=key, what="secret", reason=reason, change=change)
    return NewSecret(machine, secret, (now + timedelta(days=days)).date())


def revoke(principal: Principal, work: UnitOfWork, clock: Clock, *, key: str, reason: str) -> RegisteredMachine:
    """End every secret of a machine, and with them its tokens, now; it stays registered.

    Raises:
        ForbiddenError: They may not.
        NotFoundError: There is no such machine.
        UsageError: It has no secret that works, or no reason was given.
    """

    def change(machine: RegisteredMachine) -> tuple[str, str]:
        return f"{_end_secrets(work, clock, machine, principal.name)} working", "0 working"

    return _changed(principal, work, clock, key=key, what="revoked", reason=reason, change=change)


def retire(principal: Principal, work: UnitOfWork, clock: Clock, *, key: str, reason: str) -> RegisteredMachine:
    """End a machine for good: its secrets and tokens end with it, its key stays readable and is never given again.

    Raises:
        ForbiddenError: They may not.
        NotFoundError: There is no such machine.
        UsageError: It is retired already, or no reason was given.
    """

    def change(machine: RegisteredMachine) -> tuple[str, str]:
        machine.retired_at = clock.now()
        return f"{_end_secrets(work, clock, machine, principal.name)} secrets", "retired"

    return _changed(principal, work, clock, key=key, what="retired", reason=reason, change=change)


def slug(name: str) -> str:
    """A name as part of a key: lower case letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80]
    if not made:
        raise UsageError("the name has no letter or digit to make a key of", hint="Use a name with Latin letters.")
    return made


def machine_of(work: UnitOfWork, key: str) -> RegisteredMachine:
    """A machine by its key, or by its name where only one has it.

    Raises:
        NotFoundError: None is meant, or several are.
    """
    found = work.session.scalar(select(RegisteredMachine).where(RegisteredMachine.key == key))
    if found is None:
        named = work.session.scalars(select(RegisteredMachine).where(RegisteredMachine.name == key)).all()
        found = named[0] if len(named) == 1 else None
    if found is None:
        raise NotFoundError("no machine of that key or name is in the register", hint="See `cadre machine list`.")
    return found


def _changed(
    principal: Principal,
    work: UnitOfWork,
    clock: Clock,
    *,
    key: str,
    what: str,
    reason: str,
    change: Callable[[RegisteredMachine], tuple[str, str]],
) -> RegisteredMachine:
    require(principal, "machine:manage")
    words = told(reason, "a change of the register", "Say why in a few words.")
    with work:
        machine = machine_of(work, key)
        if machine.retired_at is not None:
            raise UsageError(f"{machine.name} is retired, and that is for good", hint="Register a new one.")
        before, after = change(machine)
        if before == after:
            raise UsageError("that is how it is already", hint="See `cadre machine list`.")
        _note(work, principal, clock, machine, what, before, after, words)
        work.commit()
    return machine


def _note(
    work: UnitOfWork, principal: Principal, clock: Clock, machine: RegisteredMachine, what: str, before: str,
    after: str, reason: str,
) -> None:  # fmt: skip
    now = clock.now()
    work.session.add(MachineDecision(machine.id, what, before, after, principal.name, now, reason))
    about = tuple(filter(None, (machine.owner_person_id, before if what == "owner" else "")))
    work.record(Event(_EVENTS[what], now, actor_of(principal), objects=(f"machine:{machine.id}",), about=about,
                      payload={"what": what, "key": machine.key, "before": before, "after": after, "reason": reason}))  # fmt: skip


def _end_secrets(work: UnitOfWork, clock: Clock, machine: RegisteredMachine, by: str) -> int:
    now = clock.now()
    live = (MachineSecret.machine_id == machine.id, MachineSecret.ended_at.is_(None), MachineSecret.expires_at > now)
    ended = work.session.execute(
        update(MachineSecret).where(*live).values(ended_at=now, ended_by=by).returning(MachineSecret.id)
    )
    return len(ended.all())


def _ahead(day: date | None, clock: Clock) -> None:
    if day is not None and day < clock.now().date():
        raise UsageError(f"{day.isoformat()} has passed", hint="Give a last day that is still to come.")


def _day(day: date | None) -> str:
    return day.isoformat() if day else "no end"
