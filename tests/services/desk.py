"""A governed firm on a real database: two agents, a client's administrator, two people on call, and calls to make."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine

from cadre.access.principal import Principal
from cadre.db.database import sqlite_url
from cadre.db.machines import RegisteredMachine
from cadre.governance.action import Action, Blast, Danger, Effect, Nature, Tier, Tool
from cadre.governance.catalogue import Row
from cadre.governance.gate import Assessment
from cadre.policy.agents import shipped_agents
from cadre.policy.engine import Engine
from cadre.services.agents.decide import Answer, Caller, Governor
from cadre.services.agents.govern import Place, set_value
from cadre.services.agents.governing import Governs
from cadre.services.audit.writer import EventWriter
from tests.services.ledger import Ledger, new_ledger

AT = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)  # a Monday
OWNER = Principal("Owner", "owner", account_id=1)
SECOND = Principal("Second", "manager", account_id=2)
ADMIN = Principal("Admin", "technician", account_id=3)
MAIL = Tool("send_mail", "Send an e-mail")
TIERS = {"send_mail": Tier.APPROVE, "wipe": Tier.FOUR_EYES, "look": Tier.AUTONOMOUS, "reset": Tier.NOTIFY,
         "buy": Tier.NOTIFY}  # fmt: skip
EFFECTS = {"send_mail": Effect.SEND, "wipe": Effect.DESTROY, "look": Effect.READ, "reset": Effect.CHANGE,
           "buy": Effect.PAY}  # fmt: skip


def read(action: Action, rows: tuple[Row, ...], client: str) -> Assessment:
    """What the tools of these tests do."""
    effect, tier = EFFECTS[action.tool.name], TIERS[action.tool.name]
    what = Nature(action.tool.name, "it", (effect,), Blast.ONE, reversible=True, data_classes=(), protective=False,
                  sources={}, danger=Danger(0.1, "m1"))  # fmt: skip
    for row in rows:
        if row.tool == action.tool.name and row.client in {"", client}:
            return Assessment(what, row.tier, (row.why,), row.name)
    return Assessment(what, tier, (f"{action.tool.name} is {tier.text}.",))


def caller(agent: str = "bot", client: str = "acme", **told: object) -> Caller:
    return Caller(agent, client, **{"task": "t1", "target_revision": "7", **told})  # type: ignore[arg-type]


def call(tool: str = "send_mail", **arguments: object) -> Action:
    return Action(MAIL if tool == "send_mail" else Tool(tool), arguments or {"to": "u1"})


@dataclass
class Desk:
    """The firm."""

    log: Ledger
    engine: Engine = field(default_factory=shipped_agents)

    @contextmanager
    def governor(self) -> Iterator[Governor]:
        """A process that decides."""
        engine = create_engine(sqlite_url(self.log.root), connect_args={"timeout": 0.3})
        with EventWriter(engine) as writer:
            yield Governor(self.log.sessions, writer, self.log.clock, self.engine, read=read)
        engine.dispose()

    def set(self, kind: str, value: object, agent: str = "", client: str = "", key: str = "") -> None:
        set_value(OWNER, self.log.work(), self.log.clock, kind, value, place=Place(agent, client, key), reason="so")

    def after(self, **told: float) -> None:
        self.log.clock.at = AT + timedelta(**told)

    def asked(self, tool: str = "send_mail") -> Answer:
        with self.governor() as governor:
            return governor.decide(caller(), call(tool))

    @property
    def governing(self) -> object:
        return Governs(self.log.sessions).now()


def copied_desk(root: Path, other: Path) -> Desk:
    """A copy of a firm whose database was let go of."""
    made = Desk(new_ledger(root, other))
    made.log.clock.at = AT
    return made


def new_desk(root: Path) -> Desk:
    """The firm, before any call."""
    made = Desk(new_ledger(root))
    made.log.clock.at = AT
    with made.log.sessions.begin() as session:
        session.add(RegisteredMachine("bot", "Bot", "agent", "mails", AT))
        session.add(RegisteredMachine("acme-bot", "Acme's", "agent", "mails", AT, client_id="acme"))
    made.set("approvers", {"administrators": ["account:3"], "on_call": ["account:1", "account:2"]}, client="acme")
    return made
