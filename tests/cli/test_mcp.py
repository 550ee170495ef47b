"""The gateway from the command line: what is off is said in words before anything starts."""

import sys
from pathlib import Path

import pytest

from cadre.config import create_workspace
from tests.cli.conftest import Cadre
from tests.mcp import served

SERVER = f"{sys.executable} {served.__file__}"


@pytest.fixture
def workspace(tmp_path: Path) -> str:
    create_workspace(tmp_path)
    return str(tmp_path)


@pytest.mark.parametrize(("words", "said"), [
    ((), "stands before one server"), (("--server", "a", "--url", "http://127.0.0.1:9"), "stands before one server"),
    (("--server", "a", "--header", "Authorization"), "NAME=VARIABLE"), (("--server", "a", "--env", "NOT_SET_HERE"), "NOT_SET_HERE"),
    (("--server", "a", "--cadre", "http://127.0.0.1:9"), "CADRE_AGENT_SECRET"),
])  # fmt: skip
def test_what_is_off_is_said_before_anything_starts(cadre: Cadre, workspace: str, words: tuple[str, ...],
                                                    said: str) -> None:  # fmt: skip
    done = cadre("mcp", "gateway", "-w", workspace, "--agent", "bot", *words)

    assert (2, "") == (done.code, done.out)
    assert said in done.err


def test_tools_are_judged_before_an_agent_gets_them(cadre: Cadre, workspace: str) -> None:
    done = cadre("mcp", "check", "-w", workspace, "--agent", "bot", "--server", SERVER, "--json")

    assert [("close_ticket", "approve"), ("get_ticket", "autonomous"), ("list_tickets", "autonomous")] == [
        (one["tool"], one["tier"]) for one in done.json()]  # fmt: skip
    assert "bot stands in no register" in done.err


def test_only_an_account_answers_approvals(cadre: Cadre, workspace: str) -> None:
    done = cadre("mcp", "approvers", "-w", workspace)

    assert (2, True) == (done.code, "approvals are answered by accounts" in done.err)
