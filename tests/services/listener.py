"""A real HTTP server in a thread that takes posts, answers as it is told to, or hangs."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Listener:
    """A program that takes posts, and answers as it is told to."""

    answers: list[int] = field(default_factory=list)
    hangs: threading.Event = field(default_factory=threading.Event)
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""

    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, _, body in self.got]


@contextmanager
def listening(*answers: int, is_hanging: bool = False) -> Iterator[Listener]:
    told = Listener(list(answers))
    if not is_hanging:
        told.hangs.set()

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.got.append((self.path, dict(self.headers), body))
            told.hangs.wait(5)
            status = told.answers.pop(0) if told.answers else 200
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", f"{told.url}/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    told.url = f"http://127.0.0.1:{server.server_port}/hook/s3cret"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield told
    told.hangs.set()
    server.shutdown()
    thread.join()
    server.server_close()


def until(is_so: Callable[[], bool], *, patience_seconds: float = 60.0) -> None:
    """Wait for what another thread does; a machine that does much else takes its time.

    Raises:
        AssertionError: It did not come.
    """
    ends = time.monotonic() + patience_seconds
    while not is_so():
        assert time.monotonic() < ends, "what was waited for did not come"
        time.sleep(0.01)
