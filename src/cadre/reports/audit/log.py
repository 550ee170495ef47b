"""What the audit log holds: its state, and its newest events. Owners alone read it."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, TextClause, func, select
from sqlalchemy.orm import Session, sessionmaker

from cadre.access.principal import Principal
from cadre.access.right import require
from cadre.audit.name import EVENT_NAMES
from cadre.db.accounts import Account
from cadre.db.audit import (
    OWN,
    AuditAbout,
    AuditCheckpoint,
    AuditCosignature,
    AuditEvent,
    AuditHead,
    AuditKey,
    AuditPayload,
    AuditWitness,
)

MOST_SHOWN = 50
FRESH = timedelta(days=1)
"""A checkpoint older than this, with events since, wants a new one: what came since could still be cut off unseen."""
_MEANINGS = {each.name: each.meaning for each in EVENT_NAMES}


@dataclass(frozen=True, slots=True)
class WitnessState:
    """Somebody who cosigns: name, public key, address, and the size of the newest checkpoint they signed (0: none)."""

    name: str
    vkey: str
    address: str
    size: int


@dataclass(frozen=True, slots=True)
class LogState:
    """The log as it stands.

    Attributes:
        size: Events.
        last_at: When the newest happened; missing in an empty log.
        checkpoint_size: Events under the newest checkpoint; 0 where none was made.
        checkpoint_at: When it was made.
        vkeys: Public keys, the one it began with first.
        clients: Events by client, the most first.
        witnesses: Who cosigns.
    """

    size: int
    last_at: datetime | None
    checkpoint_size: int
    checkpoint_at: datetime | None
    vkeys: tuple[str, ...]
    clients: tuple[tuple[str, int], ...]
    witnesses: tuple[WitnessState, ...]

    @property
    def uncovered(self) -> int:
        """Events that no checkpoint covers."""
        return self.size - self.checkpoint_size

    def is_stale(self, now: datetime) -> bool:
        """Whether events wait for a checkpoint for longer than a day."""
        return self.uncovered > 0 and (self.checkpoint_at is None or now - self.checkpoint_at > FRESH)


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event as it is shown.

    Attributes:
        position: Its place.
        at: When, as its header says.
        clock_at: What the clock said, where that was earlier than the event before.
        kind: Its name.
        meaning: What that means.
        actor: Who, by their key.
        actor_name: Who, as they are called now; empty where nobody bears the key any more.
        client_id: The client it belongs to.
        objects: What it is about.
        about: Keys of persons it is about.
        facts: The facts as they were then, word and value; None where they were erased.
    """

    position: int
    at: str
    clock_at: str
    kind: str
    meaning: str
    actor: str
    actor_name: str
    client_id: str
    objects: tuple[str, ...]
    about: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] | None


@dataclass(frozen=True, slots=True)
class LogReport:
    """The log with some of its events, the newest first.

    Attributes:
        state: How it stands.
        rows: Events, as many as were asked for.
        older: Before which place the next ones are; missing where these are the last.
    """

    state: LogState
    rows: tuple[EventRow, ...]
    older: int | None

    def json(self) -> dict[str, Any]:
        """The same as plain values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events: of a client, by somebody, with a beginning of their name, about a person, before a place."""

    client_id: str = ""
    actor: str = ""
    kind: str = ""
    person_id: str = ""
    before: int | None = None


def log_report(principal: Principal, sessions: sessionmaker[Session], wanted: Wanted, *,
               most: int = MOST_SHOWN) -> LogReport:  # fmt: skip
    """The log with the events that are wanted.

    Args:
        principal: An owner.
        sessions: On the database of decisions.
        wanted: Which events.
        most: How many at most.

    Raises:
        ForbiddenError: They may not look.
    """
    rows = events(principal, sessions, wanted, most=most)
    older = rows[-1].position if len(rows) == most else None
    return LogReport(log_state(principal, sessions), rows, older)


def log_state(principal: Principal, sessions: sessionmaker[Session]) -> LogState:
    """The state of the log.

    Raises:
        ForbiddenError: They may not look.
    """
    require(principal, "audit:keep")
    with sessions() as session:
        head = session.scalars(select(AuditHead)).one()
        last = session.scalars(select(AuditCheckpoint).order_by(AuditCheckpoint.id.desc()).limit(1)).one_or_none()
        count = func.count().label("events")
        clients = session.execute(select(AuditEvent.client_id, count).where(OWN).group_by(AuditEvent.client_id)).all()
        return LogState(
            size=head.size,
            last_at=head.last_at,
            checkpoint_size=last.size if last else 0,
            checkpoint_at=last.made_at if last else None,
            vkeys=tuple(session.scalars(select(AuditKey.vkey).order_by(AuditKey.id))),
            clients=tuple(sorted(((row.client_id, row.events) for row in clients), key=lambda c: (-c[1], c[0]))),
            witnesses=witnesses(session),
        )


def witnesses(session: Session) -> tuple[WitnessState, ...]:
    """Who is asked to cosign, by name."""
    newest = {row.name: row for row in session.scalars(select(AuditWitness).order_by(AuditWitness.id))}
    reached = (
        select(AuditCosignature.witness, func.max(AuditCheckpoint.size))
        .join(AuditCheckpoint, AuditCheckpoint.id == AuditCosignature.checkpoint_id)
        .group_by(AuditCosignature.witness)
    )
    sizes = {row[0]: row[1] for row in session.execute(reached)}
    return tuple(
        WitnessState(name, row.vkey, row.address, sizes.get(name, 0))
        for name, row in sorted(newest.items())
        if row.address
    )


def events(principal: Principal, sessions: sessionmaker[Session], wanted: Wanted = Wanted(), *,
           most: int = MOST_SHOWN) -> tuple[EventRow, ...]:  # fmt: skip
    """Events, the newest first.

    Raises:
        ForbiddenError: They may not look.
    """
    require(principal, "audit:keep")
    chosen: list[ColumnElement[bool] | TextClause] = []
    if wanted.client_id:
        chosen += [AuditEvent.client_id == wanted.client_id, OWN]
    if wanted.actor:
        chosen.append(AuditEvent.actor == wanted.actor)
    if wanted.kind:
        chosen.append(AuditEvent.kind.startswith(wanted.kind, autoescape=True))
    if wanted.person_id:
        about = select(AuditAbout.position).where(AuditAbout.person_id == wanted.person_id)
        chosen.append(AuditEvent.position.in_(about))
    if wanted.before is not None:
        chosen.append(AuditEvent.position < wanted.before)
    # A client's own numbers grow with the places, and their index gives the newest without reading all of them.
    order = AuditEvent.nth if wanted.client_id else AuditEvent.position
    found = (
        select(AuditEvent, AuditPayload.payload)
        .outerjoin(AuditPayload, AuditPayload.position == AuditEvent.position)
        .where(*chosen)
        .order_by(order.desc())
        .limit(most)
    )
    with sessions() as session:
        names = {f"account:{number}": name for number, name in session.execute(select(Account.id, Account.name))}
        return tuple(_shown(event, payload, names) for event, payload in session.execute(found))


def _shown(event: AuditEvent, payload: str | None, names: dict[str, str]) -> EventRow:
    told = json.loads(event.header)
    facts = json.loads(payload) if payload is not None else {}
    return EventRow(
        position=event.position,
        at=told["at"],
        clock_at=told.get("clock", ""),
        kind=event.kind,
        meaning=_MEANINGS.get(event.kind, ""),
        actor=event.actor,
        actor_name=names.get(event.actor, ""),
        client_id=event.client_id,
        objects=tuple(told["objects"]),
        about=tuple(facts.pop("about", ())),
        facts=tuple((key, _words(value)) for key, value in facts.items()) if payload is not None else None,
    )


def _words(value: Any) -> str:
    """A fact as it is read; `nothing` where the event says that there was none."""
    if value is None or value in ("", []):
        return "nothing"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
