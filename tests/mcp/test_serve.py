"""The gateway as it is used: a process before a process on their streams, and over streamable HTTP on both sides."""

import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
import uvicorn
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from cadre.errors import UsageError
from cadre.mcp.opening import Options, opened
from cadre.mcp.serve import Behind, connected, serving
from tests.mcp.desk import Desk
from tests.mcp.served import helpdesk

SERVED = Path(__file__).with_name("served.py")


@asynccontextmanager
async def running(server: uvicorn.Server) -> AsyncIterator[str]:
    """A server on a free port; gives its address."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    server.config.port = port
    async with anyio.create_task_group() as group:
        group.start_soon(server.serve)
        while not server.started:  # noqa: ASYNC110 (uvicorn tells it by nothing else)
            await anyio.sleep(0.01)
        yield f"http://127.0.0.1:{port}/mcp"
        server.should_exit = True


def test_a_process_before_a_process(desk: Desk) -> None:
    root = desk.runtime.root
    arguments = ["-m", "cadre", "mcp", "gateway", "--workspace", str(root), "--agent", "bot", "--server",
                 f"{sys.executable} {SERVED}", "--wait", "0", "--spans", str(root / "spans.jsonl")]  # fmt: skip

    async def run() -> tuple[Any, Any]:
        started = StdioServerParameters(command=sys.executable, args=arguments, env={"PATH": os.environ["PATH"]})
        async with Client(started, cache=None) as client:
            read = await client.call_tool("get_ticket", {"ticket_id": "T-1"})
            return read, await client.call_tool("close_ticket", {"ticket_id": "T-1"})

    read, written = anyio.run(run)
    assert "Printer" == read.structured_content["subject"]
    assert (True, "approve") == (written.is_error, written.structured_content["cadre"]["outcome"])
    assert 2 == len(desk.spans.read_text().splitlines())
    assert ["allow", "approve"] == sorted(desk.decided)


def test_streamable_http_on_both_sides_for_who_shows_the_secret(desk: Desk) -> None:
    async def run() -> tuple[Any, Any, int]:
        app = helpdesk(desk.done).streamable_http_app(json_response=True)
        behind = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        async with running(behind) as url:
            options = Options(Behind(url=url), "bot", wait_seconds=0.0)
            async with opened(options, desk.runtime, desk.said.append) as made, \
                    running(serving(made.server(), 0, "s3cret")) as front:  # fmt: skip
                async with httpx2.AsyncClient() as stranger:
                    refused = (await stranger.post(front, json={})).status_code
                async with httpx2.AsyncClient(headers={"Authorization": "Bearer s3cret"}) as http, \
                        Client(streamable_http_client(front, http_client=http), cache=None) as client:  # fmt: skip
                    read = await client.call_tool("get_ticket", {"ticket_id": "T-1"})
                    return read, await client.call_tool("close_ticket", {"ticket_id": "T-1"}), refused

    read, written, refused = anyio.run(run)
    assert ("Printer", True, 401, ["get T-1"]) == (
        read.structured_content["subject"],
        written.is_error,
        refused,
        desk.done,
    )


def test_what_is_said_before_the_first_call(desk: Desk) -> None:
    desk.set("catalogue", "autonomous", key="wipe_ticket")

    async def run() -> None:
        async with opened(Options(Behind((sys.executable, str(SERVED))), "bot"), desk.runtime, desk.said.append):
            pass

    anyio.run(run)
    assert [
        "3 tools for bot at the firm itself; where no request is known: 2 autonomous, 1 approve.",
        "Rows of the catalogue for tools that this server does not offer: wipe_ticket.",
    ] == desk.said


@pytest.mark.parametrize("behind", [
    Behind(), Behind(("a",), "http://127.0.0.1:9"), Behind(("no-such-command-at-all",)), Behind(url="http://127.0.0.1:9/mcp"),
])  # fmt: skip
def test_a_server_that_is_not_there_is_told_in_words(behind: Behind) -> None:
    async def run() -> None:
        with pytest.raises(UsageError):
            async with connected(behind):
                pass

    anyio.run(run)


def test_a_port_is_not_served_without_a_secret(desk: Desk) -> None:
    with pytest.raises(UsageError, match="secret"):
        serving(helpdesk()._lowlevel_server, 0, "")
