"""`cadre annotate`: reads what was written and said, as far as it is new or changed."""

import typer

from cadre.cli.option import AsJson, Workspace, print_json
from cadre.cli.progress import working

app = typer.Typer()


@app.command()
def annotate(workspace: Workspace = None, as_json: AsJson = False) -> None:
    """Read new and changed text: who answers whom, and what each turn does. Stop it any time; it goes on from there."""
    from cadre.runtime import open_runtime
    from cadre.services.computing.annotate import annotate as read

    runtime = open_runtime(workspace)
    with working("Reading") as progress:
        done = read(runtime.principal, runtime.warehouse, runtime.clock, progress=progress)
    if as_json:
        print_json({"turns": done})
    elif not done:
        typer.echo("Nothing new to read.")
    else:
        for name, turns in done.items():
            typer.echo(f"  {name.replace('_', ' '):<22}{turns:>12,} turns read")
