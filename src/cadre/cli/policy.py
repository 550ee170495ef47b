"""`cadre policy`: the rules that machines follow here: list, check, test, and try them on what was decided."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cadre.cli.option import AsJson, Workspace, print_json
from cadre.cli.words import Words
from cadre.errors import CadreError, UsageError

app = typer.Typer()
policy = typer.Typer(help="Rules for agents' acts: list, check, test and replay them.", no_args_is_help=True)
app.add_typer(policy, name="policy")

Folder = Annotated[
    Path | None,
    typer.Option("--policies", metavar="DIR", help="A folder of .cedar files; default: policies/ of the workspace."),
]


@policy.command("list")
def show(workspace: Workspace = None, folder: Folder = None, as_json: AsJson = False) -> None:
    """Every rule in words, the firm's own first."""
    from cadre.reports.agents.policy import policies
    from cadre.runtime import AT_MACHINE

    found = policies(AT_MACHINE, _folder(workspace, folder))
    rows = [(rule, kind) for kind, some in (("own", found.own), ("Cadre's", found.cadres)) for rule in some]
    if as_json:
        print_json({"version": found.version, "rules": [
            {"id": r.name, "rule": r.text, "does": _does(r.effect, r.tier), "opens": r.opens, "where": r.where,
             "whose": whose} for r, whose in rows]})  # fmt: skip
        return
    typer.echo(f"{_rules(len(found.own))} of your own, {len(found.cadres)} of Cadre's; version {found.version}.")
    table = Table(box=None, pad_edge=False)
    for heading in ("Rule", "What it says", "What it does", "Whose", "Where"):
        table.add_column(heading, overflow="fold")
    for rule, whose in rows:
        table.add_row(rule.name, rule.text, _does(rule.effect, rule.tier), whose, rule.where)
    Console().print(table)


@policy.command()
def check(workspace: Workspace = None, folder: Folder = None, as_json: AsJson = False) -> None:
    """Whether the rules load and fit the schema, and which of them can never decide anything."""
    from cadre.reports.agents.policy import FOLDER, policies, registered
    from cadre.runtime import AT_MACHINE, open_runtime

    if folder is not None:
        found = policies(AT_MACHINE, _there(folder))
    else:
        runtime = open_runtime(workspace)
        with runtime.snapshot() as record:
            found = policies(runtime.principal, runtime.root / FOLDER, registered(runtime.sessions, record))
    if as_json:
        print_json({"version": found.version, "own": len(found.own), "cadres": len(found.cadres), "findings": [
            {"id": f.rule.name, "where": f.rule.where, "kind": f.kind, "why": f.text} for f in found.findings]})  # fmt: skip
    else:
        for finding in found.findings:
            typer.echo(f"{finding.rule.where}: {finding.rule.name} never decides anything: {finding.text}")
        never = (
            f"{len(found.findings)} of them can never decide anything"
            if found.findings
            else "each can decide something"
        )
        typer.echo(f"{_rules(len(found.own))} of your own and {len(found.cadres)} of Cadre's load; {never}. "
                   f"Version {found.version}.")  # fmt: skip
        if not found.own and folder is None:
            typer.echo("Write rules of your own into policies/*.cedar of the workspace: docs/how-to/write-a-policy.md.")
    if found.findings:
        raise typer.Exit(1)


@policy.command("test")
def run_cases(workspace: Workspace = None, folder: Folder = None, as_json: AsJson = False) -> None:
    """Every case in ALLOW and DENY beside the rules: one request a file, named as a sentence."""
    from cadre.reports.agents.policy import tested
    from cadre.runtime import AT_MACHINE

    found = tested(AT_MACHINE, _folder(workspace, folder))
    if as_json:
        print_json({"cases": len(found.names), "problems": found.problems,
                    "untested": [rule.name for rule in found.untested]})  # fmt: skip
    else:
        for name, wrong in found.problems.items():
            typer.echo(f"FAILED {name}: {wrong}")
        for rule in found.untested:
            typer.echo(f"{rule.where}: no case in DENY names {rule.name}.")
        if not found.names:
            typer.echo(
                f"No case stands in ALLOW or DENY of {_folder(workspace, folder)}; `docs/how-to/write-a-policy.md` shows one."
            )
            return
        typer.echo(f"{len(found.names) - len(found.problems)} of {len(found.names)} cases come out as they say.")
    if found.problems:
        raise typer.Exit(1)


@policy.command()
def replay(
    records: Annotated[
        Path | None, typer.Argument(help="Recorded decisions, one JSON object a line; default: the workspace's own.")
    ] = None,
    workspace: Workspace = None,
    folder: Folder = None,
    days: Annotated[int, typer.Option(help="Days back, of the workspace's own decisions.", min=1)] = 30,
    agent: Annotated[str, typer.Option(help="Only this agent's: name or key.")] = "",
    client: Annotated[str, typer.Option(help="Only at this client: name or key.")] = "",
    minutes: Annotated[float, typer.Option(help="Minutes one person needs for one ask.", min=0)] = 2.0,
    as_json: AsJson = False,
) -> None:
    """What the rules would have decided over recorded decisions, and what that costs approvers."""
    from cadre.reports.agents.acts import replayed as from_database
    from cadre.reports.agents.policy import engine_of, replayed
    from cadre.runtime import AT_MACHINE, open_runtime

    if records is not None:
        found = replayed(AT_MACHINE, _folder(workspace, folder), records, minutes_per_approval=minutes)
    else:
        runtime = open_runtime(workspace)
        words = Words(runtime)
        found = from_database(
            runtime.principal, runtime.sessions, engine_of(_folder(workspace, folder)), runtime.clock.now(), days=days,
            agent=words.agent(agent, must=True) or None, client=words.client(client, must=True) or None,
            minutes_per_approval=minutes,
        )  # fmt: skip
    effort = found.effort
    told = {
        "decisions": found.count, "changes": len(found.changes), "unread": list(found.unread),
        "differing": list(found.differing), "stopped": effort.stopped, "asked": effort.asked, "looks": effort.looks,
        "weeks": round(effort.weeks, 2), "minutes_per_approval": minutes,
        "minutes_a_week": round(effort.minutes_a_week, 1), "matched": found.matched,
        "unmatched": [rule.name for rule in found.unmatched],
    }  # fmt: skip
    if as_json:
        changes = [{"decision_id": c.decision_id, "at": c.at, "before": [c.before[0].value, c.before[1].text],
                    "after": [c.after[0].value, c.after[1].text], "reasons": c.reasons} for c in found.changes]  # fmt: skip
        print_json({**told, "changed": changes})
        return
    for change in found.changes[:_MOST_SHOWN]:
        typer.echo(f"{change.decision_id}: {change.before[1].text} -> {change.after[1].text}: {change.reasons[0]}")
    if len(found.changes) > _MOST_SHOWN:
        typer.echo(f"... and {len(found.changes) - _MOST_SHOWN} more; --json lists all.")
    if not found.count:
        typer.echo("No decision of that kind is on record, so there is nothing to look back on.")
        return
    typer.echo(f"{found.count} decisions over {effort.weeks:.1f} weeks: {len(found.changes)} would come out otherwise.")
    typer.echo(f"If enforced: {effort.stopped} refused, {effort.asked} asked in {effort.looks} looks; at {minutes:g} "
               f"minutes an ask, {effort.minutes_a_week:.0f} minutes of approvers a week.")  # fmt: skip
    if found.unmatched:
        typer.echo(f"Matched nothing: {', '.join(rule.name for rule in found.unmatched)}.")
    for name in (*found.unread, *found.differing):
        typer.echo(f"{name} cannot be decided again as it was recorded.", err=True)
    if found.unread or found.differing:
        raise CadreError("not every record could be replayed", hint="The audit log tells what was recorded.")


_MOST_SHOWN = 20


def _does(effect: str, tier: str) -> str:
    return "permits" if effect == "permit" else f"raises to {tier}" if tier else "forbids"


def _folder(workspace: Path | None, folder: Path | None) -> Path:
    """The folder that is meant; without one, the workspace's own."""
    from cadre.reports.agents.policy import FOLDER
    from cadre.runtime import open_runtime

    return _there(folder) if folder is not None else open_runtime(workspace).root / FOLDER


def _there(folder: Path) -> Path:
    """A folder that was named, which a workspace's own need not be: without it Cadre's rules hold alone."""
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder", hint="Name one that holds .cedar files.")
    return folder


def _rules(number: int) -> str:
    return f"{number} {'rule' if number == 1 else 'rules'}"
