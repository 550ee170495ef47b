"""What stands beside a call, and what a task remembers."""

from typing import Any

import pytest
from pydantic import ValidationError

from cadre.governance.action import Step
from cadre.mcp.task import OUTPUT_CHARACTERS, STEPS_KEPT, TASK_CHARACTERS, TASKS_KEPT, Tasks, beside, passed_on

META = {
    "cadre/user_request": "Close T-1.", "cadre/task": "t", "traceparent": "00-a", "progressToken": 3, "vendor/x": 1,
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
}  # fmt: skip


def test_ours_is_for_the_gate_and_the_rest_for_the_server() -> None:
    told = beside(META)

    assert ("Close T-1.", "t", None) == (told.user_request, told.task, told.confidence)
    assert {"traceparent": "00-a", "vendor/x": 1} == passed_on(META)


def test_nothing_said_is_nothing_known() -> None:
    assert ("", "", {}) == (beside(None).user_request, beside({}).task, passed_on(None))


@pytest.mark.parametrize("meta", [
    {"cadre/task": 1}, {"cadre/on_behalf_of": "ann"}, {"cadre/cost_cents": -1}, {"cadre/cost_cents": True},
    {"cadre/confidence": "high"}, {"cadre/user_request": "x" * 20_001}, {"cadre/": "x"},
])  # fmt: skip
def test_what_does_not_fit_is_not_guessed(meta: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        beside(meta)


def test_the_newest_calls_are_kept_and_the_newest_tasks() -> None:
    tasks = Tasks()
    for n in range(STEPS_KEPT + 5):
        tasks.add("one", Step("read", {"n": n}, "x"))
    for n in range(TASKS_KEPT - 1):
        tasks.add(f"t{n}", Step("read"))
    kept = tasks.history("one")
    tasks.add("last", Step("read"))

    assert (STEPS_KEPT, 5, STEPS_KEPT + 4) == (len(kept), kept[0].arguments["n"], kept[-1].arguments["n"])
    assert ((), 1) == (tasks.history("one"), len(tasks.history("last")))


@pytest.mark.parametrize("output", ["x" * (OUTPUT_CHARACTERS + 9), {"rows": ["x" * OUTPUT_CHARACTERS]}])
def test_a_long_output_is_kept_as_the_text_it_begins_with(output: Any) -> None:
    tasks = Tasks()
    for _ in range(TASK_CHARACTERS // OUTPUT_CHARACTERS + 3):
        tasks.add("one", Step("read", {}, output))
    kept = tasks.history("one")

    assert {OUTPUT_CHARACTERS} == {len(step.output) for step in kept}
    assert TASK_CHARACTERS // OUTPUT_CHARACTERS == len(kept)
