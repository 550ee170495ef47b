"""Options that every command shares, and how results are printed."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from cadre.reports.release import Withheld

Workspace = Annotated[
    Path | None,
    typer.Option("--workspace", "-w", metavar="DIR", help="The workspace; default: the one in or above this folder."),
]
Purpose = Annotated[
    str,
    typer.Option(help="What for: development or selection_for_seat. It is written down beside what was opened."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def print_json(value: Any) -> None:
    """Print a result as JSON, one object."""
    typer.echo(json.dumps(value, ensure_ascii=False, default=str))


def print_purpose(word: str) -> None:
    """Print what the workspace is for, where every surface has to carry it."""
    if word:
        typer.secho(word, dim=True)


def print_withheld(why: "Withheld", what: str = "Withheld") -> None:
    """Print that something is not shown, by which rule, and what would open it."""
    typer.echo(f"{what}. {why.rule}. {why.opens}")
