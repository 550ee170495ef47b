"""How long the next try to sign in has to wait, from the tries that failed: pure, so that it can be counted by hand.

References:
    NIST SP 800-63B, rate limiting: at most 100 failed tries in a row on one account.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cadre.access.secret import hashed

CLOSED = timedelta.max
LONGEST = timedelta(minutes=15)
KEPT = timedelta(days=90)
"""How long a failed try is remembered."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What one key may fail.

    Attributes:
        free: Tries that cost nothing.
        most: Tries after which only a new link helps; None where there is no such end.
        within: How far back tries count.
    """

    free: int
    most: int | None
    within: timedelta


BY_NAME = Limit(free=5, most=100, within=KEPT)
BY_ADDRESS = Limit(free=20, most=None, within=timedelta(days=1))
"""A whole firm may sit behind one address, so that it is allowed more."""


def name_key(handle: str) -> str:
    """Key of a name that was typed; never the name, which may be a mistyped password."""
    return hashed(f"name:{handle}")


def address_key(address: str) -> str:
    """Key of a network address."""
    return hashed(f"address:{address}")


def wait(failed: Sequence[datetime], now: datetime, limit: Limit) -> timedelta:
    """How long until the next try is looked at; `CLOSED` for never.

    Args:
        failed: When tries failed, oldest first.
        now: The instant of the next.
        limit: What is allowed.
    """
    counted = [at for at in failed if now - at <= limit.within]
    if limit.most is not None and len(counted) >= limit.most:
        return CLOSED
    beyond = len(counted) - limit.free
    if beyond < 0:
        return timedelta()
    pause = min(timedelta(seconds=2 ** min(beyond + 1, 20)), LONGEST)
    return max(counted[-1] + pause - now, timedelta())
