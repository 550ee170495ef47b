"""`cadre people` and `cadre person`: who shows what, and how sure that is."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from cadre.cli.option import AsJson, Purpose, Workspace, print_json, print_purpose, print_withheld

if TYPE_CHECKING:
    from cadre.reports.people.person import PersonReport

app = typer.Typer()


@app.command()
def people(
    workspace: Workspace = None,
    as_json: AsJson = False,
    purpose: Purpose = "development",
    order: Annotated[
        str, typer.Option(help="name, collaboration or craft; an estimate only strongest first.")
    ] = "name",
) -> None:
    """The people of the firm with what was measured of each: estimate, 90% interval and n."""
    from cadre.reports.people.people import people as report
    from cadre.reports.wording import full_text
    from cadre.runtime import open_runtime

    runtime = open_runtime(workspace)
    with runtime.looking(purpose=purpose) as (gate, record):
        found = report(gate, record, order=order)
    if as_json:
        print_json(found.json())
        return
    print_purpose(found.purpose)
    if found.withheld:
        print_withheld(found.withheld)
    else:
        for each in found.held:
            print_withheld(each.why, each.sentence)
    console = Console()
    table = Table(box=None, pad_edge=False, title_justify="left")
    for heading in ("Person", "Role", "Collaboration (sd)", "Craft (sd)", *(c.label for c in found.signals)):
        table.add_column(heading, overflow="fold")
    for row in found.rows:
        cells = [
            full_text(row.estimates[name], "sd") if name in row.estimates else "" for name in ("collaboration", "craft")
        ]
        cells += [full_text(row.measured[c.name], c.unit) if c.name in row.measured else "" for c in found.signals]
        table.add_row(row.name, row.role or "", *cells)
    console.print(table)
    typer.echo(
        f"{len(found.rows)} people, {found.window_days} days. Each: estimate (90% interval, n). Empty: not measured."
    )


@app.command()
def person(
    name: Annotated[str, typer.Argument(help="Name or key of the person.")],
    workspace: Workspace = None,
    as_json: AsJson = False,
    purpose: Purpose = "development",
    signal: Annotated[str, typer.Option(help="Show the rows behind this signal.")] = "",
    everything: Annotated[
        bool, typer.Option("--all", help="Show every finding, not only what stands clearly apart.")
    ] = False,
) -> None:
    """What was seen of one person, in plain sentences; with --signal, the rows behind one of them."""
    from cadre.reports.people.person import person as report
    from cadre.reports.people.person import person_key
    from cadre.reports.signals.evidence import evidence
    from cadre.runtime import open_runtime

    runtime = open_runtime(workspace)
    with runtime.looking(purpose=purpose) as (gate, record):
        key = person_key(record, name)
        if signal:
            rows = evidence(gate, record, key, signal)
            if as_json:
                print_json(rows.json())
                return
            if rows.withheld:
                print_withheld(rows.withheld)
                return
            for row in rows.rows:
                when = f"{row.local_at:%Y-%m-%d %H:%M}" if row.local_at else "no time told   "
                effect = f"{row.effect:+.3g}" if row.effect is not None else ""
                typer.echo(f"{when}  {effect:>7}  {row.note}  [{row.record_table} {row.record_id}]")
            typer.echo(f"{len(rows.rows)} of {rows.total} rows behind it, newest first.")
            return
        found = report(gate, record, key)
    if as_json:
        print_json(found.json())
        return
    _print(found, everything=everything)


def _print(found: "PersonReport", *, everything: bool) -> None:
    """A person's findings by family; folded unless everything is asked for."""
    from cadre.reports.wording import full_text

    print_purpose(found.purpose)
    typer.secho(f"{found.person.name}" + (f", {found.person.role}" if found.person.role else ""), bold=True)
    if found.withheld:
        print_withheld(found.withheld)
    for estimate, measured in found.estimates.items():
        typer.echo(f"  {estimate}: {full_text(measured, 'sd')}")
    for family in found.families:
        typer.secho(f"{family.title}. {family.summary}", bold=bool(family.apart))
        for finding in (*family.apart, *family.rest) if everything else family.apart:
            typer.echo(f"  {finding.sentence}" + (f" {_sentence(finding.compared)}" if finding.compared else ""))
    if found.families and not everything:
        typer.secho("Shown is what stands clearly apart from the firm's middle; --all shows the rest.", dim=True)
    if found.not_measured:
        typer.echo("Not measured here: " + ", ".join(card.label.lower() for card in found.not_measured) + ".")


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."
