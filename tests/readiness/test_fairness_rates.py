"""Rates by group: equal to fairlearn and scipy, nobody to be read off, and the law's definitions kept."""

import math
from typing import Any

import numpy as np
import pytest
from fairlearn.metrics import MetricFrame, demographic_parity_ratio, selection_rate
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from cadre.inference.exact import ratio_interval, ratio_p
from cadre.readiness.fairness.disclosure import Rules, crossed, shown, single
from cadre.readiness.fairness.rates import above_median, crossed_table, over_all, table

ALL = Rules(least_people=1, least_share=0.0)


@st.composite
def firms(draw: st.DrawFn) -> tuple[list[bool], list[str]]:
    people = draw(st.integers(4, 40))
    happened = draw(st.lists(st.booleans(), min_size=people, max_size=people))
    return happened, draw(st.lists(st.sampled_from("abc"), min_size=people, max_size=people))


def fairlearns(happened: list[bool], labels: list[str]) -> Any:
    seen = [int(h) for h in happened]
    frame = MetricFrame(metrics=selection_rate, y_true=seen, y_pred=seen, sensitive_features=labels)
    return frame.by_group.to_dict(), demographic_parity_ratio(seen, seen, sensitive_features=labels)


@settings(max_examples=25, deadline=None)
@given(firms())
def test_rates_and_the_lowest_ratio_are_fairlearns(firm: tuple[list[bool], list[str]]) -> None:
    happened, labels = firm
    told = table("selected", happened, "group", labels, rules=ALL)
    if told.reason:
        assert len(set(happened)) == 1
        return
    by_group, ratio = fairlearns(happened, labels)

    assert by_group == pytest.approx({rate.group: rate.rate.value for rate in told.rates})
    assert told.lowest is None or told.lowest == pytest.approx(ratio)


@settings(max_examples=25, deadline=None)
@given(firms())
def test_crossed_rates_are_fairlearns(firm: tuple[list[bool], list[str]]) -> None:
    happened, labels = firm
    other = ["x" if k % 3 else "y" for k in range(len(labels))]
    told = crossed_table("selected", happened, ("one", "two"), (labels, other), rules=ALL)
    if told.reason:
        return
    by_group, _ = fairlearns(happened, [f"{a} and {b}" for a, b in zip(labels, other, strict=True)])

    assert by_group == pytest.approx({rate.group: rate.rate.value for rate in told.rates})


@settings(max_examples=25, deadline=None)
@given(firms())
def test_each_ratio_carries_scipys_fisher_test_and_the_exact_test_and_interval(
    firm: tuple[list[bool], list[str]],
) -> None:
    happened, labels = firm
    told = table("selected", happened, "group", labels, rules=ALL)
    count = {rate.group: (rate.count, rate.rate.n) for rate in told.rates}
    for rate in told.rates:
        if rate.ratio is None:
            continue
        (a, n_a), (b, n_b) = count[rate.group], count[rate.ratio.to]
        ends = ratio_interval(a, n_a, b, n_b)
        assert fisher_exact([[a, b], [n_a - a, n_b - b]])[1] == pytest.approx(rate.ratio.fisher_p)
        assert ratio_p(a, n_a, b, n_b) == rate.ratio.p_value
        assert (ends.low, ends.high) == (rate.ratio.low, rate.ratio.high or math.inf)


def test_above_the_median_is_above_and_not_at_it_and_nobody_without_an_estimate_counts() -> None:
    assert [False, False, None, True, True] == above_median([1.0, 2.0, None, 3.0, 4.0])
    assert [False, False, False, None, True] == above_median([1.0, 2.0, 2.0, None, 4.0])


def test_a_group_under_five_is_a_count_without_a_name() -> None:
    labels = ["a"] * 10 + ["b"] * 10 + ["c"] * 4 + [None]
    told = table("selected", [k % 2 == 0 for k in range(25)], "group", labels)

    assert ["a", "b"] == [rate.group for rate in told.rates]
    assert (1, 4, 1) == (told.withheld_groups, told.withheld_people, told.unknown)
    assert "'c'" not in repr(told)


def test_a_small_group_is_not_to_be_had_by_subtraction() -> None:
    sizes, lines = single(["a"] * 10 + ["b"] * 8 + ["c"] * 3)

    assert {"a"} == shown(sizes, lines, 5)


def test_in_crossed_groups_no_row_or_column_gives_a_small_cell_away() -> None:
    first = ["a"] * 20 + ["b"] * 20
    second = ["x"] * 17 + ["y"] * 3 + ["x"] * 10 + ["y"] * 10
    sizes, lines = crossed(first, second)
    kept = shown(sizes, lines, 5)
    for line in lines:
        hidden = sum(sizes[label] for label in line.labels if label not in kept)
        assert hidden == 0 or hidden + line.loose >= 5

    assert ("a", "y") not in kept


def test_an_outcome_of_few_is_shown_for_no_group_because_they_are_known_by_name() -> None:
    told = table("selected", [k < 3 for k in range(30)], "group", ["a", "b"] * 15)

    assert () == told.rates
    assert told.reason is not None
    assert "only 3 of 30 people" in told.reason


def test_a_group_under_two_in_a_hundred_has_a_rate_and_no_ratio_as_the_rules_allow() -> None:
    labels = ["a"] * 200 + ["b"] * 195 + ["c"] * 5
    told = table("selected", [k % 2 == 0 for k in range(400)], "group", labels)
    small = next(rate for rate in told.rates if rate.group == "c")

    assert (5, None, "under 2% of the people looked at") == (small.rate.n, small.ratio, small.reason)


def test_nobody_declared_is_said_and_nothing_is_made_up() -> None:
    told = table("selected", [True, False] * 10, "group", [None] * 20)

    assert ((), "nobody declared it", 20) == (told.rates, told.reason, told.unknown)


def test_the_chance_of_the_lowest_ratio_allows_for_picking_the_highest_group() -> None:
    dice = np.random.default_rng(3)
    labels = [name for name in "abcd" for _ in range(12)]
    low = 0
    for k in range(150):
        told = table("selected", [bool(x) for x in dice.permutation(48) < 24], "group", labels, seed=k)
        low += told.chance is not None and told.chance <= 0.1

    assert low <= 24  # of 150 firms where groups make no difference


def test_a_planted_difference_is_found_and_q_values_are_over_all_ratios() -> None:
    labels = ["a"] * 40 + ["b"] * 40
    far = table("selected", [k < 30 or 40 <= k < 50 for k in range(80)], "group", labels)
    near = table("above_median", [k % 2 == 0 for k in range(80)], "group", labels)
    both = over_all([far, near])
    ratio = both[0].rates[1].ratio
    assert ratio is not None
    assert ratio.high is not None

    assert ratio.value == pytest.approx(1 / 3)
    assert ratio.high < 0.8
    assert ratio.q_value == pytest.approx(2 * ratio.p_value)
    assert far.chance is not None
    assert far.chance < 0.01
