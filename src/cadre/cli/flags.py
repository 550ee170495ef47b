"""`cadre flags`: what stands out, and where its rows are."""

from typing import TYPE_CHECKING, Annotated

import typer

from cadre.cli.option import AsJson, Purpose, Workspace, print_json, print_purpose, print_withheld

if TYPE_CHECKING:
    from cadre.reports.signals.flags import FlagsReport

app = typer.Typer()


@app.command()
def flags(
    person: Annotated[str, typer.Argument(help="Name or key of a person; everybody unless given.")] = "",
    workspace: Workspace = None,
    as_json: AsJson = False,
    purpose: Purpose = "development",
) -> None:
    """Red flags, early indicators and changes that stand, with what was seen, its 90% interval and n."""
    from cadre.reports.people.person import person_key
    from cadre.reports.signals.flags import flags as report
    from cadre.runtime import open_runtime

    runtime = open_runtime(workspace)
    with runtime.looking(purpose=purpose) as (gate, record):
        found = report(gate, record, person_key(record, person) if person else "")
    if as_json:
        print_json(found.json())
        return
    print_purpose(found.purpose)
    if found.withheld:
        print_withheld(found.withheld)
        return
    _show(found)


def _show(found: "FlagsReport") -> None:
    from cadre.reports.signals.flags import REASON

    for who, every in found.rows:
        typer.secho(f"{who.name}" + (f", {who.role}" if who.role else ""), bold=True)
        for flag in every:
            since = f", since {flag.since.isoformat()}" if flag.since else ""
            typer.echo(f"  {flag.word}: {flag.label}{since}")
            for one in flag.beyond:
                middle = f"; {one.middle_text}" if one.middle_text else ""
                typer.echo(f"    {one.sentence} {one.interval}{middle}.")
                typer.echo(f"    Rows: cadre person {who.person_id} --signal {one.card.name}")
    for each in found.held:
        typer.echo(f"{each.sentence}. {each.why.rule}.")
    if not found.rows:
        typer.echo("Nothing stands out." if found.looks else "Nothing was looked at yet.")
    for look in found.looks:
        typer.echo(f"{look.text}.")
    if found.rows:
        typer.echo(REASON)
