"""`cadre week`: what this week asks, and what was decided about it."""

from datetime import date
from typing import Annotated

import typer

from cadre.cli.option import AsJson, Workspace, print_json, print_purpose

app = typer.Typer()


@app.command()
def week(
    workspace: Workspace = None,
    as_json: AsJson = False,
    done: Annotated[str, typer.Option(metavar="KEY", help="Mark an item as done; needs --reason.")] = "",
    snooze: Annotated[
        str, typer.Option(metavar="KEY", help="Put an item off, by a week unless --until says otherwise.")
    ] = "",
    assign: Annotated[str, typer.Option(metavar="KEY", help="Give an item to somebody; needs --to.")] = "",
    reopen: Annotated[str, typer.Option(metavar="KEY", help="Take a decision back.")] = "",
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    to: Annotated[str, typer.Option(help="Who takes it.")] = "",
    until: Annotated[str, typer.Option(help="Last day of a snooze (yyyy-mm-dd).")] = "",
    ics: Annotated[bool, typer.Option("--ics", help="Print the items as a calendar.")] = False,
) -> None:
    """What needs somebody this week: at most seven items that fit in twenty minutes, worst consequence first."""
    from cadre.runtime import open_runtime
    from cadre.services.agenda import decide

    runtime = open_runtime(workspace)
    for key, outcome in ((done, "done"), (snooze, "snoozed"), (assign, "assigned"), (reopen, "reopened")):
        if key:
            decide(
                runtime.principal, runtime.work(), runtime.clock, item_key=key, outcome=outcome, reason=reason,
                assignee=to, until_on=_day(until),
            )  # fmt: skip
    _show(workspace, as_json=as_json, ics=ics)


def _show(workspace: Workspace, *, as_json: bool, ics: bool) -> None:
    from cadre.reports.agents.week import agent_matters
    from cadre.reports.audit.week import log_matters
    from cadre.reports.seats.week import due_outcomes
    from cadre.reports.week.decision import decisions
    from cadre.reports.week.ics import week_ics
    from cadre.reports.week.week import week as report
    from cadre.runtime import open_runtime

    runtime = open_runtime(workspace)
    now = runtime.clock.now()
    with runtime.looking() as (gate, record):
        where = (gate, record, runtime.sessions, now)
        further = (*due_outcomes(*where), *agent_matters(*where), *log_matters(*where))
        found = report(gate, record, decisions(runtime.sessions), now=now, further=further)
    if as_json:
        print_json(found.json())
        return
    if ics:
        typer.echo(week_ics(found, now=now), nl=False)
        return
    print_purpose(found.purpose)
    if found.is_empty:
        typer.echo("Nothing was loaded yet. Begin with `cadre ingest SOURCE PATH`, or look at `cadre demo`.")
        return
    if not found.items:
        typer.echo("Nothing needs you this week.")
    for number, item in enumerate(found.items, start=1):
        typer.secho(f"{number}. {item.happened}", bold=True)
        typer.echo(f"   {item.matters}")
        typer.echo(f"   {item.action}: {item.minutes} minutes. [{item.key}]")
    if found.later:
        typer.echo(f"{len(found.later)} more can wait until these are done.")


def _day(text: str) -> date | None:
    from cadre.errors import UsageError

    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageError(f"{text!r} is no date", hint="Write it as yyyy-mm-dd.") from None
