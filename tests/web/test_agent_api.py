"""Agents at the gate over HTTP: who they are, what they are told, what of it they may use, and how often."""

from collections.abc import Iterator

import pytest

from tests.web.gate import MAIL, READ, ROUTES, Gate, new_gate


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
