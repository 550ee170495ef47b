"""What a time of decisions would have come to if they had bound: before a mode is stepped up, before policies are changed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, sessionmaker

from cadre.access.principal import Principal
from cadre.db.governance import ActionDecision
from cadre.governance.action import Outcome
from cadre.governance.replay import MINUTES_PER_APPROVAL, Replay, replay
from cadre.policy.engine import Engine
from cadre.reports.agents.acts import record_of, recorded
from cadre.reports.agents.brief import Brief, brief

MOST_READ = 20_000
"""Newest decisions that a page replays: some seconds. `cadre policy replay` takes all of them."""
MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class StepUp:
    """What would have been.

    Attributes:
        replay: Counts, efforts, changes.
        since: From when on decisions were replayed; None where there was none.
        is_all: Whether all of the time was read.
        halted: Refused ones first, then asked ones, the newest first; at most ten.
        changed: Names of the acts that come out otherwise, by id; at most ten.
    """

    replay: Replay
    since: datetime | None
    is_all: bool
    halted: tuple[Brief, ...]
    changed: Mapping[str, Brief]

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        effort = self.replay.effort
        return {"decisions": self.replay.count, "since": self.since, "is_all": self.is_all, "stopped": effort.stopped,
                "asked": effort.asked, "looks": effort.looks, "minutes_a_week": round(effort.minutes_a_week, 1),
                "minutes_per_approval": effort.minutes_per_approval, "changes": len(self.replay.changes),
                "unread": list(self.replay.unread), "differing": list(self.replay.differing),
                "halted": [asdict(one) for one in self.halted]}  # fmt: skip


def step_up(principal: Principal, sessions: sessionmaker[Session], engine: Engine, now: datetime, *, days: int = 30,
            agent: str = "", client: str = "", minutes: float = MINUTES_PER_APPROVAL) -> StepUp:  # fmt: skip
    """Decide the decisions of the last days again, as if they bound.

    Args:
        principal: Who asks.
        sessions: On the database of decisions.
        engine: The policies to try.
        now: End of the time.
        days: Its length.
        agent: Only of this agent; empty for all.
        client: Only at this client; empty for all.
        minutes: Minutes of one person for one ask.
    """
    del principal  # every account may read what machines did
    chosen: list[ColumnElement[bool]] = [ActionDecision.at >= now - timedelta(days=days), ActionDecision.at < now]
    chosen += [ActionDecision.agent == agent] if agent else []
    chosen += [ActionDecision.client_id == client] if client else []
    with sessions() as session:
        last = select(ActionDecision.at).where(*chosen).order_by(ActionDecision.at.desc()).offset(MOST_READ).limit(1)
        cut = session.scalar(last)
        since = cut + timedelta(microseconds=1) if cut else now - timedelta(days=days)
        rows = recorded(session, since, now, agent=agent or None, client=client or None)
        found = replay(rows, engine, minutes_per_approval=minutes)
        first = session.scalar(select(ActionDecision.at).where(*chosen, ActionDecision.at >= since)
                               .order_by(ActionDecision.at).limit(1))  # fmt: skip
        halted = _halted(session, found, [*chosen, ActionDecision.at >= since])
        changed = _named(session, {c.decision_id: (c.after[0].value, c.reasons[0])
                                   for c in sorted(found.changes, key=lambda c: c.at)[-MOST_SHOWN:]})  # fmt: skip
    return StepUp(found, first, cut is None, halted, {one.decision_id: one for one in changed})


def _halted(session: Session, found: Replay, chosen: list[ColumnElement[bool]]) -> tuple[Brief, ...]:
    """As recorded where nothing changed, as replayed where something did."""
    changed = {change.decision_id: change for change in found.changes}
    told: dict[str, tuple[str, str]] = {}
    for word in (Outcome.DENY.value, Outcome.APPROVE.value):
        now = {key: c for key, c in changed.items() if c.after[0] == word}
        newest = sorted(now.values(), key=lambda c: c.at, reverse=True)[:MOST_SHOWN]
        told |= {c.decision_id: (word, c.reasons[0]) for c in newest}
        wanted = select(ActionDecision.decision_id).where(*chosen, ActionDecision.judged == word)
        rows = session.scalars(wanted.order_by(ActionDecision.at.desc()).limit(MOST_SHOWN + len(changed)))
        told |= {key: (word, "") for key in rows if key not in changed}
    named = _named(session, told)
    order = sorted(named, key=lambda one: one.at, reverse=True)
    return tuple(sorted(order, key=lambda one: one.outcome != Outcome.DENY.value)[:MOST_SHOWN])


def _named(session: Session, told: Mapping[str, tuple[str, str]]) -> list[Brief]:
    """Acts by id, with what becomes of them and why; the reason as recorded where none is given."""
    found = []
    keys = [*told]
    for start in range(0, len(keys), 500):
        wanted = select(ActionDecision).where(ActionDecision.decision_id.in_(keys[start : start + 500]))
        for row in session.scalars(wanted):
            outcome, why = told[row.decision_id]
            why = why or _reason(record_of(row))
            found.append(brief(row, outcome, why))
    return found


def _reason(told: Mapping[str, Any]) -> str:
    """What put an act where it stands: the catalogue where no policy raised it further, else the gravest policy."""
    own = told["inputs"]["why"]
    return str(own[0] if own and told["inputs"]["tier"] == told["tier"] else told["reasons"][0])
