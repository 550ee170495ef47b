"""What a seat asks for, by hand."""

import pytest

from cadre.readiness.seat import SeatInputs, need


def test_the_position_is_the_weighted_mean_of_its_parts() -> None:
    found = need(SeatInputs(hands_on_share=0.8, span=8, tiers=("1",), firm_people=10))

    by_hand = (3 * 0.2 + 1 * 0.5 + 1 * 0.0 + 1 * 0.0) / 6
    assert by_hand == pytest.approx(found.position)
    assert 1 == pytest.approx(sum(part.weight for part in found.parts))


def test_closer_to_the_product_is_more_technical() -> None:
    near = need(SeatInputs(hands_on_share=0.9, span=4, tiers=("2",), firm_people=15))
    far = need(SeatInputs(hands_on_share=0.1, span=11, tiers=("1", "2", "3"), firm_people=90))

    assert ("a technical leader with people skills", "a people leader who understands the work") == (
        near.word,
        far.word,
    )
    assert near.is_settled
    assert far.is_settled


def test_a_larger_firm_asks_for_more_of_a_people_leader() -> None:
    positions = [need(SeatInputs(0.5, 6, ("1",), people)).position or 0 for people in (8, 20, 60, 200)]

    assert sorted(positions) == positions
    assert positions[0] < positions[-1]


def test_what_nobody_told_falls_out_and_is_named() -> None:
    found = need(SeatInputs(hands_on_share=None, span=5, tiers=(), firm_people=None))
    nothing = need(SeatInputs(None, None, (), None))

    assert ("the hands-on work the seat keeps", "the tiers it serves", "how large the firm is") == found.missing
    assert [1.0] == [part.weight for part in found.parts]
    assert (None, "not known yet", False) == (nothing.position, nothing.word, nothing.is_settled)


def test_the_reach_holds_everything_that_was_tried() -> None:
    found = need(SeatInputs(hands_on_share=0.5, span=7, tiers=("1", "2"), firm_people=30))

    assert found.position is not None
    assert all(found.low <= shift.position <= found.high for shift in found.shifts)
    assert found.low < found.position < found.high
