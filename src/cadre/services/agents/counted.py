"""What agents did lately, as a process that decides counts it: its own decisions as it makes them, those of others as the log shows them.

Keeps true: what an agent's counts hold is what the log held before one place, and what this process decided since. Where that
is no longer known, the counts are over and are made anew from the record.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from cadre.db.audit_rows import size_of
from cadre.db.governance import ActionDecision, ApprovalAsked, ApprovalStep
from cadre.db.log_shape import Told
from cadre.governance.action import Effect
from cadre.governance.situation import Past
from cadre.governance.tally import KEPT, Tally
from cadre.services.agents.decision_rows import agent_actor
from cadre.services.audit.writer import Ground

_TOGETHER = 500


@dataclass(frozen=True, slots=True)
class Counted:
    """An agent's calls.

    Attributes:
        tally: Counts them.
        ground: How far the log is counted.
    """

    tally: Tally
    ground: Ground


class Counts:
    """The counts of all agents that this process decided for; not for two threads at once.

    Args:
        sessions: On the database of decisions.
    """

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions
        self._held: dict[str, Counted] = {}
        self._actors: set[str] = set()
        self._used: set[str] = set()

    def of(self, agent: str, at: datetime) -> Counted:
        """An agent's counts; from the record, where this process has not seen it before."""
        held = self._held.get(agent)
        if held is None:
            with self._sessions() as session:
                held = self._held[agent] = self._read(session, agent, at - KEPT)
            self._actors.add(agent_actor(agent))
        return held

    def ran(self, agent: str, decision_id: str, call: Past) -> None:
        """Count a call that ran with an approval, where the log has not told it yet."""
        held = self.of(agent, call.at)
        if decision_id not in self._used:
            self._used.add(decision_id)
            held.tally.add(call)

    def heard(self, foreign: list[Told] | None, end: int) -> None:
        """Count what other processes decided.

        Args:
            foreign: Events of theirs; None where they are too many, or nobody knows which: then everything is counted anew.
            end: Size of the log by now.
        """
        try:
            if foreign is not None:
                self._add(foreign, end)
                return
        except SQLAlchemyError:  # it cannot be read now, so nothing is known
            pass
        for held in self._held.values():
            held.ground.is_over = True
        self._held.clear()
        self._used.clear()

    def _add(self, foreign: list[Told], end: int) -> None:
        told = [(place, kind, header) for place, kind, actor, header in foreign if actor in self._actors]
        ids = [_decision(header) for _, _, header in told]
        rows: dict[str, ActionDecision] = {}
        with self._sessions() as session:
            for at in range(0, len(ids), _TOGETHER):
                some = ActionDecision.decision_id.in_(ids[at : at + _TOGETHER])
                rows.update({row.decision_id: row for row in session.scalars(select(ActionDecision).where(some))})
        moved: dict[str, Counted] = {}
        for (place, kind, header), decision_id in zip(told, ids, strict=True):
            row = rows.get(decision_id)
            held = self._held.get(row.agent) if row else None
            if row is None or held is None or place < held.ground.seen:
                continue
            moved[row.agent] = held
            if kind != "approval:used":
                held.tally.add(recorded(row))
            elif decision_id not in self._used:
                self._used.add(decision_id)
                used_at = datetime.fromisoformat(json.loads(header)["at"])
                held.tally.add(replace(recorded(row), at=used_at, is_waiting=False))
        for held in moved.values():
            held.ground.seen = end

    def _read(self, session: Session, agent: str, since: datetime) -> Counted:
        _at_one_instant(session)
        ground = Ground(size_of(session.connection()))
        rows = session.scalars(select(ActionDecision).where(ActionDecision.agent == agent, ActionDecision.at > since))
        done = session.execute(
            select(ActionDecision, ApprovalStep.at)
            .join(ApprovalAsked, ApprovalAsked.decision_id == ActionDecision.decision_id)
            .join(ApprovalStep, ApprovalStep.approval_id == ApprovalAsked.approval_id)
            .where(ActionDecision.agent == agent, ApprovalStep.what == "used", ApprovalStep.at > since)
        )  # fmt: skip
        calls = [recorded(row) for row in rows]
        for row, used_at in done:
            calls.append(replace(recorded(row), at=used_at, is_waiting=False))
            self._used.add(row.decision_id)
        return Counted(_tallied(calls), ground)


def recorded(row: ActionDecision) -> Past:
    """A call as its record tells it."""
    inputs = json.loads(row.record)["inputs"]
    facts = inputs["facts"]
    effects = tuple(Effect(name) for name in inputs["effects"] if name != "unknown")
    return Past(row.at, row.client_id, row.task, effects, tuple(facts["data_classes"]), facts.get("cost_cents"),
                is_refused=row.answered == "deny", is_waiting=row.answered == "approve")  # fmt: skip


def _tallied(calls: Iterable[Past]) -> Tally:
    made = Tally()
    for call in sorted(calls, key=lambda call: call.at):
        made.add(call)
    return made


def _decision(header: str) -> str:
    keys: list[str] = json.loads(header)["objects"]
    return next((key.removeprefix("decision:") for key in keys if key.startswith("decision:")), "")


def _at_one_instant(session: Session) -> None:
    """Let all that is read belong to one state of the database."""
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("BEGIN")
    else:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
