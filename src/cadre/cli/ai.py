"""`cadre ai`: which AI tools are in use, with what data and under what terms, and what nobody knows of them."""

from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console

from cadre.cli.option import AsJson, Workspace, print_json

app = typer.Typer()
ai = typer.Typer(help="AI tools in use: what they may be given, and under what terms.", no_args_is_help=True)
app.add_typer(ai, name="ai")


@ai.command("list")
def show(workspace: Workspace = None, as_json: AsJson = False) -> None:
    """Every AI tool, those with the most unknown first, and the rules on data."""
    from cadre.reports.agents.ai_register import WORDS, ai_register, handling, headline
    from cadre.runtime import open_runtime

    runtime = open_runtime(workspace)
    now = runtime.clock.now()
    with runtime.snapshot() as record:
        report = ai_register(runtime.principal, runtime.sessions, record, now=now)
    if as_json:
        print_json(report.json())
        return
    console = Console()
    console.print(f"{headline(report, now.date())}.", style="bold")
    for row in report.tools:
        ended = ", no longer used" if row.entry.is_ended else ""
        old = ", long unchecked" if row.is_stale else ""
        whose = f", {row.client}" if row.client else ""
        console.print(f"\n{row.entry.name}{whose}{ended} [{row.entry.key}], checked {row.entry.checked_on}{old}",
                      markup=False)  # fmt: skip
        for name, value in row.facts.items():
            console.print(f"  {WORDS[name]}: {value or 'unknown'}", markup=False)
    console.print("\nRules on data:")
    for sentence in handling():
        console.print(f"  {sentence}")


@ai.command()
def check(
    name: Annotated[str, typer.Argument(help="What its users call the tool.")],
    workspace: Workspace = None,
    as_json: AsJson = False,
    key: Annotated[str, typer.Option(help="Of a tool that was checked before, from `cadre ai list`.")] = "",
    tool: Annotated[list[str] | None, typer.Option(help="A tool or server agents call that is this one; again for more.")] = None,
    client: Annotated[str, typer.Option(help="Key of the client whose tool it is; empty for the firm's own.")] = "",
    vendor: Annotated[str | None, typer.Option(help="Who offers it.")] = None,
    model: Annotated[str | None, typer.Option(help="Which model answers.")] = None,
    purpose: Annotated[str | None, typer.Option(help="What it is used for.")] = None,
    owner: Annotated[str | None, typer.Option(help="Who on the staff answers for it: name or key.")] = None,
    data: Annotated[
        list[str] | None,
        typer.Option(help="A kind of data it may be given: personal, credential, financial, security, health, "
                          "client_secret, or `none`; again for more."),
    ] = None,
    processed_in: Annotated[str | None, typer.Option(help="Countries or regions where it works on them.")] = None,
    kept: Annotated[str | None, typer.Option(help="Where and how long it keeps them.")] = None,
    trains: Annotated[str | None, typer.Option(help="Whether they train models: yes, no or opt-out.")] = None,
    sub_processors: Annotated[str | None, typer.Option(help="Who else gets to see them.")] = None,
    contract: Annotated[str | None, typer.Option(help="Under which contract or terms.")] = None,
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day somebody looked; today unless given.")] = None,
    ended: Annotated[bool, typer.Option("--ended", help="It is no longer used.")] = False,
) -> None:  # fmt: skip
    """Record what was found out about an AI tool; what is left out is unknown and stays visible as that."""
    from cadre.reports.people.person import person_key
    from cadre.runtime import open_runtime
    from cadre.services.agents.ai_register import Found, check_tool

    runtime = open_runtime(workspace)
    who = None
    if owner:
        with runtime.snapshot() as record:
            who = person_key(record, owner)
    classes = None if data is None else tuple(one for one in data if one != "none")
    found = Found(vendor, model, purpose, who, classes, processed_in, kept, trains, sub_processors, contract)
    made = check_tool(
        runtime.principal, runtime.work(), runtime.clock, runtime.warehouse, name=name, found=found,
        tools=tuple(tool or ()), client_id=client or None, checked_on=on.date() if on else None, key=key, is_ended=ended,
    )  # fmt: skip
    if as_json:
        print_json({"key": made.key, "name": made.name, "checked_on": made.checked_on})
        return
    typer.echo(f"{made.name} is in the register as {made.key}, checked {made.checked_on}.")
