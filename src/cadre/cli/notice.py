"""`cadre notice`: tell people what is looked at, and see who was told."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cadre.cli.option import AsJson, Workspace, print_json

app = typer.Typer()
notice = typer.Typer(help="Tell people what is looked at before numbers about them open.", no_args_is_help=True)
app.add_typer(notice, name="notice")


@notice.command()
def show(workspace: Workspace = None, as_json: AsJson = False) -> None:
    """The notice that holds, and who was told."""
    from cadre.reports.people.notice import notice as report
    from cadre.runtime import open_runtime

    runtime = open_runtime(workspace)
    with runtime.snapshot() as record:
        found = report(runtime.principal, record, runtime.sessions)
    if as_json:
        print_json(found.json())
        return
    if not found.number:
        typer.echo('No notice was published. Begin with `cadre notice publish --contact "Name, how to reach them"`.')
        return
    typer.secho(f"Version {found.number}, by {found.published_by}", bold=True)
    typer.echo(found.text)
    if found.missing:
        typer.echo(f"Not in this text, but in the one that comes with Cadre: {'; '.join(found.missing)}.")
    table = Table("Person", "Delivered", "Confirmed", box=None, pad_edge=False)
    for each in found.people:
        delivered = f"{each.delivered_at:%Y-%m-%d}" if each.delivered_at else "not yet"
        confirmed = f"{each.confirmed_at:%Y-%m-%d}" if each.confirmed_at else "not yet"
        table.add_row(each.name, delivered, f"{confirmed}, on paper" if each.how == "paper" else confirmed)
    Console().print(table)


@notice.command()
def publish(
    workspace: Workspace = None,
    as_json: AsJson = False,
    contact: Annotated[str, typer.Option(help="Whom people can ask; for the notice that comes with Cadre.")] = "",
    text: Annotated[Path | None, typer.Option(help="A text file of your own in its place.")] = None,
) -> None:
    """Publish a version; everybody has to confirm it anew."""
    from cadre.errors import UsageError
    from cadre.runtime import open_runtime
    from cadre.services.people.notice import publish_notice
    from cadre.stewardship.notice import notice_text

    if not contact.strip() and text is None:
        raise UsageError(
            "a notice says whom people can ask, and nobody was named", hint="Give --contact or --text FILE."
        )
    runtime = open_runtime(workspace)
    words = text.read_text("utf-8") if text else notice_text(runtime.settings.firm.name, contact)
    number = publish_notice(runtime.principal, runtime.work(), runtime.clock, text=words)
    if as_json:
        print_json({"number": number})
    else:
        typer.echo(f"Version {number} is published. Deliver it: cadre notice deliver")


@notice.command()
def deliver(
    person: Annotated[str, typer.Argument(help="Name or key; everybody who has not got it unless given.")] = "",
    workspace: Workspace = None,
    as_json: AsJson = False,
) -> None:
    """Put the notice on people's own pages."""
    from cadre.reports.people.notice import notice as report
    from cadre.reports.people.person import person_key
    from cadre.runtime import open_runtime
    from cadre.services.people.notice import deliver_notice

    runtime = open_runtime(workspace)
    with runtime.snapshot() as record:
        missing = report(runtime.principal, record, runtime.sessions).undelivered
        people = [person_key(record, person)] if person else list(missing)
    count = deliver_notice(runtime.principal, runtime.work(), runtime.clock, people=people)
    if as_json:
        print_json({"delivered": count})
    else:
        typer.echo(f"Delivered to {count} people. Each confirms it on their own page.")


@notice.command()
def paper(
    person: Annotated[str, typer.Argument(help="Name or key of the person.")],
    reason: Annotated[str, typer.Option(help="Why on paper, and where the paper lies.")],
    workspace: Workspace = None,
    as_json: AsJson = False,
) -> None:
    """Record that somebody confirmed the notice on paper."""
    from cadre.reports.people.person import person_key
    from cadre.runtime import open_runtime
    from cadre.services.people.notice import record_paper_receipt

    runtime = open_runtime(workspace)
    with runtime.snapshot() as record:
        key = person_key(record, person)
    record_paper_receipt(runtime.principal, runtime.work(), runtime.clock, person_id=key, reason=reason)
    if as_json:
        print_json({"person_id": key, "how": "paper"})
    else:
        typer.echo("Recorded, in your name and with your reason.")
