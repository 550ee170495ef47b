"""`cadre network`: who works with whom."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cadre.cli.option import AsJson, Purpose, Workspace, print_json, print_purpose, print_withheld

app = typer.Typer()
_MOST_PAIRS = 30


@app.command()
def network(
    name: Annotated[
        str,
        typer.Argument(help="handover, working_together, subcontracting, who_answers_whom or mentoring."),
    ] = "handover",
    workspace: Workspace = None,
    as_json: AsJson = False,
    purpose: Purpose = "development",
) -> None:
    """A network of work: between teams, between people, and where people stand in it. Central is not leading."""
    from cadre.reports.teams.network import CAUTION, TeamTable
    from cadre.reports.teams.network import network as report
    from cadre.runtime import open_runtime

    runtime = open_runtime(workspace)
    with runtime.looking(purpose=purpose) as (gate, record):
        found = report(gate, record, name)
    if as_json:
        print_json(found.json())
        return
    print_purpose(found.purpose)
    typer.secho(found.chosen.label, bold=True)
    typer.echo(CAUTION)
    if not found.is_carried:
        typer.echo(f"Nothing on record: it is made from {' and '.join(found.chosen.needs)}.")
        return
    console = Console()
    if isinstance(found.teams, TeamTable) and found.teams.teams:
        told = {(c.source, c.target): "few" if c.times is None else f"{c.times:,}" for c in found.teams.cells}
        table = Table("From \\ to", *(each for _, each, _ in found.teams.teams), box=None, pad_edge=False)
        for key, each, _ in found.teams.teams:
            table.add_row(each, *(told[key, other] for other, _, _ in found.teams.teams))
        console.print(table)
    if found.withheld:
        print_withheld(found.withheld)
        return
    pairs = Table("Who", found.chosen.verb, "Times", box=None, pad_edge=False)
    if found.chosen.good:
        pairs.add_column(found.chosen.good)
    for pair in found.pairs[:_MOST_PAIRS]:
        good = "not known" if pair.good is None else f"{pair.good:g} of {pair.judged:,}"
        cells = [found.people[pair.source].name, found.people[pair.target].name, f"{pair.times:,}"]
        pairs.add_row(*cells, *([good] if found.chosen.good else []))
    console.print(pairs)
    shown = min(_MOST_PAIRS, len(found.pairs))
    typer.echo(f"The {shown} most frequent of {len(found.pairs):,} pairs. --json gives all, and where people stand.")
