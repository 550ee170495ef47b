"""What becomes of a call is told as far as it is known, and two of the same do not share one approval."""

from typing import Any

import anyio
import mcp_types as types
import pytest
from mcp.shared.exceptions import MCPError

from cadre.errors import NotWrittenError
from cadre.governance.action import Action, Outcome, Tool
from cadre.governance.outcome import Told
from cadre.mcp.gate import OwnGate
from cadre.mcp.governed import Governed, HeldError, Wanted, act_key
from cadre.mcp.shelf import Shelf
from cadre.services.agents.decide import Caller
from tests.mcp.desk import Desk

READ = Wanted(Caller("bot", "acme", "t"), Action(Tool("get_ticket", "Read one ticket."), {"ticket_id": "T-1"}))
CLOSE = Wanted(Caller("bot", "acme", "t"), Action(Tool("close_ticket", "Close a ticket."), {"ticket_id": "T-1"}))


class DeafGate(OwnGate):
    """A gate that cannot write down what became of calls."""

    def outcome(self, agent: str, decision_id: str, told: Told) -> None:
        del agent, decision_id, told
        raise NotWrittenError("the disk is full")


def governed(desk: Desk, kind: type[OwnGate] = OwnGate, wait: float = 0.0) -> Governed:
    return Governed(kind(desk.runtime), Shelf(desk.runtime.root / "private" / "mcp"), desk.clock, say=desk.said.append,
                    wait_seconds=wait, poll_seconds=0.01)  # fmt: skip


async def quietly(progress: float, total: float, message: str) -> None:
    """Nobody is told of progress."""


def ran(made: Governed, wanted: Wanted, call: Any) -> Any:
    try:
        return anyio.run(lambda: made.run(wanted, call, lambda found: (found, False), quietly))
    finally:
        made.close()


@pytest.mark.parametrize(("error", "told"), [
    (MCPError(types.INVALID_PARAMS, "no such ticket"), "failed"), (MCPError(types.CONNECTION_CLOSED, "gone"), "attempted"),
    (MCPError(types.REQUEST_TIMEOUT, "late"), "attempted"), (RuntimeError("cannot be read"), "attempted"),
])  # fmt: skip
def test_an_error_is_told_as_far_as_it_is_known(desk: Desk, error: Exception, told: str) -> None:
    async def call() -> str:
        raise error

    with pytest.raises(type(error)):
        ran(governed(desk), READ, call)
    assert [told] == desk.told


def test_a_call_that_was_given_up_is_told_as_attempted(desk: Desk) -> None:
    made = governed(desk)
    scopes: list[anyio.CancelScope] = []

    async def call() -> str:
        scopes[0].cancel()
        await anyio.sleep(30)
        return ""

    async def run() -> None:
        with anyio.CancelScope() as scope:
            scopes.append(scope)
            await made.run(READ, call, lambda found: (found, False), quietly)

    anyio.run(run)
    made.close()
    assert ["attempted"] == desk.told


def test_a_result_is_handed_over_though_its_outcome_cannot_be_written(desk: Desk) -> None:
    async def call() -> str:
        return "here"

    result, answer = ran(governed(desk, DeafGate), READ, call)

    assert ("here", Outcome.ALLOW) == (result, answer.outcome)
    assert f"decision {answer.decision_id} (done) was not written down" in desk.said[0]


def test_of_two_same_calls_that_wait_one_approval_lets_one_run(desk: Desk) -> None:
    made = governed(desk, wait=120.0)
    done: list[str] = []
    held: list[Outcome] = []
    waits: list[str] = []

    async def call() -> str:
        done.append("closed")
        return ""

    async def one() -> None:
        try:
            await made.run(CLOSE, call, lambda found: (found, False), answered)
        except HeldError as error:
            held.append(error.answer.outcome)

    async def answered(progress: float, total: float, message: str) -> None:
        waits.append(message)
        if len(waits) == 2:
            desk.answer(desk.asked[0].approval_id)

    async def run() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(one)
            group.start_soon(one)

    anyio.run(run)
    made.close()
    assert (1, ["closed"], [Outcome.DENY]) == (len(desk.asked), done, held)


def test_the_same_call_has_the_same_key_and_any_other_another() -> None:
    def key(
        tool: Tool = CLOSE.action.tool, agent: str = "bot", revision: str = "", request: str = "", **arguments: Any
    ) -> str:
        return act_key(Caller(agent, "acme", "t", target_revision=revision), Action(tool, arguments, request))

    same = {key(a=1, b=2), key(b=2, a=1), key(a=1, b=2, request="Please.")}
    others = {key(a=1, b=3), key(Tool("close_ticket", "Other words."), a=1, b=2), key(agent="x", a=1, b=2),
              key(revision="2", a=1, b=2), key(a=float("nan"))}  # fmt: skip

    assert (1, 5, set()) == (len(same), len(others), same & others)
