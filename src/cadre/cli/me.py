"""`cadre me`: who may see what about me, and who did."""

from typing import Annotated

import typer

from cadre.cli.option import AsJson, Workspace, print_json, print_purpose

app = typer.Typer()


@app.command()
def me(
    workspace: Workspace = None,
    as_json: AsJson = False,
    confirm: Annotated[
        int, typer.Option(metavar="VERSION", help="Confirm that you read this version of the notice.")
    ] = 0,
) -> None:
    """Your own page: the notice, who may see what about you, who saw it, and what you contested."""
    from cadre.reports.people.me import me as report
    from cadre.runtime import open_runtime
    from cadre.services.people.notice import confirm_notice

    runtime = open_runtime(workspace)
    if confirm:
        confirm_notice(runtime.principal, runtime.work(), runtime.clock, number=confirm)
    with runtime.looking(purpose="self") as (gate, record):
        found = report(gate, record, runtime.sessions)
    if as_json:
        print_json(found.json())
        return
    print_purpose(found.purpose)
    typer.secho(found.person.name, bold=True)
    if found.told.confirmed_at:
        typer.echo(f"You confirmed version {found.notice.number} of the notice on {found.told.confirmed_at:%Y-%m-%d}.")
    elif found.told.delivered_at:
        typer.echo(found.notice.text)
        typer.echo(f"\nConfirm that you read it: cadre me --confirm {found.notice.number}")
    for viewer in found.viewers:
        state = f"not open. {viewer.shut.rule}. {viewer.shut.opens}" if viewer.shut else "open"
        typer.echo(f"  {viewer.who}: {viewer.what}: {state}")
    for seen in found.seen:
        who = "You" if seen.is_me else seen.who
        typer.echo(f"  {who} ({seen.role}) saw {seen.what}, {seen.times} times, last {seen.last_at:%Y-%m-%d %H:%M}")
    for each in found.contests:
        typer.echo(f"  Contested: {each.signal} [{each.record_table} {each.record_id}]: {each.verdict or 'open'}")
