"""`cadre client`: what AI did for a client, and what it may do there."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cadre.cli.option import AsJson, Workspace, print_json

app = typer.Typer()
client = typer.Typer(help="What AI did for a client, and what it may do there.", no_args_is_help=True)
app.add_typer(client, name="client")
Name = Annotated[str, typer.Argument(help="The client's key or name.")]


@client.command("list")
def list_all(workspace: Workspace = None, as_json: AsJson = False) -> None:
    """Clients at which agents asked for anything in thirty days, the worst news first."""
    from cadre.reports.agents.client import clients
    from cadre.reports.wording import full_text
    from cadre.runtime import open_runtime

    runtime = open_runtime(workspace)
    with runtime.snapshot() as record:
        rows = clients(runtime.principal, runtime.sessions, record, now=runtime.clock.now())
    if as_json:
        print_json({"clients": [row.json() for row in rows]})
        return
    console = Console()
    for row in rows:
        console.print(f"{row.name} [{row.client_id}]: {row.asked:,} calls, {row.refused:,} refused, {row.unbound:,} only watched; "
                      f"alone {full_text(row.autonomy, 'share')}", markup=False)  # fmt: skip
    if not rows:
        console.print("No agent asked for anything in thirty days.")


@client.command()
def show(name: Name, workspace: Workspace = None, as_json: AsJson = False) -> None:
    """What AI did at a client in thirty days, was refused, what changed and who answers for it."""
    from cadre.reports.agents.client import client_report, headline
    from cadre.reports.agents.tally import WORDS
    from cadre.runtime import open_runtime

    runtime = open_runtime(workspace)
    with runtime.snapshot() as record:
        found = client_report(runtime.principal, runtime.sessions, record, name, now=runtime.clock.now())
    if as_json:
        print_json(found.json())
        return
    console = Console()
    console.print(f"{headline(found)}.", style="bold")
    for one in found.incidents:
        console.print(f"  {one.tool} {WORDS[one.kind]} ({one.at:%Y-%m-%d}, decision {one.decision_id})", markup=False)
    for did in found.did:
        console.print(f"  {did.tool}: {did.alone} alone, {did.approved} approved, {did.refused} refused, {did.waiting} waiting, "
                      f"{did.watched} only watched", markup=False)  # fmt: skip
    for who in found.answers:
        console.print(f"  {who.name}: {who.owner or 'nobody'} answers for it", markup=False)


@client.command("statement")
def statement_of(
    name: Name,
    workspace: Workspace = None,
    as_json: AsJson = False,
    pdf: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it as a PDF to hand over.")] = None,
) -> None:
    """What AI may do at a client, who approves the rest, and how the client can check it."""
    from cadre.reports.agents.policy import FOLDER
    from cadre.reports.agents.statement import statement
    from cadre.runtime import open_runtime

    runtime = open_runtime(workspace)
    with runtime.snapshot() as record:
        found = statement(runtime.principal, runtime.sessions, record, runtime.governs(), runtime.root / FOLDER, name,
                          now=runtime.clock.now())  # fmt: skip
    if pdf is not None:
        from cadre.documents.statement import statement_pdf

        pdf.write_bytes(statement_pdf(found))
        typer.echo(f"Written: {pdf}")
        return
    if as_json:
        print_json(found.json())
        return
    console = Console()
    console.print(f"{found.headline}.", style="bold")
    for part in found.parts:
        console.print(f"\n{part.title}", style="bold", markup=False)
        for line in (*([part.note] if part.note else []), *part.lines):
            console.print(f"  {line}", markup=False)
