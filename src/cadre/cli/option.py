"""Options that every command shares, and how results are printed."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

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
