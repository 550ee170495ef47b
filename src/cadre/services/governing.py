"""What governs agents now: settings, registers and approvers, read together and kept for a second at most.

Keeps true: the most specific setting holds, and the newest of its kind; without one, decisions are enforced. What this
process sets holds at once, what another one sets within a second. What cannot be read raises, and the caller refuses.
"""

import json
import time as clockwork
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from cadre.access.right import RIGHTS
from cadre.db.accounts import Account, AccountDecision
from cadre.db.ai_register import AiToolCheck
from cadre.db.governance import GovernanceSetting
from cadre.db.machines import MachineDecision, RegisteredMachine
from cadre.governance.ai_register import Entry, covers
from cadre.governance.catalogue import Row
from cadre.governance.catalogue import row as row_from
from cadre.governance.decision import Mode
from cadre.governance.situation import Freeze, Hours, Limits, Standing, Switch
from cadre.services.actor import MACHINE

KEPT_SECONDS = 1.0

_Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Approvers:
    """Who answers what agents ask for at a client.

    Attributes:
        administrators: Keys of the client's own, whose turn is first; may be empty.
        on_call: Keys of the firm's, whose turn is next.
        first_minutes: How long the first turn lasts.
        minutes: How long both last together; silence refuses after it.
    """

    administrators: frozenset[str]
    on_call: frozenset[str]
    first_minutes: int = 30
    minutes: int = 60


def row_of(key: str, client: str, value: str | Mapping[str, Any]) -> Row:
    """A row of the firm's catalogue: a tier for the tool that is called `key`, or all fields of a row.

    Raises:
        ValueError: A tier is none.
        KeyError: A field is missing.
    """
    if isinstance(value, str):
        value = {"label": key, "tool": key, "tier": value, "why": f"The firm's catalogue says {value}."}
    return row_from({**value, "name": key, "client": client})


@dataclass(frozen=True)
class Governing:
    """What governs agents at one instant.

    Attributes:
        settings: Value by kind, agent, client and key; the newest of each.
        machines: Last day and client by key of every machine that is registered and not retired.
        tools: The AI register.
        staff: Keys of accounts that may answer.
    """

    settings: Mapping[_Key, Any] = field(default_factory=dict)
    machines: Mapping[str, tuple[date | None, str | None]] = field(default_factory=dict)
    tools: tuple[Entry, ...] = ()
    staff: frozenset[str] = frozenset()

    def mode(self, agent: str, client: str) -> Mode:
        """How far decisions bind; enforced where nobody said."""
        told = self._specific("mode", agent, client)
        return Mode(told) if told else Mode.ENFORCE

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The firm's own rows of the catalogue, for all clients and for each."""
        return tuple(row_of(key, client, value) for (kind, _, client, key), value in self.settings.items()
                     if kind == "catalogue")  # fmt: skip

    def approvers(self, client: str) -> Approvers:
        """Who answers; where nobody said, whoever may by their role."""
        told = self._specific("approvers", "", client) or {}
        return Approvers(
            frozenset(told.get("administrators", ())),
            frozenset(told["on_call"]) if told.get("on_call") else self.staff or frozenset({MACHINE}),
            int(told.get("first_minutes", 30)),
            int(told.get("minutes", 60)),
        )

    def standing(self, agent: str, client: str, tool: str, data_classes: Collection[str], at: datetime) -> Standing:
        """What registers, settings and switches say about an agent and a tool at a client."""
        hours = self._hours(client)
        today = hours.local(at).date()
        ends_on, bound_to = self.machines.get(agent, (date.min, None))
        limits: dict[str, int] = {}
        for key in reversed(_lookups("limits", agent, client, "")):
            limits |= self.settings.get(key) or {}
        return Standing(
            is_registered=(ends_on is None or today <= ends_on) and bound_to in {None, client},
            is_tool_registered=covers(self.tools, tool, client, data_classes, today),
            hours=hours,
            limits=Limits(**limits),
            freezes=tuple(self._freezes(client)),
            switches=tuple(self._switches(agent, client)),
        )

    def _specific(self, kind: str, agent: str, client: str, key: str = "") -> Any:
        return next((told for each in _lookups(kind, agent, client, key) if (told := self.settings.get(each))), None)

    def _hours(self, client: str) -> Hours:
        told = self._specific("hours", "", client) or {}
        plain = Hours()
        return Hours(
            told.get("zone", plain.zone),
            time.fromisoformat(told["opens"]) if "opens" in told else plain.opens,
            time.fromisoformat(told["closes"]) if "closes" in told else plain.closes,
            tuple(told.get("weekdays", plain.weekdays)),
            frozenset(date.fromisoformat(day) for day in told.get("closed_on", ())),
        )

    def _freezes(self, client: str) -> list[Freeze]:
        return [Freeze(whose, datetime.fromisoformat(told["begins_at"]), datetime.fromisoformat(told["ends_at"]))
                for (kind, _, whose, _), told in self.settings.items()
                if kind == "freeze" and told and whose in {"", client}]  # fmt: skip

    def _switches(self, agent: str, client: str) -> list[Switch]:
        reach = (Switch("agent", agent), Switch("client", client), Switch("firm", ""))
        places = ((agent, ""), ("", client), ("", ""))
        return [one for one, place in zip(reach, places, strict=True) if self.settings.get(("switch", *place, ""))]


class Governs:
    """Reads what governs, when something changed.

    Args:
        sessions: On the database of decisions.
    """

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions
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
                held = _read(session)
        self._held, self._stamp, self._looked = held, stamp, looked
        return held

    def forget(self) -> None:
        """Read anew at the next question: something was set."""
        self._held = None


_STAMP = tuple(
    select(func.max(table.id)).scalar_subquery()
    for table in (GovernanceSetting, MachineDecision, AiToolCheck, AccountDecision)
)


def _lookups(kind: str, agent: str, client: str, key: str) -> list[_Key]:
    """Where a setting may stand, the most specific first."""
    places = [(agent, client), (agent, ""), ("", client), ("", "")]
    return [(kind, *place, key) for place in dict.fromkeys(places)]


def _read(session: Session) -> Governing:
    settings: dict[_Key, Any] = {}
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
    )


def _entry(row: AiToolCheck) -> Entry:
    classes = None if row.data_classes is None else frozenset(row.data_classes.split())
    return Entry(row.key, row.name, row.checked_on, tuple(row.tools.splitlines()), row.client_id, classes,
                 is_ended=row.is_ended)  # fmt: skip
