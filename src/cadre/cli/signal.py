"""`cadre signals`: what each signal is."""

import typer
from rich.console import Console
from rich.table import Table

from cadre.cli.option import AsJson, Workspace, print_json

app = typer.Typer()


@app.command()
def signals(workspace: Workspace = None, as_json: AsJson = False) -> None:
    """List the signals: what each counts, its unit, the evidence it needs, its grade and its source."""
    from cadre.config import find_workspace
    from cadre.reports.signals.signals import cards
    from cadre.reports.signals.signals import signals as report
    from cadre.runtime import open_runtime

    if as_json and find_workspace(workspace):
        runtime = open_runtime(workspace)
        with runtime.looking() as (gate, record):
            print_json(report(gate, record).json())
        return
    if as_json:
        print_json({"signals": [{"name": c.name, "label": c.label, "unit": c.unit, "grade": c.grade} for c in cards()]})
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("Signal", "What is counted", "Unit", "Least n", "Grade"):
        table.add_column(heading, overflow="fold")
    for card in cards():
        table.add_row(card.name, card.explanation, card.unit, str(card.min_n), card.grade)
    Console().print(table)
