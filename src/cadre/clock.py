"""Now, behind a protocol, so that what depends on time can be repeated."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

from cadre.errors import ClockError


class Clock(Protocol):
    """Anything that tells the current instant in UTC."""

    def now(self) -> datetime:
        """The current instant, timezone-aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The current instant in UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still; for repeatable runs and tests."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        """The instant it was set to."""
        return self._at


class OnwardClock:
    """A clock that goes on or stops telling the time: for what a time that comes twice would let happen twice.

    Args:
        clock: The clock it listens to.
        slack: How far back it may step, as a clock does that is set right by the network.
    """

    def __init__(self, clock: Clock, slack: timedelta = timedelta(minutes=1)) -> None:
        self._clock, self._slack = clock, slack
        self._newest = datetime.min.replace(tzinfo=UTC)

    def now(self) -> datetime:
        """The current instant in UTC.

        Raises:
            ClockError: It lies before one that was told already.
        """
        at = self._clock.now()
        newest = self._newest
        if at + self._slack < newest:
            raise ClockError(
                f"the clock of this machine went back from {newest:%Y-%m-%d %H:%M} to {at:%Y-%m-%d %H:%M} UTC",
                hint="Set it right; where it is right by now, start Cadre anew.",
            )
        self._newest = max(at, newest)
        return at
