"""Power: enumerated as drawing would give it, and honest where nothing can be found."""

import numpy as np
import pytest

from cadre.inference.exact import ratio_p
from cadre.inference.power import people_needed, power, smallest_ratio


def test_enumerated_power_is_what_drawing_many_firms_gives() -> None:
    dice = np.random.default_rng(1)
    a, b = dice.binomial(12, 0.2, 1500), dice.binomial(16, 0.6, 1500)
    drawn = np.mean([ratio_p(int(x), 12, int(y), 16) <= 0.1 for x, y in zip(a, b, strict=True)])

    assert float(drawn) == pytest.approx(float(power(12, 16, 0.6, np.array([1 / 3]))[0]), abs=0.03)


def test_where_shares_are_equal_a_tenth_at_most_is_rejected() -> None:
    for base in (0.1, 0.3, 0.5, 0.9):
        assert power(7, 9, base, np.array([1.0]))[0] <= 0.1 + 1e-3


def test_with_seven_and_seven_people_not_even_a_share_of_nothing_is_found() -> None:
    assert smallest_ratio(7, 7, 0.5).ratio is None


def test_more_people_see_more() -> None:
    found = [smallest_ratio(n, n, 0.5) for n in (15, 30, 60, 150)]
    ratios = [seen.ratio or 0.0 for seen in found]

    assert ratios == sorted(ratios)
    assert [True, True, True, False] == [seen.is_exact for seen in found]


def test_what_is_found_has_the_power_that_was_asked_for() -> None:
    seen = smallest_ratio(30, 25, 0.6)
    assert seen.ratio is not None

    assert power(30, 25, 0.6, np.array([seen.ratio]))[0] >= 0.8
    assert power(30, 25, 0.6, np.array([seen.ratio + 0.02]))[0] < 0.8


def test_the_people_needed_are_about_those_that_see_it() -> None:
    needed = people_needed(0.4, 0.5)

    assert smallest_ratio(needed, needed, 0.5).ratio == pytest.approx(0.4, abs=0.03)
