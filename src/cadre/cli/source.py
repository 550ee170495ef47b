"""`cadre sources`: what can be read."""

import typer
from rich.console import Console
from rich.table import Table

from cadre.cli.option import AsJson, Workspace, print_json

app = typer.Typer()


@app.command()
def sources(workspace: Workspace = None, as_json: AsJson = False) -> None:
    """List the systems whose exports Cadre reads, and what each was tried on."""
    from cadre.sources import SOURCES

    del workspace
    if as_json:
        print_json([
            {"name": s.name, "label": s.label, "group": s.group, "accepts": s.accepts, "tables": list(s.yields),
             "tried": s.tried, "reference": s.reference} for s in SOURCES
        ])  # fmt: skip
        return
    console = Console()
    for group, title in (("msp", "What a firm has"), ("study", "Study formats")):
        table = Table(title=title, title_justify="left", box=None, pad_edge=False)
        for heading in ("cadre ingest", "System", "Takes", "Tried on"):
            table.add_column(heading, overflow="fold")
        for source in SOURCES:
            if source.group == group:
                table.add_row(source.name, source.label, source.accepts, source.tried)
        console.print(table)
        console.print()
