"""Who acts without being a person: what sources tell of it, what the firm decided, and what is wrong with it.

Keeps true: a machine of the record and one of the register with the same key are one; counts are of what is known, and
what no source tells is a finding of its own. No number here is about a person.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from cadre.access.principal import Principal
from cadre.access.right import require
from cadre.db.governance import ActionDecision
from cadre.db.machines import MachineDecision, MachineSecret, RegisteredMachine
from cadre.errors import NotFoundError
from cadre.governance.action import Outcome
from cadre.governance.machine import ASKS, LIMITS, Credential, Finding, Kind, Machine, findings, people_ratio, powerful
from cadre.reports.agents.called import client_names
from cadre.reports.agents.tally import calls_by_agent
from cadre.reports.kept import kept
from cadre.reports.roster import account_names, staff
from cadre.warehouse import Snapshot

KIND_WORDS = {
    "agent": "AI agent", "service_principal": "service principal", "managed_identity": "managed identity",
    "service_account": "service account", "api_member": "API member", "unknown": "not told",
}  # fmt: skip
_MOST_ACTIONS_DAYS = 90

__all__ = ["ASKS", "LIMITS", "MachineRow", "MachinesReport", "headline", "machine", "machines"]


@dataclass(frozen=True, slots=True)
class MachineRow:
    """A machine.

    Attributes:
        name: As the register or else its source writes it.
        machine: What is known of it.
        owners: Names of whoever answers for it.
        clients: Names of the clients it works for.
        purpose: What it is for; empty where nobody says.
        removal: What happens when it is no longer needed; empty where nobody says.
        findings: What is wrong, the most urgent first.
        powers: Those of its permissions that reach a whole tenant.
        actions: Acts in the record within 90 days; None where none were loaded at all.
        source: Source that tells of it; empty for the register alone.
        changes: What was decided about it, newest first.
    """

    name: str
    machine: Machine
    owners: tuple[str, ...]
    clients: tuple[str, ...]
    purpose: str
    removal: str
    findings: tuple[Finding, ...]
    powers: tuple[str, ...]
    actions: int | None
    source: str
    changes: tuple["Change", ...]

    @property
    def kind(self) -> str:
        """Its kind in words."""
        return KIND_WORDS.get(self.machine.kind, self.machine.kind)

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        told = {**asdict(self.machine), "name": self.name, "owners": self.owners, "clients": self.clients,
                "purpose": self.purpose, "removal": self.removal, "powers": self.powers, "actions": self.actions,
                "source": self.source, "changes": [asdict(one) for one in self.changes]}  # fmt: skip
        told["findings"] = [{"kind": f.kind, "detail": f.detail, "seen": f.seen, "ask": f.ask} for f in self.findings]
        return told


@dataclass(frozen=True, slots=True)
class Change:
    """One decision about a machine, as it was made."""

    what: str
    before: str
    after: str
    decided_by: str
    decided_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class MachinesReport:
    """All of them.

    Attributes:
        machines: The most urgent finding first, then by name; retired ones last.
        people: People on the staff now.
        is_loaded: Whether any source of machines was loaded.
        staff: Key and name of everybody who may answer for one.
        clients: Key and name of every client.
    """

    machines: tuple[MachineRow, ...]
    people: int
    is_loaded: bool
    staff: tuple[tuple[str, str], ...]
    clients: tuple[tuple[str, str], ...]

    @property
    def live(self) -> tuple[MachineRow, ...]:
        """Those that may act: neither retired nor switched off."""
        return tuple(r for r in self.machines if r.machine.retired_at is None and r.machine.is_enabled is not False)

    @property
    def ratio(self) -> float | None:
        """Machines that may act for each person on the staff."""
        return people_ratio(len(self.live), self.people)

    @property
    def counts(self) -> tuple[tuple[Kind, int], ...]:
        """Kind of finding -> machines that have it, the most urgent first."""
        met = Counter(kind for row in self.machines for kind in {f.kind for f in row.findings})
        return tuple((kind, met[kind]) for kind in ASKS if met[kind])

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {"machines": [row.json() for row in self.machines], "live": len(self.live), "people": self.people,
                "machines_per_person": self.ratio, "findings": dict(self.counts), "is_loaded": self.is_loaded,
                "limits": asdict(LIMITS)}  # fmt: skip


def machines(
    principal: Principal, sessions: sessionmaker[Session], snapshot: Snapshot, *, now: datetime
) -> MachinesReport:
    """Every machine that a source tells of or that was registered.

    Args:
        principal: An owner or manager.
        sessions: Sessions on the database of decisions.
        snapshot: The record.
        now: The instant that ages are counted to.

    Raises:
        ForbiddenError: They may not.
    """
    require(principal, "machine:manage")
    here = {one.person_id: one.name for one in staff(snapshot) if one.left_on is None or one.left_on >= now.date()}
    clients = client_names(snapshot)
    found = kept(snapshot, ("machines", tuple(here)), lambda: _told(snapshot, here))
    with sessions() as session:
        registered = session.scalars(select(RegisteredMachine)).all()
        secrets, changes = _secrets(session), _changes(session, here)
        asked = _asked(session, [one.key for one in registered], now)
    acts = kept(snapshot, ("acts of machines", now.date()), lambda: _acts(snapshot, now))
    by_key = {one.key: one for one in registered}
    rows = []
    for key in dict.fromkeys((*found, *by_key)):
        told = found.get(key, _Told(Machine(key), "", "", ""))
        row = _row(told, by_key.get(key), secrets, changes, here, clients, acts, asked, now)
        rows.append(row)
    rows.sort(key=_urgency)
    return MachinesReport(tuple(rows), len(here), bool(found), tuple(sorted(here.items(), key=lambda p: p[1])),
                          tuple(sorted(clients.items(), key=lambda c: c[1])))  # fmt: skip


def headline(report: MachinesReport) -> str:
    """What is said first: the worst news, or that there is none."""
    if not report.machines:
        return "No machine is known yet"
    said = f"{_counted(len(report.live))} may act here"
    first = report.counts[0] if report.counts else None
    if first and first[0] == "retired_but_acting":
        return f"{_counted(first[1])} acted after being retired"
    if first is None or first[0] not in {"orphan", "unregistered"}:
        return f"{said}, each registered and with somebody who answers for it"
    which = "it" if len(report.live) == 1 else f"{first[1]} of them"
    if first[0] == "orphan":
        return f"{said}; nobody on the staff answers for {which}"
    return f"{said}; nobody decided that {which} may exist"


def machine(report: MachinesReport, told: str) -> MachineRow:
    """One machine by its key or name.

    Raises:
        NotFoundError: None is meant, or several are.
    """
    found = [r for r in report.machines if r.machine.key == told] or [r for r in report.machines if r.name == told]
    if len(found) != 1:
        raise NotFoundError(f"{len(found) or 'no'} machines have that key or name",
                            hint="See `cadre machine list` for their keys.")  # fmt: skip
    return found[0]


@dataclass(frozen=True, slots=True)
class _Told:
    """What a source tells of one machine."""

    machine: Machine
    name: str
    purpose: str
    source: str
    account_id: str = ""


def _told(snapshot: Snapshot, here: Mapping[str, str]) -> dict[str, _Told]:
    rows = snapshot.rows(snapshot.table("machine_identities"))
    if not rows:
        return {}
    names = account_names(snapshot, [row["account_id"] for row in rows])
    owning = {account for row in rows for account in row["owner_account_ids"] or ()}
    joined = snapshot.table("person_accounts")
    owner_of = {row["account_id"]: row["person_id"] for row in
                snapshot.rows(joined.filter(joined.account_id.isin(sorted(owning) or [""])))}  # fmt: skip
    keys: dict[str, list[Credential]] = defaultdict(list)
    for row in snapshot.rows(snapshot.table("machine_credentials")):
        keys[row["machine_id"]].append(
            Credential(row["credential_id"], row["kind"], row["made_at"], row["expires_at"], row["last_used_at"],
                       row["is_enabled"])
        )  # fmt: skip
    found = {}
    for row in rows:
        owners = [owner_of.get(account) for account in row["owner_account_ids"] or ()]
        made = Machine(
            row["machine_id"], kind=row["kind"], owners=tuple(dict.fromkeys(o for o in owners if o and o in here)),
            client_ids=(row["client_id"],) if row["client_id"] else (), made_at=row["made_at"],
            last_used_at=row["last_used_at"], is_use_told=bool(row["is_use_told"]), is_enabled=row["is_enabled"],
            scopes=tuple(row["scopes"] or ()), credentials=tuple(keys[row["machine_id"]]), ends_at=row["expires_at"],
        )  # fmt: skip
        found[made.key] = _Told(made, names[row["account_id"]], row["purpose"] or "", row["source"], row["account_id"])
    return found


_Acts = tuple[int, datetime, frozenset[str]]
"""Acts within 90 days, the last of all, clients."""


def _asked(session: Session, agents: Iterable[str], now: datetime) -> dict[str, _Acts]:
    """Agent -> its calls that the gate did not refuse; when the last was, even where that is longer ago."""
    met: dict[str, _Acts] = {}
    for (agent, client), (n, last) in calls_by_agent(session, now - timedelta(days=_MOST_ACTIONS_DAYS)).items():
        before, newest, clients = met.get(agent, (0, last, frozenset()))
        met[agent] = (before + n, max(newest, last), clients | (frozenset({client}) if client else frozenset()))
    for agent in agents:
        if agent not in met and (old := _last_call(session, agent)):
            met[agent] = (0, old.at, frozenset({old.client_id}) if old.client_id else frozenset())
    return met


def _last_call(session: Session, agent: str) -> ActionDecision | None:
    own = select(ActionDecision).where(ActionDecision.agent == agent, ActionDecision.answered != Outcome.DENY.value)
    return session.scalar(own.order_by(ActionDecision.at.desc()).limit(1))


def _acts(snapshot: Snapshot, now: datetime) -> dict[str, _Acts] | None:
    """Account -> acts within 90 days, the last of all, clients; None where no acts were loaded."""
    acts = snapshot.table("agent_actions")
    since = now - timedelta(days=_MOST_ACTIONS_DAYS)
    rows = snapshot.rows(
        acts.filter(acts.account_id.notnull())
        .group_by("account_id", "client_id")
        .agg(n=(acts.occurred_at > since).sum(), last=acts.occurred_at.max())
    )
    if not rows and not snapshot.rows(acts.select("action_id").limit(1)):
        return None
    met: dict[str, _Acts] = {}
    for row in rows:
        n, last, clients = met.get(row["account_id"], (0, row["last"], frozenset()))
        own = frozenset({row["client_id"]}) if row["client_id"] else frozenset()
        met[row["account_id"]] = (n + int(row["n"] or 0), max(last, row["last"]), clients | own)
    return met


def _row(
    told: _Told,
    decided: RegisteredMachine | None,
    secrets: Mapping[int, list[MachineSecret]],
    changes: Mapping[int, list[Change]],
    here: Mapping[str, str],
    clients: Mapping[str, str],
    acts: Mapping[str, _Acts] | None,
    asked: Mapping[str, _Acts],
    now: datetime,
) -> MachineRow:  # fmt: skip
    seen = told.machine
    n, last, where = (acts or {}).get(told.account_id) or asked.get(seen.key) or (0, None, frozenset())
    calls = asked.get(seen.key)
    own = secrets.get(decided.id, []) if decided else []
    used = [at for at in (seen.last_used_at, last, calls and calls[1], *(one.used_at for one in own)) if at]
    owner = decided.owner_person_id if decided else None
    owners = dict.fromkeys([owner] if owner in here else [])
    owners.update(dict.fromkeys(seen.owners))
    ends = [at for at in (seen.ends_at, _end_of(decided.expires_on) if decided else None) if at]
    given = [Credential(f"secret {one.id}", "secret", one.made_at, one.expires_at, one.used_at,
                        one.ended_at is None and one.expires_at > now) for one in own]  # fmt: skip
    made = Machine(
        seen.key, kind=decided.kind if decided else seen.kind, owners=tuple(o for o in owners if o),
        is_registered=decided is not None,
        client_ids=tuple(dict.fromkeys((*seen.client_ids, *([decided.client_id] if decided and decided.client_id else ()),
                                        *sorted(where)))),
        made_at=seen.made_at or (decided.made_at if decided else None), last_used_at=max(used, default=None),
        is_use_told=seen.is_use_told or bool(own or calls) or acts is not None, is_enabled=seen.is_enabled, scopes=seen.scopes,
        credentials=(*seen.credentials, *given), ends_at=min(ends, default=None),
        retired_at=decided.retired_at if decided else None,
    )  # fmt: skip
    wrong = findings(made, now)
    if told.source == "":  # what only our register knows gets its limits from policies, not from a source's scopes
        wrong = tuple(f for f in wrong if f.kind != "scopes_unknown")
    return MachineRow(
        name=decided.name if decided else told.name, machine=made, owners=tuple(here[o] for o in made.owners),
        clients=tuple(clients.get(c, c) for c in made.client_ids),
        purpose=decided.purpose if decided else told.purpose, removal=decided.removal if decided else "",
        findings=wrong, powers=powerful(made.scopes), actions=None if acts is None and calls is None else n, source=told.source,
        changes=tuple(changes.get(decided.id, ())) if decided else (),
    )  # fmt: skip


def _counted(n: int) -> str:
    return f"{n} machine{'s' if n != 1 else ''}"


def _urgency(row: MachineRow) -> tuple[bool, int, str]:
    order = list(ASKS)
    first = order.index(row.findings[0].kind) if row.findings else len(order)
    return row.machine.retired_at is not None, first, row.name.casefold()


def _secrets(session: Session) -> dict[int, list[MachineSecret]]:
    held: dict[int, list[MachineSecret]] = defaultdict(list)
    for one in session.scalars(select(MachineSecret).order_by(MachineSecret.id)):
        held[one.machine_id].append(one)
    return held


def _changes(session: Session, here: Mapping[str, str]) -> dict[int, list[Change]]:
    made: dict[int, list[Change]] = defaultdict(list)
    for d in session.scalars(select(MachineDecision).order_by(MachineDecision.id.desc())):
        before, after = d.before, d.after
        if d.what == "owner":
            before, after = (here.get(who, "somebody who left") if who else "nobody" for who in (before, after))
        made[d.machine_id].append(Change(d.what, before, after, d.decided_by, d.decided_at, d.reason))
    return made


def _end_of(day: date | None) -> datetime | None:
    return datetime.combine(day + timedelta(days=1), time(), UTC) if day else None
