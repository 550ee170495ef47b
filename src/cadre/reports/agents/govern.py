"""What governs agents as one page tells it: what is stopped, who is bound how far, who says yes, what was changed lately."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, sessionmaker

from cadre.access.principal import Principal
from cadre.access.right import RIGHTS
from cadre.db.accounts import Account
from cadre.db.governance import ActionDecision
from cadre.db.machines import RegisteredMachine
from cadre.governance.decision import Mode
from cadre.governance.governing import Approvers, Governing
from cadre.reports.agents.called import Called, called
from cadre.reports.agents.governing import Changed, Setting, changes, governing
from cadre.reports.agents.seen import Seen, seen_outside
from cadre.warehouse import Snapshot

DAYS = 30
MODES = {
    "observe": "judges, blocks nothing",
    "advise": "tells the agent, blocks nothing",
    "enforce": "binds",
}
"""Each mode and what it does, the loosest first."""


@dataclass(frozen=True, slots=True)
class Bound:
    """How far decisions bind one agent, at all clients or at one.

    Attributes:
        agent: Its key.
        client: A client with a mode of its own; empty for all others.
        mode: What holds.
        setting: By whom and why; None where nobody said, which enforces.
        acts: Calls in the last 30 days.
        asked: Of these, judged to need somebody's yes.
        refused: Of these, judged not to be allowed.
        outside: Its acts past the gate in the same days, which no mode reaches; counted with all clients.
    """

    agent: str
    client: str
    mode: Mode
    setting: Setting | None
    acts: int
    asked: int
    refused: int
    outside: int = 0

    @property
    def next_mode(self) -> str:
        """One step up; empty at the top."""
        names = [*MODES]
        return names[names.index(self.mode.value) + 1] if self.mode is not Mode.ENFORCE else ""


@dataclass(frozen=True, slots=True)
class GovernReport:
    """What may agents do here, and who says yes.

    Attributes:
        stops: Switches that are down.
        bound: Each agent, and each client where it is bound otherwise; the least bound first.
        firm_mode: What holds for agents of which nobody said anything.
        settings: Limits, hours, freezes and approvers, by kind.
        approvers: Who answers where nothing was said of a client.
        accounts: Names by key of accounts that may answer.
        names: What keys are called.
        changed: What was set lately, the newest first.
        freezes: Freezes that hold now, or will.
        agents: Keys of agents that are registered, asked lately or have a mode, by name.
        clients: Keys of clients of the record and of those that agents asked for lately, by name.
        ungoverned: Machines that acted past the gate in the last 30 days and are no agent of the list, the busiest first.
    """

    stops: tuple[Setting, ...]
    bound: tuple[Bound, ...]
    firm_mode: Mode
    settings: Mapping[str, tuple[Setting, ...]]
    approvers: Approvers
    accounts: Mapping[str, str]
    names: Called
    changed: tuple[Changed, ...]
    freezes: tuple[Setting, ...]
    agents: tuple[str, ...]
    clients: tuple[str, ...]
    ungoverned: tuple[Seen, ...] = ()

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {"stops": [asdict(one) for one in self.stops], "modes": [asdict(one) for one in self.bound],
                "settings": {kind: [asdict(one) for one in some] for kind, some in self.settings.items()},
                "changes": [one.json() for one in self.changed],
                "ungoverned": [asdict(one) for one in self.ungoverned]}  # fmt: skip


def govern_report(principal: Principal, sessions: sessionmaker[Session], snapshot: Snapshot, governs: Governing,
                  now: datetime) -> GovernReport:  # fmt: skip
    """What governs agents now.

    Args:
        principal: Who asks.
        sessions: On the database of decisions.
        snapshot: The record, for the names of clients.
        governs: What governs now.
        now: Freezes before it are left out.
    """
    held = governing(principal, sessions)
    by_kind = {kind: tuple(one for one in held if one.kind == kind) for kind in ("limits", "hours", "approvers")}
    with sessions() as session:
        registered = tuple(session.scalars(
            select(RegisteredMachine.key)
            .where(RegisteredMachine.kind == "agent", RegisteredMachine.retired_at.is_(None))
        ))  # fmt: skip
        counts = _counts(session, now - timedelta(days=DAYS))
        accounts = {f"account:{number}": name for number, name in session.execute(
            select(Account.id, Account.name).where(Account.is_active, Account.role.in_(RIGHTS["action:approve"]))
        )}  # fmt: skip
    names = called(sessions, snapshot)
    seen = seen_outside(snapshot, now - timedelta(days=DAYS))
    past = {one.key: one.acts for one in seen if one.key}
    bound = tuple(
        replace(one, outside=0 if one.client else past.get(one.agent, 0))
        for one in _bound(governs, [one for one in held if one.kind == "mode"], registered, counts)
    )
    agents = {one.agent for one in bound}
    freezes = (one for one in held if one.kind == "freeze" and datetime.fromisoformat(one.value["ends_at"]) > now)
    return GovernReport(
        stops=tuple(one for one in held if one.kind == "switch"),
        bound=bound,
        firm_mode=governs.mode("", ""),
        settings=by_kind,
        approvers=governs.approvers(""),
        accounts=accounts,
        names=names,
        changed=changes(principal, sessions),
        freezes=tuple(freezes),
        agents=tuple(sorted(agents, key=lambda key: names.agent(key).casefold())),
        clients=client_keys(sessions, names, now),
        ungoverned=tuple(one for one in seen if one.key not in agents),
    )


def client_keys(sessions: sessionmaker[Session], names: Called, now: datetime) -> tuple[str, ...]:
    """Keys of clients of the record and of those that agents asked for in the last 30 days, by name."""
    with sessions() as session:
        asked = session.scalars(
            select(ActionDecision.client_id).where(ActionDecision.at >= now - timedelta(days=DAYS)).distinct()
        )
        keys = {*names.clients, *asked} - {""}
    return tuple(sorted(keys, key=lambda key: names.client(key).casefold()))


_Counts = Mapping[tuple[str, str], tuple[int, int, int]]


def _counts(session: Session, since: datetime) -> _Counts:
    """Calls, asked and refused by agent and client."""
    of = (ActionDecision.agent, ActionDecision.client_id)
    asked, refused = (func.sum(case((ActionDecision.judged == word, 1), else_=0)) for word in ("approve", "deny"))
    wanted = select(*of, func.count(), asked, refused).where(ActionDecision.at >= since).group_by(*of)
    return {(agent, client): (all_, some, none) for agent, client, all_, some, none in session.execute(wanted)}


def _bound(governs: Governing, modes: list[Setting], registered: tuple[str, ...], counts: _Counts) -> tuple[Bound, ...]:
    """An agent once for all clients, and once more for each client at which another mode holds."""
    agents = {*registered, *(agent for agent, _ in counts), *(one.agent for one in modes if one.agent)}
    own = {(one.agent, one.client_id): one for one in modes}
    clients = {one.client_id for one in modes if one.client_id}
    found = []
    for agent in sorted(agents):
        apart = {client for client in clients if governs.mode(agent, client) != governs.mode(agent, "")}
        for client in ("", *sorted(apart)):
            some = [
                n
                for (who, where), n in counts.items()
                if who == agent and (where == client if client else where not in apart)
            ]
            total, asked, refused = (sum(column) for column in zip(*some, strict=True)) if some else (0, 0, 0)
            setting = own.get((agent, client)) or own.get((agent, "")) or own.get(("", client)) or own.get(("", ""))
            found.append(Bound(agent, client, governs.mode(agent, client), setting, total, asked, refused))
    order = [*MODES]
    return tuple(sorted(found, key=lambda one: (order.index(one.mode.value), one.agent, one.client)))
