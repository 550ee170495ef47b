"""`cadre machine`: who acts without being a person, who answers for it, what it signs in with."""

from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cadre.cli.option import AsJson, Workspace, print_json

app = typer.Typer()
machine = typer.Typer(help="Agents, service principals and keys: who answers for them.", no_args_is_help=True)
app.add_typer(machine, name="machine")

Name = Annotated[str, typer.Argument(help="Name or key of the machine.")]
Reason = Annotated[str, typer.Option(help="Why; kept for good.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day of the registration.")]


@machine.command("list")
def show(
    workspace: Workspace = None,
    as_json: AsJson = False,
    found: Annotated[str, typer.Option(help="Only those with this finding, such as orphan.")] = "",
) -> None:
    """Every machine that is known, the most urgent first."""
    from cadre.reports.agents.machines import machines
    from cadre.runtime import open_runtime

    runtime = open_runtime(workspace)
    with runtime.snapshot() as record:
        report = machines(runtime.principal, runtime.sessions, record, now=runtime.clock.now())
    if as_json:
        print_json(report.json())
        return
    rows = [row for row in report.machines if not found or any(f.kind == found for f in row.findings)]
    if not report.machines:
        typer.echo("No machine is known yet. Load a list (`cadre sources`), or register one: `cadre machine register`.")
        return
    ratio = f", {report.ratio:.1f} for each of {report.people} people" if report.ratio is not None else ""
    typer.echo(f"{len(report.live)} machines may act here{ratio}.")
    table = Table(box=None, pad_edge=False)
    for heading in ("Machine", "Kind", "Answers for it", "Last used", "What is wrong"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        used = f"{row.machine.last_used_at:%Y-%m-%d}" if row.machine.last_used_at else _use(row.machine.is_use_told)
        wrong = "retired" if row.machine.retired_at else ""
        wrong = "; ".join(filter(None, (wrong, *(f"{f.kind} {f.detail}".strip() for f in row.findings))))
        name = row.name if row.machine.is_registered else f"{row.name} [{row.machine.key}]"
        table.add_row(escape(name), row.kind, ", ".join(row.owners) or "nobody", used, wrong)
    Console().print(table)


@machine.command()
def register(
    name: Annotated[str, typer.Argument(help="What colleagues call it.")],
    purpose: Annotated[str, typer.Option(help="What it is for.")],
    owner: Annotated[str, typer.Option(help="Who on the staff answers for it: name or key.")],
    workspace: Workspace = None,
    as_json: AsJson = False,
    kind: Annotated[str, typer.Option(help="agent, service_principal, managed_identity, service_account, api_member.")] = "agent",
    key: Annotated[str, typer.Option(help="Its key in the record: in brackets in `cadre machine list`.")] = "",
    client: Annotated[str, typer.Option(help="Key of the client it works for; empty for the firm itself.")] = "",
    removal: Annotated[str, typer.Option(help="What happens when it is no longer needed.")] = "",
    until: Day = None,
) -> None:  # fmt: skip
    """Decide that a machine may exist."""
    from cadre.reports.people.person import person_key
    from cadre.runtime import open_runtime
    from cadre.services.machines.machine import register as make

    runtime = open_runtime(workspace)
    with runtime.snapshot() as record:
        who = person_key(record, owner)
    made = make(
        runtime.principal, runtime.work(), runtime.clock, runtime.warehouse, name=name, purpose=purpose, owner=who,
        kind=kind, key=key, client_id=client or None, removal=removal, expires_on=until.date() if until else None,
    )  # fmt: skip
    if as_json:
        print_json({"key": made.key, "name": made.name})
        return
    typer.echo(f"{made.name} is registered as {made.key}. Give it a secret: cadre machine secret {made.key}")


@machine.command()
def secret(
    name: Name,
    reason: Reason,
    workspace: Workspace = None,
    as_json: AsJson = False,
    days: Annotated[int, typer.Option(help="Days it works.")] = 90,
    overlap: Annotated[int, typer.Option(help="Hours the old one still works beside it.")] = 0,
) -> None:
    """Print a new secret, once; the one before ends now or after the overlap."""
    from cadre.runtime import open_runtime
    from cadre.services.machines.machine import new_secret

    runtime = open_runtime(workspace)
    made = new_secret(runtime.principal, runtime.work(), runtime.clock, key=name, reason=reason, days=days,
                      overlap_hours=overlap)  # fmt: skip
    if as_json:
        print_json({"key": made.machine.key, "secret": made.secret, "expires_on": made.expires_on})
        return
    typer.echo(made.secret)
    typer.echo(f"Shown this once; {made.machine.name} gets tokens for it until {made.expires_on}.", err=True)


@machine.command()
def owner(
    name: Name, to: Annotated[str, typer.Argument(help="Who on the staff: name or key.")], reason: Reason,
    workspace: Workspace = None,
) -> None:  # fmt: skip
    """Say who answers for a machine from now on."""
    from cadre.reports.people.person import person_key
    from cadre.runtime import open_runtime
    from cadre.services.machines.machine import change_owner

    runtime = open_runtime(workspace)
    with runtime.snapshot() as record:
        who = person_key(record, to)
    made = change_owner(runtime.principal, runtime.work(), runtime.clock, runtime.warehouse, key=name, owner=who,
                        reason=reason)  # fmt: skip
    typer.echo(f"{to} answers for {made.name} now.")


@machine.command()
def expiry(name: Name, reason: Reason, workspace: Workspace = None, until: Day = None) -> None:
    """Give a registration another last day; without one it has none."""
    from cadre.runtime import open_runtime
    from cadre.services.machines.machine import change_expiry

    runtime = open_runtime(workspace)
    day = until.date() if until else None
    made = change_expiry(runtime.principal, runtime.work(), runtime.clock, key=name, expires_on=day, reason=reason)
    typer.echo(f"{made.name} is registered {f'until {day}' if day else 'without an end'}.")


@machine.command()
def revoke(name: Name, reason: Reason, workspace: Workspace = None) -> None:
    """End a machine's secrets and tokens now; it stays registered."""
    from cadre.runtime import open_runtime
    from cadre.services.machines.machine import revoke as end

    runtime = open_runtime(workspace)
    made = end(runtime.principal, runtime.work(), runtime.clock, key=name, reason=reason)
    typer.echo(f"{made.name} has no secret that works any more.")


@machine.command()
def retire(name: Name, reason: Reason, workspace: Workspace = None) -> None:
    """End a machine for good; its key stays readable and is never given again."""
    from cadre.runtime import open_runtime
    from cadre.services.machines.machine import retire as end

    runtime = open_runtime(workspace)
    made = end(runtime.principal, runtime.work(), runtime.clock, key=name, reason=reason)
    typer.echo(f"{made.name} is retired.")


def _use(is_told: bool) -> str:
    return "never" if is_told else "not told"
