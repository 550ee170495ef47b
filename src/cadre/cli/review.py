"""`cadre review`: whom one may review; `cadre contest`: what people say is wrong, and the answers."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cadre.cli.option import AsJson, Workspace, print_json, print_purpose

app = typer.Typer()


@app.command()
def review(workspace: Workspace = None, as_json: AsJson = False) -> None:
    """Whom you have reviewed, and what would open readiness to you; the questions are answered on the page."""
    from cadre.reports.people.review import reviews
    from cadre.runtime import open_runtime
    from cadre.services.duty import REVIEWERS, act_as

    runtime = open_runtime(workspace)
    act_as(runtime.principal, REVIEWERS, "review a person")
    with runtime.looking(purpose="selection_for_seat") as (gate, record):
        found = reviews(gate, record, runtime.sessions)
    if as_json:
        print_json(found.json())
        return
    print_purpose(found.purpose)
    table = Table("Person", "Your review", "Readiness", box=None, pad_edge=False)
    for each in found.people:
        done = f"{each.finished_at:%Y-%m-%d}" if each.finished_at else "possible" if each.is_possible else "not blind"
        table.add_row(each.name, done, each.readiness.opens if each.readiness else "open to you")
    Console().print(table)


@app.command()
def contest(
    answer: Annotated[int, typer.Argument(help="Number of a contest to answer; a list unless given.")] = 0,
    workspace: Workspace = None,
    as_json: AsJson = False,
    verdict: Annotated[str, typer.Option(help="upheld (the row is left out) or kept.")] = "",
    reason: Annotated[str, typer.Option(help="Why, to the person.")] = "",
) -> None:
    """Rows that people say are wrong; with a number, --verdict and --reason, the answer to one."""
    from cadre.reports.people.contest import contests
    from cadre.runtime import open_runtime
    from cadre.services.duty import REVIEWERS, act_as
    from cadre.services.people.contest import answer_contest

    runtime = open_runtime(workspace)
    act_as(runtime.principal, REVIEWERS, "look at contests")
    if answer:
        answer_contest(
            runtime.principal, runtime.work(), runtime.clock, contest_id=answer, verdict=verdict, reason=reason
        )
    with runtime.looking(purpose="contest") as (gate, record):
        found = contests(gate, record, runtime.sessions, number=0)
    if as_json:
        print_json(found.json())
        return
    for each in found.rows:
        state = f"{each.verdict}: {each.reason}" if each.verdict else "open"
        typer.echo(f"{each.contest_id}. {each.person}, {each.card.label} [{each.record_table} {each.record_id}]")
        typer.echo(f"   {each.words} ({state})")
    if not found.rows:
        typer.echo("Nobody says that a row is wrong.")
