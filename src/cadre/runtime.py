"""The composition root: settings in, wired parts out. The only wiring."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from sqlalchemy.orm import Session, sessionmaker

from cadre.access.agent_token import TokenKey
from cadre.access.principal import Principal
from cadre.clock import Clock, OnwardClock, SystemClock
from cadre.config import Environment, Settings, create_workspace, find_workspace, load_settings
from cadre.errors import CadreError, NotFoundError
from cadre.reports.agents.called import called
from cadre.reports.agents.policy import FOLDER as POLICIES
from cadre.reports.agents.policy import engine_of
from cadre.reports.facts import facts
from cadre.reports.release import DEVELOPMENT, Gate
from cadre.services.accounts.sign_in import with_token
from cadre.services.agents.decide import Governor
from cadre.services.agents.governing import Governing, Governs
from cadre.services.agents.webhook import Endpoint, Telling
from cadre.services.agents.webhook_send import Sender, require_safe
from cadre.services.agents.webhook_watch import Place, Watcher
from cadre.services.append import begin_log
from cadre.services.audit.apart import PenApart
from cadre.services.audit.keep import Keeper
from cadre.services.audit.key import KeyFile
from cadre.services.audit.writer import EventWriter
from cadre.services.machines.door import Door
from cadre.services.opening import record_openings
from cadre.services.unit_of_work import UnitOfWork
from cadre.sources import ReadOptions
from cadre.warehouse import Snapshot, Warehouse

AT_MACHINE = Principal("owner at this machine", "owner")
_OPENING = threading.Lock()  # pages ask from many threads, and the schema is brought up to date by one at a time
_TOKEN: ContextVar[str] = ContextVar("token", default="")


@dataclass(frozen=True)
class Runtime:
    """A workspace with its parts.

    Attributes:
        root: Its folder.
        settings: Its settings.
        clock: Tells when.
        principal: On whose behalf commands act: the owner at this machine, who can read the files anyway, or the
            account of a token. Pages ask each request instead, from the first account on.
    """

    root: Path
    settings: Settings
    clock: Clock
    principal: Principal

    @cached_property
    def warehouse(self) -> Warehouse:
        """The work record."""
        return Warehouse(self.root, self.settings.firm.firm())

    @cached_property
    def sessions(self) -> sessionmaker[Session]:
        """Sessions on the database of decisions."""
        from cadre.db.database import open_database, sqlite_url  # noqa: PLC0415 (Alembic takes half a second)

        with _OPENING:
            sessions = open_database(Environment().database or sqlite_url(self.root))
            begin_log(sessions, self.clock)
            return sessions

    @cached_property
    def audit_keys(self) -> KeyFile:
        """The private key that signs the audit log."""
        told = Environment().audit_key
        return KeyFile(self.root / "private" / "audit-key", told.get_secret_value() if told else "")

    @cached_property
    def audit_writer(self) -> EventWriter:
        """Appends decisions many at once and answers when they are on disk; whoever began it closes it."""
        return EventWriter(self.sessions.kw["bind"])

    def write_apart(self) -> None:
        """Let a process of its own write decisions, where the database is SQLite's: for who decides by the thousand."""
        engine = self.sessions.kw["bind"]
        path = engine.url.database
        if engine.dialect.name == "sqlite" and path and path != ":memory:":
            pen = PenApart(path)
            pen.begin()
            self.__dict__["audit_writer"] = EventWriter(engine, pen=pen)

    @cached_property
    def keeper(self) -> Keeper:
        """Signs checkpoints while Cadre serves; `close` ends it, once all else is written."""
        told = self.settings.audit
        return Keeper(
            self.work(), self.clock, self.audit_keys, minutes=told.checkpoint_minutes, origin=told.origin or ""
        )

    def governs(self) -> Governing:
        """What governs agents now."""
        return Governs(self.sessions, self.settings.firm.zone).now()

    @cached_property
    def steady(self) -> OnwardClock:
        """The clock by which agents are answered: where it goes back they are refused."""
        return OnwardClock(self.clock)

    @cached_property
    def governor(self) -> Governor:
        """Decides about agents' calls, by Cadre's policies and the workspace's own.

        Raises:
            CadreError: A policy does not load; then nothing is decided, and nothing allowed.
        """
        return Governor(self.sessions, self.audit_writer, self.steady, engine_of(self.root / POLICIES),
                        zone=self.settings.firm.zone)  # fmt: skip

    @cached_property
    def agent_key(self) -> TokenKey:
        """The key that signs tokens of agents."""
        return TokenKey.at(self.root / "private" / "agent-token.pem")

    @cached_property
    def door(self) -> Door:
        """Lets agents in by their tokens."""
        return Door(self.sessions, self.clock, self.agent_key)

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Where approvers are told, as the settings name them.

        Raises:
            UsageError: An address or secret is missing.
        """
        return tuple(
            Endpoint(
                one.name, one.kind, one.found_url(), frozenset(one.about), frozenset(one.clients), one.found_secret()
            )
            for one in self.settings.notify
        )

    @property
    def telling(self) -> Telling:
        """What messages to approvers share."""
        return Telling(self.settings.pages.address, self.settings.firm.zone)

    @cached_property
    def watcher(self) -> Watcher:
        """Tells approvers what waits while Cadre serves; `close` ends it.

        Raises:
            UsageError: An address or secret is missing, or an address is not https.
        """
        told = self.endpoints()
        for one in told:
            require_safe(one.name, one.url)
        senders = [Sender(one, self.telling, self.work(), self.clock) for one in told]
        return Watcher(self.sessions, self.clock, senders, self._names, Place(self.root / "private" / "told-upto"))

    def _names(self, agent: str, client: str) -> tuple[str, str]:
        try:
            with self.snapshot() as snapshot:
                names = called(self.sessions, snapshot)
        except (CadreError, OSError):  # a message without names is better than none
            return agent, client or "the firm itself"
        return names.agent(agent), names.client(client)

    def close(self) -> None:
        """Write what waits to be written, and let go."""
        if "watcher" in self.__dict__:
            self.watcher.end()
        if "audit_writer" in self.__dict__:
            self.audit_writer.close()
        if "keeper" in self.__dict__:
            self.keeper.end()

    def asking(self) -> Principal:
        """On whose behalf this process acts, looked up anew, since a token may have ended.

        Raises:
            UnauthenticatedError: It has.
        """
        return _acting(self).principal

    def work(self) -> UnitOfWork:
        """A transaction."""
        return UnitOfWork(self.sessions)

    def snapshot(self) -> Snapshot:
        """The record as it is now; close it."""
        return self.warehouse.snapshot()

    @contextmanager
    def looking(
        self, principal: Principal | None = None, purpose: str = DEVELOPMENT
    ) -> Iterator[tuple[Gate, Snapshot]]:
        """The record with the gate of one request; what was opened is written down before this ends.

        Args:
            principal: Who asks; whoever sits at the machine unless given.
            purpose: What is asked for.
        """
        asking = principal or self.principal
        with self.snapshot() as snapshot:
            gate = Gate(
                asking,
                snapshot.firm,
                lambda: facts(self.sessions, snapshot, asking, self.clock.now()),
                purpose=purpose,
            )
            yield gate, snapshot
        if gate.openings:
            record_openings(asking, self.work(), self.clock, gate.openings)

    def options(self, source: str, *, zone: str = "", day_first: bool | None = None) -> ReadOptions:
        """How a source is read: what was said now, else what was settled, else the firm's zone."""
        kept = self.settings.sources.get(source)
        extra = dict(kept.model_extra or {}) if kept else {}
        return ReadOptions(
            zone=zone or (kept.zone if kept and kept.zone else self.settings.firm.zone),
            day_first=day_first if day_first is not None else (kept.day_first if kept else None),
            settings=extra,
        )


def open_runtime(
    workspace: Path | None, *, create: bool = False, clock: Clock | None = None, is_at_machine: bool = False
) -> Runtime:
    """Open a workspace.

    Args:
        workspace: Its folder; None finds it as `config.find_workspace` says.
        create: Make it where it is missing.
        clock: Another clock than the machine's.
        is_at_machine: Heed no token; for what makes one.

    Raises:
        NotFoundError: There is no workspace and none was to be made.
        UnauthenticatedError: A token was given that opens nothing.
    """
    root = find_workspace(workspace)
    if root is None:
        if not create:
            raise NotFoundError("no Cadre workspace here or above",
                                hint="Go to one, name it with --workspace DIR, or make one with `cadre demo`.")  # fmt: skip
        root = Path.cwd()
    if create:
        create_workspace(root)
    runtime = Runtime(root, load_settings(root), clock or SystemClock(), AT_MACHINE)
    return runtime if is_at_machine else _acting(runtime)


def open_invented(workspace: Path | None) -> Runtime:
    """Open a workspace for an invented firm, made where it is missing, marked as invented on every surface."""
    root = find_workspace(workspace) or Path.cwd()
    create_workspace(root, name="Invented MSP", purpose="study", invented=True, zone="Europe/Berlin")
    return open_runtime(root)


def act_as(token: str) -> None:
    """Let what is opened from here on act as the account of a token."""
    _TOKEN.set(token)


def _acting(runtime: Runtime) -> Runtime:
    kept = Environment().token
    token = _TOKEN.get() or (kept.get_secret_value() if kept else "")
    if not token:
        return runtime
    return replace(runtime, principal=with_token(runtime.work(), runtime.clock, token.strip()))
