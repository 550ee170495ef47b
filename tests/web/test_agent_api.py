"""Agents at the gate over HTTP: who they are, what they are told, what of it they may use, and how often."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from cadre.db.governance import ApprovalStep
from cadre.services.machines.machine import retire
from tests.web.gate import MAIL, OWNER, READ, ROUTES, Gate, asked, new_gate
from tests.web.served import served


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    made = new_gate(tmp_path_factory.mktemp("gate"))
    yield made
    made.runtime.close()


@pytest.mark.parametrize("path", ROUTES)
def test_reading_goes_ahead_and_is_on_record(gate: Gate, path: str) -> None:
    told = gate.ask(READ, path=path).json()
    stands = gate.stands(told["context"]["decision_id"])

    assert (True, "allow", "autonomous") == (told["decision"], told["context"]["outcome"], told["context"]["tier"])
    assert ("get_ticket", "acme", True) == (stands["tool"], stands["client"], stands["may_run"])


@pytest.mark.parametrize("path", ROUTES)
def test_what_nobody_asked_for_waits_for_somebody(gate: Gate, path: str) -> None:
    told = gate.ask(MAIL, path=path).json()
    stands = gate.stands(told["context"]["decision_id"])

    assert (False, "approve") == (told["decision"], told["context"]["outcome"])
    assert (told["context"]["approval_id"], "pending", False) == (
        stands["approval_id"], stands["approval"], stands["may_run"])  # fmt: skip


def test_what_nobody_answered_stays_refused_though_the_clock_is_set_back(tmp_path: Path) -> None:
    gate = new_gate(tmp_path / "w")
    told = gate.ask(MAIL).json()["context"]
    before = gate.clock.at
    gate.clock.at += timedelta(hours=2)
    with served(gate):
        while not lapsed(gate):
            time.sleep(0.02)
    gate.clock.at = before

    assert "expired" == gate.stands(told["decision_id"])["approval"]


def test_a_retired_agent_is_told_so_within_a_second(tmp_path: Path) -> None:
    gate = new_gate(tmp_path / "w")
    proof = gate.proof()
    first = gate.send("POST", ROUTES[1], json=asked(READ), headers=proof).status_code
    retire(OWNER, gate.runtime.work(), gate.clock, key="bot", reason="gone")
    time.sleep(1.1)

    assert (200, 401) == (first, gate.send("POST", ROUTES[1], json=asked(READ), headers=proof).status_code)
    gate.runtime.close()


def test_a_token_is_over_at_once_when_its_time_is(tmp_path: Path) -> None:
    gate = new_gate(tmp_path / "w")
    proof = gate.proof()
    first = gate.send("POST", ROUTES[0], json=asked(READ), headers=proof).status_code
    gate.clock.at += timedelta(minutes=15)

    assert (200, 401) == (first, gate.send("POST", ROUTES[0], json=asked(READ), headers=proof).status_code)
    gate.runtime.close()


def test_twenty_five_reads_in_a_row_raise_no_prompt(gate: Gate) -> None:
    told = {gate.ask(READ, path=ROUTES[n % 2]).json()["context"]["outcome"] for n in range(25)}

    assert {"allow"} == told


@pytest.mark.parametrize("path", ROUTES)
def test_a_disk_that_takes_nothing_refuses_and_says_so(tmp_path: Path, path: str) -> None:
    gate = new_gate(tmp_path / "w")
    gate.ask(READ)
    gate.runtime.audit_writer.close()
    told = gate.ask(READ, path=path).json()

    assert (False, "deny", "") == (told["decision"], told["context"]["outcome"], told["context"]["decision_id"])
    assert "could not be recorded" in told["context"]["reasons"][0]


def lapsed(gate: Gate) -> bool:
    with gate.runtime.sessions() as session:
        return session.scalar(select(ApprovalStep.id).where(ApprovalStep.what == "lapsed")) is not None
