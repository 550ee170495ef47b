"""Pages served on a free port of this machine, for a browser or a program that speaks HTTP."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

_PATIENCE_SECONDS = 120.0
"""A machine that does much else starts it late, and it works all the same."""


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """The address of an application while it is served.

    The system chooses the port, so that two runs never want the same one.

    Args:
        app: An ASGI application.

    Raises:
        RuntimeError: It did not start.
    """
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + _PATIENCE_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > until:
            raise RuntimeError("the server did not start")
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(_PATIENCE_SECONDS)
