"""Areas under the curve: equal to other readings, with an interval that holds, and what a validity reaches."""

import numpy as np
import pytest
from scipy.stats import mannwhitneyu
from sklearn.metrics import roc_auc_score

from cadre.inference.ranks import area, area_interval, area_of_validity, areas_drawn


def test_an_area_is_that_of_two_other_readings_ties_included() -> None:
    dice = np.random.default_rng(1)
    kinds = (np.arange(40) % 3 == 0).astype(float)
    values = np.round(dice.normal(kinds), 1)

    assert roc_auc_score(kinds, values) == pytest.approx(area(values, kinds))
    told = mannwhitneyu(values[kinds == 1], values[kinds == 0]).statistic / (kinds.sum() * (1 - kinds).sum())
    assert told == pytest.approx(area(values, kinds))


@pytest.mark.parametrize("validity", [0.0, 0.4])
def test_the_interval_holds_the_true_area_about_nine_times_in_ten(validity: float) -> None:
    drawn = areas_drawn(validity, 0.5, 9, 14, 600, np.random.default_rng(2))
    true = area_of_validity(validity, 0.5)
    ends = [area_interval(float(x), 9, 14) for x in drawn]

    assert 0.86 <= np.mean([e.low <= true <= e.high for e in ends]) <= 0.96


def test_a_full_separation_of_few_leaves_much_open() -> None:
    told = area_interval(1.0, 5, 5)

    assert 0.5 < told.low < 0.85
    assert told.high == 1.0
    assert area_interval(0.0, 5, 5).high == pytest.approx(1 - told.low)


def test_a_validity_gives_the_area_that_drawing_gives() -> None:
    dice = np.random.default_rng(3)
    trait = dice.normal(size=40_000)
    seen = 0.42 * trait + np.sqrt(1 - 0.42**2) * dice.normal(size=40_000)
    kinds = (trait > np.quantile(trait, 0.3)).astype(float)

    assert area(seen, kinds) == pytest.approx(area_of_validity(0.42, 0.7), abs=0.01)
    assert area_of_validity(0.0, 0.5) == pytest.approx(0.5, abs=1e-6)
