"""A workspace with one registered agent and two people on call, and a gateway of it before the helpdesk."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mcp import Client

from cadre.access.principal import Principal
from cadre.config import create_workspace
from cadre.db.governance import ActionDecision, ActionReport, ApprovalAsked
from cadre.db.machines import RegisteredMachine
from cadre.mcp.gate import Gate, OwnGate
from cadre.mcp.gateway import Gateway
from cadre.mcp.governed import Governed
from cadre.mcp.shelf import Shelf
from cadre.mcp.spans import Spans
from cadre.runtime import AT_MACHINE, Runtime, open_runtime
from cadre.services.agents.approve import answer_approval
from cadre.services.agents.govern import Place, set_value
from tests.mcp.served import helpdesk
from tests.services.door import TurnedClock

AT = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)  # a Monday
OWNER = Principal("Owner", "owner", account_id=1)


@dataclass
class Desk:
    runtime: Runtime
    clock: TurnedClock
    done: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    served: Any = None
    made: Gateway | None = None

    def set(self, kind: str, value: object, agent: str = "", client: str = "", key: str = "") -> None:
        set_value(
            AT_MACHINE, self.runtime.work(), self.clock, kind, value, place=Place(agent, client, key), reason="so"
        )
        self.runtime.governor.forget()

    @asynccontextmanager
    async def gateway(
        self, *, wait: float = 0.0, agent: str = "bot", gate: Gate | None = None, **told: Any
    ) -> AsyncIterator[Client]:
        """A client of the gateway before the server."""
        shelf = Shelf(self.runtime.root / "private" / "mcp")
        governed = Governed(gate or OwnGate(self.runtime), shelf, self.clock, spans=Spans(self.spans), say=self.said.append,
                            wait_seconds=wait, poll_seconds=0.02)  # fmt: skip
        async with Client(self.served or helpdesk(self.done), cache=None) as behind:
            made = self.made = Gateway(behind, governed, shelf, agent, "acme", "helpdesk", "run-1", self.said.append)
            async with Client(made.server(), cache=None, **told) as client:
                yield client
        governed.close()

    @property
    def spans(self) -> Path:
        return self.runtime.root / "spans.jsonl"

    def answer(self, approval_id: str, *, is_yes: bool = True, who: Principal = OWNER) -> None:
        answer_approval(who, self.runtime.work(), self.clock, approval_id, is_yes=is_yes, reason="looked at it")

    def all(self, kind: type[Any]) -> list[Any]:
        with self.runtime.sessions() as session:
            return list(session.query(kind))

    @property
    def asked(self) -> list[ApprovalAsked]:
        return self.all(ApprovalAsked)

    @property
    def decided(self) -> list[str]:
        return [row.answered for row in self.all_decisions()]

    def all_decisions(self) -> list[ActionDecision]:
        return self.all(ActionDecision)

    @property
    def told(self) -> list[str]:
        return [row.told for row in self.all(ActionReport)]


def new_desk(root: Path) -> Desk:
    """The workspace, before any call."""
    create_workspace(root)
    clock = TurnedClock(AT)
    made = Desk(open_runtime(root, clock=clock, is_at_machine=True), clock)
    with made.runtime.sessions.begin() as session:
        session.add(RegisteredMachine("bot", "Bot", "agent", "tickets", AT))
    made.set("approvers", {"on_call": ["account:1", "account:2"]})
    return made


def copied_desk(root: Path, other: Path) -> Desk:
    """A copy of a workspace that was let go of."""
    shutil.copytree(other, root)
    clock = TurnedClock(AT)
    return Desk(open_runtime(root, clock=clock, is_at_machine=True), clock)
