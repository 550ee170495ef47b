"""`cadre flags`: what stands out, and where its rows are."""

from typing import Annotated

import typer

from cadre.cli.option import AsJson, Workspace, print_json

app = typer.Typer()


@app.command()
def flags(
    person: Annotated[str, typer.Argument(help="Name or key of a person; everybody unless given.")] = "",
    workspace: Workspace = None,
    as_json: AsJson = False,
) -> None:
    """Red flags, early indicators and changes that stand, with what was seen, its 90% interval and n."""
    from cadre.reports.flags import REASON
    from cadre.reports.flags import flags as report
    from cadre.reports.person import person_key
    from cadre.runtime import open_runtime

    runtime = open_runtime(workspace)
    with runtime.snapshot() as record:
        found = report(runtime.principal, record, person_key(record, person) if person else "")
    if as_json:
        print_json(found.json())
        return
    if found.purpose:
        typer.secho(found.purpose, dim=True)
    if found.withheld:
        typer.echo(f"Withheld. {found.withheld.rule}. {found.withheld.opens}")
        return
    for who, every in found.rows:
        typer.secho(f"{who.name}" + (f", {who.role}" if who.role else ""), bold=True)
        for flag in every:
            since = f", since {flag.since.isoformat()}" if flag.since else ""
            typer.echo(f"  {flag.word}: {flag.label}{since}")
            for one in flag.beyond:
                middle = f"; {one.middle_text}" if one.middle_text else ""
                typer.echo(f"    {one.sentence} {one.interval}{middle}.")
                typer.echo(f"    Rows: cadre person {who.person_id} --signal {one.card.name}")
    if not found.rows:
        typer.echo("Nothing stands out." if found.looks else "Nothing was looked at yet.")
    for look in found.looks:
        typer.echo(f"{look.text}.")
    if found.rows:
        typer.echo(REASON)
