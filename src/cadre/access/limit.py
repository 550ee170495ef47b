"""How long links, sessions and tokens live.

References:
    NIST SP 800-63B, section 2.2.3: the time limits of its second level, a day and an hour without use, are kept here
    although a password alone is its first level.
"""

from datetime import datetime, timedelta

IDLE = timedelta(hours=1)
"""A session that is not used for this long is over."""
ABSOLUTE = timedelta(hours=24)
"""However much it is used, a session is over after this long."""
LINK_DAYS = 7
MOST_LINK_DAYS = 30
TOKEN_HOURS = 8
MOST_TOKEN_HOURS = 24 * 7


def session_lives(now: datetime, *, seen_at: datetime, expires_at: datetime, ended_at: datetime | None) -> bool:
    """Whether a session that was last used at `seen_at` is still one."""
    return ended_at is None and now < expires_at and now - seen_at < IDLE
