"""`cadre govern`: what holds for agents, and setting it; `stop` is the kill switch."""

import json
from typing import Annotated, Any

import typer

from cadre.cli.option import AsJson, Workspace, print_json
from cadre.errors import UsageError

app = typer.Typer()
govern = typer.Typer(help="Modes, limits and rows of the catalogue for agents; the kill switch.", no_args_is_help=True)
app.add_typer(govern, name="govern")

Agent = Annotated[str, typer.Option(help="Key of an agent; empty for all.")]
Client = Annotated[str, typer.Option(help="Key of a client; empty for all.")]
Reason = Annotated[str, typer.Option(help="Why; kept for good.")]


@govern.command("list")
def show(
    workspace: Workspace = None,
    kind: Annotated[str, typer.Option(help="Only of this kind, such as switch.")] = "",
    as_json: AsJson = False,
) -> None:
    """What was set and holds; without a mode, decisions are enforced."""
    from cadre.reports.agents.governing import governing
    from cadre.runtime import open_runtime

    runtime = open_runtime(workspace)
    found = governing(runtime.principal, runtime.sessions, kind)
    if as_json:
        print_json([{name: getattr(one, name) for name in one.__slots__} for one in found])
        return
    if not found:
        typer.echo("Nothing was set: agents of the register are enforced by the default limits.")
        return
    for one in found:
        key = f" {one.key}" if one.key else ""
        typer.echo(f"{one.kind}{key} is {json.dumps(one.value)} for {one.agent or 'all agents'} at "
                   f"{one.client_id or 'all clients'}, since {one.decided_at:%Y-%m-%d %H:%M} UTC: {one.reason}")  # fmt: skip


@govern.command("set")
def set_one(
    kind: Annotated[str, typer.Argument(help="mode, limits, hours, freeze, catalogue, approvers or switch.")],
    value: Annotated[str, typer.Argument(help="A word, or JSON; `null` ends what was set.")],
    reason: Reason,
    workspace: Workspace = None,
    agent: Agent = "",
    client: Client = "",
    key: Annotated[str, typer.Option(help="Name of a tool, row or freeze.")] = "",
) -> None:
    """Set what governs agents from now on."""
    _set(workspace, kind, _value(value), agent, client, key, reason)
    typer.echo(f"{kind} is {value} for {agent or 'all agents'} at {client or 'all clients'}.")


@govern.command()
def stop(reason: Reason, workspace: Workspace = None, agent: Agent = "", client: Client = "") -> None:
    """Stop an agent, all agents at a client, or all agents; it holds in every mode."""
    _set(workspace, "switch", True, agent, client, "", reason)
    typer.echo(f"Stopped: {agent or ('all agents at ' + client if client else 'all agents')}.")


@govern.command()
def start(reason: Reason, workspace: Workspace = None, agent: Agent = "", client: Client = "") -> None:
    """Let go on what was stopped."""
    _set(workspace, "switch", None, agent, client, "", reason)
    typer.echo(f"Going on: {agent or ('all agents at ' + client if client else 'all agents')}.")


def _set(workspace: Any, kind: str, value: Any, agent: str, client: str, key: str, reason: str) -> None:
    from cadre.runtime import open_runtime
    from cadre.services.agents.govern import Place, set_value

    if kind == "switch" and agent and client:
        raise UsageError("a switch is about one agent, one client or the firm", hint="Name --agent or --client.")
    runtime = open_runtime(workspace)
    set_value(runtime.principal, runtime.work(), runtime.clock, kind, value, place=Place(agent, client, key),
              reason=reason)  # fmt: skip


def _value(text: str) -> Any:
    """JSON where it is some, else the word itself."""
    try:
        return json.loads(text)
    except ValueError:
        return text
