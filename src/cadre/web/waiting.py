"""Waiting for the disk without a thread: one wake-up of the loop for all that was written together.

Keeps true: an answer is given once its event is on disk; what is not written in time refuses, and is not written later
where nobody began to.
"""

import asyncio
import time as clockwork
from collections import deque
from collections.abc import Callable

from cadre.services.agents.decide import WAIT_SECONDS, Answer, confirmed
from cadre.services.audit.written import Written

Told = Callable[[Answer], None]


class _One:
    """Somebody who waits."""

    __slots__ = ("answer", "late_at", "told", "written")

    def __init__(self, answer: Answer, written: Written, told: Told, late_at: float) -> None:
        self.answer, self.written, self.late_at = answer, written, late_at
        self.told: Told | None = told

    def let_go(self) -> None:
        told, self.told = self.told, None
        if told is not None:
            told(confirmed(self.answer, self.written))


class Waiting:
    """Answers of one event loop that wait to be written.

    Args:
        seconds: How long one waits before it refuses.
    """

    def __init__(self, seconds: float = WAIT_SECONDS) -> None:
        self._seconds = seconds
        self._done: deque[_One] = deque()
        self._is_woken = False
        self._in_turn: deque[_One] = deque()
        self._looking: asyncio.TimerHandle | None = None

    async def settled(self, answer: Answer, written: Written | None) -> Answer:
        """The answer once it is on disk; a refusal where it cannot be written."""
        here: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.tell(answer, written, lambda told: None if here.done() else here.set_result(told))
        return await here

    def tell(self, answer: Answer, written: Written | None, told: Told) -> None:
        """Call something with the answer, in the loop, once it is on disk or refused."""
        if written is None or written.done():
            told(confirmed(answer, written))
            return
        loop = asyncio.get_running_loop()
        one = _One(answer, written, told, clockwork.monotonic() + self._seconds)
        self._in_turn.append(one)
        if self._looking is None:
            self._looking = loop.call_later(self._seconds, self._look, loop)
        written.then(lambda _: self._wake(loop, one))

    def _wake(self, loop: asyncio.AbstractEventLoop, one: _One) -> None:
        """Called by the writer's thread, for each of a batch in turn."""
        self._done.append(one)
        if not self._is_woken:
            self._is_woken = True
            loop.call_soon_threadsafe(self._release)

    def _release(self) -> None:
        self._is_woken = False
        while self._done:
            self._done.popleft().let_go()
        while self._in_turn and self._in_turn[0].told is None:
            self._in_turn.popleft()

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        """Refuse what waits for too long; one timer for all, since all wait alike."""
        now = clockwork.monotonic()
        while self._in_turn and (self._in_turn[0].told is None or self._in_turn[0].late_at <= now):
            one = self._in_turn.popleft()
            if one.told is not None:
                if not one.written.done():
                    one.written.cancel()
                    one.written = _too_late()
                one.let_go()
        self._looking = loop.call_later(self._in_turn[0].late_at - now, self._look, loop) if self._in_turn else None


def _too_late() -> Written:
    made = Written()
    made.settle(error=TimeoutError())
    return made
