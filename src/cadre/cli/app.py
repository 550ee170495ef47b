"""The commands put together, and the one place where an error becomes words and an exit code."""

import json
import sys

import typer

from cadre import __version__
from cadre.cli import (
    account,
    ai,
    annotate,
    approval,
    assess,
    audit,
    client,
    compare,
    decide,
    demo,
    doctor,
    fairness,
    flags,
    govern,
    ingest,
    machine,
    mcp,
    me,
    network,
    notice,
    notify,
    people,
    policy,
    record,
    review,
    seat,
    serve,
    signal,
    source,
    structure,
    validity,
    week,
)
from cadre.errors import CadreError

app = typer.Typer(
    name="cadre",
    help="Who leads in your firm, and what AI may do there: from its own record of work.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
_PARTS = {
    "Start": (demo, source, ingest, annotate, serve, doctor),
    "Every week": (week,),
    "People": (people, assess, seat, structure, compare, fairness, validity, flags, network, signal),
    "Said to people, and by them": (notice, me, review),
    "Agents": (approval, govern, policy, decide, client, machine, ai, notify, mcp),
    "Accounts and record": (account, record, audit),
}
for part, nouns in _PARTS.items():
    for noun in nouns:
        for each in (*noun.app.registered_commands, *noun.app.registered_groups):
            each.rich_help_panel = part
        app.add_typer(noun.app)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"cadre {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: bool = typer.Option(
        False, "--version", help="Print the version and stop.", callback=_version, is_eager=True
    ),
    token: str = typer.Option(
        "", "--as", metavar="TOKEN", help="Act as the account of this token; CADRE_TOKEN says the same, out of sight."
    ),
) -> None:
    """Who helps, coordinates and explains in your firm, from its own record of work."""
    del version
    if token:
        from cadre.runtime import act_as

        act_as(token)


def main() -> None:
    """Run a command; errors go to stderr with the next step, as JSON where JSON was asked for."""
    try:
        app()
    except CadreError as error:
        if "--json" in sys.argv:
            typer.echo(json.dumps({"error": error.message, "hint": error.hint}))
        else:
            typer.secho(f"Error: {error.message}.", fg="red", err=True)
            if error.hint:
                typer.echo(error.hint, err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(0)
    except KeyboardInterrupt:
        typer.echo("Stopped; nothing half-done was kept.", err=True)
        sys.exit(130)
