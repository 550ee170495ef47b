"""All agents on one page: how much runs alone, what waits, what was refused, what went wrong, what acts outside of the gate.

Keeps true: shares carry their interval and n, and no number is about a person; acts outside the gate are those of the record
without a decision's id. What no source tells is said.
"""

from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import dropwhile
from statistics import median
from typing import Any

from sqlalchemy import case, extract, func, select
from sqlalchemy.orm import Session, sessionmaker

from cadre.access.principal import Principal
from cadre.db.governance import ApprovalAsked, ApprovalStep
from cadre.db.machines import RegisteredMachine
from cadre.estimate import Measured
from cadre.governance.action import Outcome
from cadre.governance.approval import State
from cadre.reports.agents.approvals import open_approvals
from cadre.reports.agents.called import Called, called
from cadre.reports.agents.governing import Setting, governing
from cadre.reports.agents.tally import (
    MOST_INCIDENTS,
    OPEN,
    Incident,
    Tally,
    autonomy,
    causes,
    incidents,
    tallies,
    weeks,
)
from cadre.reports.kept import kept
from cadre.reports.roster import staff
from cadre.warehouse import Snapshot

DAYS = 30
_MOST = 30


@dataclass(frozen=True, slots=True)
class Group:
    """Acts of one agent, at one client or with one tool.

    Attributes:
        key: Of the agent, client or tool.
        name: As it is called.
        changes: Calls that change something.
        reads: Calls that only read.
        refused: Calls that were refused.
        autonomy: Share of the changes that need nobody's yes.
        mode: Of an agent where nothing else is set for a client; empty for others.
        is_owned: Whether somebody on the staff answers for an agent; always for others.
    """

    key: str
    name: str
    changes: int
    reads: int
    refused: int
    autonomy: Measured
    mode: str = ""
    is_owned: bool = True

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {**asdict(self), "autonomy": self.autonomy.json()}


@dataclass(frozen=True, slots=True)
class Waited:
    """How long asks took.

    Attributes:
        waiting: Asks that nobody answered yet and that have not lapsed.
        oldest_at: When the oldest of them was asked; None where none waits.
        answered: Asks that got their last answer within the days.
        lapsed: Asks that nobody answered in time.
        middle_minutes: Minutes from ask to the last answer, the middle one; None without any.
        slow_minutes: The same, of which nine in ten were faster.
    """

    waiting: int
    oldest_at: datetime | None
    answered: int
    lapsed: int
    middle_minutes: float | None
    slow_minutes: float | None


@dataclass(frozen=True, slots=True)
class Outside:
    """Acts of the record that went through no decision here.

    Attributes:
        tool: As the source names it.
        clients: Names of the clients; empty where not told.
        count: How many.
        unowned: Those of an account that nobody answers for, or that the source does not tell.
        last_at: When the newest was.
    """

    tool: str
    clients: tuple[str, ...]
    count: int
    unowned: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Board:
    """All agents.

    Attributes:
        since: Beginning of the time.
        until: Its end.
        autonomy: Share of changes that need nobody's yes.
        unbound: Calls that would have been asked for or refused, and were only watched.
        weeks: Beginning of each of the last eight weeks and its share; none before the first act.
        agents: By agent.
        clients: By client.
        tools: By tool, the most used first.
        waited: How long asks took.
        refusals: Cause, how often, and the newest decision with it.
        incidents: What went wrong, the newest first.
        outside: Acts that went through no decision here, the most first.
        switches: Kill switches that are down.
        names: What keys are called.
    """

    since: datetime
    until: datetime
    autonomy: Measured
    unbound: int
    weeks: tuple[tuple[datetime, Measured], ...]
    agents: tuple[Group, ...]
    clients: tuple[Group, ...]
    tools: tuple[Group, ...]
    waited: Waited
    refusals: tuple[tuple[str, int, str], ...]
    incidents: tuple[Incident, ...]
    outside: tuple[Outside, ...]
    switches: tuple[Setting, ...]
    names: Called

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        refusals = [{"cause": cause, "count": count, "decision_id": key} for cause, count, key in self.refusals]
        groups = {name: [one.json() for one in getattr(self, name)] for name in ("agents", "clients", "tools")}
        plain = {name: [asdict(one) for one in getattr(self, name)] for name in ("incidents", "outside", "switches")}
        return {"since": self.since, "until": self.until, "autonomy": self.autonomy.json(), "unbound": self.unbound,
                "weeks": [{"since": at, "autonomy": one.json()} for at, one in self.weeks],
                "waited": asdict(self.waited), "refusals": refusals, **groups, **plain}  # fmt: skip


def board(principal: Principal, sessions: sessionmaker[Session], snapshot: Snapshot, *, now: datetime) -> Board:
    """All agents over the last days.

    Args:
        principal: Who asks; every account may read what machines did.
        sessions: On the database of decisions.
        snapshot: The record, for names and for acts outside of the gate.
        now: End of the time.
    """
    names, since = called(sessions, snapshot), now - timedelta(days=DAYS)
    held = governing(principal, sessions)
    modes = {one.agent: str(one.value) for one in held if one.kind == "mode" and not one.client_id}
    here = {one.person_id for one in staff(snapshot) if one.left_on is None}
    with sessions() as session:
        rows = tallies(session, since, now)
        owned = _owned(session, here)
        agents = [
            _group(key, names.agent(key), some, modes.get(key, modes.get("", "enforce")), is_owned=key in owned)
            for key, some in _by(rows, "agent").items()
        ]
        return Board(
            since, now, autonomy(rows), sum(row.count for row in rows if row.is_unbound),
            tuple(dropwhile(lambda week: week[1].n == 0, weeks(session, now))), _sorted(agents),
            _sorted([_group(key, names.client(key), some) for key, some in _by(rows, "client_id").items()]),
            _sorted([_group(key, key, some) for key, some in _by(rows, "tool").items()
                     if not all(row.is_read for row in some)])[:_MOST],
            _waited(session, since, now), causes(session, since, now), incidents(session, since, now),
            _outside(snapshot, since, names, here, owned), tuple(one for one in held if one.kind == "switch"), names,
        )  # fmt: skip


def headline(found: Board) -> str:
    """What is said first, the worst news first."""
    if found.switches:
        return "Agents are switched off" + (
            "" if any(not s.agent and not s.client_id for s in found.switches) else " in part"
        )
    if not found.agents and not found.outside:
        return "No agent has asked for anything in thirty days"
    lost = sum(one.kind in OPEN for one in found.incidents)
    if lost:
        many = f"{lost:,} or more" if len(found.incidents) >= MOST_INCIDENTS else f"{lost:,}"
        return f"{many} {'act wants' if lost == 1 else 'acts want'} somebody to look: never heard of again, or an emergency"
    outside = sum(one.unowned for one in found.outside)
    if outside:
        return (
            f"{outside:,} {'act' if outside == 1 else 'acts'} outside of the gate by machines that nobody answers for"
        )
    if found.waited.waiting:
        return f"{found.waited.waiting:,} {'act waits' if found.waited.waiting == 1 else 'acts wait'} for somebody to say yes or no"
    return "Nothing waits, and every act that ran was heard of again"


def acts_outside(snapshot: Snapshot, sessions: sessionmaker[Session], now: datetime) -> tuple[Outside, ...]:
    """Acts of the last days that went through no decision here, those nobody answers for first."""
    here = {one.person_id for one in staff(snapshot) if one.left_on is None}
    with sessions() as session:
        owned = _owned(session, here)
    return _outside(snapshot, now - timedelta(days=DAYS), called(sessions, snapshot), here, owned)


def _owned(session: Session, here: set[str]) -> set[str]:
    rows = session.execute(select(RegisteredMachine.key, RegisteredMachine.owner_person_id))
    return {key for key, owner in rows if owner in here}


def _by(rows: tuple[Tally, ...], name: str) -> dict[str, list[Tally]]:
    made: dict[str, list[Tally]] = defaultdict(list)
    for row in rows:
        made[getattr(row, name)].append(row)
    return made


def _group(key: str, name: str, rows: list[Tally], mode: str = "", *, is_owned: bool = True) -> Group:
    return Group(
        key, name, sum(row.count for row in rows if not row.is_read), sum(row.count for row in rows if row.is_read),
        sum(row.count for row in rows if row.answered == Outcome.DENY.value), autonomy(rows), mode, is_owned,
    )  # fmt: skip


def _sorted(groups: list[Group]) -> tuple[Group, ...]:
    return tuple(sorted(groups, key=lambda one: (one.is_owned, -one.changes, -one.reads, one.name)))


def _waited(session: Session, since: datetime, now: datetime) -> Waited:
    last = (
        select(func.max(ApprovalStep.at))
        .where(ApprovalStep.approval_id == ApprovalAsked.approval_id, ApprovalStep.what.in_(("yes", "no", "glass")))
        .scalar_subquery()
    )
    took, over = _minutes(session, ApprovalAsked.asked_at, last), case((ApprovalAsked.expires_at <= now, 1), else_=0)
    asked = session.execute(select(took, over).where(ApprovalAsked.asked_at >= since)).all()
    pending = [one for one in open_approvals(session, now) if one.state(now) is State.PENDING]
    minutes = sorted(round(float(one), 3) for one, _ in asked if one is not None)
    return Waited(
        len(pending), min((one.asked_at for one in pending), default=None), len(minutes),
        sum(is_over for one, is_over in asked if one is None),
        median(minutes) if minutes else None, minutes[int(0.9 * (len(minutes) - 1))] if minutes else None,
    )  # fmt: skip


def _minutes(session: Session, begun: Any, ended: Any) -> Any:
    """Minutes between two instants, by the database: reading both of thousands of asks takes longer than all else here."""
    if session.get_bind().dialect.name == "sqlite":
        return (func.julianday(ended) - func.julianday(begun)) * 1440
    return extract("epoch", ended - begun) / 60


def _outside(
    snapshot: Snapshot, since: datetime, names: Called, here: set[str], registered: set[str]
) -> tuple[Outside, ...]:
    rows = [row for row in kept(snapshot, "acts outside", lambda: _acts(snapshot)) if row["last"] >= since]
    if not rows:
        return ()
    owned = _owned_accounts(snapshot, here, registered)
    by: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by[row["tool"]].append(row)
    made = [
        Outside(
            tool, tuple(sorted({names.clients.get(row["client_id"], row["client_id"]) for row in some if row["client_id"]})),
            sum(row["n"] for row in some), sum(row["n"] for row in some if row["account_id"] not in owned),
            max(row["last"] for row in some),
        )
        for tool, some in by.items()
    ]  # fmt: skip
    return tuple(sorted(made, key=lambda one: (-one.unowned, -one.count, one.tool))[:_MOST])


def _acts(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Acts of the record that carry no decision's id, by tool, client, account and day."""
    acts = snapshot.table("agent_actions")
    day = acts.occurred_at.date().name("day")
    return snapshot.rows(
        acts.filter(acts.decision_id.isnull())
        .group_by("tool", "client_id", "account_id", day)
        .agg(n=acts.tool.count(), last=acts.occurred_at.max())
    )


def _owned_accounts(snapshot: Snapshot, here: set[str], registered: set[str]) -> set[str]:
    """Accounts of machines for which the register or their source names somebody who is still on the staff."""
    owner, machines = kept(snapshot, "accounts of machines", lambda: _accounts(snapshot))
    return {
        row["account_id"] for row in machines
        if row["machine_id"] in registered or any(owner.get(one) in here for one in row["owner_account_ids"] or ())
    }  # fmt: skip


def _accounts(snapshot: Snapshot) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """Account -> person, and every machine with its accounts."""
    joined = snapshot.table("person_accounts").select("account_id", "person_id")
    machines = snapshot.table("machine_identities").select("machine_id", "account_id", "owner_account_ids")
    return {row["account_id"]: row["person_id"] for row in snapshot.rows(joined)}, snapshot.rows(machines)
