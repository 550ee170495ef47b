"""One call from asking to outcome: decided, waited for, run once, remembered, told of.

Keeps true: nothing runs before the gate said so on record; a call that asks is found again by what it would do, so that
the agent may simply make it again; a used approval lets one run begin and no second; a result is handed over at once
and its outcome written down behind it; what cannot be written is said aloud, and the gate flags an act without a word.
"""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

import anyio
import mcp_types as types
from anyio import to_thread
from mcp.shared.exceptions import MCPError

from cadre.audit.canonical import canonical
from cadre.clock import Clock
from cadre.errors import CadreError, NotFoundError
from cadre.governance.action import Action, Outcome, Step, Tier
from cadre.governance.outcome import Told
from cadre.mcp.gate import Gate
from cadre.mcp.shelf import Shelf
from cadre.mcp.spans import Spans
from cadre.mcp.task import Tasks
from cadre.services.agents.decide import Answer, Caller

T = TypeVar("T")
Progress = Callable[[float, float, str], Awaitable[None]]
"""Seconds waited, seconds there are, what for."""
_UNHEARD = frozenset({types.CONNECTION_CLOSED, types.REQUEST_TIMEOUT})
"""Errors after which nobody knows whether the server did it."""
LAST_ANSWER = frozenset({"expired", "used", ""})


class HeldError(Exception):
    """A call that does not run.

    Args:
        answer: Why.
        waits: Whether it may run later.
    """

    def __init__(self, answer: Answer, *, waits: bool = False) -> None:
        super().__init__(answer.outcome.value)
        self.answer, self.waits = answer, waits


@dataclass(frozen=True, slots=True)
class Wanted:
    """A call that an agent makes.

    Attributes:
        caller: Who, and what is said beside it.
        action: The call; its history is filled in when it is decided.
        traceparent: Of the span around it; empty where there is none.
    """

    caller: Caller
    action: Action
    traceparent: str = ""


class Governed:
    """Makes calls that the gate lets through.

    Args:
        gate: Decides.
        shelf: Keeps what waits.
        clock: Tells when.
        spans: Writes what was done for tracing; None for nowhere.
        say: Where what somebody should see is said.
        wait_seconds: How long a call waits for its approval before the agent is told to come back.
        poll_seconds: How often it looks.
    """

    def __init__(self, gate: Gate, shelf: Shelf, clock: Clock, *, spans: Spans | None = None,
                 say: Callable[[str], None] = print, wait_seconds: float = 30.0, poll_seconds: float = 0.5) -> None:  # fmt: skip
        self._gate, self._shelf, self._clock, self._spans, self._say = gate, shelf, clock, spans, say
        self._wait, self._poll = wait_seconds, poll_seconds
        self._telling = ThreadPoolExecutor(1, thread_name_prefix="outcome")
        self._tasks = Tasks()
        self._turns: dict[str, anyio.Lock] = {}

    async def run(self, wanted: Wanted, call: Callable[[], Awaitable[T]], output: Callable[[T], tuple[Any, bool]],
                  progress: Progress) -> tuple[T, Answer]:  # fmt: skip
        """Make a call, if and when it may be made.

        Args:
            wanted: The call.
            call: Makes it.
            output: What it gave back, and whether it failed.
            progress: Is told while it waits.

        Raises:
            HeldError: It does not run, or not yet.
        """
        begun = self._clock.now()
        try:
            answer = await self.cleared(wanted, progress)
        except HeldError as held:
            self._trace(wanted, held.answer, begun, None)
            raise
        told = Told.ATTEMPTED
        try:
            result = await call()
            given, failed = output(result)
            told = Told.FAILED if failed else Told.DONE
        except MCPError as error:
            told = Told.ATTEMPTED if error.code in _UNHEARD else Told.FAILED
            raise
        finally:
            self._telling.submit(self._tell, wanted.caller.agent, answer.decision_id, told)
            self._trace(wanted, answer, begun, told)
        self._tasks.add(wanted.caller.task, Step(wanted.action.tool.name, wanted.action.arguments, given))
        return result, answer

    async def cleared(self, wanted: Wanted, progress: Progress) -> Answer:
        """The answer that lets a call run now.

        Raises:
            HeldError: It does not run, or not yet.
        """
        caller = wanted.caller
        action = replace(wanted.action, history=self._tasks.history(caller.task))
        key = act_key(caller, action)
        async with self._turn(key):
            answer = await self._asked_before(caller, action, key)
            if answer is None:
                answer = await to_thread.run_sync(self._gate.decide, caller, action)
                if answer.outcome is Outcome.APPROVE:
                    self._shelf.put("waiting", key, _kept(answer))
        if answer.outcome is Outcome.ALLOW:
            return answer
        if answer.outcome is Outcome.DENY:
            raise HeldError(answer)
        return await self._approved(caller, action, key, answer, progress)

    @asynccontextmanager
    async def _turn(self, key: str) -> AsyncIterator[None]:
        """One at a time for the same act."""
        lock = self._turns.setdefault(key, anyio.Lock())
        try:
            async with lock:
                yield
        finally:
            if not lock.statistics().locked:
                self._turns.pop(key, None)

    async def _asked_before(self, caller: Caller, action: Action, key: str) -> Answer | None:
        """The answer to the same call while it can still be answered, refused or used; None where it has to be decided."""
        kept = self._shelf.get("waiting", key)
        if kept is None:
            return None
        try:
            answer = _read(kept)
            stands = await to_thread.run_sync(self._gate.stands, caller.agent, answer.decision_id)
            is_free = stands.approval == "pending" and await to_thread.run_sync(self._gate.is_free, caller, action)
        except (NotFoundError, KeyError, ValueError, TypeError):
            is_over = True
        except CadreError as error:
            raise HeldError(_refused(answer, f"{error.message}.")) from error
        else:
            is_late = answer.expires_at is not None and answer.expires_at <= self._clock.now()
            is_over = is_free or is_late or stands.approval in LAST_ANSWER
        if is_over:
            self._shelf.drop("waiting", key)
        return None if is_over else answer

    async def _approved(self, caller: Caller, action: Action, key: str, answer: Answer, progress: Progress) -> Answer:
        waited = 0.0
        while True:
            try:
                stands = await to_thread.run_sync(self._gate.stands, caller.agent, answer.decision_id)
                if stands.approval == "approved":
                    self._shelf.drop("waiting", key)
                    return await to_thread.run_sync(self._gate.use, caller, action, answer.decision_id)
            except CadreError as error:
                raise HeldError(_refused(answer, f"{error.message}. {error.hint}".strip())) from error
            if stands.approval == "refused":
                by = ", ".join(stands.answered_by) or "an approver"
                raise HeldError(_refused(answer, f"{by} said no{f': {stands.reason}' if stands.reason else ''}."))
            if stands.approval != "pending":
                raise HeldError(_refused(answer, f"the approval is {stands.approval or 'gone'}; ask again."))
            if waited >= self._wait:
                raise HeldError(answer, waits=True)
            await progress(waited, self._wait, f"waits for approval {answer.approval_id}")
            await anyio.sleep(self._poll)
            waited += self._poll

    def close(self) -> None:
        """Write down what became of the last calls."""
        self._telling.shutdown()

    def _tell(self, agent: str, decision_id: str, told: Told) -> None:
        try:
            self._gate.outcome(agent, decision_id, told)
        except Exception as error:  # noqa: BLE001 (the act is done; its silence is flagged by the gate)
            self._say(
                f"what became of decision {decision_id} ({told.value}) was not written down: {type(error).__name__}"
            )

    def _trace(self, wanted: Wanted, answer: Answer, begun: datetime, told: Told | None) -> None:
        if self._spans is None:
            return
        try:
            self._spans.add(wanted.caller, wanted.action.tool.name, answer, told, begun=begun, ended=self._clock.now(),
                            traceparent=wanted.traceparent)  # fmt: skip
        except OSError as error:
            self._say(f"a span was not written: {type(error).__name__}")


def act_key(caller: Caller, action: Action) -> str:
    """What a call would do, as a digest; the same for the same call made again."""
    try:
        arguments = canonical(dict(action.arguments))
    except CadreError:
        arguments = repr(action.arguments)
    told = [caller.agent, caller.client, action.tool.name, action.tool.digest, caller.target_revision, arguments]
    return hashlib.sha256("\0".join(told).encode()).hexdigest()


def _refused(answer: Answer, why: str) -> Answer:
    return replace(answer, outcome=Outcome.DENY, reasons=(f"{why[:1].upper()}{why[1:]}", *answer.reasons))


def _kept(answer: Answer) -> dict[str, Any]:
    return asdict(answer) | {"outcome": answer.outcome.value, "tier": answer.tier.text,
                             "expires_at": answer.expires_at.isoformat() if answer.expires_at else None}  # fmt: skip


def _read(kept: dict[str, Any]) -> Answer:
    until = kept["expires_at"]
    return Answer(kept["decision_id"], Outcome(kept["outcome"]), Tier.named(kept["tier"]), tuple(kept["reasons"]),
                  tuple(kept["opens"]), kept["approval_id"], datetime.fromisoformat(until) if until else None)  # fmt: skip
