"""Doing something again and again beside whatever else this process does, until it ends."""

import threading
from collections.abc import Callable


class NowAndThen:
    """A thread that does one thing, waits, and does it again.

    Args:
        do: What is done; it answers for its own errors, and nothing waits for it.
        seconds: From one time to the next.
        name: Of the thread.
    """

    def __init__(self, do: Callable[[], object], seconds: float, name: str) -> None:
        self._do, self._seconds, self._name = do, seconds, name
        self._ends = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Wait once and go on; where it goes on already, nothing changes."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._go_on, name=self._name, daemon=True)
            self._thread.start()

    def end(self) -> None:
        """Stop once what is being done is done; it does not begin again."""
        self._ends.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _go_on(self) -> None:
        while not self._ends.wait(self._seconds):
            self._do()
