"""`cadre account`: who may sign in. The first account is made here, at the machine, and nowhere else."""

import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cadre.access.limit import LINK_DAYS, TOKEN_HOURS
from cadre.cli.option import AsJson, Workspace, print_json

app = typer.Typer()
account = typer.Typer(help="Who may sign in, and as what.", no_args_is_help=True)
app.add_typer(account, name="account")

Name = Annotated[str, typer.Argument(help="Name or number of the account.")]
Reason = Annotated[str, typer.Option(help="Why; kept for good.")]
Days = Annotated[int, typer.Option(help="Days the link works.")]
Address = Annotated[str, typer.Option(help="Where the pages are served, for the link that is printed.")]
SERVED = "http://127.0.0.1:8765"


@account.command()
def invite(
    name: Annotated[str, typer.Argument(help="What they will sign in with.")],
    role: Annotated[str, typer.Option(help="owner, manager, reviewer or technician.")],
    workspace: Workspace = None,
    as_json: AsJson = False,
    person: Annotated[str, typer.Option(help="Who they are on the staff: name or key.")] = "",
    days: Days = LINK_DAYS,
    address: Address = SERVED,
) -> None:
    """Print a link that works once, with which somebody makes their account."""
    from cadre.reports.people.person import person_key
    from cadre.runtime import open_runtime
    from cadre.services.accounts.invite import invite as make

    runtime = open_runtime(workspace)
    key = None
    if person:
        with runtime.snapshot() as record:
            key = person_key(record, person)
    link = make(
        runtime.principal, runtime.work(), runtime.clock, runtime.warehouse,
        name=name, role=role, person_id=key, days=days,
    )  # fmt: skip
    _print_link(link, address, as_json=as_json)


@account.command()
def reset(
    name: Name, workspace: Workspace = None, as_json: AsJson = False, days: Days = LINK_DAYS, address: Address = SERVED
) -> None:
    """Print a link that works once, with which an account gets a new password."""
    from cadre.reports.people.accounts import account_named
    from cadre.runtime import open_runtime
    from cadre.services.accounts.invite import new_link

    runtime = open_runtime(workspace)
    number = account_named(runtime.principal, runtime.sessions, name)
    link = new_link(runtime.principal, runtime.work(), runtime.clock, account_id=number, days=days)
    _print_link(link, address, as_json=as_json)


@account.command("list")
def show(workspace: Workspace = None, as_json: AsJson = False) -> None:
    """Accounts, and links that still work."""
    from cadre.reports.people.accounts import accounts
    from cadre.runtime import open_runtime

    runtime = open_runtime(workspace)
    with runtime.snapshot() as record:
        found = accounts(runtime.principal, runtime.sessions, record, now=runtime.clock.now())
    if as_json:
        print_json(found.json())
        return
    if not found.accounts:
        typer.echo("Nobody has an account yet: whoever sits at this machine is the owner, in the pages too.")
    table = Table(box=None, pad_edge=False)
    for heading in ("Number", "Name", "Role", "On the staff", "Last seen"):
        table.add_column(heading, overflow="fold")
    for row in found.accounts:
        seen = f"{row.seen_at:%Y-%m-%d %H:%M} UTC" if row.seen_at else "never"
        role = row.role if row.is_active else f"{row.role}, switched off"
        table.add_row(str(row.account_id), row.name, role, row.person, seen)
    if found.accounts:
        Console().print(table)
    for link in found.invitations:
        what = "new password" if link.is_renewal else link.role
        until = f"{link.expires_at:%Y-%m-%d %H:%M} UTC"
        typer.echo(f"Open link {link.invitation_id}: {link.name} ({what}), by {link.invited_by}, until {until}")


@account.command()
def revoke(
    invitation: Annotated[int, typer.Argument(help="Number of the link, from `cadre account list`.")],
    workspace: Workspace = None,
) -> None:
    """Take a link back before it was used."""
    from cadre.runtime import open_runtime
    from cadre.services.accounts.invite import revoke_invitation

    runtime = open_runtime(workspace)
    revoke_invitation(runtime.principal, runtime.work(), runtime.clock, invitation_id=invitation)
    typer.echo(f"Taken back: link {invitation}.")


@account.command()
def role(
    name: Name,
    role: Annotated[str, typer.Argument(help="owner, manager, reviewer or technician.")],
    reason: Reason = "",
    workspace: Workspace = None,
) -> None:
    """Give an account another role; its tokens end."""
    from cadre.reports.people.accounts import account_named
    from cadre.runtime import open_runtime
    from cadre.services.accounts.account import set_role

    runtime = open_runtime(workspace)
    number = account_named(runtime.principal, runtime.sessions, name)
    changed = set_role(runtime.principal, runtime.work(), runtime.clock, account_id=number, role=role, reason=reason)
    typer.echo(f"{changed.name} is {changed.role} now.")


@account.command()
def link(
    name: Name,
    person: Annotated[str, typer.Argument(help="Name or key on the staff; nobody unless given.")] = "",
    reason: Reason = "",
    workspace: Workspace = None,
) -> None:
    """Say which person on the staff an account is."""
    from cadre.reports.people.accounts import account_named
    from cadre.reports.people.person import person_key
    from cadre.runtime import open_runtime
    from cadre.services.accounts.account import link_person

    runtime = open_runtime(workspace)
    number = account_named(runtime.principal, runtime.sessions, name)
    key = None
    if person:
        with runtime.snapshot() as record:
            key = person_key(record, person)
    changed = link_person(
        runtime.principal, runtime.work(), runtime.clock, runtime.warehouse,
        account_id=number, person_id=key, reason=reason,
    )  # fmt: skip
    typer.echo(f"{changed.name} is {changed.person_id or 'nobody'} on the staff now.")


@account.command()
def off(name: Name, reason: Reason = "", workspace: Workspace = None) -> None:
    """Switch an account off; its sessions and tokens end now."""
    _switch(name, reason, workspace, on=False)


@account.command()
def on(name: Name, reason: Reason = "", workspace: Workspace = None) -> None:
    """Switch an account on again."""
    _switch(name, reason, workspace, on=True)


@account.command()
def token(
    name: Annotated[str, typer.Argument(help="Whose; their password is asked for, or read from a pipe.")],
    workspace: Workspace = None,
    as_json: AsJson = False,
    purpose: Annotated[str, typer.Option("--for", help="What it is for.")] = "command line",
    hours: Annotated[int, typer.Option(help="Hours it works.")] = TOKEN_HOURS,
) -> None:
    """Print a token that may what its owner may, for programs and for `CADRE_TOKEN`."""
    from cadre.runtime import open_runtime
    from cadre.services.accounts.sign_in import issue_token, principal_for, proven

    runtime = open_runtime(workspace, is_at_machine=True)
    password = typer.prompt("Password", hide_input=True, err=True) if sys.stdin.isatty() else sys.stdin.readline()
    proof = proven(runtime.work(), runtime.clock, name=name, password=password.rstrip("\n"), address="this machine")
    made, secret = issue_token(principal_for(proof), runtime.work(), runtime.clock, name=purpose, hours=hours)
    if as_json:
        print_json({"token": secret, "role": made.role, "expires_at": made.expires_at.isoformat()})
        return
    typer.echo(secret)
    typer.echo(f"Works until {made.expires_at:%Y-%m-%d %H:%M} UTC as {made.role}; shown this once.", err=True)


def _switch(name: str, reason: str, workspace: Workspace, *, on: bool) -> None:
    from cadre.reports.people.accounts import account_named
    from cadre.runtime import open_runtime
    from cadre.services.accounts.account import deactivate, reactivate

    runtime = open_runtime(workspace)
    number = account_named(runtime.principal, runtime.sessions, name)
    change = reactivate if on else deactivate
    changed = change(runtime.principal, runtime.work(), runtime.clock, account_id=number, reason=reason)
    typer.echo(f"{changed.name} is switched {'on' if on else 'off'}.")


def _print_link(link: object, address: str, *, as_json: bool) -> None:
    from cadre.services.accounts.invite import Link

    assert isinstance(link, Link)
    whole, made = address.rstrip("/") + link.path, link.invitation
    if as_json:
        print_json({"link": whole, "name": made.name, "role": made.role, "expires_at": made.expires_at.isoformat()})
        return
    typer.echo(whole)
    typer.echo(
        f"For {made.name} ({made.role}) and nobody else: works once, until {made.expires_at:%Y-%m-%d %H:%M} UTC; "
        "shown this once. `cadre serve` has to be running.",
        err=True,
    )
