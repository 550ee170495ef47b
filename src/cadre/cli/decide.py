"""`cadre decide`: what an agent would be told about a call, or is told, with everything on record."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from cadre.cli.option import AsJson, Workspace, print_json
from cadre.errors import UnreadableFileError, UsageError

app = typer.Typer()


@app.command()
def decide(
    file: Annotated[Path | None, typer.Argument(help="An evaluation as JSON, as sent over HTTP; none or - reads it from stdin.")] = None,
    workspace: Workspace = None,
    record: Annotated[bool, typer.Option("--record", help="Decide for real: on record, and asking whoever has to say yes.")] = False,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """What an agent would be told about a call; nothing is recorded unless you say so."""
    from pydantic import ValidationError

    from cadre.runtime import open_runtime
    from cadre.services.agents.decide import Answer
    from cadre.web.shape import Evaluation, verdict

    if file is None and sys.stdin.isatty():
        raise UsageError(
            "no call was given",
            hint="Name a file, or send JSON: docs/how-to/put-an-agent-behind-the-gate.md shows one.",
        )
    try:
        text = sys.stdin.read() if file is None or str(file) == "-" else file.read_text("utf-8")
        asked = Evaluation.model_validate_json(text)
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFileError(
            f"{file} cannot be read ({type(error).__name__})", hint="Name a file of JSON."
        ) from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the whole"
        raise UsageError(f"this is no evaluation: {place}: {first['msg']}", hint="docs/how-to/put-an-agent-behind-the-gate.md "
                         "shows one.") from None  # fmt: skip
    runtime = open_runtime(workspace)
    caller, action = asked.by(asked.subject.id)
    if record:
        answer = runtime.governor.decide(caller, action)
        runtime.close()
    else:
        found, _ = runtime.governor.judged(caller, action, runtime.clock.now())
        answer = Answer("", found.outcome, found.tier, found.reasons, found.opens)
    if as_json:
        print_json(verdict(answer))
        return
    typer.echo(f"{answer.outcome.value}: {answer.tier.text}{'' if record else ' (tried, not recorded)'}")
    for reason in answer.reasons:
        typer.echo(f"- {reason.rstrip('.')}.")
    if answer.approval_id:
        typer.echo(f"Waits for approval {answer.approval_id} until {answer.expires_at:%Y-%m-%d %H:%M} UTC.")
