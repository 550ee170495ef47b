"""Numbers in words: digits the interval earns, and comparisons by one rule."""

import pytest

from cadre.estimate import Abstained, Estimate
from cadre.reports.wording import compared, full_text, number


def _estimate(value: float, low: float, high: float) -> Estimate:
    return Estimate(value, low, high, 0.9, 12)


@pytest.mark.parametrize(
    ("value", "unit", "places", "text"),
    [
        (0.816, "share", 0, "82%"),
        (-0.034, "share", 0, "\N{MINUS SIGN}3%"),
        (-0.001, "share", 0, "0%"),
        (1.44, "hours", 1, "1.4 h"),
        (1.0, "people", 0, "1 person"),
        (12.0, "people", 0, "12 people"),
        (0.42, "sd", 1, "+0.4"),
        (-0.04, "sd", 1, "0.0"),
    ],
)
def test_values_are_written_in_their_unit(value: float, unit: str, places: int, text: str) -> None:
    assert number(value, unit, places=places) == text


def test_a_wide_interval_earns_no_decimals() -> None:
    assert full_text(_estimate(31.43, 22.3, 44.3), "hours") == "31 h (22 to 44 h, n = 12)"


def test_thin_evidence_is_said_with_its_counts() -> None:
    assert full_text(Abstained("few", 4, 20), "share") == "not enough evidence: 4 of 20"


@pytest.mark.parametrize(
    ("estimate", "direction", "said"),
    [
        (_estimate(0.8, 0.7, 0.9), "high", "clearly better than the firm's middle"),
        (_estimate(0.8, 0.7, 0.9), "low", "clearly behind the firm's middle"),
        (_estimate(0.8, 0.7, 0.9), "context", "clearly higher than the firm's middle"),
        (_estimate(0.7, 0.4, 0.9), "high", "probably better than the firm's middle"),
        (_estimate(0.52, 0.4, 0.9), "high", "cannot tell yet"),
        (_estimate(0.2, 0.1, 0.4), "high", "clearly behind the firm's middle"),
        (_estimate(0.2, 0.1, 0.4), "low", "clearly better than the firm's middle"),
    ],
)
def test_a_comparison_is_named_by_the_interval(estimate: Estimate, direction: str, said: str) -> None:
    assert compared(estimate, 0.5, direction) == said  # type: ignore[arg-type]
