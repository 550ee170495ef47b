"""The model of outcomes: the prior stands without any, outcomes move it, and what is not known of a person counts."""

import numpy as np
import pytest

from cadre.readiness.estimator import DRAWS, ReadinessModel, logistic

MEAN, SD = np.array([0.0, 0.5, 0.0]), np.array([1.0, 0.5, 0.5])


def test_without_outcomes_the_prior_stands() -> None:
    model = ReadinessModel(MEAN, SD).fit(np.zeros((0, 2)), np.zeros(0))
    assert model.coef_ == pytest.approx(MEAN, abs=1e-9)
    assert model.coef_sd_ == pytest.approx(SD, rel=0.05)
    assert (model.n_outcomes_, model.effective_) == (0, DRAWS)


def test_weights_that_made_the_outcomes_are_found() -> None:
    dice = np.random.default_rng(1)
    x = dice.standard_normal((800, 2))
    y = dice.random(800) < logistic(0.4 + x @ np.array([1.0, -0.7]))
    model = ReadinessModel(MEAN, np.array([2.0, 2.0, 2.0])).fit(x, y)
    assert np.abs(model.coef_ - [0.4, 1.0, -0.7]) == pytest.approx([0, 0, 0], abs=3 * model.coef_sd_.max())
    assert model.coef_sd_.max() < 0.15


def test_error_in_a_competency_does_not_thin_its_weight() -> None:
    dice = np.random.default_rng(2)
    truth = dice.standard_normal((3000, 1))
    y = dice.random(3000) < logistic(1.2 * truth[:, 0])
    seen = truth + dice.standard_normal(truth.shape)
    mean, variance = seen / 2, np.full(seen.shape, 0.5)  # posterior of a standard normal seen with error 1
    naive = ReadinessModel(np.zeros(2), np.full(2, 3.0)).fit(mean, y)
    model = ReadinessModel(np.zeros(2), np.full(2, 3.0)).fit(mean, y, variance)
    assert abs(model.coef_[1] - 1.2) < 3 * model.coef_sd_[1]
    assert naive.coef_[1] < model.coef_[1]


def test_chances_lie_nearer_the_middle_the_less_is_known_of_a_person() -> None:
    model = ReadinessModel(np.array([0.0, 2.0]), np.array([0.1, 0.1])).fit(np.zeros((0, 1)), np.zeros(0))
    sure = model.predict_proba(np.array([[1.0]]), np.array([[0.0]]))[0, 1]
    unsure = model.predict_proba(np.array([[1.0]]), np.array([[1.0]]))[0, 1]
    assert 0.5 < unsure < sure


def _slope(between: float, believed: float) -> float:
    """Of chances after ten outcomes against what would come, over firms whose shares that turn out well differ by `between`."""
    dice, told, came = np.random.default_rng(3), [], []
    for _ in range(150):
        weights = np.array([0.0, 0.35]) + np.array([between, 0.2]) * dice.standard_normal(2)
        x, v = 0.8 * dice.standard_normal((30, 1)), np.full((30, 1), 0.36)
        chance = logistic(weights[0] + weights[1] * (x + np.sqrt(v) * dice.standard_normal(x.shape)))[:, 0]
        prior = np.array([0.0, 0.35]), np.array([believed, 0.2])
        model = ReadinessModel(*prior).fit(x[:10], dice.random(10) < chance[:10], v[:10])
        told.append(model.predict_proba(x[10:], v[10:])[:, 1])
        came.append(chance[10:])
    odds = np.log(np.concatenate(told) / (1 - np.concatenate(told)))
    return float(np.polyfit(odds, np.concatenate(came), 1)[0] / 0.25)  # near one half a chance moves by a quarter


def test_chances_after_few_outcomes_are_bold_only_where_firms_differ_less_than_believed() -> None:
    assert _slope(0.5, 0.5) == pytest.approx(1, abs=0.2)
    assert _slope(0.5, 2.0) < 0.6


def test_a_weight_without_doubt_is_held() -> None:
    model = ReadinessModel(np.array([0.0, 1.0]), np.array([1.0, 0.0]))
    model.fit(np.array([[1.0], [-1.0]] * 20), np.array([False, True] * 20))
    assert (model.coef_[1], model.coef_sd_[1]) == (1.0, 0.0)


def test_equal_seeds_give_equal_posteriors() -> None:
    x, y = np.array([[1.0, 0.2], [-0.5, 0.1], [0.3, -1.0]]), np.array([True, False, True])
    one, two = (ReadinessModel(MEAN, SD).fit(x, y).draws_ for _ in range(2))
    assert (one == two).all()


def test_numbers_that_are_missing_are_refused() -> None:
    with pytest.raises(ValueError, match="1 people and 1 outcomes, all finite"):
        ReadinessModel(MEAN, SD).fit(np.array([[np.nan, 0.0]]), np.array([True]))


def test_it_can_be_made_again_from_its_parameters() -> None:
    model = ReadinessModel(MEAN, SD)
    again = ReadinessModel(**model.get_params())  # type: ignore[arg-type]
    assert (again.seed, again.set_params(seed=5).seed) == (model.seed, 5)
