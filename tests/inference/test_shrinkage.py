"""Shrinkage: intervals hold the truth as often as they say, and degenerate groups do not break it."""

import numpy as np

from cadre.inference.scale import back, forward
from cadre.inference.shrinkage import between_variance, shrink


def test_a_ninety_percent_interval_holds_the_truth_in_about_ninety_of_a_hundred_cases() -> None:
    dice = np.random.default_rng(7)
    held, drawn = 0, 0
    for _ in range(400):
        truth = dice.normal(1.0, 0.5, 20)
        variances = dice.uniform(0.05, 0.5, 20)
        got = shrink(dice.normal(truth, np.sqrt(variances)), variances)
        held += int(((got.low <= truth) & (truth <= got.high)).sum())
        drawn += 20

    assert 0.87 < held / drawn < 0.93


def test_shrunken_values_are_nearer_the_truth_than_raw_ones() -> None:
    dice = np.random.default_rng(8)
    truth, variances = dice.normal(0, 0.5, 400), np.full(400, 0.5)
    raw = dice.normal(truth, np.sqrt(variances))

    assert ((shrink(raw, variances).value - truth) ** 2).mean() < 0.6 * ((raw - truth) ** 2).mean()


def test_a_lone_person_keeps_their_value() -> None:
    got = shrink(np.array([2.0]), np.array([0.04]))

    assert got.value[0] == 2.0
    assert got.low[0] < 2.0 < got.high[0]


def test_a_group_without_spread_gives_everybody_its_middle() -> None:
    got = shrink(np.array([1.0, 1.01, 0.99, 1.0, 1.0]), np.ones(5))

    assert between_variance(np.array([1.0, 1.01, 0.99]), np.ones(3)) == 0.0
    assert np.ptp(got.value) < 0.02
    assert (got.high > got.low).all()


def test_scales_go_there_and_back() -> None:
    shares = np.array([0.1, 0.5, 0.9])

    for scale in ("logit", "log", "identity"):
        np.testing.assert_allclose(back(forward(shares, scale), scale), shares)
