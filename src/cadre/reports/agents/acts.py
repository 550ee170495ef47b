"""What agents wanted and what became of it, from the database: to replay, to read one by one, to see what waits or is silent."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from cadre.access.principal import Principal
from cadre.db.governance import ActionDecision, ActionReport, ActionRequest, ApprovalAsked, ApprovalStep
from cadre.governance.action import Effect, Outcome
from cadre.governance.outcome import Aftermath, Report, State, Told, aftermath
from cadre.governance.replay import MINUTES_PER_APPROVAL, Recorded, Replay, replay
from cadre.policy.engine import Engine


@dataclass(frozen=True, slots=True)
class Act:
    """One call as it was decided.

    Attributes:
        decision_id: Its id.
        at: When.
        agent: Its key.
        client_id: Whose environment; empty for the firm itself.
        task: As the agent named it.
        tool: Name.
        answered: What the agent was told.
        judged: What it would be told if enforced.
        tier: By name.
        reasons: Sentences a person can read.
        rules: Policies that forbade or raised.
        mode: How far the decision bound.
        arguments: Canonical JSON; None where they were erased or could not be written down.
        steps: What was answered and whether it was used: what, by whom, when.
        aftermath: How it stands; None where it was not let through, or only reads.
    """

    decision_id: str
    at: datetime
    agent: str
    client_id: str
    task: str
    tool: str
    answered: str
    judged: str
    tier: str
    reasons: tuple[str, ...]
    rules: tuple[str, ...]
    mode: str
    arguments: str | None
    steps: tuple[tuple[str, str, datetime], ...]
    aftermath: Aftermath | None


def recorded(session: Session, since: datetime, until: datetime, *, agent: str | None = None,
             client: str | None = None) -> Iterator[Recorded]:  # fmt: skip
    """Decisions of a time, the oldest first, of one agent or client where named."""
    wanted = select(ActionDecision.decision_id, ActionDecision.at, ActionDecision.record).where(
        ActionDecision.at >= since, ActionDecision.at < until
    )
    if agent is not None:
        wanted = wanted.where(ActionDecision.agent == agent)
    if client is not None:
        wanted = wanted.where(ActionDecision.client_id == client)
    for decision_id, at, text in session.execute(wanted.order_by(ActionDecision.at).execution_options(yield_per=1000)):
        yield Recorded(decision_id, at, text)


def replayed(principal: Principal, sessions: sessionmaker[Session], engine: Engine, now: datetime, *, days: int = 30,
             agent: str | None = None, client: str | None = None,
             minutes_per_approval: float = MINUTES_PER_APPROVAL) -> Replay:  # fmt: skip
    """What policies would have decided over the last days: what stepping up to enforce would stop and ask.

    Args:
        principal: Who asks.
        sessions: On the database of decisions.
        engine: The policies to try.
        now: End of the time.
        days: Its length.
        agent: Only of this agent.
        client: Only at this client.
        minutes_per_approval: Minutes of one person for one ask.
    """
    del principal  # every account may read what machines did
    with sessions() as session:
        rows = recorded(session, now - timedelta(days=days), now, agent=agent, client=client)
        return replay(rows, engine, minutes_per_approval=minutes_per_approval)


def acts(principal: Principal, sessions: sessionmaker[Session], now: datetime, *, decision_id: str | None = None,
         client: str | None = None, most: int = 200) -> tuple[Act, ...]:  # fmt: skip
    """The newest acts, the newest first.

    Args:
        principal: Who asks.
        sessions: On the database of decisions.
        now: Held against the time in which an outcome is due.
        decision_id: Only this one.
        client: Only at this client.
        most: How many at most.
    """
    del principal
    wanted = select(ActionDecision, ActionRequest.arguments).outerjoin(
        ActionRequest, ActionRequest.decision_id == ActionDecision.decision_id
    )
    if decision_id is not None:
        wanted = wanted.where(ActionDecision.decision_id == decision_id)
    if client is not None:
        wanted = wanted.where(ActionDecision.client_id == client)
    with sessions() as session:
        rows = session.execute(wanted.order_by(ActionDecision.at.desc()).limit(most)).all()
        ids = [row.decision_id for row, _ in rows]
        steps, reports = _steps(session, ids), _reports(session, ids)
    return tuple(_act(row, arguments, steps[row.decision_id], reports[row.decision_id], now) for row, arguments in rows)


def silent(principal: Principal, sessions: sessionmaker[Session], now: datetime, *, days: int = 30,
           most: int = 500) -> tuple[Act, ...]:  # fmt: skip
    """Acts of the last days that were let through and of which nobody heard again in time, the newest first."""
    del principal
    unheard = ~select(ActionReport.id).where(
        ActionReport.decision_id == ActionDecision.decision_id, ActionReport.told != Told.ATTEMPTED.value
    ).exists()  # fmt: skip
    wanted = select(ActionDecision, ActionRequest.arguments).outerjoin(
        ActionRequest, ActionRequest.decision_id == ActionDecision.decision_id
    ).where(ActionDecision.at >= now - timedelta(days=days), ActionDecision.answered != Outcome.DENY.value, unheard)  # fmt: skip
    found: list[Act] = []
    with sessions() as session:
        for row, arguments in session.execute(
            wanted.order_by(ActionDecision.at.desc()).execution_options(yield_per=500)
        ):
            steps = _steps(session, [row.decision_id])[row.decision_id] if row.answered != Outcome.ALLOW.value else []
            act = _act(row, arguments, steps, [], now)
            if act.aftermath is not None and act.aftermath.state == State.SILENT:
                found.append(act)
            if len(found) >= most:
                break
    return tuple(found)


def record_of(row: ActionDecision) -> dict[str, Any]:
    """The decision as it was recorded."""
    told: dict[str, Any] = json.loads(row.record)
    return told


def _steps(session: Session, ids: list[str]) -> dict[str, list[ApprovalStep]]:
    found: dict[str, list[ApprovalStep]] = defaultdict(list)
    for decision_id, step in session.execute(
        select(ApprovalAsked.decision_id, ApprovalStep)
        .join(ApprovalStep, ApprovalStep.approval_id == ApprovalAsked.approval_id)
        .where(ApprovalAsked.decision_id.in_(ids)).order_by(ApprovalStep.id)
    ):  # fmt: skip
        found[decision_id].append(step)
    return found


def _reports(session: Session, ids: list[str]) -> dict[str, list[Report]]:
    found: dict[str, list[Report]] = defaultdict(list)
    for row in session.scalars(select(ActionReport).where(ActionReport.decision_id.in_(ids))):
        found[row.decision_id].append(Report(row.decision_id, Told(row.told), row.at, row.by, row.after_digest,
                                             row.is_undo_offered))  # fmt: skip
    return found


def _act(row: ActionDecision, arguments: str | None, steps: list[ApprovalStep], reports: list[Report],
         now: datetime) -> Act:  # fmt: skip
    told = record_of(row)
    used_at = next((step.at for step in steps if step.what == "used"), None)
    begun = row.at if row.answered == Outcome.ALLOW.value else used_at
    is_read = told["inputs"]["effects"] == [Effect.READ.value]
    stands = aftermath(begun, f"agent:{row.agent}", reports, now) if begun and not is_read else None
    return Act(row.decision_id, row.at, row.agent, row.client_id, row.task, row.tool, row.answered, row.judged, row.tier,
               tuple(told["reasons"]), tuple(told["policy_ids"]), told["inputs"]["mode"], arguments or None,
               tuple((step.what, step.by, step.at) for step in steps), stands)  # fmt: skip
