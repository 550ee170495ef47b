"""A progress line for long work: shown on a terminal, silent in a pipe."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console


@contextmanager
def working(what: str) -> Iterator[Callable[[str, int], None]]:
    """Show what is being done; the function given takes a step and the rows so far (0 where rows say nothing)."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda step, rows: None
        return
    with console.status(what) as status:
        yield lambda step, rows: status.update(f"{what}: {step}" + (f", {rows:,} rows" if rows else ""))
