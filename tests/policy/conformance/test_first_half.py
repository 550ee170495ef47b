"""The first half of Cedar's corpus agrees: decisions, the policies that decided, errors and validation."""

from tests.policy.conformance.corpus import run


def test_all_requests_agree_with_the_corpus() -> None:
    found = run("01234567")

    assert [] == found.disagreements
    assert {"cases": 3957, "requests": 31656} == found.counts
