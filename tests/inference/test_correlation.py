"""Correlations of people: intervals that hold the true one, one person far out that makes none, people and not pairs counted."""

import numpy as np
import pytest

from cadre.estimate import Estimate
from cadre.inference.correlation import clustered, correlation, normal_scores, of_whole


def _pair(dice: np.random.Generator, n: int, rho: float) -> tuple[np.ndarray, np.ndarray]:
    x = dice.standard_normal(n)
    return x, rho * x + np.sqrt(1 - rho**2) * dice.standard_normal(n)


@pytest.mark.parametrize("rho", [0.0, 0.6])
def test_intervals_hold_the_true_correlation_as_often_as_they_say(rho: float) -> None:
    dice = np.random.default_rng(1)
    found = [correlation(*_pair(dice, 30, rho)) for _ in range(400)]
    hits = [f is not None and f.low <= rho <= f.high for f in found]
    assert 0.86 <= np.mean(hits) <= 0.94


def test_means_taken_off_before_widen_the_interval() -> None:
    x, y = _pair(np.random.default_rng(2), 30, 0.5)
    plain, paid = correlation(x, y), correlation(x, y, lost=5)
    assert plain is not None
    assert paid is not None
    assert paid.high - paid.low > plain.high - plain.low
    assert plain.value == paid.value


def test_one_person_far_out_makes_no_correlation() -> None:
    x, y = _pair(np.random.default_rng(3), 30, 0.0)
    x[0] = y[0] = 50.0
    found = correlation(x, y)
    assert found is not None
    assert float(np.corrcoef(x, y)[0, 1]) > 0.9
    assert found.value < 0.4


def test_few_people_or_nobody_who_differs_tell_nothing() -> None:
    x, y = _pair(np.random.default_rng(4), 7, 0.9)
    assert [None, None] == [correlation(x, y), correlation(np.ones(20), np.arange(20.0))]


def test_a_whole_is_more_reliable_than_its_half_and_nothing_below_zero_is_mended() -> None:
    told = of_whole(Estimate(0.5, -0.2, 0.8, 0.9, 20))
    assert (pytest.approx(2 / 3), -0.2, pytest.approx(1.6 / 1.8)) == (told.value, told.low, told.high)


def test_pairs_of_one_person_count_once() -> None:
    """Twenty people whose five pairs are copies of each other tell as much as twenty pairs, not as a hundred."""
    dice = np.random.default_rng(5)
    x, y = _pair(dice, 20, 0.5)
    once = clustered(x, y, np.arange(20), 1)
    five = clustered(np.tile(x, 5), np.tile(y, 5), np.tile(np.arange(20), 5), 1)
    assert once is not None
    assert five is not None
    assert (20, pytest.approx(once.low, abs=0.05)) == (five.n, five.low)


def test_scores_keep_the_order_and_lie_about_zero() -> None:
    told = normal_scores(np.array([3.0, 1.0, 100.0, 2.0]))
    assert [1, 3, 0, 2] == np.argsort(told).tolist()
    assert pytest.approx(0.0) == told.sum()
