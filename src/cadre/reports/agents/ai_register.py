"""The AI register for owners: each tool with what is known and what is not, the rules on data, who answers at which tier."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from cadre.access.principal import Principal
from cadre.access.right import require
from cadre.db.ai_register import AiToolCheck
from cadre.governance.ai_register import ASKED, DATA_CLASSES, RESPONSIBLE, STALE_DAYS, Entry
from cadre.policy.agents import shipped_agents
from cadre.reports.agents.called import client_names
from cadre.reports.roster import staff
from cadre.warehouse import Snapshot

WORDS = {
    "vendor": "Vendor", "model": "Model", "purpose": "Used for", "owner": "Answers for it",
    "data_classes": "May be given", "processed_in": "Works on it in", "kept": "Keeps it", "trains": "Trains on it",
    "sub_processors": "Shares it with", "contract": "Contract",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AiToolRow:
    """A tool as it was last checked.

    Attributes:
        entry: The tool, for the rules.
        client: Name of the client whose tool it is; empty for the firm's own.
        facts: What is asked of every tool -> what is known; None is unknown.
        is_stale: Whether the check has grown old.
        recorded_by: Who wrote the check down.
        checks: How many there were.
    """

    entry: Entry
    client: str
    facts: Mapping[str, str | None]
    is_stale: bool
    recorded_by: str
    checks: int

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        one = self.entry
        return {"key": one.key, "name": one.name, "client_id": one.client_id, "client": self.client,
                "checked_on": one.checked_on, "is_stale": self.is_stale, "is_ended": one.is_ended, "tools": one.tools,
                "unknown": one.unknown, "checks": self.checks, **self.facts}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AiRegister:
    """The register.

    Attributes:
        tools: The most unknown first, then by name; ended ones last.
        staff: Key and name of everybody who may answer for one.
        clients: Key and name of every client.
    """

    tools: tuple[AiToolRow, ...]
    staff: tuple[tuple[str, str], ...]
    clients: tuple[tuple[str, str], ...]

    @property
    def live(self) -> tuple[AiToolRow, ...]:
        """Those in use."""
        return tuple(row for row in self.tools if not row.entry.is_ended)

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {"tools": [row.json() for row in self.tools], "policy": list(handling()), "stale_days": STALE_DAYS,
                "responsible": {tier.text: who for tier, who in RESPONSIBLE.items()}}  # fmt: skip


def ai_register(
    principal: Principal, sessions: sessionmaker[Session], snapshot: Snapshot, *, now: datetime
) -> AiRegister:
    """Every AI tool that was ever checked.

    Args:
        principal: An owner or manager.
        sessions: Sessions on the database of decisions.
        snapshot: The record, which knows the staff and the clients.
        now: The instant by which checks are old.

    Raises:
        ForbiddenError: They may not.
    """
    require(principal, "machine:manage")
    people = {one.person_id: one.name for one in staff(snapshot)}
    clients = client_names(snapshot)
    with sessions() as session:
        counts: dict[str, int] = dict(
            session.execute(select(AiToolCheck.key, func.count()).group_by(AiToolCheck.key)).all()
        )
        rows = [_row(one, people, clients, counts[one.key], now.date()) for one in newest(session)]
    rows.sort(key=lambda row: (row.entry.is_ended, -len(row.entry.unknown), row.entry.name.casefold()))
    return AiRegister(tuple(rows), tuple(people.items()), tuple(sorted(clients.items(), key=lambda c: c[1])))


def newest(session: Session) -> list[AiToolCheck]:
    """The newest check of each tool."""
    last = select(func.max(AiToolCheck.id)).group_by(AiToolCheck.key)
    return list(session.scalars(select(AiToolCheck).where(AiToolCheck.id.in_(last))))


def entry_of(check: AiToolCheck) -> Entry:
    """A check as the rules know it."""
    told = {name: check.owner_person_id if name == "owner" else getattr(check, name) for name in ASKED}
    classes = None if check.data_classes is None else frozenset(check.data_classes.split())
    return Entry(check.key, check.name, check.checked_on, tuple(check.tools.splitlines()), check.client_id, classes,
                 tuple((name, value) for name, value in told.items() if name != "data_classes"), check.is_ended)  # fmt: skip


def handling() -> tuple[str, ...]:
    """The policy on handling data: the sentences of the rules that the gate enforces, and what they take as registered."""
    rules = tuple(f"{rule.text}." for rule in shipped_agents().rules if rule.name in _DATA_RULES)
    kinds = ", ".join(name.replace("_", " ") for name in DATA_CLASSES)
    return (
        *rules,
        f"A tool counts as missing for data of these kinds unless its line says that it may be given them: {kinds}.",
        f"A check older than {STALE_DAYS} days no longer counts, and a tool that a client brought counts for that client alone.",
    )


_DATA_RULES = ("personal-data-outward", "credential-outward", "credential-then-outward")


def headline(report: AiRegister, today: date) -> str:
    """What is said first."""
    live = report.live
    if not live:
        return "No AI tool is in the register"
    gaps = [row for row in live if row.entry.unknown or row.entry.is_stale(today)]
    said = f"{len(live)} AI tool{'s' if len(live) != 1 else ''} in use"
    if not gaps:
        return f"{said}, nothing about it unknown" if len(live) == 1 else f"{said}, nothing about them unknown"
    which = "it" if len(live) == 1 else "each" if len(gaps) == len(live) else f"{len(gaps)} of them"
    return f"{said}; something about {which} is unknown or long unchecked"


def _row(
    check: AiToolCheck, people: Mapping[str, str], clients: Mapping[str, str], checks: int, today: date
) -> AiToolRow:
    one = entry_of(check)
    facts: dict[str, str | None] = {name: value for name, value in one.told if name != "owner"}
    facts["owner"] = people.get(check.owner_person_id) if check.owner_person_id else None
    facts["data_classes"] = None if one.data_classes is None else _kinds(one.data_classes)
    ordered = {name: facts.get(name) for name in ASKED}
    client = clients.get(check.client_id, check.client_id) if check.client_id else ""
    return AiToolRow(one, client, ordered, one.is_stale(today), check.recorded_by, checks)


def _kinds(classes: frozenset[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in DATA_CLASSES if name in classes) or "none of the guarded kinds"


__all__ = ["ASKED", "DATA_CLASSES", "RESPONSIBLE", "WORDS", "AiRegister", "AiToolRow", "ai_register", "entry_of",
           "handling", "headline", "newest"]  # fmt: skip
