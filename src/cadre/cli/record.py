"""`cadre coverage`, `cadre refresh`, `cadre join`, `cadre split`, `cadre erase`: the record and who is who in it."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cadre.cli.option import AsJson, Workspace, print_json
from cadre.cli.progress import working

app = typer.Typer()


@app.command()
def coverage(workspace: Workspace = None, as_json: AsJson = False) -> None:
    """Which signals this record carries, for how many people, and what the next source would unlock."""
    from cadre.reports.trust.coverage import coverage as report
    from cadre.runtime import open_runtime

    runtime = open_runtime(workspace)
    with runtime.looking() as (gate, record):
        found = report(gate, record)
    if as_json:
        print_json(found.json())
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("Signal", "Carried", "People with an estimate", "Needs", "Missing"):
        table.add_column(heading, overflow="fold")
    for row in found.carried:
        shown = "too few to say" if row.people is None else str(row.people)
        table.add_row(
            row.card.label,
            "yes" if row.is_carried else "no",
            shown,
            " or ".join(row.card.needs),
            ", ".join(row.missing),
        )
    Console().print(table)
    for following in found.next_sources:
        typer.echo(
            f"{following.label} would unlock {', '.join(following.unlocks) or 'nothing new'}: cadre ingest {following.name}"
        )


@app.command()
def refresh(workspace: Workspace = None, as_json: AsJson = False) -> None:
    """Compute identities, signals and estimates anew from the record."""
    from cadre.runtime import open_runtime

    counts = _recompute(open_runtime(workspace))
    if as_json:
        print_json({"tables": counts})
    else:
        for name, rows in counts.items():
            typer.echo(f"  {name:<22}{rows:>12,}")


@app.command()
def join(
    account: Annotated[str, typer.Argument(help="Account key, from `cadre doctor` or the Record page.")],
    person: Annotated[str, typer.Argument(help="Person key, or another account's.")],
    workspace: Workspace = None,
    as_json: AsJson = False,
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    undo: Annotated[bool, typer.Option(help="Take a join or split back; the rules decide again.")] = False,
) -> None:
    """Say that an account belongs to a person; what it touches is recomputed."""
    _decide(workspace, "undo" if undo else "join", account, person, reason, as_json)


@app.command()
def split(
    account: Annotated[str, typer.Argument(help="Account key.")],
    person: Annotated[str, typer.Argument(help="Person key it does not belong to.")],
    workspace: Workspace = None,
    as_json: AsJson = False,
    reason: Annotated[str, typer.Option(help="Why.")] = "",
) -> None:
    """Say that an account does not belong to a person; what it touches is recomputed."""
    _decide(workspace, "split", account, person, reason, as_json)


@app.command()
def erase(
    person: Annotated[str, typer.Argument(help="Name or key of the person.")],
    workspace: Workspace = None,
    as_json: AsJson = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase a person from every table and every old version. Counts stay. It cannot be undone."""
    from cadre.reports.people.person import person_key
    from cadre.runtime import open_runtime
    from cadre.services.erasure.erase import erase as remove

    runtime = open_runtime(workspace)
    with runtime.snapshot() as record:
        key = person_key(record, person)
    if not yes:
        typer.confirm(f"Erase {key} from every table and every old version? This cannot be undone", abort=True)
    keys = remove(runtime.principal, runtime.warehouse, runtime.work(), runtime.clock, person_id=key)
    _recompute(runtime)
    if as_json:
        print_json({"erased": len(keys)})
    else:
        typer.echo(f"Erased {len(keys)} keys. Counts stay; a tombstone keeps the names from coming back.")


def _decide(workspace: Workspace, verdict: str, account: str, person: str, reason: str, as_json: bool) -> None:
    from cadre.runtime import open_runtime
    from cadre.services.identity import decide_identity

    runtime = open_runtime(workspace)
    decide_identity(
        runtime.principal, runtime.work(), runtime.clock, runtime.warehouse,
        verdict=verdict, account_id=account, person_id=person, reason=reason,
    )  # fmt: skip
    counts = _recompute(runtime)
    if as_json:
        print_json({"verdict": verdict, "account_id": account, "person_id": person, "tables": counts})
    else:
        typer.echo(f"Recorded: {verdict} {account} {person}. What it touches was recomputed.")


def _recompute(runtime: object) -> dict[str, int]:
    from cadre.runtime import Runtime
    from cadre.services.computing.refresh import refresh as recompute

    assert isinstance(runtime, Runtime)
    with working("Computing signals") as progress:
        return recompute(runtime.principal, runtime.warehouse, runtime.work(), runtime.clock, progress=progress)
