"""What is believed before outcomes: never more than the best methods reach, and as much of it as is read."""

import numpy as np
import pytest

from cadre.readiness.competency import CRAFT, LEADING
from cadre.readiness.estimator import logistic
from cadre.readiness.profile import (
    GOING_TOGETHER,
    INTERCEPT,
    VALIDITY,
    carried,
    default_profile,
    full_weight,
    variants,
)

COUNT = len(LEADING)


def validity(trust: np.ndarray) -> float:
    """Correlation of what readings of such trust tell with a later outcome, drawn rather than worked out."""
    dice = np.random.default_rng(1)
    together = GOING_TOGETHER + (1 - GOING_TOGETHER) * np.eye(COUNT)
    meant = dice.standard_normal((200_000, COUNT)) @ np.linalg.cholesky(together).T
    read = trust * meant + np.sqrt(1 - trust**2) * dice.standard_normal(meant.shape)
    outcome = full_weight() * meant.sum(axis=1) + dice.logistic(size=len(meant))
    return float(np.corrcoef(read @ carried(trust), outcome)[0, 1])


def test_readings_that_are_trusted_fully_carry_what_they_read_and_reach_the_best_methods() -> None:
    trust = np.ones(COUNT)

    assert carried(trust) == pytest.approx(np.full(COUNT, full_weight()))
    assert validity(trust) == pytest.approx(VALIDITY, abs=0.01)


def test_one_that_is_read_speaks_for_those_that_go_with_it_and_claims_less_than_all() -> None:
    one = np.array([1.0, *np.zeros(COUNT - 1)])
    expected = full_weight() * (1 + GOING_TOGETHER * (COUNT - 1))

    assert 0.9 * expected < carried(one)[0] < expected
    assert 0.2 < validity(one) < 0.3 < validity(np.full(COUNT, 0.75)) < VALIDITY


def test_a_weight_is_what_a_regression_on_readings_finds() -> None:
    trust = np.array([0.75, *np.full(COUNT - 1, 0.1)])
    dice = np.random.default_rng(2)
    together = GOING_TOGETHER + (1 - GOING_TOGETHER) * np.eye(COUNT)
    meant = dice.standard_normal((200_000, COUNT)) @ np.linalg.cholesky(together).T
    read = trust * meant + np.sqrt(1 - trust**2) * dice.standard_normal(meant.shape)
    found = np.linalg.lstsq(read, full_weight() * meant.sum(axis=1), rcond=None)[0]

    assert carried(trust) / found == pytest.approx(np.full(COUNT, 0.93), abs=0.05)  # chance takes 7%


def test_firms_are_believed_to_differ_as_published_shares_do() -> None:
    middle, between = INTERCEPT
    ends = logistic(np.array([middle - 1.645 * between, middle + 1.645 * between]))

    assert ends == pytest.approx([0.33, 0.70], abs=0.03)


def test_only_the_belief_about_craft_lets_it_speak_for_leading() -> None:
    craft = {profile.name: profile.weights[profile.names.index(CRAFT)].mean for profile in variants()}

    assert craft.pop("craft") == max(weight.mean for weight in default_profile().weights)
    assert set(craft.values()) == {0.0}
