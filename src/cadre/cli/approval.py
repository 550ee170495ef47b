"""`cadre approval`: what agents ask for and wait for, and answering it."""

from typing import Annotated

import typer

from cadre.cli.option import AsJson, Workspace, print_json

app = typer.Typer()
approval = typer.Typer(help="What agents ask for and wait for, and answering it.", no_args_is_help=True)
app.add_typer(approval, name="approval")

Ids = Annotated[list[str], typer.Argument(help="Ids from `cadre approval list`; several are answered one by one.")]
Id = Annotated[str, typer.Argument(help="Id from `cadre approval list`.")]


@approval.command("list")
def show(workspace: Workspace = None, as_json: AsJson = False) -> None:
    """What you may answer now, like acts side by side; what lapses first comes first."""
    from cadre.reports.agents.approvals import Waiting, inbox
    from cadre.runtime import open_runtime

    runtime = open_runtime(workspace)
    found = inbox(runtime.principal, runtime.sessions, runtime.clock.now())

    def told(one: Waiting) -> dict[str, object]:
        return {"id": one.approval.approval_id, "agent": one.agent, "client": one.client_id, "tool": one.tool,
                "tier": one.tier, "arguments": one.arguments, "request": one.user_request, "reasons": one.reasons,
                "asked_at": one.approval.asked_at, "expires_at": one.approval.expires_at}  # fmt: skip

    if as_json:
        print_json({"waiting": [told(one) for group in found.groups for one in group.items],
                    "reviews": [told(one) for one in found.reviews]})  # fmt: skip
        return
    for group in found.groups:
        kind = group.kind
        typer.echo(f"{kind.agent} wants {kind.tool} at {kind.client or 'the firm itself'} ({kind.tier.text}), "
                   f"until {group.expires_at:%H:%M} UTC: {group.items[0].reasons[0]}")  # fmt: skip
        for one in group.items:
            typer.echo(f"  {one.approval.approval_id}  {one.arguments or 'arguments are not kept'}")
    for one in found.reviews:
        typer.echo(f"Look at {one.approval.approval_id}: {one.agent} ran {one.tool} by broken glass.")
    if not found.groups and not found.reviews:
        typer.echo("Nothing waits for you.")


@approval.command()
def yes(
    ids: Ids, workspace: Workspace = None, reason: Annotated[str, typer.Option(help="In your words.")] = ""
) -> None:
    """Say yes, each for its own exact act."""
    _answer(workspace, ids, is_yes=True, reason=reason)


@approval.command()
def no(ids: Ids, reason: Annotated[str, typer.Option(help="Why not.")], workspace: Workspace = None) -> None:
    """Say no; one no refuses for good."""
    _answer(workspace, ids, is_yes=False, reason=reason)


@approval.command("break-glass")
def glass(approval_id: Id, reason: Annotated[str, typer.Option(help="What cannot wait.")],
          workspace: Workspace = None) -> None:  # fmt: skip
    """On call and alone: let an act through for a quarter of an hour; somebody else looks at it within a day."""
    from cadre.runtime import open_runtime
    from cadre.services.agents.approve import break_the_glass

    runtime = open_runtime(workspace)
    break_the_glass(runtime.principal, runtime.work(), runtime.clock, runtime.governs(), approval_id,
                    reason=reason)  # fmt: skip
    typer.echo("It may run for a quarter of an hour. Somebody else has to look at it within 24 hours.")


@approval.command()
def review(
    approval_id: Id,
    reason: Annotated[str, typer.Option(help="What you found.")],
    workspace: Workspace = None,
    wrong: Annotated[bool, typer.Option("--wrong", help="It should not have been done.")] = False,
) -> None:
    """Look at what somebody else let through alone."""
    from cadre.runtime import open_runtime
    from cadre.services.agents.approve import review_glass

    runtime = open_runtime(workspace)
    review_glass(runtime.principal, runtime.work(), runtime.clock, approval_id, was_right=not wrong, reason=reason)
    typer.echo("Kept.")


def _answer(workspace: Workspace, ids: list[str], *, is_yes: bool, reason: str) -> None:
    from cadre.errors import CadreError
    from cadre.runtime import open_runtime
    from cadre.services.agents.approve import answer_approval

    runtime = open_runtime(workspace)
    left = 0
    for approval_id in ids:
        try:
            made = answer_approval(runtime.principal, runtime.work(), runtime.clock, approval_id, is_yes=is_yes,
                                   reason=reason)  # fmt: skip
        except CadreError as error:
            left += 1
            typer.echo(f"{approval_id}: {error.message}. {error.hint}".rstrip(), err=True)
            continue
        typer.echo(f"{approval_id}: {made.state(runtime.clock.now()).value}")
    if left:
        raise typer.Exit(2)
