"""Reading what governs agents now: settings, registers and approvers, read together and kept for a second at most.

Keeps true: the newest setting of its place holds. What this process sets holds at once, what another one sets within a
second. What cannot be read raises, and the caller refuses.
"""

import json
import time as clockwork
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from cadre.access.right import RIGHTS
from cadre.db.accounts import Account, AccountDecision
from cadre.db.ai_register import AiToolCheck
from cadre.db.governance import GovernanceSetting
from cadre.db.machines import MachineDecision, RegisteredMachine
from cadre.governance.ai_register import Entry
from cadre.governance.governing import Approvers, Governing, row_of

__all__ = ["Approvers", "Governing", "Governs", "read_governing", "row_of"]

KEPT_SECONDS = 1.0


class Governs:
    """Reads what governs, when something changed.

    Args:
        sessions: On the database of decisions.
        zone: The firm's, for clients of whom none was told.
    """

    def __init__(self, sessions: sessionmaker[Session], zone: str = "UTC") -> None:
        self._sessions, self._zone = sessions, zone
        self._held: Governing | None = None
        self._stamp: tuple[object, ...] = ()
        self._looked = 0.0

    def now(self) -> Governing:
        """What governs now."""
        held = self._held
        if held is not None and clockwork.monotonic() - self._looked < KEPT_SECONDS:
            return held
        looked = clockwork.monotonic()
        with self._sessions() as session:
            stamp = tuple(session.execute(select(*_STAMP)).one())
            if held is None or stamp != self._stamp:
                held = read_governing(session, self._zone)
        self._held, self._stamp, self._looked = held, stamp, looked
        return held

    def forget(self) -> None:
        """Read anew at the next question: something was set."""
        self._held = None


_STAMP = tuple(
    select(func.max(table.id)).scalar_subquery()
    for table in (GovernanceSetting, MachineDecision, AiToolCheck, AccountDecision)
)


def read_governing(session: Session, zone: str = "UTC") -> Governing:
    """What governs as the database has it."""
    settings: dict[tuple[str, str, str, str], Any] = {}
    for row in session.scalars(select(GovernanceSetting).order_by(GovernanceSetting.id)):
        settings[row.kind, row.agent, row.client_id, row.key] = json.loads(row.value)
    machines = session.execute(
        select(RegisteredMachine.key, RegisteredMachine.expires_on, RegisteredMachine.client_id)
        .where(RegisteredMachine.retired_at.is_(None))
    )  # fmt: skip
    newest = {row.key: row for row in session.scalars(select(AiToolCheck).order_by(AiToolCheck.id))}
    staff = session.scalars(
        select(Account.id).where(Account.is_active, Account.role.in_(RIGHTS["action:approve"]))
    )  # fmt: skip
    return Governing(
        {key: value for key, value in settings.items() if value is not None},
        {key: (ends_on, client_id) for key, ends_on, client_id in machines},
        tuple(_entry(row) for row in newest.values()),
        frozenset(f"account:{number}" for number in staff),
        zone,
    )


def _entry(row: AiToolCheck) -> Entry:
    classes = None if row.data_classes is None else frozenset(row.data_classes.split())
    return Entry(row.key, row.name, row.checked_on, tuple(row.tools.splitlines()), row.client_id, classes,
                 is_ended=row.is_ended)  # fmt: skip
