"""What was set about agents and still holds: modes, limits, hours, freezes, switches, rows of the catalogue, approvers."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

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
    """

    kind: str
    agent: str
    client_id: str
    key: str
    value: Any
    decided_by: str
    decided_at: datetime
    reason: str


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
        return tuple(
            Setting(row.kind, row.agent, row.client_id, row.key, json.loads(row.value), row.decided_by, row.decided_at,
                    row.reason)
            for row in session.scalars(wanted.order_by(*of))
        )  # fmt: skip
