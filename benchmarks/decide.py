"""What a decision costs an agent: over HTTP with its record on disk, by each route, and in process beside a peer.

The load is a closed loop from the same machine: so many connections, each asking again once it was answered, by the
documented route, by the same with a header that leaves it to the framework, and by the lean one. Bodies take turns: three
reads and one act that somebody asked for. The peer (agent-governance-toolkit's kernel) keeps its log in memory and answers
in process; what it is held against here is the bare decision, in process and without a record, too.
Other work on the machine moves every figure of time, so its load stands beside them, and microseconds of work for one
decision, which other work moves less: `cpu_us` of the process that decides, `writer_us` of the one that writes, `load_us`
of the load itself, which takes of the same cores. A core to itself gives at most 1e6 / cpu_us a second, and two cores
2e6 / (all three). The load runs on uvloop, as the server does, so that it takes little of what it measures.

    .venv/bin/python benchmarks/decide.py --json --peer FOLDER_OF_AN_ENVIRONMENT_WITH_agent-os-kernel
"""

import argparse
import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import uvloop

from cadre.clock import SystemClock
from cadre.config import create_workspace, load_settings
from cadre.db.machines import RegisteredMachine
from cadre.policy.agents import EFFECTS
from cadre.runtime import AT_MACHINE, Runtime
from cadre.services.agents.govern import Place, set_value
from cadre.services.machines.machine import new_secret
from cadre.services.machines.sign_in import token_for
from cadre.web.agent_api import EVALUATION
from cadre.web.lean import LEAN
from cadre.web.shape import Evaluation

UNBOUND = {"calls_a_minute": 10**9, "writes_an_hour": 10**9}
SCHEMA = {"type": "object", "properties": {"ticket_id": {"type": "string"}}, "required": ["ticket_id"]}


def body(number: int) -> dict[str, Any]:
    """One of the questions."""
    ticket = f"T-{number % 97}"
    act = number % 4 == 3
    call = (
        {"name": "add_note", "properties": {"description": "Add a note to a ticket", "input_schema": SCHEMA,
                                            "arguments": {"ticket_id": ticket}}}
        if act else
        {"name": "get_ticket", "properties": {"description": "Read a ticket", "input_schema": SCHEMA,
                                              "arguments": {"ticket_id": ticket}}}
    )  # fmt: skip
    asked = f"Please {'add a note to' if act else 'tell me the state of'} ticket {ticket}"
    return {"subject": {"type": "agent", "id": "bot"}, "action": call,
            "resource": {"type": "client", "id": f"c{number % 20}"},
            "context": {"user_request": asked, "task": f"t{number % 20}"}}  # fmt: skip


def new_firm(root: Path, policies: int) -> tuple[Runtime, str]:
    """A workspace with one agent and so many policies of its own; the agent's token."""
    create_workspace(root, name="Bench", purpose="study", invented=True)
    (root / "policies").mkdir(exist_ok=True)
    (root / "policies" / "own.cedar").write_text("\n".join(
        f'@id("own{n}") @rule("Own rule {n}") @tier("approve")\n'
        f'forbid (principal, action == Cadre::Action::"{EFFECTS[n % 10]}", resource == Cadre::Client::"c{n // 10}")\n'
        f"when {{ context.blast_radius > {n % 2 + 2} }};" for n in range(policies)
    ))  # fmt: skip
    runtime = Runtime(root, load_settings(root), SystemClock(), AT_MACHINE)
    with runtime.sessions.begin() as session:
        session.add(RegisteredMachine("bot", "Bot", "agent", "bench", runtime.clock.now()))
    told = (AT_MACHINE, runtime.work(), runtime.clock)
    set_value(*told, "limits", UNBOUND, place=Place(), reason="bench")
    set_value(*told, "hours", {"opens": "00:00", "closes": "23:59", "weekdays": [1, 2, 3, 4, 5, 6, 7]}, place=Place(),
              reason="bench")  # fmt: skip
    secret = new_secret(AT_MACHINE, runtime.work(), runtime.clock, key="bot", reason="bench").secret
    return runtime, token_for(runtime.work(), runtime.clock, runtime.agent_key, secret=secret)[0]


class _Asking(asyncio.Protocol):
    """One connection: asks, reads the answer to its end, asks again."""

    def __init__(self, requests: list[bytes], until: float, nth: int) -> None:
        self.requests, self.until, self.nth = requests, until, nth
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waits: list[float] = []
        self.refused = 0
        self._held = b""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self._ask()

    def _ask(self) -> None:
        self.nth += 1
        self.began = time.perf_counter()
        self.transport.write(self.requests[self.nth % len(self.requests)])

    def data_received(self, data: bytes) -> None:
        self._held += data
        head, end, rest = self._held.partition(b"\r\n\r\n")
        if not end:
            return
        size = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        if len(rest) < size:
            return
        now = time.perf_counter()
        self.waits.append(now - self.began)
        self.refused += b'"decision":true' not in rest[:size].replace(b'": ', b'":')
        self._held = rest[size:]
        if now < self.until:
            self._ask()
        else:
            self.transport.close()
            self.done.set_result(None)


ROUTES = {"documented": (EVALUATION, ""), "framework": (EVALUATION, "TE: trailers\r\n"), "lean": (LEAN, "")}
"""Path, and a header for which the server leaves the request to the framework: its word on trailers is not ours to read."""


async def _load(port: int, route: str, token: str, connections: int, seconds: float) -> dict[str, Any]:
    path, header = ROUTES[route]
    requests = []
    for number in range(100):
        told = json.dumps(body(number)).encode()
        head = (f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
                f"{header}Content-Type: application/json\r\nContent-Length: {len(told)}\r\n\r\n")  # fmt: skip
        requests.append(head.encode() + told)
    loop, began = asyncio.get_running_loop(), time.perf_counter()
    made = [await loop.create_connection(lambda n=n: _Asking(requests, began + seconds, n * 7), "127.0.0.1", port)  # type: ignore[misc]
            for n in range(connections)]  # fmt: skip
    await asyncio.gather(*(one.done for _, one in made))
    took = time.perf_counter() - began
    waits = [wait for _, one in made for wait in one.waits]
    return {"connections": connections, **told_of(waits, took), "not_allowed": sum(one.refused for _, one in made)}


def told_of(waits: list[float], took: float) -> dict[str, float]:
    """Figures of a loop."""
    waits = sorted(waits)
    return {"decisions": len(waits), "per_second": round(len(waits) / took), "mean_ms": round(1e3 * sum(waits) / len(waits), 3),
            "p50_ms": round(1e3 * waits[len(waits) // 2], 3), "p99_ms": round(1e3 * waits[len(waits) * 99 // 100], 3)}  # fmt: skip


def over_http(policies: int, shapes: list[tuple[str, int]], seconds: float) -> dict[str, Any]:
    """Figures by route and connections, from a server of its own."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        runtime, token = new_firm(root, policies)
        runtime.close()
        runtime.sessions.kw["bind"].dispose()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        words = [sys.executable, "-m", "cadre", "serve", "--workspace", str(root), "--port", str(port)]
        server = subprocess.Popen(words, stdout=subprocess.DEVNULL)
        try:
            _until_open(port)
            _run(
                _load(port, "lean", token, 4, 4)
            )  # the first questions make slices and fill caches; the server settles
            found = {}
            for name, n in shapes:
                before = _work(server.pid)
                told = _run(_load(port, name, token, n, seconds))
                for what, used in _work(server.pid).items():
                    told[what] = round(1e6 * (used - before[what]) / told["decisions"], 1)
                found[f"{name}_{n}"] = told
            return found
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(20)


def _run(load: Coroutine[Any, Any, dict[str, Any]]) -> dict[str, Any]:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(load)


def _work(server: int) -> dict[str, float]:
    """Seconds of work so far: of the server, of what it started, and of the load."""
    writers = [
        pid for each in Path(f"/proc/{server}/task").iterdir() for pid in (each / "children").read_text().split()
    ]
    return {"cpu_us": _cpu_seconds(server), "writer_us": sum(_cpu_seconds(int(pid)) for pid in writers),
            "load_us": time.process_time()}  # fmt: skip


def _cpu_seconds(pid: int) -> float:
    """Seconds of work of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _until_open(port: int) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("the server did not start")


def in_process(seconds: float) -> dict[str, Any]:
    """One caller after another without HTTP: the bare decision, and the same with its record on disk."""
    with tempfile.TemporaryDirectory() as folder:
        runtime, _ = new_firm(Path(folder), 10)
        calls = [Evaluation.model_validate(body(n)).by("bot") for n in range(100)]
        now, governor = runtime.clock.now(), runtime.governor
        found = {
            "without_record": timed(lambda n: governor.judged(*calls[n % 100], now), seconds),
            "on_disk": timed(lambda n: governor.decide(*calls[n % 100]), seconds),
        }
        runtime.close()
        return found


def timed(one: Callable[[int], object], seconds: float) -> dict[str, float]:
    """Figures of calls one after another."""
    for number in range(50):
        one(number)
    waits: list[float] = []
    began, cpu = time.perf_counter(), time.process_time()
    while time.perf_counter() < began + seconds:
        at = time.perf_counter()
        one(len(waits))
        waits.append(time.perf_counter() - at)
    used = time.process_time() - cpu
    return {**told_of(waits, time.perf_counter() - began), "cpu_us": round(1e6 * used / len(waits), 1)}


def peer(environment: str, seconds: float) -> Any:
    """The peer's figures from an environment of its own; None where there is none."""
    if not environment:
        return None
    words = [f"{environment}/bin/python", str(Path(__file__).with_name("peer_decide.py")), str(seconds)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else {"failed": done.stderr.splitlines()[-1:]}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one object on one line")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--peer", default="", help="an environment with agent-os-kernel")
    told = parser.parse_args()
    shapes = [(name, n) for name in ROUTES for n in (8, 32)]
    ten = over_http(10, shapes, told.seconds)
    thousand = over_http(1_000, [("lean", 32)], told.seconds)
    found = {
        "load_of_machine": os.getloadavg()[0], "cores": os.cpu_count(), "durable": True, **ten,
        "lean_32_with_1000_policies": thousand["lean_32"],
        "in_process": in_process(told.seconds / 2), "peer_in_process": peer(told.peer, told.seconds / 2),
    }  # fmt: skip
    sys.stdout.write(json.dumps(found, indent=None if told.json else 2) + "\n")


if __name__ == "__main__":
    main()
