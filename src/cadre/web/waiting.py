"""Waiting for the disk without a thread: one wake-up of the loop for all that was written together.

Keeps true: an answer is given once its event is on disk; what is not written in time refuses.
"""

import asyncio
from collections import deque
from concurrent.futures import Future

from cadre.services.agents.decide import WAIT_SECONDS, Answer, confirmed


class Waiting:
    """Answers of one event loop that wait to be written.

    Args:
        seconds: How long one waits before it refuses.
    """

    def __init__(self, seconds: float = WAIT_SECONDS) -> None:
        self._seconds = seconds
        self._done: deque[asyncio.Future[None]] = deque()
        self._is_woken = False

    async def settled(self, answer: Answer, written: Future[int] | None) -> Answer:
        """The answer once it is on disk; a refusal where it cannot be written."""
        if written is None or written.done():
            return confirmed(answer, written)
        loop = asyncio.get_running_loop()
        here: asyncio.Future[None] = loop.create_future()
        late = loop.call_later(self._seconds, _let_go, here)
        written.add_done_callback(lambda _: self._wake(loop, here))
        try:
            await here
        finally:
            late.cancel()
        if not written.done():
            written.cancel()
            return confirmed(answer, _too_late())
        return confirmed(answer, written)

    def _wake(self, loop: asyncio.AbstractEventLoop, one: asyncio.Future[None]) -> None:
        """Called by the writer's thread, for each of a batch in turn."""
        self._done.append(one)
        if not self._is_woken:
            self._is_woken = True
            loop.call_soon_threadsafe(self._release)

    def _release(self) -> None:
        self._is_woken = False
        while self._done:
            _let_go(self._done.popleft())


def _let_go(one: asyncio.Future[None]) -> None:
    if not one.done():
        one.set_result(None)


def _too_late() -> Future[int]:
    made: Future[int] = Future()
    made.set_exception(TimeoutError())
    return made
