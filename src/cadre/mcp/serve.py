"""Connecting to the server behind, and serving the gateway on this process's streams or on a loopback port.

Keeps true: over a port only who shows the agent's secret is served; the server behind is told of this process's
environment only what was named.
"""

import hmac
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
import uvicorn
from mcp import Client, StdioServerParameters
from mcp.client.session import MessageHandlerFnT
from mcp.client.streamable_http import streamable_http_client
from mcp.server.lowlevel import NotificationOptions, Server
from mcp.server.stdio import stdio_server

from cadre.errors import UsageError

Asgi = Callable[[MutableMapping[str, Any], Any, Any], Awaitable[None]]
PATH = "/mcp"
CALL_SECONDS = 300.0
"""How long the server behind may take for one call."""


@dataclass(frozen=True, slots=True)
class Behind:
    """The server behind.

    Attributes:
        command: What starts it, to speak over its streams; empty where it runs already.
        url: Where it runs (streamable HTTP); empty where it is started.
        environment: Variables it is started with, beside the few that every program needs.
        headers: Sent with every request to the URL.
    """

    command: tuple[str, ...] = ()
    url: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What it is called where nobody named it."""
        return self.url or " ".join(self.command)


@asynccontextmanager
async def connected(behind: Behind, heard: MessageHandlerFnT | None = None) -> AsyncIterator[Client]:
    """A connection to the server behind.

    Args:
        behind: The server.
        heard: Is told what the server says unasked.

    Raises:
        UsageError: There is none, or it does not speak the protocol.
    """
    if bool(behind.command) == bool(behind.url):
        raise UsageError("a gateway stands before one server", hint="Give --server COMMAND or --url URL.")
    async with AsyncExitStack() as stack:
        try:
            there = await stack.enter_async_context(_reached(behind, heard))
        except Exception as error:  # the protocol's client raises groups, its own errors and the system's
            raise UsageError(f"the server behind does not answer ({_first(error)})",
                             hint="Start it by hand once and see whether it runs.") from error  # fmt: skip
        yield there


@asynccontextmanager
async def _reached(behind: Behind, heard: MessageHandlerFnT | None) -> AsyncIterator[Client]:
    if behind.url:
        timeout = httpx2.Timeout(30.0, read=CALL_SECONDS)
        async with httpx2.AsyncClient(headers=dict(behind.headers), timeout=timeout) as http:
            transport = streamable_http_client(behind.url, http_client=http)
            told = Client(transport, cache=None, read_timeout_seconds=CALL_SECONDS, message_handler=heard)
            async with told as client:
                yield client
    else:
        first, *rest = behind.command
        started = StdioServerParameters(command=first, args=rest, env=dict(behind.environment))
        # Asked by the newer handshake, older servers write a page of complaint before they answer the older one.
        there = Client(started, cache=None, mode="legacy", read_timeout_seconds=CALL_SECONDS, message_handler=heard)
        async with there as client:
            yield client


def _first(error: BaseException) -> str:
    """Kind of the first error of a group; its words may name addresses."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return type(error).__name__


async def serve_streams(server: Server[Any]) -> None:
    """Serve one connection on standard input and output until it closes."""
    options = server.create_initialization_options(NotificationOptions(tools_changed=True))
    async with stdio_server() as (read, write):
        await server.run(read, write, options)


def serving(server: Server[Any], port: int, secret: str) -> uvicorn.Server:
    """Streamable HTTP on a loopback port, not started yet.

    Args:
        server: The server.
        port: The port.
        secret: What a caller has to show as its bearer token.

    Raises:
        UsageError: There is no secret.
    """
    app = guarded(server.streamable_http_app(streamable_http_path=PATH, host="127.0.0.1"), secret)
    return uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", server_header=False,
                                         proxy_headers=False))  # fmt: skip


def guarded(app: Asgi, secret: str) -> Asgi:
    """An application that only who shows a secret reaches.

    Raises:
        UsageError: There is no secret.
    """
    if not secret:
        raise UsageError("a port is open to all programs of this machine, so it takes the agent's secret",
                         hint="Make one with `cadre machine secret NAME` and set CADRE_AGENT_SECRET.")  # fmt: skip
    wanted = f"Bearer {secret}".encode()

    async def inside(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        shown = next((value for name, value in scope.get("headers", ()) if name == b"authorization"), b"")
        if scope["type"] == "http" and not hmac.compare_digest(shown, wanted):
            await send({"type": "http.response.start", "status": 401,
                        "headers": [(b"content-type", b"text/plain"), (b"www-authenticate", b"Bearer")]})  # fmt: skip
            await send({"type": "http.response.body", "body": b"Show the agent's secret as bearer token.\n"})
            return
        await app(scope, receive, send)

    return inside
