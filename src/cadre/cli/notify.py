"""`cadre notify`: where approvers are told of what waits, and whether a message arrives there."""

import typer

from cadre.cli.option import AsJson, Workspace, print_json

app = typer.Typer()
notify = typer.Typer(help="Where approvers are told of what waits; a test message.", no_args_is_help=True)
app.add_typer(notify, name="notify")


@notify.command("list")
def show(workspace: Workspace = None, as_json: AsJson = False) -> None:
    """Which endpoints `cadre.toml` names, without their addresses."""
    from cadre.runtime import open_runtime

    found = open_runtime(workspace).settings.notify
    if as_json:
        print_json([one.model_dump(include={"name", "kind", "about", "clients"}) for one in found])
        return
    if not found:
        typer.echo("Nobody is told: `cadre.toml` has no [[notify]].")
    for one in found:
        where = ", ".join(one.clients) or "all clients"
        typer.echo(f"{one.name} ({one.kind}): {', '.join(one.about)}, at {where}")


@notify.command("test")
def try_them(workspace: Workspace = None, as_json: AsJson = False) -> None:
    """Post a test message to each endpoint, once; exits with 1 where one did not arrive."""
    from cadre.runtime import open_runtime
    from cadre.services.agents.webhook_send import send_test

    runtime = open_runtime(workspace)
    wrong = send_test(runtime.principal, runtime.endpoints(), runtime.telling, runtime.clock)
    if as_json:
        print_json([{"name": name, "is_fine": not told, "found": told} for name, told in wrong.items()])
    else:
        if not wrong:
            typer.echo("Nobody is told: `cadre.toml` has no [[notify]].")
        for name, told in wrong.items():
            typer.echo(f"{'MEND' if told else 'ok  '} {name}: {told or 'the message was taken'}")
    if any(wrong.values()):
        raise typer.Exit(1)
