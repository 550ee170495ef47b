"""Letting machines in: a secret for a token of minutes, and who is behind a token.

Keeps true: a token holds only while its machine is neither retired nor past its last day and its secret was not ended;
an unknown key and a wrong secret are told in the same words.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select

from cadre.access.agent_token import AgentToken, TokenKey
from cadre.access.secret import hashed
from cadre.audit.event import Event
from cadre.clock import Clock
from cadre.db.machines import MachineSecret, RegisteredMachine
from cadre.errors import UnauthenticatedError
from cadre.services.unit_of_work import UnitOfWork

_TOUCH = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Agent:
    """A machine that proved itself.

    Attributes:
        key: Its key in the register.
        name: As shown.
        client_id: Client in whose environment it works; None for the firm's own.
        kind: As registered.
    """

    key: str
    name: str
    client_id: str | None
    kind: str


def token_for(work: UnitOfWork, clock: Clock, key: TokenKey, *, secret: str) -> tuple[str, AgentToken]:
    """A token for a machine's secret.

    Raises:
        UnauthenticatedError: The secret opens nothing, or not any more.
    """
    now = clock.now()
    with work:
        found = work.session.execute(
            select(MachineSecret, RegisteredMachine)
            .join(RegisteredMachine)
            .where(MachineSecret.secret_hash == hashed(secret))
        ).one_or_none()
        if found is not None and _lives(*found, now):
            held, machine = found
            if held.used_at is None or now - held.used_at >= _TOUCH:
                held.used_at = now
            token = key.mint(machine.key, held.id, now)
            work.record(Event("machine:signed_in", now, f"machine:{machine.id}", objects=(f"secret:{held.id}",),
                              payload={"token": token[1].token_id}))  # fmt: skip
            work.commit()
            return token
    raise UnauthenticatedError("this secret opens nothing, or not any more",
                               hint="Make one with `cadre machine secret NAME`.")  # fmt: skip


def agent_of(work: UnitOfWork, clock: Clock, key: TokenKey, token: str) -> Agent:
    """Which machine a token stands for, as the register is now.

    Raises:
        UnauthenticatedError: It stands for none, or not any more.
    """
    now = clock.now()
    told = key.read(token, now)
    with work:
        found = work.session.execute(
            select(MachineSecret, RegisteredMachine)
            .join(RegisteredMachine)
            .where(MachineSecret.id == told.secret_id, RegisteredMachine.key == told.machine_key)
        ).one_or_none()
    if found is None or not _lives(*found, now):
        raise UnauthenticatedError("this machine may not act any more", hint="Ask whoever answers for it.")
    machine = found[1]
    return Agent(machine.key, machine.name, machine.client_id, machine.kind)


def _lives(held: MachineSecret, machine: RegisteredMachine, now: datetime) -> bool:
    over = machine.expires_on and now >= datetime.combine(machine.expires_on + timedelta(days=1), time(), UTC)
    return held.ended_at is None and now < held.expires_at and machine.retired_at is None and not over
