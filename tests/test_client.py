"""An agent in Python at the real gate, served on a socket: it acts only after a yes, and tells what became of it."""

import threading
import time
from collections.abc import Iterator

import pytest

from cadre.access.principal import Principal
from cadre.client import Client, GateError, RefusedError, WaitingError, governed
from cadre.services.agents.approve import answer_approval
from tests.web.gate import Gate, new_gate
from tests.web.served import served

MACHINE = Principal("owner at this machine", "owner")


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Gate:
    return new_gate(tmp_path_factory.mktemp("gate"))


@pytest.fixture(scope="module")
def address(gate: Gate) -> Iterator[str]:
    with served(gate) as where:
        yield where


@pytest.fixture
def client(gate: Gate, address: str) -> Client:
    return Client(address, "bot", gate.secrets["bot"], "acme", look_seconds=0.05)


def answered(gate: Gate, is_yes: bool) -> None:
    """Answer whatever waits, once something does."""
    shown: list[dict[str, str]] = []
    while not shown:
        time.sleep(0.02)
        shown = gate.send("GET", "/approvals?format=json").json()["waiting"]
    for one in shown:
        answer_approval(MACHINE, gate.runtime.work(), gate.clock, one["approval_id"], is_yes=is_yes, reason="so")


def became(gate: Gate, tool: str) -> list[str]:
    """What became of acts by a tool that ran."""
    acts = gate.send("GET", "/decisions?format=json").json()["decisions"]
    return [act["aftermath"]["state"] for act in acts if act["tool"] == tool and act["aftermath"]]


def test_five_lines_govern_a_function(gate: Gate, client: Client) -> None:
    @governed(client, description="Read a ticket")
    def get_ticket(ticket_id: str) -> str:
        return f"{ticket_id} is open"

    assert "T1 is open" == get_ticket("T1")


def test_an_act_waits_for_a_yes_and_runs_once(gate: Gate, client: Client) -> None:
    sent: list[str] = []
    client.patience_seconds = 120

    @governed(client, description="Send a mail")
    def send_mail(to: str) -> None:
        sent.append(to)

    asking = threading.Thread(target=answered, args=(gate, True))
    asking.start()
    send_mail("u1")
    asking.join()

    assert (["u1"], ["done"]) == (sent, became(gate, "send_mail"))


def test_a_no_and_silence_and_no_gate_at_all_run_nothing(gate: Gate, client: Client) -> None:
    ran: list[str] = []

    @governed(client, description="Send a mail")
    def send_mail(to: str) -> None:
        ran.append(to)

    with pytest.raises(WaitingError):
        send_mail("u2")
    client.patience_seconds = 120
    asking = threading.Thread(target=answered, args=(gate, False))
    asking.start()
    with pytest.raises(RefusedError, match="refused"):
        send_mail("u2")
    asking.join()
    with pytest.raises(GateError, match="did not answer"):
        Client("http://127.0.0.1:9", "bot", "s").may("look", {})
    with pytest.raises(GateError, match="opens nothing"):
        Client(client.address, "bot", "wrong").may("look", {})

    assert [] == ran


def test_an_act_that_fails_is_told_as_failed(gate: Gate, client: Client) -> None:
    gate.set("catalogue", "autonomous", key="reset_it")

    @governed(client, description="Reset it")
    def reset_it() -> None:
        raise KeyError("gone")

    with pytest.raises(KeyError):
        reset_it()

    assert ["failed"] == became(gate, "reset_it")
