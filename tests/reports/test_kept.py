"""What is kept goes with the state of the record that it came from."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from cadre.records import Firm
from cadre.reports.kept import _MOST, _STATES, _held, forget, kept


@dataclass(frozen=True)
class _Manifest:
    number: int
    made_at: datetime = datetime(2026, 5, 4, tzinfo=UTC)


@dataclass(frozen=True)
class _State:
    manifest: _Manifest
    root: Path = Path("firm")
    firm: Firm = field(default_factory=Firm)


@pytest.fixture(autouse=True)
def _empty() -> None:
    forget()


def _ask(state: Any, question: str, told: list[str]) -> str:
    def answer() -> str:
        told.append(question)
        return question.upper()

    return kept(state, question, answer)


def test_a_question_is_worked_out_once_a_state() -> None:
    told: list[str] = []
    assert [_ask(_State(_Manifest(1)), "a", told) for _ in range(3)] == ["A", "A", "A"]
    assert told == ["a"]


def test_a_newer_state_lets_go_of_the_older_one() -> None:
    told: list[str] = []
    for number in (1, 2, 1):
        _ask(_State(_Manifest(number)), "a", told)
    assert told == ["a", "a", "a"]


def test_few_answers_and_few_workspaces_are_kept() -> None:
    told: list[str] = []
    for n in range(200):
        _ask(_State(_Manifest(1), Path(f"w{n % 5}")), f"q{n}", told)
    assert len(_held) <= _STATES
    assert all(len(answers) <= _MOST for answers in _held.values())


def test_who_asks_while_it_is_worked_out_waits_for_the_same_answer() -> None:
    told: list[str] = []
    begun, go = Event(), Event()

    def answer() -> object:
        told.append("a")
        begun.set()
        assert go.wait(10)
        return object()

    state: Any = _State(_Manifest(1))
    with ThreadPoolExecutor(4) as threads:
        first = threads.submit(kept, state, "a", answer)
        assert begun.wait(10)
        others = [threads.submit(kept, state, "a", answer) for _ in range(3)]
        go.set()
        answers = {id(each.result(10)) for each in (first, *others)}

    assert (len(answers), told) == (1, ["a"])


def test_an_answer_that_fails_is_tried_again() -> None:
    state: Any = _State(_Manifest(1))
    tries = [ValueError("first"), None]

    def answer() -> str:
        if (error := tries.pop(0)) is not None:
            raise error
        return "second"

    with pytest.raises(ValueError, match="first"):
        kept(state, "a", answer)
    assert kept(state, "a", answer) == "second"
