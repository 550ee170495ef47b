"""What *This week* asks about agents: answers that are waited for, acts nobody heard of again, machines nobody answers for."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy.orm import Session, sessionmaker

from cadre.access.right import may
from cadre.reports.agents.approvals import inbox
from cadre.reports.agents.board import DAYS, acts_outside
from cadre.reports.agents.tally import OPEN, incidents
from cadre.reports.release import Gate
from cadre.reports.week.agenda import AgendaItem
from cadre.warehouse import Snapshot

_MINUTES = 2
"""Of one look at one kind of ask, or at one act."""


def agent_matters(
    gate: Gate, snapshot: Snapshot, sessions: sessionmaker[Session], now: datetime
) -> Iterator[AgendaItem]:
    """Answers that agents wait for, acts that want somebody to look, acts outside of the gate that nobody answers for; one item each."""
    if not may(gate.principal, "action:approve"):
        return
    groups = inbox(gate.principal, sessions, now).groups
    if waiting := [item.approval.approval_id for group in groups for item in group.items]:
        yield AgendaItem(
            kind="agents", key=f"agents:waiting:{_digest(waiting)}",
            happened=f"{_times(len(waiting), 'act of an agent waits', 'acts of agents wait')} for you to say yes or no",
            matters="Without an answer in time each is refused, and the work it belongs to stands still.",
            rows="/approvals", row_count=len(waiting), minutes=min(10, _MINUTES * len(groups)),
            action="Read the exact calls and answer them", weight=90 + min(len(waiting), 5),
        )  # fmt: skip
    with sessions() as session:
        lost = [one for one in incidents(session, now - timedelta(days=DAYS), now) if one.kind in OPEN]
    if lost:
        yield AgendaItem(
            kind="agents", key=f"agents:lost:{_digest([one.decision_id for one in lost])}",
            happened=f"{_times(len(lost), 'act of an agent was', 'acts of agents were')} never heard of again, or let through "
                     "in an emergency that nobody looked at",
            matters="What was let through and not told of may have failed half way at a client.",
            rows="/agents#h-wrong", row_count=len(lost), minutes=min(10, _MINUTES * len(lost)),
            action="Look at the thing itself, and write down what became of it", weight=75 + min(len(lost), 10),
        )  # fmt: skip
    if outside := acts_outside(snapshot, sessions, now):
        count = sum(one.unowned for one in outside)
        tools = sorted(one.tool for one in outside if one.unowned)
        if count:
            yield AgendaItem(
                kind="agents", key=f"agents:outside:{_digest(tools)}",
                happened=f"{_times(count, 'act', 'acts')} of machines that nobody answers for went past the gate",
                matters="Nobody decided that they may, and nobody would be asked about them.",
                rows="/agents#h-out", row_count=count, minutes=5,
                action="Name who answers for each machine, or end it", weight=65.0,
            )  # fmt: skip


def _digest(keys: list[str]) -> str:
    return hashlib.sha256(" ".join(sorted(keys)).encode()).hexdigest()[:12]


def _times(n: int, one: str, many: str) -> str:
    return f"{n:,} {one if n == 1 else many}"
