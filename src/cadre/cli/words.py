"""Agents, clients and settings as people write and read them, for commands about agents."""

from typing import TYPE_CHECKING

import typer

from cadre.errors import NotFoundError

if TYPE_CHECKING:
    from cadre.reports.agents.governing import Setting
    from cadre.reports.agents.meant import Meant
    from cadre.runtime import Runtime


class Words:
    """Settings in sentences, with names as they are now."""

    def __init__(self, runtime: "Runtime") -> None:
        from cadre.reports.agents.called import called

        with runtime.snapshot() as snapshot:
            self._names = called(runtime.sessions, snapshot)
        self._runtime, self._zone = runtime, runtime.settings.firm.zone

    def agent(self, told: str, *, must: bool = False) -> str:
        """Key of the agent that is meant; a note, or an error where one must be, where nobody knows it."""
        from cadre.reports.agents.meant import agent_meant

        meant = agent_meant(self._runtime.principal, self._runtime.sessions, self._names, told)
        return _known(meant, "agent", "`cadre machine list` shows who there is.", must=must)

    def client(self, told: str, *, must: bool = False) -> str:
        """Key of the client that is meant, in the same way."""
        from cadre.reports.agents.meant import client_meant

        runtime = self._runtime
        meant = client_meant(runtime.principal, runtime.sessions, self._names, told, runtime.clock.now())
        return _known(meant, "client", "`cadre client list` shows who there is.", must=must)

    def of(self, one: "Setting") -> str:
        """What it says."""
        from cadre.reports.agents.govern_words import told_by

        return told_by(one, self._names, self._zone)

    def again(self, one: "Setting") -> str:
        """What holds once it is set again."""
        from cadre.reports.agents.govern_words import told_again

        return told_again(one, self._names, self._runtime.governs(), self._zone)

    def by(self, one: "Setting") -> str:
        """Who set it, when and why."""
        return f"{self._names.who(one.decided_by)}, {one.decided_at:%Y-%m-%d %H:%M} UTC: {one.reason}"


def _known(meant: "Meant", kind: str, where: str, *, must: bool) -> str:
    near = f"Did you mean {' or '.join(meant.near)}?" if meant.near else where
    if not meant.is_known and must:
        raise NotFoundError(f"no {kind} is called {meant.key}", hint=near)
    if not meant.is_known:
        typer.echo(f"No {kind} is called {meant.key} so far; this holds once one has that key. {near}", err=True)
    return meant.key
