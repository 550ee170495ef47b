"""Being ready while Cadre serves: once at the start and after each refresh, what first looks rest on is worked out ahead.

Keeps true: a page that is asked for meanwhile waits for the same answer, or works it out itself; nothing is shown half done,
and a fault here is told to whoever asks, not to the server.
"""

import threading
from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError

from cadre.errors import CadreError
from cadre.reports.ready import ready
from cadre.runtime import Runtime

LOOK_SECONDS = 2.0
"""Between looks for a newer record, which another process may have written."""


class Readier:
    """Keeps a workspace ready, on a thread of its own.

    Args:
        runtime: The workspace.
        seconds: Between looks for a newer record.
    """

    def __init__(self, runtime: Runtime, seconds: float = LOOK_SECONDS) -> None:
        self._runtime, self._seconds = runtime, seconds
        self._number = -1
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ready", daemon=True)

    def begin(self) -> None:
        """Begin; a server calls it before it answers."""
        self._thread.start()

    def end(self) -> None:
        """Stop after what is being worked out."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()

    def look(self) -> bool:
        """Work out what a newer record changed; False where there is none."""
        number = self._runtime.warehouse.newest().number
        if number == self._number:
            return False
        import scipy.stats  # noqa: F401, PLC0415 (more than half a second, which the first estimate would wait for)

        self._number = number
        with self._runtime.snapshot() as snapshot:
            ready(snapshot, self._runtime.sessions)
        return True

    def _run(self) -> None:
        while not self._over.is_set():
            with suppress(CadreError, SQLAlchemyError, OSError):
                self.look()
            self._over.wait(self._seconds)
