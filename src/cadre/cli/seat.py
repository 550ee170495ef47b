"""`cadre seat NAME`: the sheet of one lead seat; and the commands that open a seat and record who takes it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from typer.core import TyperGroup

from cadre.cli.option import AsJson, Workspace, print_json, print_purpose, print_withheld

if TYPE_CHECKING:
    from cadre.reports.seats.seat import SeatReport

PURPOSE = "selection_for_seat"
NOBODY = "nobody"


class _NameFirst(TyperGroup):
    """A group that takes `seat NAME` as `seat show NAME`."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command meant; `show` where the first word is none."""
        return super().resolve_command(ctx, args if args[0] in self.commands else ["show", *args])


app = typer.Typer()
seat = typer.Typer(cls=_NameFirst, help="A lead seat: who could take it, how sure that is, what the desk would lose.",
                   no_args_is_help=True)  # fmt: skip
app.add_typer(seat, name="seat")
Name = Annotated[str, typer.Argument(help="Name or key of the seat.")]


@seat.command()
def show(
    name: Name,
    workspace: Workspace = None,
    as_json: AsJson = False,
    pdf: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the sheet as a two-page PDF.")] = None,
    among: Annotated[str, typer.Option(metavar="TEAM", help="Only people of this team.")] = "",
) -> None:
    """The sheet of a seat: `cadre seat NAME` says the same."""
    from cadre.reports.seats.seat import seat as report
    from cadre.reports.seats.seats import seat_of, team_key
    from cadre.runtime import open_runtime

    runtime = open_runtime(workspace)
    key = seat_of(runtime.sessions, name)
    with runtime.looking(purpose=PURPOSE) as (gate, record):
        team = team_key(record, among) if among else ""
        found = report(gate, record, runtime.sessions, key, now=runtime.clock.now(), among=team)
    if pdf is not None:
        from cadre.documents.seat import seat_pdf

        pdf.write_bytes(seat_pdf(found))
        typer.echo(f"Written: {pdf}")
        return
    if as_json:
        print_json(found.json())
        return
    _print(found)


@seat.command("list")
def list_all(workspace: Workspace = None, as_json: AsJson = False) -> None:
    """Every seat and its newest decision."""
    from cadre.reports.seats.seats import seats as report
    from cadre.runtime import open_runtime

    runtime = open_runtime(workspace)
    with runtime.snapshot() as record:
        found = report(runtime.principal, record, runtime.sessions, runtime.clock.now())
    if as_json:
        print_json(found.json())
        return
    if not found.rows:
        typer.echo('No seat was opened yet. Begin with `cadre seat open "Service Desk lead" --team "Service Desk"`.')
    for row in found.rows:
        told = "open" if row.decided is None else f"{row.decided.name or NOBODY}, {row.decided.row.decided_at:%Y-%m-%d}"
        typer.echo(f"{row.seat.name}  [{row.seat.seat_key}]  {row.team or 'above teams'}  {told}")


@seat.command("open")
def open_one(
    name: Annotated[str, typer.Argument(help="What the seat is called; the same name describes it anew.")],
    workspace: Workspace = None,
    team: Annotated[str, typer.Option(help="Team it leads: name or key.")] = "",
    hands_on: Annotated[float | None, typer.Option(help="Share of its hours that stays hands-on work, 0 to 1.")] = None,
    span: Annotated[int | None, typer.Option(help="People it leads; unless given the team as it is.")] = None,
    tiers: Annotated[str, typer.Option(help="Tiers it serves, such as 1,2; unless given the team's.")] = "",
) -> None:
    """Open a seat, or describe it anew."""
    from cadre.reports.seats.seats import team_key
    from cadre.runtime import open_runtime
    from cadre.services.people.seat import open_seat

    runtime = open_runtime(workspace)
    key = None
    if team:
        with runtime.snapshot() as record:
            key = team_key(record, team)
    made = open_seat(
        runtime.principal, runtime.work(), runtime.clock,
        name=name, team_id=key, hands_on_share=hands_on, span=span, tiers=tiers.split(","),
    )  # fmt: skip
    typer.echo(f"Open: {name} [{made}]. Its sheet: cadre seat {made}")


@seat.command()
def decide(
    name: Name,
    person: Annotated[str, typer.Argument(help="Name or key of who takes it, or `nobody`.")],
    reason: Annotated[str, typer.Option(help="Why, in your own words; kept for good.")] = "",
    workspace: Workspace = None,
) -> None:
    """Record who takes a seat, or that nobody does."""
    from cadre.reports.people.person import person_key
    from cadre.reports.seats.seat import require_candidate
    from cadre.reports.seats.seats import seat_of
    from cadre.runtime import open_runtime
    from cadre.services.people.seat import decide_seat

    runtime = open_runtime(workspace)
    key = seat_of(runtime.sessions, name)
    who = None
    if person.casefold() != NOBODY:
        with runtime.looking(purpose=PURPOSE) as (gate, record):
            who = person_key(record, person)
            require_candidate(gate, who)
    made = decide_seat(
        runtime.principal, runtime.work(), runtime.clock, runtime.warehouse, key=key, person_id=who, reason=reason
    )
    typer.echo(f"Recorded, on record {made.manifest}. It can be followed by another decision, never changed.")


@app.command()
def outcomes(workspace: Workspace = None, as_json: AsJson = False) -> None:
    """How leads turned out: every decision for a person with its dates, and what was recorded on them."""
    from cadre.reports.seats.seats import seats as report
    from cadre.runtime import open_runtime

    runtime = open_runtime(workspace)
    with runtime.snapshot() as record:
        found = report(runtime.principal, record, runtime.sessions, runtime.clock.now())
    told = [(row, row.decided) for row in found.rows if row.decided and row.decided.person_id]
    if as_json:
        print_json({"outcomes": [{"seat": row.seat.seat_key, **decided.json()} for row, decided in told]})
        return
    if not told:
        typer.echo("No seat was given to anybody yet, so there is nothing to look back on.")
    for row, decided in told:
        typer.secho(f"{row.seat.name}: {decided.name}, {decided.row.decided_at:%Y-%m-%d}", bold=True)
        for date in decided.dates:
            said = date.verdict.replace("_", " ") if date.verdict else "due" if date.is_due else "to come"
            typer.echo(f"  {date.months} months, {date.due_on.isoformat()}: {said}")


def _print(found: "SeatReport") -> None:
    from cadre.reports.seats.seat_words import cover_text, learn_text, place_text, sole_text
    from cadre.reports.wording import full_text

    print_purpose(found.purpose)
    typer.secho(f"{found.seat.name}: {found.headline.lower()}.", bold=True)
    typer.echo(f"The seat asks for {found.need.word}.")
    if found.withheld:
        print_withheld(found.withheld)
    else:
        for each in found.held:
            print_withheld(each.why, each.sentence)
    table = Table(box=None, pad_edge=False)
    for heading in ("Person", "Estimate (sd)", "Place, at 90%", "Thin evidence"):
        table.add_column(heading, overflow="fold")
    for c in found.candidates:
        thin = ", ".join(c.thin) or "none"
        table.add_row(c.person.name, full_text(c.estimate, "sd"), place_text(c.rank, found.compared), thin)
    if found.candidates:
        Console().print(table)
    for c in found.candidates:
        one = c.loss.sole[0] if c.loss.sole else c.loss.most
        most = f" Most: {sole_text(one, found.clients)}{learn_text(one, found.names)}" if one else ""
        typer.echo(f"{c.person.name}: {cover_text(c.loss)}.{most}")
    for d in found.decisions[:1]:
        typer.echo(f"Decided {d.row.decided_at:%Y-%m-%d} by {d.row.decided_by}: {d.name or NOBODY}. {d.row.reason}")
        for date in d.dates:
            typer.echo(f"  {date.months} months: {date.due_on.isoformat()}{', due' if date.is_due else ''}")
