"""What whoever appends to the audit log asks of a database; `log_rows` and `log_lite` answer it."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

DECIDED = ("action:allowed", "action:asked", "action:denied", "approval:used")
"""Events that count against an agent's budgets."""
Told = tuple[int, str, str, str]
"""Place, kind, actor and header of an event."""


class LogRows(Protocol):
    """The log of one database, in a transaction."""

    def held_head(self) -> tuple[int, str]:
        """Size of the log and the instant of its newest event, empty in an empty log; from here on nobody else appends."""

    def move_head(self, size: int, last_at: str) -> None:
        """Say how long the log is now."""

    def newest_own(self, client_id: str) -> int:
        """Number of a client's newest event; 0 where it has none."""

    def hashes(self, level: int, start: int, count: int) -> bytes:
        """Neighbouring hashes of a level of tiles: leaves, or roots of the tiles below."""

    def counts(self, besides: Iterable[str]) -> dict[str, int]:
        """Rows of every table that has some and whose name does not begin as one of these."""

    def decided(self, start: int, end: int) -> list[Told]:
        """Events from one place to before another that count against budgets."""

    def add(self, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Add rows of a table of the log, each with all its columns in order."""
