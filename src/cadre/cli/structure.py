"""`cadre structure`: which leads the firm needs and who could take each open seat; `cadre reliance`: what rests on one person."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from cadre.cli.option import AsJson, Workspace, print_json, print_purpose, print_withheld

if TYPE_CHECKING:
    from cadre.reports.seats.structure import Options, StructureReport

PURPOSE = "selection_for_seat"
app = typer.Typer()


@app.command()
def structure(
    workspace: Workspace = None,
    as_json: AsJson = False,
    team: Annotated[str, typer.Option(metavar="TEAM", help="Only this team: name or key.")] = "",
    size: Annotated[int, typer.Option(help="One more size of the firm to look at, in people.")] = 0,
    span: Annotated[str, typer.Option(metavar="LOW-HIGH", help="Fewest and most people to one lead.")] = "",
    people_share: Annotated[
        float | None, typer.Option(help="Share of people leaders among leads, 0 to 1, in place of the rule's.")
    ] = None,
    weight: Annotated[
        list[str] | None,
        typer.Option(metavar="PART=NUMBER", help="How much a part of the rule counts; can be given more than once."),
    ] = None,
    match: Annotated[
        float | None, typer.Option(help="What one sd of the wanted kind of lead adds to a fit, in sd of readiness.")
    ] = None,
) -> None:
    """Which leads the firm needs by a stated rule, what would change that, and who could take each open seat."""
    from cadre.reports.seats.seats import team_key
    from cadre.reports.seats.structure import structure as report
    from cadre.runtime import open_runtime

    runtime = open_runtime(workspace)
    with runtime.looking(purpose=PURPOSE) as (gate, record):
        key = team_key(record, team) if team else ""
        chosen = _options(key, size, span, people_share, weight or [], match)
        found = report(gate, record, runtime.sessions, now=runtime.clock.now(), options=chosen)
    if as_json:
        print_json(found.json())
        return
    _print(found)


@app.command()
def reliance(
    workspace: Workspace = None,
    as_json: AsJson = False,
    share: Annotated[float, typer.Option(help="Share of the work from which it rests on one person, 0.1 to 1.")] = 0.4,
) -> None:
    """What rests on one person: topics, clients, tiers and teams, and who could learn it soonest."""
    from cadre.reports.teams.reliance import reliance as report
    from cadre.reports.teams.reliance_words import counted_text, cut_text, finding, near_text, row_text
    from cadre.runtime import open_runtime

    runtime = open_runtime(workspace)
    with runtime.looking(purpose=PURPOSE) as (gate, record):
        found = report(gate, record, least_share=share)
    if as_json:
        print_json(found.json())
        return
    print_purpose(found.purpose)
    typer.secho(f"{finding(found)}.", bold=True)
    typer.echo(counted_text(found))
    for row in found.rows:
        typer.echo(f"{row_text(row, found)} {near_text(row, found)}")
    for cut in found.cuts or ():
        typer.echo(cut_text(cut, found))
    if found.withheld:
        print_withheld(found.withheld, "On whom is withheld")
    for held in () if found.withheld else found.held:
        print_withheld(held.why, held.sentence)


def _options(
    team: str, size: int, span: str, people_share: float | None, weights: list[str], match: float | None
) -> "Options":
    from cadre.reports.seats.structure import Options, read_spans, read_weights

    standard = Options()
    return Options(
        weights=read_weights(dict(each.partition("=")[::2] for each in weights)),
        spans=read_spans(span),
        size=size,
        people_share=people_share,
        match=standard.match if match is None else match,
        team=team,
    )


def _print(found: "StructureReport") -> None:
    from cadre.reports.seats.structure_words import RULE, SHORT, headline, next_text, seat_text

    print_purpose(found.purpose)
    typer.secho(f"{headline(found)}.", bold=True)
    typer.echo(RULE)
    _print_teams(found)
    typer.echo(next_text(found))
    table = Table(box=None, pad_edge=False)
    for heading in ("People", "Leads of teams", "Leads of leads", "People leaders"):
        table.add_column(heading)
    for s in found.scenarios:
        mix = _range(s.people_leaders) if s.people_leaders else "cannot tell"
        table.add_row(f"{s.people:,}", _range((s.fewest, s.most)), _range(s.above), mix)
    Console().print(table)
    for seat in found.seats:
        typer.echo(f"{seat.seat.name}, asks for {SHORT.get(seat.word, seat.word)}. {seat_text(seat, found.names)}")
    if found.withheld:
        print_withheld(found.withheld, "People are withheld")
    for held in () if found.withheld else found.held:
        print_withheld(held.why, held.sentence)


def _print_teams(found: "StructureReport") -> None:
    from cadre.reports.seats.structure_words import asks_text, flip_text

    for each in found.teams:
        typer.secho(f"{each.facts.name}, {each.facts.people} people. {asks_text(each.asks)}", bold=True)
        for part in each.facts.inputs.values():
            typer.echo(f"  {part.told}" + (f" (n = {part.n:,})" if part.n else ""))
        for flip in each.asks.flips[:2]:
            typer.echo(f"  {flip_text(each.asks, flip)}{'' if flip.is_plausible else ' (beyond what is plausible)'}")


def _range(ends: tuple[int, int]) -> str:
    return f"{ends[0]:,}" if ends[0] == ends[1] else f"{ends[0]:,} to {ends[1]:,}"
