"""A gateway from options to service: which gate, which server, what is kept where; and what is said before the first call.

Keeps true: a secret that is not the agent's stops it at the start; what a person should see goes to standard error, since
standard output belongs to the protocol.
"""

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cadre.clock import Clock, SystemClock
from cadre.errors import ForbiddenError, UsageError
from cadre.governance.action import Tier
from cadre.governance.catalogue import Row
from cadre.mcp.gate import Gate, OwnGate
from cadre.mcp.gateway import Gateway
from cadre.mcp.governed import Governed
from cadre.mcp.preview import Preview, dead_rows, previews
from cadre.mcp.remote_gate import RemoteGate
from cadre.mcp.serve import Behind, connected
from cadre.mcp.shelf import Shelf
from cadre.mcp.spans import Spans
from cadre.mcp.words import seen, tool_of
from cadre.runtime import Runtime
from cadre.services.machines.sign_in import token_for


@dataclass(frozen=True, slots=True)
class Options:
    """How a gateway runs.

    Attributes:
        behind: The server behind.
        agent: Key of the agent that calls.
        client: Whose environment the server acts in; empty for the firm itself.
        secret: The agent's; empty where none was given.
        cadre: Address of a running Cadre that decides; empty for the workspace of this process.
        state: Folder for what is kept between runs; the workspace's where None.
        name: What the server is called; its command or address where empty.
        spans: File for spans; None for none.
        wait_seconds: How long a call waits for its approval.
    """

    behind: Behind
    agent: str
    client: str = ""
    secret: str = field(default="", repr=False)
    cadre: str = ""
    state: Path | None = None
    name: str = ""
    spans: Path | None = None
    wait_seconds: float = 30.0


@asynccontextmanager
async def opened(options: Options, runtime: Runtime | None, say: Callable[[str], None]) -> AsyncIterator[Gateway]:
    """A gateway that is connected to its server and its gate.

    Args:
        options: How it runs.
        runtime: The workspace that decides; None where a running Cadre does.
        say: Where what somebody should see is said.

    Raises:
        CadreError: The gate or the server cannot be reached, or the secret is not the agent's.
    """
    gate, clock, rows = _gate(options, runtime, say)
    folder = options.state or (runtime.root / "private" / "mcp" if runtime else None)
    if folder is None:
        raise UsageError("a gateway keeps what it saw", hint="Name a folder for it with --state DIR.")
    shelf = Shelf(folder)
    spans = Spans(options.spans) if options.spans else None
    poll = 0.5 if runtime else 2.0
    governed = Governed(gate, shelf, clock, spans=spans, say=say, wait_seconds=options.wait_seconds, poll_seconds=poll)
    async with AsyncExitStack() as stack:
        stack.callback(governed.close)
        listening: list[Gateway] = []

        async def heard(message: Any) -> None:
            for one in listening:
                await one.heard(message)

        behind = await stack.enter_async_context(connected(options.behind, heard))
        name = options.name or options.behind.name
        made = Gateway(behind, governed, shelf, options.agent, options.client, name, secrets.token_hex(8), say)
        listening.append(made)
        _introduce(say, options, await judged(made, rows), dead_rows(rows, made.offered.names(), options.client))
        yield made


async def judged(gateway: Gateway, rows: tuple[Row, ...]) -> tuple[Preview, ...]:
    """How the server's tools are judged before the first call."""
    tools = await gateway.offered.tools()
    return previews([tool_of(seen(tool)) for tool in tools], rows, gateway.client)


def _gate(options: Options, runtime: Runtime | None,
          say: Callable[[str], None]) -> tuple[Gate, Clock, tuple[Row, ...]]:  # fmt: skip
    if runtime is None:
        if not options.secret:
            raise UsageError("a running Cadre asks who the agent is",
                             hint="Make a secret with `cadre machine secret NAME` and set CADRE_AGENT_SECRET.")  # fmt: skip
        remote = RemoteGate(options.cadre, options.secret)
        remote.check()
        return remote, SystemClock(), ()
    if options.secret:
        _, told = token_for(runtime.work(), runtime.clock, runtime.agent_key, secret=options.secret)
        if told.machine_key != options.agent:
            raise ForbiddenError("the secret is another agent's", hint="Give --agent the key that it was made for.")
    governing = runtime.governs()
    if options.agent not in governing.machines:
        say(
            f"{options.agent} stands in no register; what binds refuses it everything. `cadre machine register` enters it."
        )
    return OwnGate(runtime), runtime.clock, governing.rows


def _introduce(say: Callable[[str], None], options: Options, tools: tuple[Preview, ...], dead: tuple[str, ...]) -> None:
    counts = {tier: sum(one.tier is tier for one in tools) for tier in Tier}
    told = ", ".join(f"{count} {tier.text}" for tier, count in counts.items() if count)
    say(
        f"{len(tools)} tools for {options.agent} at {options.client or 'the firm itself'}; where no request is known: {told}."
    )
    unclear = [one.tool for one in tools if not one.effects]
    if unclear:
        say(f"What these do cannot be told, so they ask: {', '.join(unclear[:20])}.")
    if dead:
        say(f"Rows of the catalogue for tools that this server does not offer: {', '.join(dead[:20])}.")
