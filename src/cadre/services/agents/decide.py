"""Deciding about agents' calls for real: what governs now, what the agent did just before, on record before the answer.

Keeps true: a decision is answered only when it is on disk together with its event and, where somebody has to be asked,
with the approval; whatever cannot be read, judged or written refuses and says so; two calls at the same moment do not
share the last of a budget. Budgets are counted in this process: one process decides for an agent.
"""

import hashlib
import json
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast
from urllib.parse import quote

from sqlalchemy import Table, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from cadre.audit.canonical import canonical
from cadre.audit.event import Event
from cadre.audit.unguessable import unguessable
from cadre.clock import Clock
from cadre.db.governance import ActionDecision, ActionRequest, ApprovalAsked, ApprovalStep
from cadre.errors import CadreError, NotWrittenError, UsageError
from cadre.governance.action import Action, Effect, Outcome, Tier
from cadre.governance.approval import Approval, Binding, Stage, ask
from cadre.governance.catalogue import Row
from cadre.governance.decision import Decision, decide
from cadre.governance.gate import Assessment, assess
from cadre.governance.situation import Past, Request, day_begin, situation_after
from cadre.governance.tally import KEPT, Tally
from cadre.policy.engine import Engine
from cadre.services.agents.governing import Approvers, Governing, Governs
from cadre.services.audit.writer import EventWriter

WAIT_SECONDS = 10.0
"""How long an answer waits for the disk before it refuses."""

Read = Callable[[Action, tuple[Row, ...], str], Assessment]
"""A call, rows of the firm's catalogue and the client -> what it does and who has a say, before policies."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who wants something done.

    Attributes:
        agent: Its key in the register.
        client: Whose environment; empty for the firm itself.
        task: As the agent names it; empty where it does not.
        on_behalf_of: Key of the account whose request it follows; empty where nobody's. They approve nothing of it.
        target_revision: Version of the thing acted on; empty where it has none.
        cost_cents: What it costs; missing where it was not said.
        confidence: How sure the agent says it is, 0 to 1; missing where it does not say.
    """

    agent: str
    client: str
    task: str = ""
    on_behalf_of: str = ""
    target_revision: str = ""
    cost_cents: int | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the agent is told.

    Attributes:
        decision_id: Its id; empty where nothing could be recorded, which refuses.
        outcome: Go ahead, wait for somebody, or do not.
        tier: Policies included.
        reasons: Sentences a person can read; never empty.
        opens: What would lift what forbids.
        approval_id: Of the approval that is waited for; empty where none is.
        expires_at: Until when it is waited for.
    """

    decision_id: str
    outcome: Outcome
    tier: Tier
    reasons: tuple[str, ...]
    opens: tuple[str, ...] = ()
    approval_id: str = ""
    expires_at: datetime | None = None


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
        self._sessions, self._writer, self._clock, self._engine = sessions, writer, clock, engine
        self._read = read or assess
        self._governs = Governs(sessions, zone)
        self._tallies: dict[str, Tally] = {}
        self._lock = threading.RLock()

    def forget(self) -> None:
        """Read settings anew at the next call: this process set something."""
        self._governs.forget()

    def decide(self, caller: Caller, action: Action) -> Answer:
        """Decide, and answer when it is on disk."""
        answer, written = self.submit(caller, action)
        return confirmed(answer, written)

    def submit(self, caller: Caller, action: Action) -> tuple[Answer, Future[int] | None]:
        """Decide; the answer holds once the future has a place, and is a refusal where it fails (`confirmed`)."""
        try:
            return self._submit(caller, action)
        except Exception as error:  # noqa: BLE001 (whatever breaks inside, the answer is no)
            return _refused(error), None

    def ran(self, caller: Caller, action: Action, at: datetime) -> None:
        """Count a call that ran with an approval."""
        what = self._read(action, self._governs.now().rows, caller.client).nature
        done = Past(at, caller.client, caller.task, what.effects, what.data_classes, caller.cost_cents)
        with self._lock:
            self._tally(caller.agent, at).add(done)

    def judged(self, caller: Caller, action: Action, at: datetime) -> tuple[Decision, Governing]:
        """What would be decided now, without recording it."""
        governing = self._governs.now()
        told = self._read(action, governing.rows, caller.client)
        what = told.nature
        request = Request(caller.agent, caller.client, at, caller.task, caller.target_revision, caller.cost_cents,
                          caller.confidence)  # fmt: skip
        standing = governing.standing(caller.agent, caller.client, action.tool.name, what.data_classes, at)
        with self._lock:
            before = self._tally(caller.agent, at).facts(request, day_begin(request, standing))
        now = situation_after(request, standing, before)
        mode = governing.mode(caller.agent, caller.client)
        return decide(action, what, told.tier, now, self._engine, mode, why=told.reasons), governing

    def _submit(self, caller: Caller, action: Action) -> tuple[Answer, Future[int]]:
        with self._lock:  # so that two calls at the same moment do not both take the last of a budget
            at = self._clock.now()
            found, governing = self.judged(caller, action, at)
            decision_id = unguessable()[:12].hex()
            answer, approval = _answer(decision_id, caller, found, governing.approvers(caller.client), at)
            past = Past(at, caller.client, caller.task, _effects(found), found.inputs.facts["data_classes"],  # type: ignore[arg-type]
                        caller.cost_cents, is_refused=answer.outcome == Outcome.DENY,
                        is_waiting=answer.outcome == Outcome.APPROVE)  # fmt: skip
            self._tally(caller.agent, at).add(past)
        rows = _rows(decision_id, caller, action, found, answer, approval, at)
        event = _event(caller, action, found, answer, rows[0]["record"], at)
        return answer, self._writer.submit(event, rows=list(zip(_TABLES, rows, strict=False)))

    def _tally(self, agent: str, at: datetime) -> Tally:
        """The agent's counts; from the record, where this process has not seen it before."""
        if agent not in self._tallies:
            made = Tally()
            with self._sessions() as session:
                rows = session.scalars(
                    select(ActionDecision).where(ActionDecision.agent == agent, ActionDecision.at > at - KEPT)
                )  # fmt: skip
                done = session.execute(
                    select(ActionDecision, ApprovalStep.at)
                    .join(ApprovalAsked, ApprovalAsked.decision_id == ActionDecision.decision_id)
                    .join(ApprovalStep, ApprovalStep.approval_id == ApprovalAsked.approval_id)
                    .where(ActionDecision.agent == agent, ApprovalStep.what == "used", ApprovalStep.at > at - KEPT)
                )  # fmt: skip
                calls = [_recorded(row) for row in rows]
                calls += [replace(_recorded(row), at=used_at, is_waiting=False) for row, used_at in done]
                for call in sorted(calls, key=lambda call: call.at):
                    made.add(call)
            self._tallies[agent] = made
        return self._tallies[agent]


def confirmed(answer: Answer, written: Future[int] | None) -> Answer:
    """The answer once it is on disk; a refusal where it cannot be written."""
    if written is None:
        return answer
    try:
        written.result(WAIT_SECONDS)
    except (CadreError, SQLAlchemyError, TimeoutError) as error:
        return _refused(error)
    return answer


def _refused(error: Exception) -> Answer:
    told = error.message if isinstance(error, CadreError) else type(error).__name__
    kind = "recorded" if isinstance(error, NotWrittenError | TimeoutError) else "decided"
    return Answer("", Outcome.DENY, Tier.FORBIDDEN, (f"Refused, because it could not be {kind}: {told}.",))


def _answer(decision_id: str, caller: Caller, found: Decision, approvers: Approvers,
            at: datetime) -> tuple[Answer, Approval | None]:  # fmt: skip
    plain = Answer(decision_id, found.outcome, found.tier, found.reasons, found.opens)
    if found.outcome != Outcome.APPROVE:
        return plain, None
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


def _rows(decision_id: str, caller: Caller, action: Action, found: Decision, answer: Answer, approval: Approval | None,
          at: datetime) -> list[dict[str, object]]:  # fmt: skip
    try:
        arguments = canonical(dict(action.arguments))
    except CadreError:
        arguments = ""
    rows: list[dict[str, object]] = [
        {"decision_id": decision_id, "at": at, "agent": caller.agent, "client_id": caller.client, "task": caller.task,
         "tool": action.tool.name, "answered": answer.outcome.value, "judged": found.judged.value,
         "tier": found.tier.text, "digest": found.digest, "record": found.text()},
        {"decision_id": decision_id, "arguments": arguments, "user_request": action.user_request,
         "target_revision": caller.target_revision},
    ]  # fmt: skip
    if approval is not None:
        stages = [{"label": s.label, "approvers": sorted(s.approvers), "until": s.until.isoformat()}
                  for s in approval.stages]  # fmt: skip
        rows.append({
            "approval_id": approval.approval_id, "decision_id": decision_id, "digest": approval.binding.digest,
            "target_revision": approval.binding.target_revision, "policy_version": approval.binding.policy_version,
            "tier": approval.tier.text, "asked_by": json.dumps(sorted(approval.asked_by)), "asked_at": at,
            "stages": json.dumps(stages), "expires_at": approval.expires_at,
        })  # fmt: skip
    return rows


_TABLES = tuple(cast("Table", model.__table__) for model in (ActionDecision, ActionRequest, ApprovalAsked))
_KINDS = {Outcome.ALLOW: "action:allowed", Outcome.APPROVE: "action:asked", Outcome.DENY: "action:denied"}


def _event(caller: Caller, action: Action, found: Decision, answer: Answer, record: object, at: datetime) -> Event:
    payload = {
        "decision_id": answer.decision_id, "tool": action.tool.name, "tier": found.tier.text,
        "judged": found.judged.value, "mode": found.inputs.mode, "rules": list(found.policy_ids),
        "reasons": list(answer.reasons), "versions": dict(found.versions), "digest": found.digest,
        "record": hashlib.sha256(str(record).encode()).hexdigest(), "approval_id": answer.approval_id,
    }  # fmt: skip
    return Event(_KINDS[answer.outcome], at, agent_actor(caller.agent), client_id=_key(caller.client),
                 objects=(f"decision:{answer.decision_id}",), payload=payload)  # fmt: skip


def agent_actor(agent: str) -> str:
    """Key of an agent as headers of the audit log take it."""
    return f"agent:{_key(agent)}"[:120]


def _key(text: str) -> str:
    return quote(text, safe=".@:/+=-")[:120]


def _effects(found: Decision) -> tuple[Effect, ...]:
    return tuple(Effect(name) for name in found.inputs.effects if name != "unknown")


def _recorded(row: ActionDecision) -> Past:
    inputs = json.loads(row.record)["inputs"]
    facts = inputs["facts"]
    effects = tuple(Effect(name) for name in inputs["effects"] if name != "unknown")
    return Past(row.at, row.client_id, row.task, effects, tuple(facts["data_classes"]), facts.get("cost_cents"),
                is_refused=row.answered == "deny", is_waiting=row.answered == "approve")  # fmt: skip
