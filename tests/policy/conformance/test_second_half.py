"""The second half of Cedar's corpus agrees: decisions, the policies that decided, errors and validation."""

from tests.policy.conformance.corpus import run


def test_all_requests_agree_with_the_corpus() -> None:
    found = run("89abcdef")

    assert [] == found.disagreements
    assert {"cases": 3852, "requests": 30816} == found.counts
