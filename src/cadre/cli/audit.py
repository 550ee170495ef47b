"""`cadre audit`: what the log holds, whether it is whole, and what clients and witnesses get of it."""

import inspect
import json
from pathlib import Path
from typing import Annotated

import typer

from cadre.cli.option import AsJson, Workspace, print_json
from cadre.errors import UnreadableFileError, UsageError

app = typer.Typer()
audit = typer.Typer(
    help="The log of everything that was decided: check it, sign it, hand out of it.", no_args_is_help=True
)
keys = typer.Typer(help="The keys that the log signs with.", no_args_is_help=True)
audit.add_typer(keys, name="keys")
witness = typer.Typer(help="Somebody outside who cosigns checkpoints.", no_args_is_help=True)
audit.add_typer(witness, name="witness")
app.add_typer(audit, name="audit")

Out = Annotated[Path | None, typer.Option("--out", "-o", help="File to write; unless given, it is printed.")]


@audit.command()
def status(workspace: Workspace = None, as_json: AsJson = False) -> None:
    """How long the log is, what is signed of it, and whose rows it holds."""
    from cadre.reports.audit.log import log_state
    from cadre.runtime import open_runtime

    runtime = open_runtime(workspace)
    found = log_state(runtime.principal, runtime.sessions)
    if as_json:
        print_json(
            {
                "size": found.size,
                "last_at": found.last_at,
                "checkpoint_size": found.checkpoint_size,
                "checkpoint_at": found.checkpoint_at,
                "keys": list(found.vkeys),
                "clients": dict(found.clients),
                "witnesses": {each.name: each.size for each in found.witnesses},
            }
        )
        return
    typer.echo(
        f"{found.size} events" + (f", the newest of {found.last_at:%Y-%m-%d %H:%M} UTC." if found.last_at else ".")
    )
    if found.checkpoint_at:
        typer.echo(f"Signed up to event {found.checkpoint_size} on {found.checkpoint_at:%Y-%m-%d %H:%M} UTC; {found.uncovered} since.")  # fmt: skip
        typer.echo(f"Public key it began with: {found.vkeys[0]}")
    else:
        typer.echo("Nothing is signed yet: cadre audit checkpoint --out FILE, and keep the file elsewhere.")
    for client, count in found.clients:
        typer.echo(f"  client {client}: {count} events")
    for each in found.witnesses:
        typer.echo(f"  witness {each.name}: cosigned up to event {each.size}")


@audit.command()
def verify(
    workspace: Workspace = None,
    as_json: AsJson = False,
    held: Annotated[list[Path] | None, typer.Option(help="A checkpoint that was kept elsewhere; repeatable.")] = None,
    key: Annotated[str, typer.Option(help="Public key the log began with, as it was kept elsewhere.")] = "",
) -> None:
    """Read the whole log and check every hash, place, time and checkpoint."""
    from cadre.runtime import open_runtime
    from cadre.services.audit.check import check_log
    from cadre.services.audit.keep import note_check

    runtime = open_runtime(workspace)
    notes = [_read(path) for path in held or ()]
    found = check_log(runtime.principal, runtime.work(), held=notes, key=key)
    note_check(runtime.principal, runtime.work(), runtime.clock, found)
    if as_json:
        print_json({"size": found.size, "root": found.root, "erased": found.erased, "checkpoints": found.checkpoints,
                    "problems": found.problems})  # fmt: skip
    elif found.problems:
        typer.secho("The log does not hold:", fg="red", bold=True)
        for problem in found.problems:
            typer.echo(f"  {problem}")
    else:
        typer.secho(f"{found.size} events hold, with {found.checkpoints} checkpoints.", bold=True)
        if found.erased:
            typer.echo(f"The content of {found.erased} was erased, each with an event that says so.")
        if not notes:
            typer.echo("Against its own checkpoints alone. Give --held FILE with one that was kept elsewhere.")
    if found.problems:
        raise typer.Exit(1)


@audit.command()
def checkpoint(
    workspace: Workspace = None,
    out: Out = None,
    origin: Annotated[
        str, typer.Option(help="Name of a new log, best under a domain of yours: example.com/cadre.")
    ] = "",
) -> None:
    """Sign how long the log is and what its root is; keep it where nobody of this machine can change it."""
    from cadre.runtime import open_runtime
    from cadre.services.audit.checkpoint import make_checkpoint

    runtime = open_runtime(workspace)
    note = make_checkpoint(runtime.principal, runtime.work(), runtime.clock, runtime.audit_keys, origin=origin)
    _give(note, out)


@audit.command()
def export(
    client: Annotated[str, typer.Option(help="Key of the client, as `cadre audit status` lists it.")],
    workspace: Workspace = None,
    out: Out = None,
    first: Annotated[int, typer.Option(help="Number of the client's row to begin with.")] = 1,
    since: Annotated[list[int] | None, typer.Option(help="Size of a checkpoint the client holds; repeatable.")] = None,
) -> None:
    """Write a client's own rows with their proofs, for `verify.py`; of other clients it holds hashes alone."""
    from cadre.runtime import open_runtime
    from cadre.services.audit.bundle import export_bundle

    runtime = open_runtime(workspace)
    bundle = export_bundle(runtime.principal, runtime.work(), runtime.clock, runtime.audit_keys, client_id=client,
                           first=first, since=since or ())  # fmt: skip
    _give(json.dumps(bundle, ensure_ascii=False, indent=1) + "\n", out)


@audit.command()
def verifier(out: Out = None) -> None:
    """Print the program with which a client checks a bundle offline: one file, Python and `cryptography`."""
    from cadre.audit import verify as program

    _give(inspect.getsource(program), out)


@keys.command()
def show(workspace: Workspace = None, as_json: AsJson = False) -> None:
    """Public keys, the one the log began with first; clients and witnesses are given that one."""
    from cadre.reports.audit.log import log_state
    from cadre.runtime import open_runtime

    runtime = open_runtime(workspace)
    found = log_state(runtime.principal, runtime.sessions)
    if as_json:
        print_json({"keys": list(found.vkeys)})
        return
    for vkey in found.vkeys:
        typer.echo(vkey)


@keys.command()
def rotate(workspace: Workspace = None) -> None:
    """Let a new key sign from here on; the old one signs the hand-over, and what it signed before still holds."""
    from cadre.runtime import open_runtime
    from cadre.services.audit.key import rotate as hand_over

    runtime = open_runtime(workspace)
    vkey, private = hand_over(runtime.principal, runtime.work(), runtime.clock, runtime.audit_keys)
    typer.echo(f"From here on signs {vkey}")
    if private:
        typer.echo("Set CADRE_AUDIT_KEY to this, shown this once:")
        typer.echo(private)


@witness.command()
def add(
    key: Annotated[str, typer.Argument(help="Their verifier key for cosignatures.")],
    address: Annotated[str, typer.Argument(help="Where they take checkpoints: https://witness.example/cadre.")],
    workspace: Workspace = None,
) -> None:
    """Name a witness; it is sent sizes, hashes and signatures, never a row."""
    from cadre.runtime import open_runtime
    from cadre.services.audit.cosign import add_witness

    runtime = open_runtime(workspace)
    name = add_witness(runtime.principal, runtime.work(), runtime.clock, vkey=key, address=address)
    typer.echo(f"{name} is asked from here on: cadre audit witness ask")


@witness.command()
def remove(
    name: Annotated[str, typer.Argument(help="Name of the witness.")],
    workspace: Workspace = None,
) -> None:
    """Ask a witness no longer; what it cosigned stays."""
    from cadre.runtime import open_runtime
    from cadre.services.audit.cosign import remove_witness

    runtime = open_runtime(workspace)
    remove_witness(runtime.principal, runtime.work(), runtime.clock, name=name)
    typer.echo(f"{name} is asked no longer.")


@witness.command()
def ask(workspace: Workspace = None, as_json: AsJson = False) -> None:
    """Sign a checkpoint and have every witness cosign it; for a timer."""
    from cadre.runtime import open_runtime
    from cadre.services.audit.cosign import ask_witnesses

    runtime = open_runtime(workspace)
    told = ask_witnesses(runtime.principal, runtime.work(), runtime.clock, runtime.audit_keys)
    if as_json:
        print_json(
            {
                "refused": {name: why for name, why in told.items() if why},
                "cosigned": [n for n, w in told.items() if not w],
            }
        )
    else:
        for name, why in told.items():
            typer.echo(f"{name}: {why or 'cosigned'}")
        if not told:
            typer.echo("No witness is named: cadre audit witness add KEY ADDRESS")
    if any(told.values()):
        raise typer.Exit(1)


def _give(text: str, out: Path | None) -> None:
    if out is None:
        typer.echo(text, nl=False)
        return
    try:
        out.write_text(text, "utf-8")
    except OSError as error:
        raise UsageError(
            f"{out} cannot be written ({type(error).__name__})", hint="Name a file in a folder that is there."
        ) from None
    typer.echo(f"Written to {out}.", err=True)


def _read(path: Path) -> str:
    """A checkpoint that was kept; what is none says nothing about the log."""
    from cadre.audit.verify import VerificationError, read_checkpoint

    try:
        text = path.read_text("utf-8")
        read_checkpoint(text)
    except (OSError, UnicodeDecodeError, VerificationError) as error:
        raise UnreadableFileError(
            f"{path} is no checkpoint that can be read ({type(error).__name__})",
            hint="Name a file that `cadre audit checkpoint` wrote; about the log nothing was checked.",
        ) from None
    return text
