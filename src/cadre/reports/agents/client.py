"""What agents did for one client: what ran, what was refused, what went wrong, what changed in the rules, who answers.

Keeps true: what was only observed is said first, since nothing was blocked there; a count names its days; what no source tells is
printed as not told. The list of clients names those with agents' acts or settings, and nobody else.
"""

import json
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from cadre.access.principal import Principal
from cadre.access.right import require
from cadre.db.governance import ActionDecision, ApprovalAsked, ApprovalStep, GovernanceSetting
from cadre.db.machines import RegisteredMachine
from cadre.errors import NotFoundError
from cadre.estimate import Measured
from cadre.governance.action import Outcome
from cadre.reports.agents.called import Called, called
from cadre.reports.agents.govern_words import told as in_words
from cadre.reports.agents.governing import Setting
from cadre.reports.agents.tally import Incident, Tally, autonomy, causes, incidents, tallies
from cadre.reports.roster import staff
from cadre.warehouse import Snapshot

DAYS = 30


@dataclass(frozen=True, slots=True)
class ClientRow:
    """A client in the list.

    Attributes:
        client_id: Its key; empty for the firm itself.
        name: As the record writes it.
        asked: Calls that agents wanted to make.
        refused: Those that were refused.
        unbound: Those that would have been asked for or refused, and were only watched.
        autonomy: Share of acts that change something and need nobody's yes.
        last_at: When the newest was; None where there was none.
    """

    client_id: str
    name: str
    asked: int
    refused: int
    unbound: int
    autonomy: Measured
    last_at: datetime | None

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {**asdict(self), "autonomy": self.autonomy.json()}


@dataclass(frozen=True, slots=True)
class Did:
    """What one tool was used for at a client.

    Attributes:
        tool: Its name.
        agents: Names of those that used it.
        alone: Times it ran and nobody had to be asked.
        approved: Times it ran after somebody said yes.
        refused: Times it was refused, by a rule, a person or silence.
        waiting: Times that wait for an answer now.
        watched: Times it ran only because the agent is watched and not yet held.
    """

    tool: str
    agents: tuple[str, ...]
    alone: int
    approved: int
    refused: int
    waiting: int
    watched: int


@dataclass(frozen=True, slots=True)
class Answers:
    """Who answers for an agent.

    Attributes:
        agent: Its key.
        name: Its name.
        owner: Name of whoever on the staff answers for it; empty where nobody does.
        purpose: What it is for.
        calls: How many calls it asked for here.
    """

    agent: str
    name: str
    owner: str
    purpose: str
    calls: int


@dataclass(frozen=True, slots=True)
class Changed:
    """A setting that was made in the time, for this client or all.

    Attributes:
        at: When.
        what: Its kind, and what it is about.
        value: As it was set; `ended` where it was ended.
        told: The same in a sentence.
        by: Key of who decided.
        reason: Why, in their words.
    """

    at: datetime
    what: str
    value: str
    told: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class ClientReport:
    """What agents did for one client.

    Attributes:
        row: Its counts.
        since: Beginning of the time.
        until: Its end.
        reads: Calls that only read.
        did: What changed or would have, by tool, the most first.
        refusals: Cause, how often, and the newest decision with it.
        incidents: What went wrong, the newest first.
        changes: What was set, the newest first.
        answers: Who answers for the agents.
        names: What keys are called.
    """

    row: ClientRow
    since: datetime
    until: datetime
    reads: int
    did: tuple[Did, ...]
    refusals: tuple[tuple[str, int, str], ...]
    incidents: tuple[Incident, ...]
    changes: tuple[Changed, ...]
    answers: tuple[Answers, ...]
    names: Called

    @property
    def ran(self) -> int:
        """Acts that changed something."""
        return sum(one.alone + one.approved + one.watched for one in self.did)

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        told = {
            name: [asdict(one) for one in getattr(self, name)] for name in ("did", "incidents", "changes", "answers")
        }
        refusals = [{"cause": cause, "count": count, "decision_id": key} for cause, count, key in self.refusals]
        return {**self.row.json(), "since": self.since, "until": self.until, "reads": self.reads, "ran": self.ran,
                "refusals": refusals, **told}  # fmt: skip


def clients(principal: Principal, sessions: sessionmaker[Session], snapshot: Snapshot, *,
            now: datetime) -> tuple[ClientRow, ...]:  # fmt: skip
    """Clients at which agents asked for anything within the days, the worst news first.

    Args:
        principal: An owner or manager.
        sessions: On the database of decisions.
        snapshot: The record, which knows the clients' names.
        now: End of the time.

    Raises:
        ForbiddenError: They may not.
    """
    require(principal, "machine:manage")
    names = called(sessions, snapshot)
    with sessions() as session:
        rows = tallies(session, now - timedelta(days=DAYS), now)
    by: dict[str, list[Tally]] = {}
    for row in rows:
        by.setdefault(row.client_id, []).append(row)
    made = [_row(key, names, some) for key, some in by.items()]
    return tuple(sorted(made, key=lambda row: (-row.unbound, -row.refused, -row.asked, row.name)))


def client_report(principal: Principal, sessions: sessionmaker[Session], snapshot: Snapshot, told: str, *,
                  now: datetime) -> ClientReport:  # fmt: skip
    """What agents did for one client within the days.

    Args:
        principal: An owner or manager.
        sessions: On the database of decisions.
        snapshot: The record.
        told: The client's key or name.
        now: End of the time.

    Raises:
        ForbiddenError: They may not.
        NotFoundError: No client is called so.
    """
    require(principal, "machine:manage")
    names = called(sessions, snapshot)
    since = now - timedelta(days=DAYS)
    with sessions() as session:
        key = client_key(session, names, told)
        rows = tallies(session, since, now, key)
        said = _said(session, since, now, key)
        return ClientReport(
            _row(key, names, rows), since, now, sum(row.count for row in rows if row.is_read),
            _did(rows, said, names), causes(session, since, now, key), incidents(session, since, now, key),
            _changes(session, since, key, names, snapshot.firm.zone), _answers(session, snapshot, rows, names), names,
        )  # fmt: skip


def client_key(session: Session, names: Called, told: str) -> str:
    """A client's key from its key or name.

    Raises:
        NotFoundError: None is meant, or several are.
    """
    if told in names.clients:
        return told
    found = [key for key, name in names.clients.items() if name.casefold() == told.casefold()]
    if len(found) == 1:
        return found[0]
    if not found and session.scalar(
        select(ActionDecision.decision_id).where(ActionDecision.client_id == told).limit(1)
    ):
        return told
    raise NotFoundError(
        f"{len(found) or 'no'} clients have that key or name", hint="See /clients, or `cadre client list`."
    )


def _row(key: str, names: Called, rows: list[Tally] | tuple[Tally, ...]) -> ClientRow:
    return ClientRow(
        key, names.client(key), sum(row.count for row in rows),
        sum(row.count for row in rows if row.answered == Outcome.DENY.value),
        sum(row.count for row in rows if row.is_unbound), autonomy(rows),
        max((row.last_at for row in rows), default=None),
    )  # fmt: skip


def _said(session: Session, since: datetime, now: datetime, key: str) -> dict[str, Counter[str]]:
    """Tool -> how asks ended: used, waiting, or neither."""
    used = select(ApprovalStep.id).where(
        ApprovalStep.approval_id == ApprovalAsked.approval_id, ApprovalStep.what == "used"
    ).exists()  # fmt: skip
    no = select(ApprovalStep.id).where(
        ApprovalStep.approval_id == ApprovalAsked.approval_id, ApprovalStep.what.in_(("no", "lapsed"))
    ).exists()  # fmt: skip
    met: dict[str, Counter[str]] = {}
    for tool, is_used, is_no, until in session.execute(
        select(ActionDecision.tool, used, no, ApprovalAsked.expires_at)
        .join(ActionDecision, ActionDecision.decision_id == ApprovalAsked.decision_id)
        .where(ActionDecision.client_id == key, ActionDecision.at >= since)
    ):
        state = "used" if is_used else "refused" if is_no or until <= now else "waiting"
        met.setdefault(tool, Counter())[state] += 1
    return met


def _did(rows: tuple[Tally, ...], said: dict[str, Counter[str]], names: Called) -> tuple[Did, ...]:
    by: dict[str, list[Tally]] = {}
    for row in rows:
        if not row.is_read:
            by.setdefault(row.tool, []).append(row)
    made = []
    for tool, some in by.items():
        asks = said.get(tool, Counter())
        denied = sum(row.count for row in some if row.answered == Outcome.DENY.value)
        alone = sum(row.count for row in some if row.answered == Outcome.ALLOW.value and row.is_alone)
        made.append(Did(tool, tuple(sorted({names.agent(row.agent) for row in some})), alone, asks["used"],
                        denied + asks["refused"], asks["waiting"], sum(row.count for row in some if row.is_unbound)))  # fmt: skip
    return tuple(sorted(made, key=lambda one: (-one.refused, -one.alone - one.approved, one.tool)))


def _changes(session: Session, since: datetime, key: str, names: Called, zone: str) -> tuple[Changed, ...]:
    rows = session.scalars(
        select(GovernanceSetting)
        .where(GovernanceSetting.decided_at >= since, GovernanceSetting.client_id.in_(("", key)))
        .order_by(GovernanceSetting.id.desc()).limit(50)
    )  # fmt: skip
    return tuple(
        Changed(row.decided_at, " ".join(one for one in (row.kind, row.agent, row.key) if one),
                "ended" if row.value == "null" else row.value, in_words(_setting(row), names, zone), row.decided_by, row.reason)
        for row in rows
    )  # fmt: skip


def _setting(row: GovernanceSetting) -> Setting:
    return Setting(
        row.kind, row.agent, row.client_id, row.key, json.loads(row.value), row.decided_by, row.decided_at, row.reason
    )


def _answers(session: Session, snapshot: Snapshot, rows: tuple[Tally, ...], names: Called) -> tuple[Answers, ...]:
    calls: Counter[str] = Counter()
    for row in rows:
        calls[row.agent] += row.count
    people = {one.person_id: one.name for one in staff(snapshot) if one.left_on is None}
    known = {one.key: one for one in session.scalars(
        select(RegisteredMachine).where(RegisteredMachine.key.in_(calls), func.length(RegisteredMachine.key) > 0)
    )}  # fmt: skip
    made = []
    for key, count in calls.most_common():
        one = known.get(key)
        owner = people.get(one.owner_person_id or "", "") if one else ""
        made.append(Answers(key, names.agent(key), owner, one.purpose if one else "", count))
    return tuple(made)


def headline(found: ClientReport) -> str:
    """What is said first: what nobody held back, else what went wrong, else what was done."""
    name = found.row.name
    if not found.row.asked:
        return f"No AI agent asked for anything at {name} in {DAYS} days"
    did = f"{_acts(found.ran)} at {name} in {DAYS} days"
    if found.row.unbound:
        return f"{did}, {found.row.unbound:,} of them without the yes that the rules ask for, because the agent is only watched"
    if found.incidents:
        return f"{did}, {len(found.incidents):,} of them with something to look at"
    return f"{did}, and {found.row.refused:,} refused"


def _acts(n: int) -> str:
    return f"AI changed something {n:,} {'time' if n == 1 else 'times'}"
