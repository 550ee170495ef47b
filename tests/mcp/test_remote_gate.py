"""A gateway that asks a running Cadre over HTTP, as the agent of its secret."""

from collections.abc import Iterator
from typing import Any

import anyio
import httpx2
import pytest

from cadre.errors import CadreError
from cadre.governance.action import Action, Outcome, Tool
from cadre.mcp.gate import Gate
from cadre.mcp.remote_gate import RemoteGate
from cadre.runtime import AT_MACHINE
from cadre.services.agents.decide import Caller
from cadre.services.machines.machine import new_secret
from cadre.web import create_app
from tests.mcp.desk import Desk
from tests.serving import serving

CLOSE = ("close_ticket", {"ticket_id": "T-1"})


@pytest.fixture
def secret(desk: Desk) -> str:
    return new_secret(AT_MACHINE, desk.runtime.work(), desk.clock, key="bot", reason="for the gateway").secret


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    """Where a Cadre runs."""
    with serving(create_app(desk.runtime)) as place:
        yield place


def answering(status: int, body: Any) -> httpx2.Client:
    """A gate that lets everybody in and answers all the same."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/agents/token":
            return httpx2.Response(200, json={"access_token": "t", "expires_in": 900})
        return httpx2.Response(status, json=body)

    return httpx2.Client(transport=httpx2.MockTransport(answer), base_url="http://gate")


def test_calls_are_decided_where_cadre_runs_and_an_approval_is_used_once(desk: Desk, address: str, secret: str) -> None:
    gate = RemoteGate(address, secret)
    gate.check()

    async def made(*calls: Any) -> list[Any]:
        async with desk.gateway(gate=gate) as client:
            return [await client.call_tool(*call) for call in calls]

    read, first = anyio.run(made, ("get_ticket", {"ticket_id": "T-1"}), CLOSE)
    desk.answer(first.structured_content["cadre"]["approval_id"])
    second, third = anyio.run(made, CLOSE, CLOSE)

    assert [False, True, False, True] == [one.is_error for one in (read, first, second, third)]
    assert (["get T-1", "close T-1"], ["done", "done"]) == (desk.done, desk.told)


def test_a_no_elsewhere_refuses(desk: Desk, address: str, secret: str) -> None:
    async def made() -> Any:
        async with desk.gateway(gate=RemoteGate(address, secret)) as client:
            return await client.call_tool(*CLOSE)

    anyio.run(made)
    desk.answer(desk.asked[0].approval_id, is_yes=False)
    found = anyio.run(made)

    assert ("deny", []) == (found.structured_content["cadre"]["outcome"], desk.done)


def test_what_waits_is_kept_while_the_gate_is_away_and_dropped_where_it_is_unknown(desk: Desk) -> None:
    async def made(gate: Gate | None = None) -> Any:
        async with desk.gateway(gate=gate) as client:
            return (await client.call_tool(*CLOSE)).structured_content["cadre"]

    first = anyio.run(made)
    away = anyio.run(made, RemoteGate("http://127.0.0.1:9", "s"))
    back = anyio.run(made)
    unknown = anyio.run(made, RemoteGate("http://gate", "s", answering(404, {})))
    anew = anyio.run(made)

    assert ["approve", "deny", "approve", "deny", "approve"] == [
        one["outcome"] for one in (first, away, back, unknown, anew)]  # fmt: skip
    assert (True, False) == (first["approval_id"] == back["approval_id"], first["approval_id"] == anew["approval_id"])


def test_a_secret_that_opens_nothing_is_told_at_once(desk: Desk, address: str) -> None:
    with pytest.raises(CadreError, match="opens nothing"):
        RemoteGate(address, "wrong").check()


@pytest.mark.parametrize(("status", "body"), [
    (500, {}), (503, {"error": "it could not be written"}), (200, {}), (200, []), (200, {"decision": True}),
    (200, {"decision": True, "context": {"outcome": "allow", "tier": "x", "decision_id": "d", "reasons": []}}),
    (200, {"decision": False, "context": {"outcome": "allow", "tier": "autonomous", "decision_id": "d", "reasons": ["so"]}}),
    (200, {"decision": "yes", "context": {"outcome": "allow", "tier": "autonomous", "decision_id": "d", "reasons": ["so"]}}),
    (401, {"error": "this token is over"}), (302, {}),
])  # fmt: skip
def test_whatever_is_not_a_plain_answer_refuses(status: int, body: Any) -> None:
    gate = RemoteGate("http://gate", "s", answering(status, body))
    found = gate.decide(Caller("bot", "acme"), Action(Tool("get_ticket")))

    assert Outcome.DENY is found.outcome
    assert found.reasons


def test_a_gate_that_cannot_be_reached_refuses() -> None:
    found = RemoteGate("http://127.0.0.1:9", "s").decide(Caller("bot", "acme"), Action(Tool("get_ticket")))

    assert (Outcome.DENY, "Refused, because the gate did not decide: the gate cannot be asked (ConnectError).") == (
        found.outcome, found.reasons[0])  # fmt: skip
