"""`cadre demo` and `cadre simulate`: an invented firm, so that everything can be seen before a file is exported."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cadre.cli.option import AsJson, Workspace, print_json
from cadre.cli.progress import working

if TYPE_CHECKING:
    from cadre.runtime import Runtime

app = typer.Typer()
_AGENT_DAYS, _AGENT_CLIENTS, _AGENT_SCALE, _TRIAGE_SCALE, _HIJACKED = 30, 6, 0.1, 0.1, 0.05
"""Days, clients and shares of a firm's work of the invented agents: enough to see, little to wait for."""
World = Annotated[str, typer.Option(help="Which world: helpful, null, other or gamed.")]
People = Annotated[int, typer.Option(help="How many people the firm has.", min=5)]
Months = Annotated[int, typer.Option(help="How many months of record.", min=1, max=60)]
Seed = Annotated[int, typer.Option(help="The same seed gives the same firm.")]


@app.command()
def simulate(
    workspace: Workspace = None,
    world: World = "helpful",
    people: People = 30,
    months: Months = 6,
    seed: Seed = 7,
    until: Annotated[str, typer.Option(help="Last day of the record (yyyy-mm-dd); default: yesterday.")] = "",
    as_json: AsJson = False,
) -> None:
    """Invent a firm with planted truth and take its record into a workspace."""
    from cadre.services.computing.ingest import Ingested

    done = _build(workspace, world, people, months, seed, until)
    assert isinstance(done, Ingested)
    if as_json:
        print_json(done.json())
    else:
        rows = sum(done.count.tables.values())
        typer.echo(f"An invented firm of {people} people, {months} months, world {world}: {rows:,} rows.")
        typer.echo("Look at it with `cadre serve`, `cadre week` or `cadre people`.")


@app.command()
def demo(
    workspace: Workspace = None,
    people: People = 30,
    months: Months = 6,
    seed: Seed = 7,
    port: Annotated[int, typer.Option(help="Port to serve on.", min=1, max=65535)] = 8765,
    serve: Annotated[bool, typer.Option(help="Serve the pages afterwards.")] = True,
) -> None:
    """Build an invented firm of thirty people and serve its pages on this machine."""
    from cadre.cli.serve import serve_pages
    from cadre.runtime import open_runtime

    root = workspace or Path(".demo")
    _build(root, "helpful", people, months, seed, "", with_agents=True)
    if serve:
        serve_pages(open_runtime(root), "127.0.0.1", port)


def _build(root: Path | None, world: str, people: int, months: int, seed: int, until: str, *,
           with_agents: bool = False) -> object:  # fmt: skip
    from cadre.errors import UsageError
    from cadre.runtime import open_invented
    from cadre.services.computing.refresh import refresh
    from cadre.services.computing.simulate import simulate as invent

    try:
        last = date.fromisoformat(until) if until else None
    except ValueError:
        raise UsageError(f"{until!r} is no date", hint="Write it as yyyy-mm-dd.") from None
    runtime = open_invented(root)
    with working("Inventing a firm") as progress:
        done = invent(
            runtime.principal, runtime.warehouse, runtime.clock,
            world=world, people=people, months=months, seed=seed, until=last, progress=progress,
        )  # fmt: skip
    if with_agents:
        with working("Inventing agents"):
            _let_agents_ask(runtime, people, seed)
    with working("Computing signals") as progress:
        refresh(runtime.principal, runtime.warehouse, runtime.work(), runtime.clock, progress=progress)
    return done


def _let_agents_ask(runtime: "Runtime", people: int, seed: int) -> None:
    """A month of invented agents, on the clock of that month, so that the log tells it in its order."""
    from cadre.services.agents.simulate import MovingClock, clients_of, invent_agents, take_script_log
    from cadre.simulator.agents import month, waiting

    now = runtime.clock.now()
    first = now.date() - timedelta(days=_AGENT_DAYS)
    clients = clients_of(runtime.warehouse, _AGENT_CLIENTS)
    calls = [call for call in month(seed, clients, people=people, first=first, days=_AGENT_DAYS + 1, scale=_AGENT_SCALE,
                                     triage_scale=_TRIAGE_SCALE, hijacked=_HIJACKED)
             if call.at < now - timedelta(hours=1)]  # fmt: skip
    calls += waiting(seed, clients[0], now)
    clock = MovingClock(calls[0].at - timedelta(minutes=1))
    then = replace(runtime, clock=clock)
    try:
        invent_agents(then.principal, then.warehouse, then.sessions, clock, then.governor, calls, until=now)
        take_script_log(then.principal, then.warehouse, clock, clients)
    finally:
        then.close()
