"""`cadre validity`: why believe this, and how far."""

import typer

from cadre.cli.option import AsJson, Workspace, print_json, print_purpose, print_withheld

app = typer.Typer()


@app.command()
def validity(workspace: Workspace = None, as_json: AsJson = False) -> None:
    """What repeats in this record, what outcomes and studies say, and what none of it shows."""
    from cadre.reports.seats.seats import outcomes
    from cadre.reports.trust.validity import finding, repeat_words
    from cadre.reports.trust.validity import validity as report
    from cadre.runtime import open_runtime

    runtime = open_runtime(workspace)
    with runtime.looking() as (gate, snapshot):
        found = report(gate, snapshot, outcomes(runtime.sessions))
    if as_json:
        print_json(found.json())
        return
    print_purpose(found.purpose)
    typer.secho(f"{finding(found)}.", bold=True)
    if found.withheld:
        print_withheld(found.withheld)
    for one in found.competencies:
        typer.echo(f"  {one.label}: {repeat_words(one)}{'; carries no estimate' if one.silent else ''}")
    if found.own:
        typer.echo(
            f"Outcomes of own leads: {found.own.check.n} of {found.own.check.area.json().get('min_n', 0)} needed."
        )
    typer.echo(f"Studies ({found.studied_on}):")
    for study in found.studies:
        typer.echo(f"  {study.what}: {study.figure}{'' if study.is_met else f'; {study.asked} was asked for'}")
