"""What a host says beside a call, and what a task has seen so far.

Keeps true: what the host does not say is unknown and never guessed from an earlier call; of each task the newest calls
are kept, and of each output its beginning. Words of people go to the gate and never to the server behind it.
"""

import json
from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from cadre.governance.action import Step

OURS = "cadre/"
"""Beginning of the keys of `_meta` that are for the gateway."""
_SESSION = "io.modelcontextprotocol/"
STEPS_KEPT = 200
TASKS_KEPT = 50
OUTPUT_CHARACTERS = 200_000
TASK_CHARACTERS = 2_000_000

Key = Annotated[str, Field(max_length=200)]


class Beside(BaseModel):
    """What a host may say in `_meta`, each key as `cadre/<name>`.

    Attributes:
        user_request: What a person asked for, in their own words; empty where it is not known.
        task: The host's name of the task; empty where it has none.
        on_behalf_of: Key of the account whose request it follows.
        target_revision: Version of the thing acted on.
        cost_cents: What the act costs.
        confidence: How sure the agent says it is, 0 to 1.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    user_request: str = Field(default="", max_length=20_000)
    task: Key = ""
    on_behalf_of: str = Field(default="", pattern=r"^(account:[0-9]{1,9})?$")
    target_revision: Key = ""
    cost_cents: int | None = Field(default=None, ge=0, lt=2**53)
    confidence: float | None = Field(default=None, ge=0, le=1)


def beside(meta: Mapping[str, Any] | None) -> Beside:
    """What stands beside a call.

    Raises:
        pydantic.ValidationError: A key of ours is unknown or its value does not fit.
    """
    return Beside.model_validate(
        {key.removeprefix(OURS): told for key, told in (meta or {}).items() if key.startswith(OURS)}
    )


def passed_on(meta: Mapping[str, Any] | None) -> dict[str, Any]:
    """What of `_meta` the server behind is told: neither ours nor that of this connection."""
    return {key: told for key, told in (meta or {}).items()
            if not key.startswith((OURS, _SESSION)) and key not in {"progressToken", "progress_token"}}  # fmt: skip


class Tasks:
    """The calls of each task, oldest first. What is forgotten vouches for nothing, so a call that rests on it asks."""

    def __init__(self) -> None:
        self._steps: OrderedDict[str, deque[tuple[int, Step]]] = OrderedDict()

    def history(self, task: str) -> tuple[Step, ...]:
        """What a task has seen."""
        return tuple(step for _, step in self._steps.get(task, ()))

    def add(self, task: str, step: Step) -> None:
        """Remember a call and what it gave back."""
        text = json.dumps(step.output, ensure_ascii=False, default=str)
        if len(text) > OUTPUT_CHARACTERS:
            step = replace(step, output=text[:OUTPUT_CHARACTERS])
        kept = self._steps.setdefault(task, deque(maxlen=STEPS_KEPT))
        kept.append((min(len(text), OUTPUT_CHARACTERS), step))
        while sum(size for size, _ in kept) > TASK_CHARACTERS:
            kept.popleft()
        self._steps.move_to_end(task)
        while len(self._steps) > TASKS_KEPT:
            self._steps.popitem(last=False)
