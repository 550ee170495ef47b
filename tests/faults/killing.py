"""Killing a worker again and again: forked with everything imported, killed while it works, heard out to its last line.

A fork starts in milliseconds, so that a kill meets work and not a start. Forking takes a process without threads, so each
row of kills runs in a process of its own, several side by side, each on a database of its own: a record that grows with
every kill would make the last kills dear. Where there is a file system in memory, long rows run there: what a kill leaves
behind is in the system's cache on either, and only losing power would tell them apart.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

THREADS = 4
"""Threads of a worker that ask at the same time."""
KILLS_A_ROW = 50
_SIDE_BY_SIDE = 2
_MOST_SECONDS = 0.05
"""A worker is killed up to this long after its first answer."""
_MEMORY = Path("/dev/shm")
_ROW = """
import sys
from importlib import import_module
from pathlib import Path
sys.path.insert(0, sys.argv[5])
from tests.faults.killing import kill_often
kill_often(import_module(sys.argv[1]).worker(Path(sys.argv[2])), int(sys.argv[3]), int(sys.argv[4]))
"""

Ask = Callable[[int, int], str]
"""A thread and a number of its own -> one answer that was given, as a line."""
Worker = Callable[[int], Ask]
"""A generation, in the fork -> what its threads do over and over."""


@contextmanager
def room(kills: int, folder: Path) -> Iterator[Path]:
    """Where databases of a row lie: in memory where there are many kills and there is such a place."""
    if kills <= KILLS_A_ROW or not os.access(_MEMORY, os.W_OK):
        yield folder
        return
    with TemporaryDirectory(dir=_MEMORY) as made:
        yield Path(made)


def rows_of(kills: int) -> list[int]:
    """Kills of each row."""
    whole, rest = divmod(kills, KILLS_A_ROW)
    return [KILLS_A_ROW] * whole + [rest] * bool(rest)


def heard(module: str, roots: list[Path], kills: list[int]) -> list[list[list[str]]]:
    """Run rows side by side.

    Args:
        module: Whose `worker` takes a folder and is killed.
        roots: A folder for each row.
        kills: Of each row.

    Returns:
        By row and generation, the lines that its workers told before they were killed.
    """

    def run(row: int) -> list[list[str]]:
        words = [module, str(roots[row]), str(kills[row]), str(row), str(Path(__file__).parents[2])]
        done = subprocess.run([sys.executable, "-c", _ROW, *words], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return [part.splitlines() for part in done.stdout.split("killed\n")[:-1]]

    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        return [*pool.map(run, range(len(kills)))]


def kill_often(worker: Worker, kills: int, seed: int) -> None:
    """Fork a worker, kill it, and so on; prints what each told, and `killed` after each."""
    dice = random.Random(seed)
    for generation in range(kills):
        reading, told = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            _work(worker(generation), told)
            os._exit(1)
        os.close(told)
        text = os.read(reading, 65_536)  # the kill comes while it works
        time.sleep(dice.uniform(0, _MOST_SECONDS))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        if os.WTERMSIG(status) != signal.SIGKILL:
            raise RuntimeError(f"generation {generation} ended by itself ({status})")
        while more := os.read(reading, 65_536):
            text += more
        os.close(reading)
        whole = text[: text.rfind(b"\n") + 1]  # what was cut off was not told
        sys.stdout.write(f"{whole.decode()}killed\n")


def _work(ask: Ask, told: int) -> None:
    """Ask from several threads for as long as it lives; each answer is told at once through the pipe, unbuffered."""

    def run(thread: int) -> None:
        for number in range(10**9):
            os.write(told, f"{ask(thread, number)}\n".encode())

    for thread in range(THREADS):
        Thread(target=run, args=(thread,), daemon=True).start()
    time.sleep(60)
