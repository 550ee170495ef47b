"""The estimate without a contested row: the row's whole part is taken out where the value is a mean of its rows."""

from dataclasses import replace

import pytest

from cadre.estimate import Abstained, Estimate
from cadre.reports.people.contest import without
from cadre.signals.partial import share
from tests.reports.conftest import NOTED

SHARE = replace(NOTED, value=share)
HELD = Estimate(0.6, 0.5, 0.7, 0.9, 11)


@pytest.mark.parametrize(("effect", "value"), [(1.0, 0.56), (0.0, 0.66)])
def test_a_row_that_counts_pulls_up_and_one_that_does_not_pulls_down(effect: float, value: float) -> None:
    got = without(SHARE, HELD, effect, 0.6)

    assert got is not None
    assert (value, 10) == (pytest.approx(got.value), got.n)
    assert pytest.approx(0.2) == got.high - got.low


def test_a_share_stays_a_share() -> None:
    got = without(SHARE, Estimate(0.98, 0.9, 1.0, 0.9, 3), 0.0, 0.98)

    assert got is not None
    assert (1.0, 1.0) == (got.value, got.high)


@pytest.mark.parametrize(("measured", "effect", "raw"), [
    (None, 1.0, 0.5), (Abstained("thin"), 1.0, 0.5), (HELD, None, 0.5), (HELD, 1.0, None),
    (replace(HELD, n=1), 1.0, 0.5),
])  # fmt: skip
def test_what_cannot_be_told_is_not(
    measured: Estimate | Abstained | None, effect: float | None, raw: float | None
) -> None:
    assert None is without(SHARE, measured, effect, raw)


def test_a_value_that_is_no_mean_of_its_rows_waits_for_the_refresh() -> None:
    assert None is without(NOTED, HELD, 1.0, 0.5)
