"""`cadre fairness`: what the fairness audit of the firm's own record finds, and recording that it was made."""

from typing import Annotated, Literal

import typer

from cadre.cli.option import AsJson, Workspace, print_json, print_purpose, print_withheld

app = typer.Typer()


@app.command()
def fairness(
    workspace: Workspace = None,
    as_json: AsJson = False,
    seats: Annotated[
        int,
        typer.Option(
            min=0, help="People to count as selected, to the nearest five from the middle; a tenth unless given."
        ),
    ] = 0,
    record: Annotated[
        bool, typer.Option("--record", help="Record this audit: it opens readiness to reviewers for 182 days.")
    ] = False,
    draft: Annotated[
        Literal["", "summary", "assessment"],
        typer.Option(help="Print a draft as Markdown: summary (Local Law 144) or assessment (EU AI Act, GDPR)."),
    ] = "",
) -> None:
    """Rates by declared group, proxies among the signals, and what so few people can show; in aggregate alone."""
    from cadre.reports.trust.fairness import drafts, finding
    from cadre.reports.trust.fairness import fairness as report
    from cadre.runtime import open_runtime
    from cadre.services.people.fairness_audit import record_audit

    runtime = open_runtime(workspace)
    today = runtime.clock.now().date()
    with runtime.looking(purpose="selection_for_seat") as (gate, snapshot):
        found = report(gate, snapshot, runtime.sessions, today=today, seats=seats)
    if record and found.audit:
        record_audit(runtime.principal, runtime.work(), runtime.clock, audit_on=today, summary=found.summary)
    if draft:
        typer.echo(drafts(found, today=today)[draft])
        return
    if as_json:
        print_json(found.json() | {"recorded_now": record and found.audit is not None})
        return
    print_purpose(found.purpose)
    typer.secho(f"{finding(found)}.", bold=True)
    if found.withheld:
        print_withheld(found.withheld)
    for sentence in found.audit.sentences if found.audit else ():
        typer.echo(f"  {sentence}")
    for sentence in found.audit.abstentions if found.audit else ():
        typer.echo(f"  Cannot be told: {sentence}")
    if record and found.audit:
        typer.echo(f"Recorded for {today.isoformat()}.")
    elif found.recorded:
        typer.echo(f"The newest audit on record is of {found.recorded.audit_on.isoformat()}.")
    else:
        typer.echo("No audit is on record yet: cadre fairness --record")
