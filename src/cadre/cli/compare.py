"""`cadre compare PERSON PERSON`: two to four released people side by side, and what cannot be told apart."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from cadre.cli.option import AsJson, Purpose, Workspace, print_json, print_purpose, print_withheld

if TYPE_CHECKING:
    from cadre.reports.seats.compare import CompareReport

app = typer.Typer()


@app.command()
def compare(
    people: Annotated[list[str], typer.Argument(metavar="PERSON...", help="Names or keys of two to four people.")],
    workspace: Workspace = None,
    as_json: AsJson = False,
    purpose: Purpose = "selection_for_seat",
) -> None:
    """Two to four released people side by side: intervals, the chance of each order, what cannot be told apart."""
    from cadre.reports.people.person import person_key
    from cadre.reports.seats.compare import compare as report
    from cadre.runtime import open_runtime

    runtime = open_runtime(workspace)
    with runtime.looking(purpose=purpose) as (gate, record):
        found = report(gate, record, runtime.sessions, [person_key(record, told) for told in people])
    if as_json:
        print_json(found.json())
        return
    _print(found)


def _print(found: "CompareReport") -> None:
    from cadre.reports.seats.compare_words import line_text, order_text
    from cadre.reports.wording import full_text

    print_purpose(found.purpose)
    typer.secho(f"{found.headline}.", bold=True)
    if found.withheld:
        print_withheld(found.withheld)
    for held in () if found.withheld else found.held:
        print_withheld(held.why, held.sentence)
    if not found.people:
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("sd, 90% interval")
    for each in found.people:
        table.add_column(each.person.name, overflow="fold")
    table.add_row("Readiness", *(full_text(each.estimate, "sd") for each in found.people))
    for line in found.lines:
        told = [line.measured.get(each.person.person_id) for each in found.people]
        table.add_row(line.label, *(full_text(m, "sd") if m else "not measured" for m in told))
    table.add_row("Kind of lead", *(each.kind for each in found.people))
    Console().print(table)
    for line in found.lines:
        if line.apart:
            typer.echo(f"{line.label}: {line_text(line, found.names)}")
    for order, chance in found.orders:
        typer.echo(order_text(order, chance, found.names))
