"""A firm with agents behind the gate, over the real application: tokens, calls, and approvers in browsers of their own."""

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import anyio
import httpx

from cadre.access.principal import Principal
from cadre.config import create_workspace, load_settings
from cadre.db.machines import RegisteredMachine
from cadre.runtime import Runtime
from cadre.services.agents.govern import Place, set_value
from cadre.services.machines.machine import new_secret
from cadre.web import create_app
from tests.web.door import BASE, Browser, House, TurnedClock

OWNER = Principal("owner at this machine", "owner")
READ = {"name": "get_ticket", "properties": {"arguments": {"ticket_id": "T1"}, "description": "Read a ticket"}}
MAIL = {"name": "send_mail", "properties": {"arguments": {"to": "u1", "text": "hello"}, "description": "Send a mail"}}
ROUTES = ("/access/v1/evaluation", "/lean/v1/evaluation")


@dataclass
class Gate(House):
    """The firm; `secrets` opens tokens by agent, `people` are browsers by name."""

    secrets: dict[str, str]
    people: dict[str, Browser] = field(default_factory=dict)

    def send(self, method: str, path: str, **told: Any) -> httpx.Response:
        async def run() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
                return await client.request(method, path, **told)

        return anyio.run(run)

    def token(self, agent: str = "bot") -> str:
        return str(self.send("POST", "/agents/token", auth=("", self.secrets[agent])).json()["access_token"])

    def ask(self, action: dict[str, Any], agent: str = "bot", path: str = ROUTES[0], **more: Any) -> httpx.Response:
        return self.send("POST", path, json=asked(action, agent, **more), headers=self.proof(agent))

    def use(self, decision: str, action: dict[str, Any], agent: str = "bot", **more: Any) -> httpx.Response:
        return self.send("POST", f"/decisions/{decision}/use", json=asked(action, agent, **more),
                         headers=self.proof(agent))  # fmt: skip

    def stands(self, decision: str, agent: str = "bot") -> dict[str, Any]:
        return dict(self.send("GET", f"/decisions/{decision}", headers=self.proof(agent)).json())

    def proof(self, agent: str = "bot") -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(agent)}"}

    def restarted(self) -> "Gate":
        """The same firm in a process that remembers nothing."""
        runtime = Runtime(self.runtime.root, self.runtime.settings, self.clock, OWNER)
        return replace(self, runtime=runtime, app=create_app(runtime), people={})

    def signed_in(self, name: str) -> Browser:
        browser = self.browser()
        browser.enter(name)
        return browser

    @staticmethod
    def text_of(waiting: dict[str, Any]) -> str:
        return str(json.loads(waiting["arguments"])["text"])

    def set(self, kind: str, value: object, agent: str = "", client: str = "", key: str = "") -> None:
        set_value(OWNER, self.runtime.work(), self.clock, kind, value, place=Place(agent, client, key), reason="so")
        self.runtime.governor.forget()


def asked(action: dict[str, Any], agent: str = "bot", *, client: str = "acme", revision: str = "7",
          **context: Any) -> dict[str, Any]:  # fmt: skip
    """The body of an evaluation."""
    return {
        "subject": {"type": "agent", "id": agent},
        "action": action,
        "resource": {"type": "client", "id": client, "properties": {"revision": revision}},
        "context": {"task": "t1", **context},
    }


def new_gate(root: Path) -> Gate:
    """The firm, with two agents and nobody's account."""
    create_workspace(root, name="Lindgren IT", purpose="study", invented=True, zone="Europe/Berlin")
    clock = TurnedClock()
    runtime = Runtime(root, load_settings(root), clock, OWNER)
    with runtime.sessions.begin() as session:
        session.add(RegisteredMachine("bot", "Mail bot", "agent", "answers mail", clock.at))
        session.add(RegisteredMachine("other", "Other bot", "agent", "answers mail", clock.at))
    made = {key: new_secret(OWNER, runtime.work(), clock, key=key, reason="first").secret for key in ("bot", "other")}
    return Gate(runtime, clock, create_app(runtime), made)
