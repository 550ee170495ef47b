import pytest

from cadre.governance.action import Tier, Tool


def test_a_tier_is_written_and_read_by_its_name() -> None:
    assert ["autonomous", "notify", "approve", "four-eyes", "forbidden"] == [tier.text for tier in Tier]
    assert list(Tier) == [Tier.named(tier.text) for tier in Tier]


def test_a_tier_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="four-eyes"):
        Tier.named("maybe")


def test_a_digest_changes_with_anything_the_server_says() -> None:
    tools = [Tool("a"), Tool("b"), Tool("a", "x"), Tool("a", "", {"x": 1}), Tool("a", "", {}, {"x": 1})]

    assert len({tool.digest for tool in tools}) == 5
    assert Tool("a").digest == Tool("a", "", {}, {}).digest
