"""`cadre govern`: what holds for agents, and setting it; `stop` is the kill switch."""

import json
from typing import Annotated, Any

import typer

from cadre.cli.option import AsJson, Workspace, print_json
from cadre.cli.words import Words
from cadre.errors import NotFoundError, UsageError

app = typer.Typer()
govern = typer.Typer(
    help="What agents may do: modes, limits, freezes, the kill switch; taking any of it back.", no_args_is_help=True
)
app.add_typer(govern, name="govern")

Agent = Annotated[str, typer.Option(help="Name or key of an agent; empty for all.")]
Client = Annotated[str, typer.Option(help="Name or key of a client; empty for all.")]
Reason = Annotated[str, typer.Option(help="Why; kept for good.")]
_EXAMPLES = """Values: mode: observe, advise or enforce. catalogue, with --key TOOL: autonomous, notify, approve,
four-eyes or forbidden. limits: '{"writes_an_hour": 20}'. hours: '{"opens": "08:00", "closes": "18:00"}'. freeze:
'{"begins_at": "2026-12-20T00:00+00:00", "ends_at": "2027-01-02T00:00+00:00"}'. approvers:
'{"on_call": ["account:1"], "minutes": 60}'. To stop and let go on, see `cadre govern stop` and `start`."""


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
    words = Words(runtime)
    for one in found:
        typer.echo(f"{one.number:>5}  {words.of(one)}; {words.by(one)}")


@govern.command()
def history(
    workspace: Workspace = None,
    most: Annotated[int, typer.Option(min=1, help="How many of the newest.")] = 20,
    as_json: AsJson = False,
) -> None:
    """What was set lately, by number; `cadre govern undo NUMBER` shows what taking it back would restore."""
    from cadre.reports.agents.governing import changes
    from cadre.runtime import open_runtime

    runtime = open_runtime(workspace)
    found = changes(runtime.principal, runtime.sessions, most=most)
    if as_json:
        print_json([one.json() for one in found])
        return
    if not found:
        typer.echo("Nothing was set yet.")
        return
    words = Words(runtime)
    for one in found:
        since = "" if one.is_free else " (set anew or taken back since)"
        typer.echo(f"{one.setting.number:>5}  {words.of(one.setting)}; {words.by(one.setting)}{since}")


@govern.command()
def undo(
    number: Annotated[
        int | None, typer.Argument(help="From `cadre govern history`; the newest where none is named.")
    ] = None,
    workspace: Workspace = None,
    reason: Annotated[str, typer.Option(help="Why; kept for good. Without one nothing is changed, only shown.")] = "",
) -> None:
    """Set again what held before a setting: shows it first, and does it where a reason is given."""
    from cadre.reports.agents.governing import changes
    from cadre.runtime import open_runtime
    from cadre.services.agents.govern import Place, would_loosen
    from cadre.services.agents.take_back import take_back

    runtime = open_runtime(workspace)
    found = changes(runtime.principal, runtime.sessions, number=number, most=1)
    if not found:
        raise NotFoundError(f"there is no setting {number}" if number else "nothing was set yet",
                            hint="`cadre govern history` lists what was set, by number.")  # fmt: skip
    one, words = found[0], Words(runtime)
    was = one.setting
    typer.echo(f"Setting {was.number}: {words.of(was)}; {words.by(was)}")
    if one.is_free:
        typer.echo(f"Taken back, this holds again: {words.again(one.again)}.")
        looser = would_loosen(runtime.work(), was.kind, one.before, Place(was.agent, was.client_id, was.key))
        if looser:
            typer.echo(f"It loosens: {looser}.")
        if not reason:
            typer.echo(f'Nothing is changed yet. To do it: cadre govern undo {was.number} --reason "..."')
            return
    made = take_back(runtime.principal, runtime.work(), runtime.clock, was.number, reason=reason)
    typer.echo(f"Taken back, on record as setting {made.id}.")


@govern.command("set", epilog=_EXAMPLES)
def set_one(
    kind: Annotated[str, typer.Argument(help="mode, limits, hours, freeze, catalogue, approvers or switch.")],
    value: Annotated[str, typer.Argument(help="A word, or JSON as below; `null` ends what was set.")],
    reason: Reason,
    workspace: Workspace = None,
    agent: Agent = "",
    client: Client = "",
    key: Annotated[str, typer.Option(help="Name of a tool, row or freeze.")] = "",
) -> None:
    """Set what governs agents from now on."""
    _set(workspace, kind, _value(value), agent, client, key, reason)


@govern.command()
def stop(reason: Reason, workspace: Workspace = None, agent: Agent = "", client: Client = "") -> None:
    """Stop an agent, all agents at a client, or all agents; it holds in every mode."""
    _set(workspace, "switch", True, agent, client, "", reason)


@govern.command()
def start(reason: Reason, workspace: Workspace = None, agent: Agent = "", client: Client = "") -> None:
    """Let go on what was stopped."""
    _set(workspace, "switch", None, agent, client, "", reason)


def _set(workspace: Any, kind: str, value: Any, agent: str, client: str, key: str, reason: str) -> None:
    from cadre.reports.agents.governing import changes
    from cadre.runtime import open_runtime
    from cadre.services.agents.govern import Place, set_value

    if kind == "switch" and agent and client:
        raise UsageError("a switch is about one agent, one client or the firm", hint="Name --agent or --client.")
    runtime = open_runtime(workspace)
    words = Words(runtime)
    place = Place(words.agent(agent, must=kind == "switch"), words.client(client), key)
    made = set_value(runtime.principal, runtime.work(), runtime.clock, kind, value, place=place, reason=reason)
    said = words.of(changes(runtime.principal, runtime.sessions, number=made.id)[0].setting)
    typer.echo(f"On record as setting {made.id}: {said}.")


def _value(text: str) -> Any:
    """JSON where it is some, else the word itself."""
    try:
        return json.loads(text)
    except ValueError:
        return text
