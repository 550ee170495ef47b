"""What was set about agents and still holds: modes, limits, hours, freezes, switches, rows of the catalogue, approvers."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from cadre.access.principal import Principal
from cadre.db.governance import GovernanceSetting
from cadre.governance.taken_back import Chain, chain


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting that holds.

    Attributes:
        kind: Such as mode or switch.
        agent: The agent it is about; empty for all.
        client_id: The client it is about; empty for all.
        key: What within them; may be empty.
        value: As it was set.
        decided_by: Key of who decided.
        decided_at: When.
        reason: Why, in their words.
        number: By which it is taken back.
        takes_back: Number of the setting that it takes back; None where it is one of its own.
    """

    kind: str
    agent: str
    client_id: str
    key: str
    value: Any
    decided_by: str
    decided_at: datetime
    reason: str
    number: int = 0
    takes_back: int | None = None


def governing(principal: Principal, sessions: sessionmaker[Session], kind: str = "") -> tuple[Setting, ...]:
    """The newest setting of each key that was not ended, by kind and place.

    Args:
        principal: Who asks.
        sessions: On the database of decisions.
        kind: Only of this kind; empty for all.
    """
    del principal  # every account may read the rules that machines follow
    of = (GovernanceSetting.kind, GovernanceSetting.agent, GovernanceSetting.client_id, GovernanceSetting.key)
    newest = select(func.max(GovernanceSetting.id)).group_by(*of)
    wanted = select(GovernanceSetting).where(GovernanceSetting.id.in_(newest), GovernanceSetting.value != "null")
    if kind:
        wanted = wanted.where(GovernanceSetting.kind == kind)
    with sessions() as session:
        return tuple(_setting(row) for row in session.scalars(wanted.order_by(*of)))


@dataclass(frozen=True, slots=True)
class Changed:
    """A setting as it was made.

    Attributes:
        setting: What was set; its value is None where something ended.
        before: What held before it at the same place; None where nothing did.
        stands: Number of the setting that stands on it; its own where nothing does.
        is_free: Whether nothing newer stands on it, so that it can be taken back.
    """

    setting: Setting
    before: Any
    stands: int
    is_free: bool

    @property
    def again(self) -> Setting:
        """What holds again once it is taken back; its value is None where nothing was set before."""
        return replace(self.setting, value=self.before)

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return asdict(self)


def changes(principal: Principal, sessions: sessionmaker[Session], *, number: int | None = None,
            most: int = 20) -> tuple[Changed, ...]:  # fmt: skip
    """What was set lately, the newest first.

    Args:
        principal: Who asks.
        sessions: On the database of decisions.
        number: Only this setting.
        most: How many at most.
    """
    del principal  # every account may read the rules that machines follow
    table = GovernanceSetting
    wanted = select(table).order_by(table.id.desc()).limit(most)
    if number is not None:
        wanted = wanted.where(table.id == number)
    with sessions() as session:
        chains = _chains(session)
        found = []
        for row in session.scalars(wanted):
            of = chains[row.kind, row.agent, row.client_id, row.key]
            one = _setting(row)
            before = of.before[one.number]
            value = None if before is None else json.loads(session.get_one(table, before).value)
            found.append(Changed(one, value, of.over(one.number), of.may_end(one.number)))
    return tuple(found)


def _chains(session: Session) -> dict[tuple[str, str, str, str], Chain]:
    """The settings of each place, by number."""
    table = GovernanceSetting
    told: dict[tuple[str, str, str, str], list[tuple[int, int | None]]] = {}
    for number, takes_back, *place in session.execute(
        select(table.id, table.takes_back, table.kind, table.agent, table.client_id, table.key).order_by(table.id)
    ):
        kind, agent, client, key = place
        told.setdefault((kind, agent, client, key), []).append((number or 0, takes_back))
    return {place: chain(some) for place, some in told.items()}


def _setting(row: GovernanceSetting) -> Setting:
    return Setting(row.kind, row.agent, row.client_id, row.key, json.loads(row.value), row.decided_by, row.decided_at,
                   row.reason, row.id or 0, row.takes_back)  # fmt: skip
