"""What approvers are to be told, read from the audit log: whichever process asked, it is told by the one that serves.

Keeps true: nothing here is in the way of a decision, since a decision is on disk before this reads it; an approval that was
answered meanwhile is not told; after a restart it goes on where it stopped.
"""

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

from sqlalchemy import Row, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from cadre.clock import Clock
from cadre.db.audit import AuditEvent, AuditPayload
from cadre.db.audit_rows import size_of
from cadre.db.governance import ActionDecision, ApprovalAsked
from cadre.errors import CadreError
from cadre.governance.approval import State
from cadre.services.agents.approve import approval_of
from cadre.services.agents.webhook import Message
from cadre.services.agents.webhook_send import Sender
from cadre.services.now_and_then import NowAndThen

_LOG = logging.getLogger("cadre.webhook")
LOOK_SECONDS = 2.0
EXPIRING = timedelta(minutes=10)
"""How long before its end an unanswered approval is told of again; one that is shorter than twice this is told once."""
_STALE = timedelta(hours=24)
_AT_ONCE = 500
_SHORT, _SENTENCE = 80, 300
_KINDS = ("action:asked", "glass:broken", "governance:set")

Names = Callable[[str, str], tuple[str, str]]
"""Keys of an agent and a client -> their names."""


@dataclass
class Place:
    """How far the log was read, kept in a file so that a restart tells nothing twice and leaves nothing out.

    Attributes:
        path: The file; a missing one begins at the end of the log.
    """

    path: Path

    def read(self, size: int) -> int:
        """Position to read from; where none was kept, the end is, and is kept."""
        try:
            return min(int(self.path.read_text("utf-8")), size)
        except (OSError, ValueError):
            self.keep(size)
            return size

    def keep(self, position: int) -> None:
        """Everything below this position was handed on."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(f"{position}\n", "utf-8")


@dataclass
class Watcher:
    """Reads the log every two seconds and hands messages to the endpoints.

    Attributes:
        sessions: On the database of decisions.
        clock: Tells when.
        senders: One for each endpoint.
        names: What keys are called.
        place: How far was read.
        seconds: From one look to the next.
    """

    sessions: sessionmaker[Session]
    clock: Clock
    senders: Sequence[Sender]
    names: Names
    place: Place
    seconds: float = LOOK_SECONDS
    _warned: dict[str, datetime] = field(default_factory=dict)
    _known: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    _looking: NowAndThen = field(init=False)

    def __post_init__(self) -> None:
        self._looking = NowAndThen(self._try, self.seconds, "webhook-watcher")

    def begin(self) -> None:
        """Look from now on, in a thread of its own; without endpoints there is nothing to do."""
        if self.senders:
            with self.sessions() as session:
                self.place.read(size_of(session.connection()))
            self._looking.begin()

    def end(self) -> None:
        """Stop looking, and let the endpoints finish what is under way."""
        self._looking.end()
        for sender in self.senders:
            sender.stop()
        for sender in self.senders:
            sender.end()

    def look(self) -> list[Message]:
        """What came since the last look, and what lapses soon; handed on and returned."""
        now = self.clock.now()
        self._known = {}  # names are read once a look, since reading them opens the record
        with self.sessions() as session:
            size = size_of(session.connection())
            begin = self.place.read(size)
            rows = session.execute(_NEWS.where(AuditEvent.position >= begin, AuditEvent.position < size)).all()
            found = [one for row in rows for one in self._told(session, row, now)]
            found += self._expiring(session, now)
        for message in found:
            for sender in self.senders:
                sender.offer(message)
        upto = rows[-1].position + 1 if len(rows) == _AT_ONCE else size
        if upto != begin:
            self.place.keep(upto)
        return found

    def _try(self) -> None:
        try:
            self.look()
        except (CadreError, SQLAlchemyError, OSError, ValueError, KeyError) as error:
            _LOG.warning("approvers could not be told of what waits: %s", type(error).__name__)

    def _told(self, session: Session, row: Row[int, str, str, str], now: datetime) -> Iterator[Message]:
        """What an event gives to tell."""
        header = json.loads(row.header)
        at = datetime.fromisoformat(header["at"])
        if now - at > _STALE:
            return
        keys = {kind: rest for kind, _, rest in (one.partition(":") for one in header["objects"])}
        if row.kind == "governance:set":
            told = json.loads(row.payload) if row.payload else {}
            if told.get("setting") == "switch" and told.get("value") is True:
                yield self._stopped(unquote(keys.get("agent", "")), unquote(header.get("client", "")), at)
            return
        decision = session.get(ActionDecision, keys.get("decision", ""))
        asked = session.scalar(select(ApprovalAsked).where(ApprovalAsked.decision_id == keys.get("decision", "")))
        if decision is None or asked is None:
            return
        if row.kind == "glass:broken":
            yield self._call("glass", decision, "Somebody else has to look at it within a day.", at, None)
        elif _waits(session, asked, now):
            yield self._call("asked", decision, why_asked(decision), at, asked.expires_at)

    def _expiring(self, session: Session, now: datetime) -> Iterator[Message]:
        """Approvals that lapse soon and still have no answer, each once."""
        self._warned = {key: ends for key, ends in self._warned.items() if ends > now}
        soon = select(ApprovalAsked).where(ApprovalAsked.expires_at > now, ApprovalAsked.expires_at <= now + EXPIRING)
        for asked in session.scalars(soon.order_by(ApprovalAsked.expires_at)):
            if asked.approval_id in self._warned:
                continue
            self._warned[asked.approval_id] = asked.expires_at  # what no longer waits never waits again
            is_long = asked.expires_at - asked.asked_at >= 2 * EXPIRING
            if not is_long or not _waits(session, asked, now):
                continue
            if decision := session.get(ActionDecision, asked.decision_id):
                yield self._call("expiring", decision, "", asked.asked_at, asked.expires_at)

    def _called(self, agent: str, client: str) -> tuple[str, str]:
        if (agent, client) not in self._known:
            name, place = self.names(agent, client)
            self._known[agent, client] = _short(name), _short(place)
        return self._known[agent, client]

    def _call(self, about: str, decision: ActionDecision, why: str, at: datetime, until: datetime | None) -> Message:
        agent, client = self._called(decision.agent, decision.client_id)
        return Message(about, agent, decision.client_id, client, _short(decision.tool), why, at, until)

    def _stopped(self, agent: str, client: str, at: datetime) -> Message:
        name, place = self._called(agent, client)
        return Message("stopped", name if agent else "", client, place if client else "all clients", "",
                       "Until it is let go on, everything it asks for is refused.", at)  # fmt: skip


_NEWS = (
    select(AuditEvent.position, AuditEvent.kind, AuditEvent.header, AuditPayload.payload)
    .outerjoin(AuditPayload, AuditPayload.position == AuditEvent.position)
    .where(AuditEvent.kind.in_(_KINDS))
    .order_by(AuditEvent.position)
    .limit(_AT_ONCE)
)


def why_asked(decision: ActionDecision) -> str:
    """Why it has to be asked, in one sentence: the gravest policy's own words, else what the call does.

    Reasons of the classifier are left out, since they may quote a parameter of the call.
    """
    told = json.loads(decision.record)
    if told["policy_ids"]:
        return _short(str(told["reasons"][0]), _SENTENCE)
    effects = ", ".join(told["inputs"]["effects"])
    return f"What it does ({effects}) takes {_TAKES.get(decision.tier, 'an approval')}."


_TAKES = {"four-eyes": "two approvals"}


def _waits(session: Session, asked: ApprovalAsked, now: datetime) -> bool:
    return approval_of(session, asked.approval_id)[0].state(now) == State.PENDING


def _short(text: str, most: int = _SHORT) -> str:
    """A text on one line, without signs that a reader would not see."""
    seen = "".join(one if one.isprintable() else " " for one in text)
    return seen if len(seen) <= most else f"{seen[: most - 1]}…"
