"""A request that arrives whole is answered at once; whatever is odd about one goes the ordinary way, which answers it."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from cadre.web import quick_shape
from cadre.web.lean import LEAN
from cadre.web.quick import quick
from cadre.web.shape import Evaluation
from tests.web.gate import MAIL, READ, ROUTES, Gate, asked, new_gate


@dataclass
class Open:
    """A gate on a socket.

    Attributes:
        gate: The firm.
        port: Where.
        ordinary: Paths that came to the framework.
    """

    gate: Gate
    port: int = 0
    ordinary: list[str] = field(default_factory=list)

    def request(self, body: Any = None, path: str = LEAN, **changed: str | None) -> bytes:
        told = body if isinstance(body, bytes) else json.dumps(asked(READ) if body is None else body).encode()
        names = {"Host": "127.0.0.1", "Content-Length": str(len(told)), **self.gate.proof(), **changed}
        head = "".join(f"{name}: {value}\r\n" for name, value in names.items() if value is not None)
        return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + told


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    gate = new_gate(tmp_path_factory.mktemp("gate"))
    made = Open(gate)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        made.ordinary.append(scope.get("path", ""))
        await gate.app(scope, receive, send)

    http: Any = quick(gate.runtime, gate.app.state.waiting)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", http=http))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    made.port = server.servers[0].sockets[0].getsockname()[1]
    yield made
    server.should_exit = True
    thread.join(20)


class Line:
    """One connection."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), 20)
        self._reading = self._socket.makefile("rb")

    def send(self, *parts: bytes) -> "Line":
        for part in parts:
            self._socket.sendall(part)
            time.sleep(0.02 if len(parts) > 1 else 0)
        return self

    def heard(self) -> tuple[int, dict[str, Any]]:
        """Status and body of the next answer."""
        status, _, told = self.heard_whole()
        return status, told

    def heard_whole(self) -> tuple[int, dict[bytes, bytes], dict[str, Any]]:
        """The same with its headers."""
        status = int(self._reading.readline().split()[1])
        names: dict[bytes, bytes] = {}
        while line := self._reading.readline().strip():
            name, _, value = line.partition(b":")
            names[name.lower()] = value.strip()
        told = self._reading.read(int(names[b"content-length"]))
        return status, names, json.loads(told) if told.startswith(b"{") else {}

    def close(self) -> None:
        self._reading.close()
        self._socket.close()


@pytest.fixture
def line(opened: Open) -> Iterator[Line]:
    opened.ordinary.clear()
    made = Line(opened.port)
    yield made
    made.close()


def test_a_plain_request_is_answered_on_record_and_before_the_framework(opened: Open, line: Line) -> None:
    answers = [line.send(opened.request(body)).heard() for body in (asked(READ), asked(MAIL), asked(READ))]
    stands = [opened.gate.stands(told["context"]["decision_id"])["outcome"] for _, told in answers]

    assert ([200] * 3, ["allow", "approve", "allow"], []) == (
        [status for status, _ in answers], stands, [path for path in opened.ordinary if path == LEAN])  # fmt: skip


@pytest.mark.parametrize("path", ROUTES)
def test_both_routes_are_answered_before_the_framework_and_alike_by_it(opened: Open, line: Line, path: str) -> None:
    quickly = line.send(opened.request(asked(READ), path, Connection="keep-alive")).heard_whole()
    before = list(opened.ordinary)
    slowly = line.send(opened.request(asked(READ), path, TE="trailers")).heard_whole()
    for _, names, told in (quickly, slowly):
        told["context"].pop("decision_id")
        names.pop(b"date")

    assert ([path], quickly) == (opened.ordinary[len(before) :], slowly)
    assert path not in before


def test_requests_sent_ahead_are_answered_in_their_order(opened: Open, line: Line) -> None:
    line.send(opened.request(asked(READ)) + opened.request(asked(MAIL)))
    line.send(opened.request(asked(READ)))
    outcomes = [line.heard()[1]["context"]["outcome"] for _ in range(3)]

    assert ["allow", "approve", "allow"] == outcomes


def test_both_ways_take_turns_on_one_connection(opened: Open, line: Line) -> None:
    whole = opened.request()
    found = [
        line.send(*parts).heard()[0]
        for parts in ((whole,), (whole[:40], whole[40:]), (whole,), (whole[:-9], whole[-9:]))
    ]

    assert ([200] * 4, [LEAN] * 2) == (found, opened.ordinary)


def _chunked(opened: Open) -> bytes:
    told = json.dumps(asked(READ)).encode()
    head = opened.request(**{"Content-Length": None, "Transfer-Encoding": "chunked"}).partition(b"\r\n\r\n")[0]
    return head + b"\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(told), told)


ODD: dict[str, tuple[Callable[[Open], bytes], int]] = {
    "no proof": (lambda o: o.request(Authorization=None), 401),
    "a wrong proof": (lambda o: o.request(Authorization="Bearer x"), 401),
    "another host": (lambda o: o.request(Host="evil.example"), 400),
    "no JSON": (lambda o: o.request(b"{"), 422),
    "for another agent": (lambda o: o.request(asked(READ, "other")), 403),
    "no tool": (lambda o: o.request(asked({"name": ""})), 422),
    "two lengths": (lambda o: o.request().replace(b"Host:", b"Content-Length: 5\r\nHost:"), 400),
    "a folded line": (lambda o: o.request(Host="127.0.0.1\r\n folded"), 400),
    "in pieces": (_chunked, 200),
    "to be closed": (lambda o: o.request(Connection="close"), 200),
}


@pytest.mark.parametrize("what", ODD)
def test_what_is_odd_goes_the_ordinary_way(opened: Open, line: Line, what: str) -> None:
    made, status = ODD[what]
    found = line.send(made(opened)).heard()[0]

    assert status == found


_WORD = st.text(max_size=6) | st.sampled_from(["bot", "agent", "client", "firm", "a\n", "x" * 201, "account:3", "\x00"])
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _WORD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORD, inner, max_size=3), max_leaves=6,
)  # fmt: skip
_OBJECT = st.dictionaries(_WORD, _JSON, max_size=3)


def _some(**parts: Any) -> Any:
    return st.fixed_dictionaries({}, optional={name: part | _JSON for name, part in parts.items()})


_BODY = st.fixed_dictionaries({
    "subject": st.fixed_dictionaries({"type": st.just("agent"), "id": st.just("bot") | _WORD}),
    "action": st.fixed_dictionaries({"name": _WORD}, optional={"properties": _some(
        arguments=_OBJECT, description=_WORD, input_schema=_OBJECT, annotations=_OBJECT)}),
    "resource": st.fixed_dictionaries({"type": st.sampled_from(["client", "firm"])}, optional={
        "id": _WORD, "properties": _some(revision=_WORD)}),
}, optional={"context": _some(
    user_request=_WORD, history=st.lists(_some(tool=_WORD, arguments=_OBJECT, output=_JSON), max_size=2), task=_WORD,
    on_behalf_of=_WORD, cost_cents=st.integers(-1, 2**53) | st.just(5.0), confidence=st.floats(-1, 2),
)})  # fmt: skip


@given(_BODY)
@settings(max_examples=150, deadline=None)
def test_what_is_read_quickly_is_read_alike(body: dict[str, Any]) -> None:
    sent = json.dumps(body).encode()
    try:
        found = quick_shape.read(sent, "bot")
    except ValueError:
        return
    if found is None:
        return
    try:
        expected = Evaluation.model_validate_json(sent)
    except ValidationError as error:
        raise AssertionError(f"taken though it does not fit: {error}") from error

    assert expected.by(expected.subject.id) == found
