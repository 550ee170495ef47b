"""One writer at a time: a lock the operating system drops when its holder dies, however it dies."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from cadre.errors import BusyError

if sys.platform == "win32":
    import msvcrt

    def _take(handle: IO[str]) -> None:
        handle.seek(0)
        msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(handle: IO[str]) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Hold the workspace's write lock.

    Raises:
        BusyError: Another process holds it; the message names its process id.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="ascii") as handle:
        try:
            _take(handle)
        except OSError as error:
            handle.seek(0)
            holder = handle.read().strip() or "unknown"
            raise BusyError(
                f"another process (id {holder}) is writing to this workspace",
                hint="Wait for it to end and repeat the command; pages go on reading meanwhile.",
            ) from error
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield
