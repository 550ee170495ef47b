"""`cadre mcp`: a gateway before any server of agents' tools, and a server for who answers agents."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from cadre.cli.option import AsJson, Workspace, print_json

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from cadre.mcp.opening import Options
    from cadre.runtime import Runtime

T = TypeVar("T")
app = typer.Typer()
mcp = typer.Typer(help="Agents' tools over the Model Context Protocol, through the gate.", no_args_is_help=True)
app.add_typer(mcp, name="mcp")

Agent = Annotated[str, typer.Option(help="Key of the agent in the register of machines.")]
Server = Annotated[str, typer.Option(help="Command that starts the server behind, in quotes.")]
Url = Annotated[str, typer.Option(help="Address of the server behind (streamable HTTP).")]
Client = Annotated[str, typer.Option(help="Key of the client in whose environment it acts; empty for the firm itself.")]
Env = Annotated[list[str], typer.Option(help="Variable that the server behind is started with; repeat for more.")]
Name = Annotated[str, typer.Option(help="What the server is called; default: its command or address.")]
Header = Annotated[list[str], typer.Option(help="NAME=VARIABLE: header for the address, read from a variable.")]


@mcp.command()
def gateway(
    agent: Agent,
    workspace: Workspace = None,
    server: Server = "",
    url: Url = "",
    client: Client = "",
    env: Env = [],  # noqa: B006 (Typer copies it)
    header: Header = [],  # noqa: B006
    name: Name = "",
    port: Annotated[int | None, typer.Option(help="Serve on this loopback port instead of the standard streams.")] = None,
    cadre: Annotated[str, typer.Option(help="Address of a running Cadre that decides, instead of a workspace.")] = "",
    state: Annotated[Path | None, typer.Option(help="Folder for what is kept between runs; needed with --cadre.")] = None,
    spans: Annotated[Path | None, typer.Option(help="File to which a span of each call is appended (OTLP JSON).")] = None,
    wait: Annotated[float, typer.Option(help="Seconds a call waits for its approval.", min=0, max=3600)] = 30.0,
) -> None:  # fmt: skip
    """Stand before a server: the same tools, every call decided with its arguments."""
    from cadre.mcp.opening import opened
    from cadre.mcp.serve import serve_streams, serving

    options = _options(agent, server, url, client, env, header, name, cadre, state, spans, wait)
    runtime = _runtime(workspace, cadre)

    async def run() -> None:
        async with opened(options, runtime, _say) as made:
            if port is None:
                await serve_streams(made.server())
            else:
                served = serving(made.server(), port, options.secret)
                _say(f"The gateway is at http://127.0.0.1:{port}/mcp (Ctrl-C stops it).")
                await served.serve()

    try:
        _run(run)
    finally:
        if runtime is not None:
            runtime.close()


@mcp.command()
def check(
    agent: Agent,
    workspace: Workspace = None,
    server: Server = "",
    url: Url = "",
    client: Client = "",
    env: Env = [],  # noqa: B006
    header: Header = [],  # noqa: B006
    name: Name = "",
    as_json: AsJson = False,
) -> None:
    """How a server's tools are judged where no request is known, before an agent gets them."""
    from rich.console import Console
    from rich.table import Table

    from cadre.mcp.opening import judged, opened
    from cadre.mcp.preview import Preview

    runtime = _runtime(workspace, "")
    assert runtime is not None
    options = _options(agent, server, url, client, env, header, name, "", None, None, 0.0)

    async def run() -> tuple[Preview, ...]:
        async with opened(options, runtime, _say) as made:
            return await judged(made, runtime.governs().rows)

    found = _run(run)
    if as_json:
        print_json([{"tool": one.tool, "tier": one.tier.text, "effects": one.effects, "row": one.row,
                     "reasons": one.reasons} for one in found])  # fmt: skip
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("Tool", "Tier", "What it does", "Why"):
        table.add_column(heading, overflow="fold")
    for one in found:
        table.add_row(one.tool, one.tier.text, ", ".join(one.effects) or "cannot be told", "; ".join(one.reasons))
    Console().print(table)


@mcp.command()
def approvers(workspace: Workspace = None) -> None:
    """Serve one account's waiting approvals to its host, on standard streams; the person is asked, not the model."""
    from cadre.errors import UnauthenticatedError
    from cadre.mcp.approver import approver_server

    runtime = _runtime(workspace, "")
    assert runtime is not None
    if runtime.principal.account_id is None:
        raise UnauthenticatedError("approvals are answered by accounts", hint="Give the token of one in CADRE_TOKEN.")
    approver_server(runtime, runtime.asking).run("stdio")


def _options(agent: str, server: str, url: str, client: str, env: list[str], header: list[str], name: str, cadre: str,
             state: Path | None, spans: Path | None, wait: float) -> "Options":  # fmt: skip
    from cadre.config import Environment, passed_on
    from cadre.errors import UsageError
    from cadre.mcp.opening import Options
    from cadre.mcp.serve import Behind

    wrong = [one for one in header if "=" not in one]
    if wrong:
        raise UsageError("a header is NAME=VARIABLE", hint="Such as --header Authorization=TOKEN_OF_THE_SERVER.")
    named = dict(one.split("=", 1) for one in header)
    values = passed_on(list(named.values()))
    behind = Behind(tuple(shlex.split(server)), url, passed_on(env), {key: values[told] for key, told in named.items()})
    secret = Environment().agent_secret
    return Options(behind, agent, client, secret.get_secret_value().strip() if secret else "", cadre, state, name, spans,
                   wait)  # fmt: skip


def _runtime(workspace: Path | None, cadre: str) -> "Runtime | None":
    from cadre.runtime import open_runtime

    return None if cadre else open_runtime(workspace)


def _run(work: "Callable[[], Awaitable[T]]") -> "T":
    """Run to the end; an error of ours comes out of the groups that the protocol's streams wrap it in."""
    import anyio

    from cadre.errors import CadreError

    try:
        return anyio.run(work)
    except BaseExceptionGroup as group:
        first: BaseException = group
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        if isinstance(first, CadreError):
            raise first from None
        raise


def _say(text: str) -> None:
    typer.echo(f"cadre: {text}", err=True)
