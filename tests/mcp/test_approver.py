"""A host of somebody who answers: what waits is shown, and what the person says is what counts."""

from typing import Any

import anyio
import mcp_types as types
import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError

from cadre.access.principal import Principal
from cadre.errors import UnauthenticatedError
from cadre.mcp.approver import approver_server
from tests.mcp.desk import OWNER, Desk

CLOSE = ("close_ticket", {"ticket_id": "T-1"})


@pytest.fixture
def waiting(desk: Desk) -> str:
    """Id of an approval that waits."""

    async def run() -> None:
        async with desk.gateway() as client:
            await client.call_tool(*CLOSE)

    anyio.run(run)
    return str(desk.asked[0].approval_id)


def used(desk: Desk, tool: str, *, who: Principal = OWNER, says: dict[str, Any] | None = None, mode: str = "auto",
         **arguments: Any) -> tuple[Any, list[str]]:  # fmt: skip
    """The result of a tool, and what the person was asked."""
    asked: list[str] = []

    async def answer(context: Any, params: Any) -> types.ElicitResult:
        asked.append(params.message)
        return types.ElicitResult(action="accept" if says else "decline", content=says)

    async def run() -> Any:
        server = approver_server(desk.runtime, lambda: who)
        async with Client(server, elicitation_callback=answer, mode=mode, cache=None) as client:
            return await client.call_tool(tool, arguments)

    return anyio.run(run), asked


def test_what_waits_is_listed_and_read_in_full(desk: Desk, waiting: str) -> None:
    listed, _ = used(desk, "list_waiting_approvals")
    read, _ = used(desk, "read_approval", approval_id=waiting)

    assert [read.structured_content] == listed.structured_content["waiting"]
    assert (waiting, "close_ticket", '{"ticket_id":"T-1"}', desk.asked[0].digest) == tuple(
        read.structured_content[key] for key in ("approval_id", "tool", "arguments", "digest"))  # fmt: skip


@pytest.mark.parametrize("mode", ["auto", "legacy"])
@pytest.mark.parametrize(("says", "state"), [
    ({"yes": True}, "approved"), ({"yes": False, "reason": "not now"}, "refused"), (None, "pending"),
])  # fmt: skip
def test_the_person_answers_with_the_act_before_them(desk: Desk, waiting: str, mode: str, says: dict[str, Any] | None,
                                                     state: str) -> None:  # fmt: skip
    found, asked = used(desk, "answer_approval_with_person", says=says, mode=mode, approval_id=waiting)

    assert state == found.structured_content["state"]
    assert "bot wants to call close_ticket at acme" in asked[0]
    assert 'Arguments: {"ticket_id":"T-1"}' in asked[0]


def test_a_host_that_cannot_ask_the_person_answers_nothing(desk: Desk, waiting: str) -> None:
    async def run() -> None:
        async with Client(approver_server(desk.runtime, lambda: OWNER), cache=None) as client:
            with pytest.raises(MCPError):
                await client.call_tool("answer_approval_with_person", {"approval_id": waiting})

    anyio.run(run)
    listed, _ = used(desk, "list_waiting_approvals")
    assert [waiting] == [one["approval_id"] for one in listed.structured_content["waiting"]]


@pytest.mark.parametrize("who", [Principal("at the machine", "owner"), Principal("Other", "manager", account_id=9)])
def test_only_who_may_answer_is_shown_and_heard(desk: Desk, waiting: str, who: Principal) -> None:
    found, asked = used(desk, "answer_approval_with_person", who=who, says={"yes": True}, approval_id=waiting)

    assert (True, []) == (found.is_error, asked)


def test_a_token_that_ended_is_told(desk: Desk, waiting: str) -> None:
    def ended() -> Principal:
        raise UnauthenticatedError("this token opens nothing", hint="Make another.")

    async def run() -> Any:
        async with Client(approver_server(desk.runtime, ended), cache=None) as client:
            return await client.call_tool("list_waiting_approvals", {})

    found = anyio.run(run)
    assert (True, "Error executing tool list_waiting_approvals: this token opens nothing. Make another.") == (
        found.is_error, found.content[0].text)  # fmt: skip
