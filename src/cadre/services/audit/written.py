"""What becomes of an event that was asked for: its place once it is on disk, or why it does not hold.

A `concurrent.futures.Future` says the same and costs more than writing the event does.
"""

import threading
from collections.abc import Callable

_SETTLING = threading.Lock()


class Written:
    """One event on its way to the disk.

    Attributes:
        instead: What is told in place of the first answer, where it was decided anew on the way; missing otherwise.
    """

    __slots__ = ("_error", "_is_begun", "_is_done", "_is_dropped", "_place", "_then", "_woken", "instead")

    def __init__(self) -> None:
        self.instead: object = None
        self._place = -1
        self._error: Exception | None = None
        self._is_done = self._is_begun = self._is_dropped = False
        self._then: Callable[[Written], None] | None = None
        self._woken: threading.Event | None = None

    def done(self) -> bool:
        """Whether it is on disk or refused."""
        return self._is_done

    def result(self, seconds: float | None = None) -> int:
        """Its place, once it is on disk.

        Raises:
            TimeoutError: It is not, by then.
            Exception: It does not hold; what went wrong.
        """
        if not self._is_done:
            with _SETTLING:
                if not self._is_done and self._woken is None:
                    self._woken = threading.Event()
                woken = self._woken
            if woken is not None and not woken.wait(seconds):
                raise TimeoutError
        if self._error is not None:
            raise self._error
        return self._place

    def then(self, told: "Callable[[Written], None]") -> None:
        """Call something once it is done, from whichever thread ends it; one at most."""
        with _SETTLING:
            if not self._is_done:
                self._then = told
                return
        told(self)

    def cancel(self) -> None:
        """Nobody waits any more: where its writing has not begun, it is not written."""
        self._is_dropped = True

    def begin(self) -> bool:
        """Whether somebody still waits; from here on it cannot be cancelled."""
        self._is_begun = self._is_begun or not self._is_dropped
        return self._is_begun

    def settle(self, place: int = -1, error: Exception | None = None) -> None:
        """Say its place, or why it does not hold."""
        with _SETTLING:
            self._place, self._error, self._is_done = place, error, True
            then, woken = self._then, self._woken
        if woken is not None:
            woken.set()
        if then is not None:
            then(self)
