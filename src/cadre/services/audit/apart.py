"""A writer in a process of its own: one that decides hands over what it decided, and its core is free for the next.

Keeps true: an answer comes back once the batch is on disk, or once it is not. Where the process has died, what it held is
refused and the next batch starts another; where the one that asks has died, its pipe ends and so does this. Interrupts are
for the one that asks: it ends this by closing the pipe, after what waits was written.
"""

import marshal
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import IO, Any

from cadre.audit.event import Draft
from cadre.db.log_lite import LiteLog, opened
from cadre.services.audit.pen import Kept, OnePen, Piece

_LENGTH = 8
_GRACE = 20


class GoneError(Exception):
    """The writing process has ended, or could not write.

    Attributes:
        kind: What went wrong there.
    """

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class PenApart:
    """Has batches written by a process of its own.

    Args:
        path: The SQLite file.
        seconds: How long it waits while another holds the file.
    """

    def __init__(self, path: str, seconds: float = 5.0) -> None:
        self._words = [sys.executable, "-m", "cadre.services.audit.apart", path, str(seconds)]
        self._process: subprocess.Popen[bytes] | None = None

    @staticmethod
    def pack(table: Any, row: Mapping[str, Any]) -> tuple[str, tuple[Any, ...]]:
        """A row as it travels."""
        return LiteLog.pack(table, row)

    def begin(self) -> None:
        """Start the process, where none runs."""
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = subprocess.Popen(  # noqa: S603 (our own words)
                self._words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
            )

    @property
    def number(self) -> int:
        """Its number, for tests that end it; 0 where none runs."""
        return self._process.pid if self._process else 0

    def write(self, pieces: Sequence[Piece], end: int) -> Kept:
        """Write a batch.

        Raises:
            GoneError: Nothing of it is known to be written.
        """
        self.begin()
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            _send(self._process.stdin, ([(tuple(draft), rows, seen) for draft, rows, seen in pieces], end))
            told = _heard(self._process.stdout)
        except (OSError, EOFError) as error:
            self._end()
            raise GoneError("the writing process ended") from error
        if isinstance(told, str):
            raise GoneError(told)
        return Kept(*told)

    def close(self) -> None:
        """End the process."""
        self._end()

    def _end(self) -> None:
        ended, self._process = self._process, None
        if ended is None:
            return
        for pipe in (ended.stdin, ended.stdout):
            with suppress(OSError):
                pipe.close()  # type: ignore[union-attr]
        try:
            ended.wait(_GRACE)
        except subprocess.TimeoutExpired:
            ended.kill()
            ended.wait()


def _send(pipe: IO[bytes], value: Any) -> None:
    told = marshal.dumps(value)
    pipe.write(len(told).to_bytes(_LENGTH, "little") + told)
    pipe.flush()


def _heard(pipe: IO[bytes]) -> Any:
    head = pipe.read(_LENGTH)
    size = int.from_bytes(head, "little")
    told = pipe.read(size) if len(head) == _LENGTH else b""
    if len(head) < _LENGTH or len(told) < size:
        raise EOFError
    return marshal.loads(told)  # noqa: S302 (from the process that started this one, through a pipe of their own)


def main(path: str, seconds: float) -> None:
    """Write batches that come in until the pipe ends."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    pen = OnePen(LiteLog(lambda: opened(path, seconds)))
    while True:
        try:
            pieces, end = _heard(sys.stdin.buffer)
        except EOFError:
            break
        try:
            told: Any = tuple(pen.write([Piece(Draft(*draft), rows, seen) for draft, rows, seen in pieces], end))
        except Exception as error:  # noqa: BLE001 (whatever goes wrong is an answer)
            told = type(error).__name__
        try:
            _send(sys.stdout.buffer, told)
        except OSError:
            break
    pen.close()


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
