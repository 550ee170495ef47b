"""What holds after any row of settings and takings back is what a careful reader of the row would say."""

from hypothesis import given
from hypothesis import strategies as st

from cadre.governance.taken_back import chain


def test_taking_back_step_by_step_and_once_more() -> None:
    told = [(1, None), (2, None), (3, 2), (4, 1), (5, 4)]

    assert [1, 2, 1, None, 1] == [chain(told[:end]).holds for end in range(1, 6)]
    assert [5, 3, 2] == [chain(told).over(4), chain(told[:3]).over(2), chain(told[:2]).over(1)]
    assert [{1, 5}] == [{number for number, _ in told if chain(told).may_end(number)}]


@given(st.lists(st.integers(0, 4), max_size=30))
def test_whatever_is_done_one_step_of_undo_restores_what_held(choices: list[int]) -> None:
    """Each choice sets anew (0) or takes back one of those that may be taken back."""
    told: list[tuple[int, int | None]] = [(1, None)]
    for choice in choices:
        free = [number for number, _ in told if chain(told).may_end(number)]
        told.append((len(told) + 1, None if choice == 0 else free[choice % len(free)]))
    now = chain(told)
    newest = len(told)
    undone = chain([*told, (newest + 1, newest)])
    redone = chain([*told, (newest + 1, newest), (newest + 2, newest + 1)])

    assert now.before[newest] == undone.holds
    assert now.holds == redone.holds
