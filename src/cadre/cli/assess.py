"""`cadre assess`: where star performers and people ready to lead differ, and how sure that is."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from cadre.cli.option import AsJson, Workspace, print_json, print_purpose, print_withheld

if TYPE_CHECKING:
    from cadre.reports.seats.selection import SelectionReport

app = typer.Typer()


@app.command()
def assess(
    workspace: Workspace = None,
    as_json: AsJson = False,
    seats: Annotated[int, typer.Option(min=0, help="Seats to fill; a tenth of the people unless given.")] = 0,
) -> None:
    """Whom readiness and craft would choose, with intervals, ranks, and what each rule is expected to be worth."""
    from cadre.reports.seats.seats import outcomes
    from cadre.reports.seats.selection import selection
    from cadre.runtime import open_runtime

    runtime = open_runtime(workspace)
    with runtime.looking(purpose="selection_for_seat") as (gate, record):
        found = selection(gate, record, seats=seats, outcomes=outcomes(runtime.sessions))
    if as_json:
        print_json(found.json())
        return
    print_purpose(found.purpose)
    if found.withheld:
        print_withheld(found.withheld)
        return
    _show(found)


def _show(found: "SelectionReport") -> None:
    from cadre.reports.seats.selection import RULES
    from cadre.reports.wording import full_text

    table = Table(box=None, pad_edge=False)
    for heading in ("Person", "Readiness (sd)", "Rank", "Craft (sd)", "Leans to", "Would be chosen"):
        table.add_column(heading, overflow="fold")
    for row in found.rows:
        rank = f"{row.rank[0]} to {row.rank[1]} of {found.ranked}" if row.rank else ""
        rules = "; ".join(RULES[rule].lower() for rule in row.rules)
        table.add_row(row.who.name, full_text(row.readiness, "sd"), rank, full_text(row.craft, "sd"), row.leans, rules)
    Console().print(table)
    for rule in found.rules:
        typer.echo(
            f"{RULES[rule.rule]}: {rule.value:.0%} ({rule.low:.0%} to {rule.high:.0%}) expected below the middle"
        )
    for reason, count in found.left_out.items():
        typer.echo(f"Not ranked, {count}: {reason}.")
    for each in found.held:
        typer.echo(f"{each.sentence}. {each.why.rule}.")
    if not found.outcomes:
        typer.echo("No outcome of your own leads is recorded yet: an order is told, and no chance.")
