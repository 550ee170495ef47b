"""Invented firms built once a test run, whichever of its processes asks first; each process gets a copy of its own."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

_PATIENCE_SECONDS = 400.0
_BUILT: dict[str, "tempfile.TemporaryDirectory[str]"] = {}


def small(folder: Path) -> None:
    """Twelve people over two months, refreshed."""
    from cadre.runtime import open_invented
    from cadre.services.computing.refresh import refresh
    from cadre.services.computing.simulate import simulate

    runtime = open_invented(folder)
    simulate(
        runtime.principal, runtime.warehouse, runtime.clock,
        world="helpful", people=12, months=2, seed=3, until=date(2026, 4, 30),
    )  # fmt: skip
    refresh(runtime.principal, runtime.warehouse, runtime.work(), runtime.clock)


def copied(factory: pytest.TempPathFactory, name: str, build: Callable[[Path], None]) -> Path:
    """A folder of one's own with what `build` makes of an empty one, which runs once for all processes of a test run.

    Args:
        factory: Of this process.
        name: Of the firm; one `build` a name.
        build: Fills a folder.

    Raises:
        RuntimeError: Another process began to build and did not end in time.
    """
    here = factory.getbasetemp()
    shared = (here.parent if "PYTEST_XDIST_WORKER" in os.environ else here) / "firms"
    shared.mkdir(exist_ok=True)
    whole = shared / name
    try:
        os.close(os.open(shared / f"{name}.lock", os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        _wait_for(whole)
    else:
        under_way = shared / f"{name}.part"
        under_way.mkdir()
        build(under_way)
        under_way.rename(whole)  # at once: who waits never sees half a firm
    return Path(shutil.copytree(whole, factory.mktemp(name) / "workspace"))


def again(root: Path, name: str, build: Callable[[Path], None]) -> None:
    """Fill a folder with what `build` makes of an empty one, which runs once in this process and is copied from then on.

    Args:
        root: The folder; what stands in it stays.
        name: Of the firm with everything it was built with; one `build` a name.
        build: Fills a folder and leaves nothing open in it.
    """
    if name not in _BUILT:
        made = tempfile.TemporaryDirectory()
        build(Path(made.name))
        _BUILT[name] = made
    shutil.copytree(_BUILT[name].name, root, dirs_exist_ok=True)


def _wait_for(whole: Path) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while not whole.exists():
        if time.monotonic() > until:
            raise RuntimeError(f"another process has not built {whole.name} in {_PATIENCE_SECONDS:.0f} seconds")
        time.sleep(0.2)
