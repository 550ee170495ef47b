"""One change, one transaction: the only place that commits."""

from types import TracebackType
from typing import Self

from sqlalchemy.orm import Session, sessionmaker


class UnitOfWork:
    """A context that commits when told to and rolls back otherwise.

    Args:
        sessions: Where sessions come from.
    """

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions

    def __enter__(self) -> Self:
        self.session = self._sessions()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.session.close()  # rolls back what was not committed, and leaves what was read readable

    def commit(self) -> None:
        """Make the change true."""
        self.session.commit()
