"""The sweep: equal to rates at each line, coarse enough to tell nobody, and right about where four fifths are crossed."""

import numpy as np
import pytest
from fairlearn.metrics import demographic_parity_ratio

from cadre.readiness.fairness.disclosure import Rules
from cadre.readiness.fairness.sweep import sweep


def test_each_line_is_fairlearns_ratio_at_that_line() -> None:
    dice = np.random.default_rng(1)
    labels = ["a"] * 30 + ["b"] * 24
    values = dice.normal(size=54) + np.array([0.5] * 30 + [0.0] * 24)
    told = sweep(values.tolist(), "group", labels, rules=Rules(least_people=1))
    order = np.sort(values)[::-1]

    assert 53 == len(told.lines)
    for line in told.lines:
        above = (values >= order[line.chosen - 1]).astype(int)
        ratio = demographic_parity_ratio(above, above, sensitive_features=labels)
        assert ratio == pytest.approx(line.lowest)


def test_lines_stand_five_people_apart_from_the_median_outwards_and_from_either_end() -> None:
    told = sweep([float(k) for k in range(43)], "group", ["a", "b"] * 21 + ["a"])

    assert [6, 11, 16, 21, 26, 31, 36] == [line.chosen for line in told.lines]


def test_no_line_differs_from_who_was_selected_by_one_to_four_people() -> None:
    top = [k >= 43 - 13 for k in range(43)]
    told = sweep([float(k) for k in range(43)], "group", ["a", "b"] * 21 + ["a"], chosen=top)

    assert [6, 21, 26, 31, 36] == [line.chosen for line in told.lines]


def test_people_with_the_same_estimate_are_on_the_same_side() -> None:
    told = sweep([3.0] * 7 + [2.0] * 6 + [1.0] * 9, "group", ["a", "b"] * 11)

    assert [7, 13] == [line.chosen for line in told.lines]


def test_where_four_fifths_are_crossed_is_told() -> None:
    labels = ["a"] * 20 + ["b"] * 20
    values = [float(100 - k) for k in range(20)] + [float(96.5 - k) for k in range(20)]
    told = sweep(values, "group", labels)
    lowest = {line.chosen: line.lowest for line in told.lines}

    assert [chosen for chosen, value in lowest.items() if value is not None and value < 0.8] == list(told.under)
    assert [(30, 35)] == list(told.crossed)


def test_too_few_people_and_nobody_declared_are_said() -> None:
    few = sweep([1.0, 2.0, 3.0, None], "group", ["a", "b", "a", "b"])
    nobody = sweep([float(k) for k in range(20)], "group", [None] * 20)

    assert "3 people have an estimate; a line needs 5 of them on either side" == few.reason
    assert "no two groups of 5 or more people have an estimate" == nobody.reason
    assert () == few.lines == nobody.lines
