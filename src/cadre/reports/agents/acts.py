"""What agents wanted and what became of it, from the database: to replay, to read one by one, to see what waits or is silent."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, sessionmaker

from cadre.access.principal import Principal
from cadre.db.governance import CHANGES, READS, ActionDecision, ActionReport, ActionRequest, ApprovalAsked, ApprovalStep
from cadre.governance.action import Effect, Outcome
from cadre.governance.outcome import Aftermath, Report, Told, aftermath
from cadre.governance.replay import MINUTES_PER_APPROVAL, Recorded, Replay, replay
from cadre.policy.engine import Engine
from cadre.reports.agents.tally import count_unheard, unheard


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


SILENT = "silent"
"""Asks for acts that were let through and of which nobody heard in time."""
_SILENT_DAYS = 30


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which acts.

    Attributes:
        found: Answered so: allow, approve or deny; or `silent`. All where empty.
        client: At this client alone.
        agent: Of this agent alone.
        before: Id of a decision; only older ones than it.
    """

    found: str = ""
    client: str = ""
    agent: str = ""
    before: str = ""


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
         wanted: Wanted = Wanted(), most: int = 200) -> tuple[Act, ...]:  # fmt: skip
    """The newest acts, the newest first.

    Args:
        principal: Who asks.
        sessions: On the database of decisions.
        now: Held against the time in which an outcome is due.
        decision_id: Only this one.
        wanted: Which.
        most: How many at most.
    """
    del principal
    with sessions() as session:
        ids = _newest(session, wanted, now, most) if decision_id is None else [decision_id]
        whole = select(ActionDecision, ActionRequest.arguments).outerjoin(
            ActionRequest, ActionRequest.decision_id == ActionDecision.decision_id
        ).where(ActionDecision.decision_id.in_(ids))  # fmt: skip
        rows = session.execute(whole.order_by(ActionDecision.at.desc(), ActionDecision.decision_id.desc())).all()
        steps, reports = _steps(session, ids), _reports(session, ids)
    return tuple(_act(row, arguments, steps[row.decision_id], reports[row.decision_id], now) for row, arguments in rows)


def counts(
    principal: Principal, sessions: sessionmaker[Session], now: datetime, wanted: Wanted, *, days: int = 30
) -> Mapping[str, int]:
    """How many acts of the last days were answered how, and how many nobody heard of again; in all under an empty word."""
    del principal
    since = now - timedelta(days=days)
    own = _place(wanted)
    met: dict[str, int] = defaultdict(int)
    with sessions() as session:
        for kind in (CHANGES, READS):
            by = select(ActionDecision.answered, func.count()).where(ActionDecision.at >= since, kind, *own)
            for answered, n in session.execute(by.group_by(ActionDecision.answered)):
                met[answered] += n
                met[""] += n
        met["silent"] = count_unheard(session, since, now, own)
    return met


def _place(wanted: Wanted) -> list[ColumnElement[bool]]:
    pairs = ((ActionDecision.agent, wanted.agent), (ActionDecision.client_id, wanted.client))
    return [column == word for column, word in pairs if word]


def _newest(session: Session, wanted: Wanted, now: datetime, most: int) -> list[str]:
    own = _place(wanted)
    if wanted.before:
        last = session.scalar(select(ActionDecision.at).where(ActionDecision.decision_id == wanted.before))
        if last is not None:
            same = and_(ActionDecision.at == last, ActionDecision.decision_id < wanted.before)
            own.append(or_(ActionDecision.at < last, same))
    if wanted.found == SILENT:
        return unheard(session, now - timedelta(days=_SILENT_DAYS), now, own, most)
    if wanted.found:
        own.append(ActionDecision.answered == wanted.found)
    order = (ActionDecision.at.desc(), ActionDecision.decision_id.desc())
    # Each half out of its own index: over both at once the database would read and sort all that was ever decided.
    halves = [session.execute(select(ActionDecision.at, ActionDecision.decision_id).where(*own, kind)
                              .order_by(*order).limit(most)).all() for kind in (CHANGES, READS)]  # fmt: skip
    return [key for _, key in sorted(((at, key) for half in halves for at, key in half), reverse=True)[:most]]


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
