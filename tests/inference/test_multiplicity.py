"""Many looks: combined tests keep their level however they hang together, and chance finds stay rare."""

import numpy as np
import pytest
from scipy.stats import norm

from cadre.inference.multiplicity import adjusted, combined


@pytest.mark.parametrize("together", [0.0, 0.5, 0.9, 1.0])
def test_a_combined_test_keeps_its_level_however_its_parts_hang_together(together: float) -> None:
    dice = np.random.default_rng(1)
    shared = dice.normal(size=(20_000, 1))
    z = np.sqrt(together) * shared + np.sqrt(1 - together) * dice.normal(size=(20_000, 4))
    passed = np.mean([combined(p) <= 0.01 for p in norm.sf(z).tolist()])

    assert 0.004 < passed < 0.014


def test_one_small_part_is_enough_and_large_ones_do_not_outweigh_it() -> None:
    assert combined([1e-6, 0.5, 1.0, 1.0]) < 1e-5
    assert combined([1e-300]) == pytest.approx(1e-15)
    assert combined([1e-12, 1e-12]) == pytest.approx(1e-12, rel=1e-6)


def test_one_test_alone_is_itself() -> None:
    assert combined([0.03]) == 0.03
    assert combined([0.03, 0.03]) == pytest.approx(0.03)


def test_where_nothing_is_there_hardly_anything_passes() -> None:
    dice = np.random.default_rng(2)
    firms = [adjusted(dice.uniform(size=120)).min() <= 0.1 for _ in range(2_000)]

    assert 0.07 < np.mean(firms) < 0.12


def test_q_values_keep_the_order_of_the_tests_and_none_is_none() -> None:
    assert adjusted([0.5, 0.001, 0.04]).tolist() == pytest.approx([0.5, 0.003, 0.06])
    assert len(adjusted([])) == 0
