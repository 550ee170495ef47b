"""What a desk loses, by hand."""

import pytest

from cadre.estimate import Abstained, Estimate
from cadre.inference.exact import share_interval
from cadre.readiness.desk import learners, sole, to_cover, totals, weekly

COUNTS = {
    ("a", ("vpn", None)): 8,
    ("b", ("vpn", None)): 2,
    ("c", ("vpn", None)): 1,
    ("a", ("vpn", "north")): 8,
    ("b", ("mail", None)): 40,
    ("c", ("mail", None)): 30,
    ("a", ("mail", None)): 30,
    ("a", ("mail", "north")): 6,
    ("b", ("mail", "north")): 4,
    ("a", ("dns", None)): 4,
}


def test_weekly_hours_have_students_interval_over_weeks() -> None:
    found = weekly([10, 12, 10, 12, 10, 12])

    assert isinstance(found, Estimate)
    assert (11, 6) == (found.value, found.n)
    assert 0.9011 == pytest.approx(found.high - 11, abs=0.0005)  # t(5, .95) * 1.0954 / sqrt(6)


def test_too_few_weeks_are_no_hours() -> None:
    assert isinstance(weekly([10, 12, 10]), Abstained)
    assert isinstance(to_cover(weekly([10.0]), 0.5), Abstained)


def test_what_the_seat_keeps_need_not_be_covered() -> None:
    found = to_cover(Estimate(10, 8, 12, 0.9, 20), 0.4)

    assert Estimate(6, 4.8, 7.199999999999999, 0.9, 20) == found
    assert Estimate(10, 8, 12, 0.9, 20) == to_cover(Estimate(10, 8, 12, 0.9, 20), None)


def test_a_topic_is_theirs_with_most_of_enough_tickets() -> None:
    alone, most = sole(COUNTS, totals(COUNTS), "a", {"b", "c"})

    ends = share_interval(8, 11)
    assert [(("vpn", None), 8, 11), (("mail", "north"), 6, 10)] == [(s.topic, s.solved, s.of) for s in alone]
    assert (ends.low, ends.high) == pytest.approx((alone[0].share.low, alone[0].share.high))
    assert most is not None
    assert ("vpn", None) == most.topic


def test_whoever_solved_most_of_a_topic_has_least_to_learn() -> None:
    assert (("b", 40), ("c", 30)) == learners(COUNTS, "a", ("mail", "north"), {"b", "c"})
    assert (("c", 30),) == learners(COUNTS, "a", ("mail", None), {"c"})
    assert () == learners(COUNTS, "a", ("dns", None), {"b", "c"})
