"""Deciding about agents' calls for real: what governs now, what the agent did just before, on record before the answer.

Keeps true: a decision is answered only when it is on disk together with its event and, where somebody has to be asked,
with the approval; whatever cannot be read, judged or written refuses and says so; two calls at the same moment do not
share the last of a budget, be it in this process or in two: what another one decided meanwhile is seen when the decision is
written, which is then made anew.
"""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from cadre.audit.unguessable import unguessable
from cadre.clock import Clock
from cadre.db.log_shape import Told
from cadre.errors import CadreError, NotWrittenError, UsageError
from cadre.governance.action import Action, Effect, Outcome, Tier
from cadre.governance.approval import Approval, Binding, Stage, ask
from cadre.governance.catalogue import Row
from cadre.governance.decision import Decision, arguments_of, decide
from cadre.governance.gate import Assessment, assess
from cadre.governance.situation import Past, Request, day_begin, situation_after
from cadre.policy.engine import Engine
from cadre.services.agents.caller import Answer, Caller
from cadre.services.agents.counted import Counted, Counts
from cadre.services.agents.decision_rows import agent_actor, event_of, rows_of
from cadre.services.agents.governing import Governing, Governs
from cadre.services.audit.writer import Asked, EventWriter
from cadre.services.audit.written import Written

__all__ = ["Answer", "Caller", "Governor", "agent_actor", "confirmed"]

WAIT_SECONDS = 10.0
"""How long an answer waits for the disk before it refuses."""

Read = Callable[[Action, tuple[Row, ...], str], Assessment]
"""A call, rows of the firm's catalogue and the client -> what it does and who has a say, before policies."""


@dataclass(slots=True)
class _Made:
    """A decision that is on its way to the disk.

    Attributes:
        counted: The counts it was made on, and which it is counted in.
        past: As it is counted.
        answer: What the agent is told.
        asked: What is written of it.
    """

    counted: Counted
    past: Past
    answer: Answer
    asked: Asked


class Governor:
    """Decides about calls, many at a time from many threads.

    Args:
        sessions: On the database of decisions.
        writer: Appends events with their rows.
        clock: Tells when.
        engine: The policies.
        read: What a call does and its tier by the default rules.
        zone: The firm's, for business hours of clients of whom none was told.
    """

    def __init__(self, sessions: sessionmaker[Session], writer: EventWriter, clock: Clock, engine: Engine, *,
                 read: Read | None = None, zone: str = "UTC") -> None:  # fmt: skip
        self._writer, self._clock, self._engine = writer, clock, engine
        self._read = read or assess
        self._governs = Governs(sessions, zone)
        self._counts = Counts(sessions)
        self._lock = threading.RLock()
        writer.heard = self._heard

    def forget(self) -> None:
        """Read settings anew at the next call: this process set something."""
        self._governs.forget()

    def decide(self, caller: Caller, action: Action) -> Answer:
        """Decide, and answer when it is on disk."""
        answer, written = self.submit(caller, action)
        return confirmed(answer, written)

    def submit(self, caller: Caller, action: Action) -> tuple[Answer, Written | None]:
        """Decide; the answer holds once it is written, and is a refusal where it cannot be (`confirmed`)."""
        try:
            made = self._decided(caller, action)
            made.asked.again = _Anew(self, caller, action, made)
            return made.answer, self._writer.ask(made.asked)
        except Exception as error:  # noqa: BLE001 (whatever breaks inside, the answer is no)
            return _refused(error), None

    def ran(self, caller: Caller, action: Action, at: datetime, decision_id: str) -> None:
        """Count a call that ran with an approval."""
        what = self._read(action, self._governs.now().rows, caller.client).nature
        done = Past(at, caller.client, caller.task, what.effects, what.data_classes, caller.cost_cents)
        with self._lock:
            self._counts.ran(caller.agent, decision_id, done)

    def judged(self, caller: Caller, action: Action, at: datetime,
               arguments: str | None = None) -> tuple[Decision, Governing]:  # fmt: skip
        """What would be decided now, without recording it.

        Args:
            caller: Who asks.
            action: For what.
            at: When.
            arguments: Of the action, as `arguments_of` gives them, where they were written down already.
        """
        governing = self._governs.now()
        told = self._read(action, governing.rows, caller.client)
        what = told.nature
        request = Request(caller.agent, caller.client, at, caller.task, caller.target_revision, caller.cost_cents,
                          caller.confidence)  # fmt: skip
        standing = governing.standing(caller.agent, caller.client, action.tool.name, what.data_classes, at)
        with self._lock:
            before = self._counts.of(caller.agent, at).tally.facts(request, day_begin(request, standing))
        now = situation_after(request, standing, before)
        mode = governing.mode(caller.agent, caller.client)
        found = decide(action, what, told.tier, now, self._engine, mode, why=told.reasons, arguments=arguments)
        return found, governing

    def anew(self, caller: Caller, action: Action, before: _Made) -> _Made:
        """Decide again what was not written, on what is known now."""
        with self._lock:
            before.counted.tally.take_back(before.past)
            return self._decided(caller, action)

    def _decided(self, caller: Caller, action: Action) -> _Made:
        arguments = arguments_of(action)
        with self._lock:  # so that two calls at the same moment do not both take the last of a budget
            at = self._clock.now()
            found, governing = self.judged(caller, action, at, arguments)
            decision_id = _new_id(at)
            answer, approval = _answer(decision_id, caller, found, governing, at)
            past = Past(at, caller.client, caller.task, _effects(found), found.inputs.facts["data_classes"],  # type: ignore[arg-type]
                        caller.cost_cents, is_refused=answer.outcome == Outcome.DENY,
                        is_waiting=answer.outcome == Outcome.APPROVE)  # fmt: skip
            counted = self._counts.of(caller.agent, at)
            counted.tally.add(past)
            seen = counted.ground.seen
        record = found.text()
        rows = rows_of(caller, action, found, answer, approval, arguments=arguments, record=record, at=at)
        event = event_of(caller, action, found, answer, record, at)
        return _Made(counted, past, answer, Asked(event, rows, counted.ground, seen))

    def _heard(self, foreign: list[Told] | None, end: int) -> None:
        with self._lock:
            self._counts.heard(foreign, end)


class _Anew:
    """Decides a call again, as often as others decide before it is written."""

    def __init__(self, governor: Governor, caller: Caller, action: Action, made: _Made) -> None:
        self._governor, self._caller, self._action, self._made = governor, caller, action, made

    def __call__(self, asked: Asked) -> None:
        """Put another decision in the place of the one that was asked to be written."""
        made = self._made = self._governor.anew(self._caller, self._action, self._made)
        asked.event, asked.rows, asked.ground, asked.seen = (
            made.asked.event, made.asked.rows, made.asked.ground, made.asked.seen)  # fmt: skip
        asked.written.instead = made.answer


def confirmed(answer: Answer, written: Written | None) -> Answer:
    """The answer once it is on disk; a refusal where it cannot be written."""
    if written is None:
        return answer
    try:
        written.result(WAIT_SECONDS)
    except (CadreError, SQLAlchemyError, TimeoutError) as error:
        return _refused(error)
    return written.instead if isinstance(written.instead, Answer) else answer


def _new_id(at: datetime) -> str:
    """An id that nobody can guess; it begins with the second, so that new rows lie beside each other."""
    return f"{int(at.timestamp()) & 0xFFFFFFFF:08x}{unguessable()[:8].hex()}"


def _refused(error: Exception) -> Answer:
    told = error.message if isinstance(error, CadreError) else type(error).__name__
    kind = "recorded" if isinstance(error, NotWrittenError | TimeoutError) else "decided"
    return Answer("", Outcome.DENY, Tier.FORBIDDEN, (f"Refused, because it could not be {kind}: {told}.",))


def _answer(decision_id: str, caller: Caller, found: Decision, governing: Governing,
            at: datetime) -> tuple[Answer, Approval | None]:  # fmt: skip
    plain = Answer(decision_id, found.outcome, found.tier, found.reasons, found.opens)
    if found.outcome != Outcome.APPROVE:
        return plain, None
    approvers = governing.approvers(caller.client)
    asked_by = {f"agent:{caller.agent}"} | ({caller.on_behalf_of} if caller.on_behalf_of else set())
    binding = Binding(found.digest, caller.target_revision, found.versions["policy"])
    turns = [Stage("the client's administrators", approvers.administrators, at + timedelta(minutes=approvers.first_minutes)),
             Stage("who is on call", approvers.on_call, at + timedelta(minutes=approvers.minutes))]  # fmt: skip
    try:
        made = ask(secrets.token_hex(12), binding, found.tier, asked_by=asked_by, at=at,
                   stages=turns if approvers.administrators else turns[1:])  # fmt: skip
    except UsageError as error:
        reason = f"Refused, because nobody can say yes: {error.message}."
        return Answer(decision_id, Outcome.DENY, found.tier, (reason, *found.reasons), found.opens), None
    return Answer(decision_id, Outcome.APPROVE, found.tier, found.reasons, found.opens, made.approval_id,
                  made.expires_at), made  # fmt: skip


def _effects(found: Decision) -> tuple[Effect, ...]:
    return tuple([_EFFECTS[name] for name in found.inputs.effects if name != "unknown"])


_EFFECTS = {effect.value: effect for effect in Effect}
