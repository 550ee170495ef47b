"""Asking back, in all and under load, counted by hand."""

from typing import Any

import pytest

from tests.signals.talk import at, evidence, record, rows, turn, values

TOLD = "explanation"


def _pair(n: int, back: float, hours: float = 0) -> list[dict[str, Any]]:
    """An explanation by a0 and the reply of a1, which asks back or does not."""
    return [turn(f"t{n}", "a0", hours, TOLD), turn(f"r{n}", "a1", hours + 0.1, to=f"t{n}", asks_back=back)]


def test_of_what_got_a_reply_the_share_that_was_asked_back_about() -> None:
    told = record(
        *_pair(0, 0.9), *_pair(1, 0.1), *_pair(2, 0.1), *_pair(3, 0.4),
        turn("no reply", "a0", 5, TOLD),
    )  # fmt: skip

    assert values("repair_share", told) == {"p0": (0.25, 4)}
    assert [(row["record_id"], row["effect"]) for row in evidence("repair_share", told)] == [
        ("t0", 1.0), ("t1", 0.0), ("t2", 0.0), ("t3", 0.0),
    ]  # fmt: skip


def test_several_replies_to_one_turn_are_one_turn() -> None:
    more = [turn("r9", "a2", 1, to="t0", asks_back=0.1), turn("r8", "a1", 2, to="t0", asks_back=0.9)]

    assert values("repair_share", record(*_pair(0, 0.1), *more)) == {"p0": (1.0, 1)}


@pytest.mark.parametrize(
    "of_reply",
    [{"who": "a0"}, {"who": "bot"}, {"sure": 0.4}, {"hours": 24 * 8}, {"is_readable": False}, {"asks_back": None}],
    ids=str,
)
def test_what_is_no_reply_that_can_be_read_says_nothing(of_reply: dict[str, Any]) -> None:
    first, reply = _pair(0, 0.9)

    assert values("repair_share", record(first, reply | of_reply)) == {}


def test_questions_and_turns_of_few_words_are_not_what_was_told() -> None:
    question = turn("t0", "a0", 0, "question")
    short = turn("t1", "a0", 0, TOLD, word_count=3)
    replies = [turn(f"r{n}", "a1", 1, to=f"t{n}", asks_back=0.9) for n in range(2)]

    assert values("repair_share", record(question, short, *replies)) == {}


@pytest.mark.parametrize(
    ("visibility", "who", "counts"),
    [("public", "client", True), ("public", "asker", True), ("public", "a1", False), ("private", "a1", True),
     ("private", "client", False)],
)  # fmt: skip
def test_on_tickets_only_the_one_it_was_for_can_ask_back(visibility: str, who: str, counts: bool) -> None:
    where = {"table": "ticket_events", "where": "t"}
    told = record(
        turn("t0", "a0", 0, TOLD, kind="reply", visibility=visibility, **where),
        turn("r0", who, 1, to="t0", asks_back=0.9, kind="reply", visibility="public", **where),
        tickets=[{"ticket_id": "t", "requester_account_id": "asker", **at(-1)}],
    )

    assert values("repair_share", told) == ({"p0": (1.0, 1)} if counts else {})


def _span(start: float, end: float, kind: str = "urgent") -> dict[str, Any]:
    return {"kind": kind, "started_at": at(start)["occurred_at"], "ended_at": at(end)["occurred_at"]}


def test_under_load_is_told_against_calm_of_the_same_person() -> None:
    # Spans that overlap, one inside another, are one; a surge and a broken agreement are not meant.
    spans = [_span(0, 10), _span(2, 4), _span(8, 20, "major"), _span(100, 200, "surge"), _span(100, 200, "due")]
    inside = [*_pair(0, 0.9, 1), *_pair(1, 0.1, 9), *_pair(2, 0.9, 19)]
    outside = [*_pair(3, 0.9, 20), *_pair(4, 0.1, 120), *_pair(5, 0.1, 121), *_pair(6, 0.1, 122)]
    told = record(*inside, *outside, stress_windows=spans)
    row = rows("clarity_under_stress", told)["p0"]

    assert (row["raw_value"], row["n"]) == (pytest.approx(2 / 3 - 1 / 4), 3)
    assert row["variance"] == pytest.approx((3 / 5) * (2 / 5) / 5 + (2 / 6) * (4 / 6) / 6)
    notes = [r["note"].split(";")[0] for r in evidence("clarity_under_stress", told)]
    assert notes == ["told under load"] * 3 + ["told in calm"] * 4


def test_without_both_sides_there_is_nothing_to_compare() -> None:
    said = [*_pair(0, 0.9, 1), *_pair(1, 0.1, 2)]

    assert values("clarity_under_stress", record(*said, stress_windows=[_span(0, 10)])) == {}
    assert values("clarity_under_stress", record(*said)) == {}
