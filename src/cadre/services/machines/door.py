"""Which agent is behind a token, kept for a second, so that asking often costs little.

Keeps true: a token that is over is refused at once; a secret that was ended, or a machine that was retired, within a second.
"""

import time as clockwork
from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from cadre.access.agent_token import TokenKey
from cadre.clock import Clock
from cadre.errors import UnauthenticatedError
from cadre.services.machines.sign_in import Agent, agent_of
from cadre.services.unit_of_work import UnitOfWork

KEPT_SECONDS = 1.0
_MOST_KEPT = 10_000


class Door:
    """Lets agents in.

    Args:
        sessions: On the database of decisions.
        clock: Tells when.
        key: Signs the tokens of this workspace.
    """

    def __init__(self, sessions: sessionmaker[Session], clock: Clock, key: TokenKey) -> None:
        self._sessions, self._clock, self._key = sessions, clock, key
        self._known: dict[str, tuple[Agent, datetime, float]] = {}

    def agent(self, token: str) -> Agent:
        """The machine that a token stands for.

        Raises:
            UnauthenticatedError: It stands for none, or not any more.
        """
        known = self._known.get(token)
        if known is not None and clockwork.monotonic() < known[2]:
            if self._clock.now() >= known[1]:
                raise UnauthenticatedError("this token is over", hint="Ask for a new one with the agent's secret.")
            return known[0]
        return self._looked(token)

    def _looked(self, token: str) -> Agent:
        ends_at = self._key.read(token, self._clock.now()).expires_at
        looked = clockwork.monotonic()
        found = agent_of(UnitOfWork(self._sessions), self._clock, self._key, token)
        if len(self._known) >= _MOST_KEPT:
            self._known.clear()
        self._known[token] = (found, ends_at, looked + KEPT_SECONDS)
        return found
