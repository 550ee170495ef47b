"""What the gateway adds to a call of an agent's tool, each call decided on record before it runs and told of after it.

Prints one JSON object: mean, p50 and p99 in milliseconds of one read call after another, straight to a server and through
the gateway before it, with both in this process and over standard streams of processes of their own; what it adds at p50;
how many calls asked (none should); and the load of the machine while it ran. Both sides take turns, so that a busy machine
troubles both alike.

    .venv/bin/python benchmarks/gateway.py --json
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import anyio
from mcp import Client, StdioServerParameters
from mcp.server.mcpserver import MCPServer

from cadre.clock import SystemClock
from cadre.config import create_workspace
from cadre.db.machines import RegisteredMachine
from cadre.mcp.gate import OwnGate
from cadre.mcp.gateway import Gateway
from cadre.mcp.governed import Governed
from cadre.mcp.shelf import Shelf
from cadre.runtime import Runtime, open_runtime
from cadre.services.agents.govern import Place, set_value

CALLS = 200
WARM = 10
HERE = Path(__file__).resolve()
LIMITS = {"calls_a_minute": 1_000_000}


def helpdesk() -> MCPServer:
    """A server whose one tool does next to nothing."""
    server = MCPServer("helpdesk", log_level="ERROR")

    @server.tool()
    def get_ticket(ticket_id: str) -> dict[str, Any]:
        """Read one ticket."""
        return {"ticket_id": ticket_id, "subject": "Printer", "body": "It prints grey."}

    return server


def workspace(root: Path) -> Runtime:
    """A firm with one agent that may call often."""
    create_workspace(root)
    runtime = open_runtime(root, is_at_machine=True)
    with runtime.sessions.begin() as session:
        session.add(RegisteredMachine("bot", "Bot", "agent", "tickets", SystemClock().now()))
    set_value(runtime.principal, runtime.work(), runtime.clock, "limits", LIMITS, place=Place(), reason="measuring")
    return runtime


async def timed(sides: dict[str, Client], calls: int) -> tuple[dict[str, list[float]], int]:
    """Milliseconds of each call by side, and how many did not run."""
    times: dict[str, list[float]] = {name: [] for name in sides}
    held = 0
    for n in range(calls + WARM):
        for name, client in sides.items():
            begun = time.perf_counter()
            result = await client.call_tool("get_ticket", {"ticket_id": f"T-{n}"})
            if n >= WARM:
                times[name].append((time.perf_counter() - begun) * 1000)
            held += bool(result.is_error)
    return times, held


async def inside(runtime: Runtime, calls: int) -> tuple[dict[str, list[float]], int]:
    """Both in this process."""
    shelf = Shelf(runtime.root / "private" / "mcp")
    governed = Governed(OwnGate(runtime), shelf, runtime.clock, say=lambda text: None)
    async with Client(helpdesk(), cache=None) as direct, Client(helpdesk(), cache=None) as behind:
        made = Gateway(behind, governed, shelf, "bot", "", "helpdesk", "run", lambda text: None)
        async with Client(made.server(), cache=None) as through:
            found = await timed({"direct": direct, "governed": through}, calls)
    governed.close()
    return found


async def apart(root: Path, calls: int) -> tuple[dict[str, list[float]], int]:
    """Processes of their own."""
    served = f"{sys.executable} {HERE} --serve"
    gateway = ["-m", "cadre", "mcp", "gateway", "--workspace", str(root), "--agent", "bot", "--server", served]
    async with AsyncExitStack() as stack:
        sides = {}
        for name, args in (("direct", served.split()[1:]), ("governed", gateway)):
            started = StdioServerParameters(command=sys.executable, args=args)
            sides[name] = await stack.enter_async_context(Client(started, cache=None))
        return await timed(sides, calls)


def told(times: dict[str, list[float]], held: int) -> dict[str, Any]:
    """Figures of one way."""
    found: dict[str, Any] = {}
    for name, some in times.items():
        ordered = sorted(some)
        found[name] = {"mean_ms": round(statistics.fmean(some), 2), "p50_ms": round(ordered[len(some) // 2], 2),
                       "p99_ms": round(ordered[int(len(some) * 0.99)], 2)}  # fmt: skip
    found["added_p50_ms"] = round(found["governed"]["p50_ms"] - found["direct"]["p50_ms"], 2)
    return {**found, "held": held, "calls": len(times["direct"])}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print JSON (the default)")
    parser.add_argument("--calls", type=int, default=CALLS)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        helpdesk().run("stdio")
        return
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "firm"
        runtime = workspace(root)
        before = os.getloadavg()[0]
        found = {"in_process": told(*anyio.run(inside, runtime, options.calls))}
        runtime.close()
        found["stdio"] = told(*anyio.run(apart, root, options.calls))
        print(json.dumps({**found, "load": [round(before, 1), round(os.getloadavg()[0], 1)]}))


if __name__ == "__main__":
    main()
