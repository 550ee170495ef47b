"""Replies to concerns, counted by hand."""

from typing import Any

import pytest

from tests.signals.talk import evidence, record, turn, values


def _pair(n: int, constructive: float | None) -> list[dict[str, Any]]:
    """A concern of a1 and the reply of a0."""
    return [turn(f"t{n}", "a1", 0, "concern"), turn(f"r{n}", "a0", 1, to=f"t{n}", constructive=constructive)]


def test_of_replies_to_concerns_those_that_are_constructive() -> None:
    told = record(*_pair(0, 0.9), *_pair(1, 0.2), *_pair(2, 0.6), *_pair(3, None))

    assert values("constructive_share", told) == {"p0": (pytest.approx(2 / 3), 3)}
    assert [(row["record_id"], row["effect"]) for row in evidence("constructive_share", told)] == [
        ("r0", 1.0), ("r1", 0.0), ("r2", 1.0),
    ]  # fmt: skip


def test_only_the_first_reply_to_a_concern_counts_however_many_follow() -> None:
    more = [turn(f"m{n}", "a0", 2 + n, to="t0", constructive=0.9) for n in range(5)]

    assert values("constructive_share", record(*_pair(0, 0.1), *more)) == {"p0": (0.0, 1)}


@pytest.mark.parametrize("of_reply", [{"who": "a1"}, {"word_count": 1}, {"sure": 0.3}, {"hours": 24 * 9}], ids=str)
def test_no_reply_to_somebody_else_is_none(of_reply: dict[str, Any]) -> None:
    concern, reply = _pair(0, 0.9)

    assert values("constructive_share", record(concern, reply | of_reply)) == {}


def test_clients_concerns_and_what_is_no_concern_do_not_count() -> None:
    client = turn("t8", "client", 0, "concern")
    calm = turn("t9", "a1", 0, "status")
    replies = [turn(f"r{n}", "a0", 1, to=f"t{n}", constructive=0.9) for n in (8, 9)]

    assert values("constructive_share", record(client, calm, *replies)) == {}
