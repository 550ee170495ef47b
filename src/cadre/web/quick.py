"""Evaluations before the framework and its server, by either route: a request that arrives whole is answered where it is read.

Keeps true: only a plain request is taken, one at a time on a connection: whole, with one length, one host and one proof, and
nothing that changes how it is to be read. All else, every refusal included, goes the ordinary way, so there is one place that
refuses. An answer is given once its event is on disk.
"""

import re
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from cadre.errors import CadreError
from cadre.runtime import Runtime
from cadre.services.agents.caller import Answer
from cadre.web import quick_shape
from cadre.web.agent_api import EVALUATION
from cadre.web.agent_route import ENCODE
from cadre.web.guard import HEADERS, foreign_host
from cadre.web.lean import LEAN
from cadre.web.shape import verdict
from cadre.web.waiting import Waiting

_LINES = tuple(f"POST {path} HTTP/1.1\r\n".encode() for path in (EVALUATION, LEAN))
_HEADER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\x20-\x7e]*?)[ \t]*")
_CHANGING = frozenset({b"transfer-encoding", b"expect", b"upgrade", b"te", b"trailer", b"content-encoding"})
_ONCE = (b"content-length", b"host", b"authorization")
_LENGTH = re.compile(rb"[0-9]{1,7}")
_MOST_KNOWN = 1_024
_HEAD = b"HTTP/1.1 200 OK\r\n" + b"".join(
    f"{name.lower()}: {value}\r\n".encode()
    for name, value in {**HEADERS, "content-type": "application/json", "cache-control": "no-store"}.items()
)


class Quick(HttpToolsProtocol):  # type: ignore[misc]  # uvicorn tells no types of it
    """One connection.

    Attributes:
        runtime: The workspace.
        waiting: Answers that wait for the disk.
    """

    runtime: Runtime
    waiting: Waiting
    _heads: dict[bytes, tuple[str, int]]

    def __init__(self, *told: Any, **named: Any) -> None:
        super().__init__(*told, **named)
        self._is_inside = False  # of a request that the ordinary way reads
        self._is_asking = False
        self._is_ending = False
        self._held = b""

    def on_message_begin(self) -> None:
        """The ordinary way began to read a request."""
        self._is_inside = True
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """It has read all of it."""
        self._is_inside = False
        super().on_message_complete()

    def data_received(self, data: bytes) -> None:
        """Answer a plain request, or hand on."""
        if self._is_asking:  # it asks again before it was answered: later
            self._held += data
            self.flow.pause_reading()
        elif self._is_inside or not data.startswith(_LINES) or not self._asked(data):
            super().data_received(data)

    def shutdown(self) -> None:
        """The server stops: what is under way is answered first."""
        if self._is_asking:
            self._is_ending = True
        else:
            super().shutdown()

    def timeout_keep_alive_handler(self) -> None:
        """Nothing came for some seconds."""
        if not self._is_asking:
            super().timeout_keep_alive_handler()

    def _asked(self, data: bytes) -> bool:
        end = data.find(b"\r\n\r\n") + 4
        if end < 4 or self.flow.write_paused or (self.cycle is not None and not self.cycle.response_complete):
            return False
        head = data[:end]
        known = self._heads.get(head) or self._known(head)
        if known is None or len(data) != end + known[1]:
            return False
        try:
            agent = self.runtime.door.agent(known[0])
            told = quick_shape.read(data[end:], agent.key)
        except (CadreError, ValueError):
            return False
        if told is None:
            return False
        self._unset_keepalive_if_required()
        self._is_asking = True
        self.waiting.tell(*self.runtime.governor.submit(*told), self._answered)
        return True

    def _known(self, head: bytes) -> tuple[str, int] | None:
        found = _read(head)
        if found is not None:
            if len(self._heads) >= _MOST_KNOWN:
                self._heads.clear()
            self._heads[head] = found
        return found

    def _answered(self, answer: Answer) -> None:
        self._is_asking = False
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        body = ENCODE(verdict(answer))
        more = b"".join([b"%b: %b\r\n" % pair for pair in self.server_state.default_headers])  # the date
        last = b"connection: close\r\n" if self._is_ending else b""
        self.transport.write(b"%b%bcontent-length: %d\r\n%b\r\n%b" % (_HEAD, more, len(body), last, body))
        if self._is_ending:
            self.transport.close()
            return
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)
        if self._held:
            held, self._held = self._held, b""
            self.flow.resume_reading()
            self.data_received(held)


def quick(runtime: Runtime, waiting: Waiting) -> type[Quick]:
    """Connections of one workspace, as `uvicorn` takes them.

    Args:
        runtime: The workspace.
        waiting: Answers that wait for the disk, of the same loop.
    """
    return type("QuickHere", (Quick,), {"runtime": runtime, "waiting": waiting, "_heads": {}})


def _read(head: bytes) -> tuple[str, int] | None:
    """The token and the length of the body; None where the ordinary way has to look."""
    found: dict[bytes, bytes] = {}
    for line in head[:-4].split(b"\r\n")[1:]:
        told = _HEADER.fullmatch(line)
        name = told[1].lower() if told else b""
        if told is None or name in _CHANGING or (name in _ONCE and name in found):
            return None
        if name == b"connection" and told[2].lower() != b"keep-alive":
            return None
        found[name] = told[2]
    length, host, proof = (found.get(name, b"") for name in _ONCE)
    if not _LENGTH.fullmatch(length) or foreign_host(host.decode()) or proof[:7].lower() != b"bearer ":
        return None
    return proof[7:].strip().decode(), int(length)
