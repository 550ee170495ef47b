"""Which agent or client is meant by a key or a name, and what comes near where none is."""

from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from cadre.access.principal import Principal
from cadre.db.governance import ActionDecision
from cadre.errors import UsageError
from cadre.reports.agents.called import Called
from cadre.reports.agents.govern import client_keys


@dataclass(frozen=True, slots=True)
class Meant:
    """What was meant.

    Attributes:
        key: The key; as it was told where nothing has that key or name.
        is_known: Whether anything has it.
        near: Keys of what is called nearly so; only where nothing is known.
    """

    key: str
    is_known: bool
    near: tuple[str, ...] = ()


def agent_meant(principal: Principal, sessions: sessionmaker[Session], names: Called, told: str) -> Meant:
    """The agent that is registered, or has asked before, by a key or a name.

    Raises:
        UsageError: More than one has the name.
    """
    del principal  # every account may read which agents there are
    with sessions() as session:
        asked = session.scalars(select(ActionDecision.agent).distinct())
        known = {key: names.agent(key) for key in (*names.agents, *asked)}
    return _meant(told, known, "agents")


def client_meant(principal: Principal, sessions: sessionmaker[Session], names: Called, told: str,
                 now: datetime) -> Meant:  # fmt: skip
    """The client of the record, or that agents asked for lately, by a key or a name.

    Raises:
        UsageError: More than one has the name.
    """
    del principal  # every account may read which clients there are
    return _meant(told, {key: names.client(key) for key in client_keys(sessions, names, now)}, "clients")


def _meant(told: str, known: dict[str, str], what: str) -> Meant:
    if not told or told in known:
        return Meant(told, is_known=True)
    wanted = told.strip().casefold()
    fits = [key for key, name in known.items() if wanted in {key.casefold(), name.casefold()}]
    if len(fits) > 1:
        raise UsageError(f"{len(fits)} {what} are called {told}", hint=f"Use one of the keys: {', '.join(fits[:5])}.")
    if fits:
        return Meant(fits[0], is_known=True)
    words = {word.casefold(): key for key, name in known.items() for word in (name, key)}
    near = dict.fromkeys(words[one] for one in get_close_matches(wanted, words, n=3, cutoff=0.6))
    return Meant(told, is_known=False, near=tuple(near))
