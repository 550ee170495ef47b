"""What follows from one state of the record alone, worked out once and kept while that state is the newest.

Keeps true: another manifest, firm setting or question is another key; few are kept, and what was kept of an older state of the
same workspace goes as soon as a newer one is asked for, so that an erased person does not live on here.
"""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

from cadre.warehouse import Snapshot

T = TypeVar("T")
_MOST = 64
_held: dict[tuple[Hashable, ...], dict[Hashable, Any]] = {}
_making: dict[tuple[Hashable, ...], Lock] = {}
_GUARD = Lock()
_STATES = 2
"""Workspaces kept at once: a server has one."""


def kept(snapshot: Snapshot, question: Hashable, answer: Callable[[], T]) -> T:
    """The answer to a question about the record, worked out on the first asking.

    Args:
        snapshot: The record.
        question: Names the answer, with everything it depends on beside the record.
        answer: Works it out.
    """
    manifest = snapshot.manifest
    state = (snapshot.root, snapshot.firm, manifest.number, manifest.made_at)
    if state not in _held:
        states = list(_held)  # requests come at once: what another of them took away is no error
        for other in [each for each in states if each[0] == snapshot.root] or states[: len(states) - _STATES + 1]:
            _held.pop(other, None)
    answers = _held.setdefault(state, {})
    if question in answers:
        found: T = answers[question]
        return found
    with _GUARD:
        mine = _making.setdefault((state, question), Lock())
    try:
        with (
            mine
        ):  # who asks meanwhile waits for the one answer: worked out twice at once, both would take twice as long
            if question not in answers:
                for old in list(answers)[: len(answers) - _MOST + 1]:
                    answers.pop(old, None)
                answers[question] = answer()
            made: T = answers[question]
            return made
    finally:
        with _GUARD:
            _making.pop((state, question), None)


def forget() -> None:
    """Let go of everything kept."""
    _held.clear()
