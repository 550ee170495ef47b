"""Who could take which seat: the best assignment, and that chance is not called a candidate."""

import numpy as np
import pytest

from cadre.readiness.structure.assignment import Drawn, _solved, assign

PEOPLE = ("ada", "bo", "cem")


def _drawn(ready: list[float], kind: list[float], noise: float = 0.1, draws: int = 200) -> Drawn:
    dice = np.random.default_rng(1)
    return Drawn(
        PEOPLE,
        np.array(ready)[:, None] + noise * dice.standard_normal((3, draws)),
        np.array(kind)[:, None] + noise * dice.standard_normal((3, draws)),
    )


def test_each_seat_gets_the_kind_it_asks_for() -> None:
    found = assign(_drawn([1.0, 1.0, 0.0], [1.0, -1.0, 0.0]), {"desk": 0.1, "service": 0.9})

    assert [("desk", "ada", True), ("service", "bo", True)] == [(p.seat, p.person, p.holds) for p in found]


def test_the_best_sum_counts_and_not_the_best_seat_alone() -> None:
    found = assign(_drawn([1.2, 1.0, -3.0], [2.0, 0.0, 0.0], noise=0.01), {"desk": 0.0, "above": 0.5})

    assert {"desk": "ada", "above": "bo"} == {p.seat: p.person for p in found}


def test_without_a_match_readiness_alone_decides() -> None:
    found = assign(_drawn([0.0, 0.5, 1.0], [3.0, 0.0, -3.0]), {"desk": 0.0}, match=0.0)

    assert "cem" == found[0].person


def test_who_gets_a_seat_in_few_draws_is_not_its_candidate() -> None:
    place = assign(_drawn([0.0, 0.0, 0.0], [0.0, 0.0, 0.0], noise=1.0), {"desk": 0.5})[0]

    assert not place.holds
    assert pytest.approx(1.0, abs=0.02) == sum(share for _, share in place.others)


def test_more_seats_than_people_leave_some_without_anybody() -> None:
    seats = dict.fromkeys("abcd", 0.5)
    found = assign(_drawn([1.0, 0.5, 0.0], [0.0, 0.0, 0.0]), seats)

    assert 1 == sum(p.person is None for p in found)
    assert 3 == len({p.person for p in found if p.person})


def test_leaving_out_who_cannot_get_a_seat_changes_nothing() -> None:
    from scipy.optimize import linear_sum_assignment

    fit = np.random.default_rng(3).standard_normal((4, 300))
    _, people = linear_sum_assignment(fit, maximize=True)

    assert people.tolist() == _solved(fit)


def test_nobody_open_is_nobody_assigned() -> None:
    nobody = Drawn((), np.zeros((0, 5)), np.zeros((0, 5)))

    assert [None] == [p.person for p in assign(nobody, {"desk": 0.5})]
    assert () == assign(nobody, {})
