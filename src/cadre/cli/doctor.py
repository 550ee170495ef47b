"""`cadre doctor`: is this installation and this workspace in order, and what to do where it is not."""

import platform
import shutil
import sqlite3
from dataclasses import asdict, dataclass

import typer

from cadre.cli.option import AsJson, Workspace, print_json

app = typer.Typer()
_LOW_BYTES = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at."""

    name: str
    is_fine: bool
    found: str
    hint: str = ""


@app.command()
def doctor(workspace: Workspace = None, as_json: AsJson = False) -> None:
    """Check the installation and the workspace; exits with 1 where something needs mending."""
    checks = [*_machine(), *_workspace(workspace)]
    if as_json:
        print_json({"checks": [asdict(check) for check in checks], "is_fine": all(c.is_fine for c in checks)})
    else:
        for check in checks:
            typer.echo(f"{'ok  ' if check.is_fine else 'MEND'} {check.name}: {check.found}")
            if check.hint and not check.is_fine:
                typer.echo(f"     {check.hint}")
    if not all(check.is_fine for check in checks):
        raise typer.Exit(1)


def _machine() -> list[Check]:
    from cadre import __version__

    free = shutil.disk_usage(".").free
    return [
        Check("Cadre", True, f"{__version__} on Python {platform.python_version()}, {platform.system()}"),
        Check(
            "SQLite",
            sqlite3.sqlite_version_info >= (3, 35),
            sqlite3.sqlite_version,
            "Use a Python with a newer SQLite.",
        ),
        Check(
            "Disk",
            free > _LOW_BYTES,
            f"{free / 1024**3:.0f} GB free",
            "Free some space: a load writes before it deletes.",
        ),
    ]


def _workspace(named: Workspace) -> list[Check]:
    from cadre.config import find_workspace
    from cadre.errors import CadreError
    from cadre.reports.trust.record import record as report
    from cadre.runtime import open_runtime

    if find_workspace(named) is None:
        return [Check("Workspace", True, "none here; make one with `cadre demo` or `cadre ingest`")]
    try:
        runtime = open_runtime(named)
        with runtime.snapshot() as snapshot:
            found = report(runtime.principal, snapshot)
    except CadreError as error:
        return [Check("Workspace", False, error.message, error.hint)]
    rows = sum(table.rows for table in found.tables)
    checks = [
        Check("Workspace", True, f"{runtime.settings.firm.name} ({runtime.settings.firm.purpose}), {rows:,} rows, "
              f"manifest {found.manifest}"),
        Check("Dates", True, _habits(runtime.settings.sources)),
    ]  # fmt: skip
    refused = found.rows_rejected
    checks.append(Check("Refused rows", True, f"{refused:,}" + ("; see the Record page" if refused else "")))
    checks.append(
        Check("Doubtful joins", True, f"{len(found.doubts)}" + ("; see the Record page" if found.doubts else ""))
    )
    return checks


def _habits(sources: object) -> str:
    assert isinstance(sources, dict)
    told = [
        f"{name} is read {'day' if s.day_first else 'month'} first"
        for name, s in sources.items()
        if s.day_first is not None
    ]
    return "; ".join(told) or "no source needed its order of day and month settled"
