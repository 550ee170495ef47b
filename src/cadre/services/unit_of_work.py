"""One change, one transaction, with its events in the audit log: the only place that commits."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from cadre.audit.event import Event
from cadre.db.model import Erasing
from cadre.errors import NotWrittenError
from cadre.services.append import append


class UnitOfWork:
    """A context that commits when told to and rolls back otherwise.

    Args:
        sessions: Where sessions come from.
    """

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions
        self._wipes = False
        self._events: list[Event | Callable[[], Event]] = []

    def __enter__(self) -> Self:
        self.session, self._wipes, self._events = self._sessions(), False, []
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.session.close()  # rolls back what was not committed, and leaves what was read readable
        if isinstance(error, OperationalError):
            raise NotWrittenError(
                "the database of decisions cannot be read or written now, so nothing was decided",
                hint="See that the disk has room and that no other program holds the database; then ask again.",
            ) from error

    def record(self, event: Event | Callable[[], Event]) -> None:
        """Write an event into the audit log with this change: both become true at the commit, or neither.

        Args:
            event: The event, or what makes it once the rows it tells of have their numbers.
        """
        self._events.append(event)

    def commit(self) -> None:
        """Make the change true."""
        if self._events:
            self.session.flush()
            append(self.session.connection(), [each() if callable(each) else each for each in self._events])
            self._events = []
        self.session.commit()
        if self._wipes:
            from cadre.db.database import wipe  # noqa: PLC0415 (Alembic takes half a second)

            self._wipes = False
            wipe(self._sessions.kw["bind"])

    @contextmanager
    def erasing(self) -> Iterator[None]:
        """Let rows that only grow be overwritten inside, in this transaction alone; its commit wipes the files.

        Whoever uses this has a person's own will or their erasure behind it, and keeps that something was decided.
        """
        from cadre.db.database import must_wipe  # noqa: PLC0415 (Alembic takes half a second)

        door = Erasing()
        self.session.add(door)
        self.session.flush()
        must_wipe(self.session)
        self._wipes = True
        yield
        self.session.flush()
        self.session.delete(door)
        self.session.flush()
