"""What was set about agents and still holds: modes, limits, hours, freezes, switches, rows of the catalogue, approvers."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, sessionmaker

from cadre.access.principal import Principal
from cadre.db.governance import GovernanceSetting


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
        is_newest: Whether nothing was set there since, so that it can be taken back.
    """

    setting: Setting
    before: Any
    is_newest: bool


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
    table, other = GovernanceSetting, aliased(GovernanceSetting)
    same = (other.kind == table.kind, other.agent == table.agent, other.client_id == table.client_id,
            other.key == table.key)  # fmt: skip
    before = select(other.value).where(*same, other.id < table.id).order_by(other.id.desc()).limit(1).scalar_subquery()
    newest = select(func.max(other.id)).where(*same).scalar_subquery()
    wanted = select(table, before, newest).order_by(table.id.desc()).limit(most)
    if number is not None:
        wanted = wanted.where(table.id == number)
    with sessions() as session:
        return tuple(
            Changed(_setting(row), json.loads(was) if was is not None else None, row.id == last)
            for row, was, last in session.execute(wanted)
        )


def _setting(row: GovernanceSetting) -> Setting:
    return Setting(row.kind, row.agent, row.client_id, row.key, json.loads(row.value), row.decided_by, row.decided_at,
                   row.reason, row.id or 0)  # fmt: skip
