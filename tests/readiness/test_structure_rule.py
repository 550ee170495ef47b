"""The rule of the kind of lead a team asks for: what it says, when it says nothing, and what would flip it."""

from dataclasses import replace

import pytest

from cadre.readiness.structure.rule import WEIGHTS, Input, part_position, recommend


def _known(value: float, low: float, high: float) -> Input:
    return Input(value, low, high, 100, "counted")


DESK = {
    "hands_on": _known(0.9, 0.8, 1.0),
    "service": _known(0.95, 0.9, 1.0),
    "span": _known(6, 3, 9),
    "tiers": _known(1, 1, 2),
    "firm": _known(30, 20, 45),
}


def test_the_closer_to_the_product_the_more_technical() -> None:
    desk = recommend(DESK)
    far = recommend({**DESK, "hands_on": _known(0.1, 0.0, 0.2), "service": _known(0.2, 0.1, 0.3)})

    assert desk.position is not None
    assert far.position is not None
    assert desk.position < far.position
    assert "a technical leader with people skills" == desk.word
    assert "a people leader who understands the work" == far.word


def test_the_larger_the_firm_the_more_people_leaders() -> None:
    found = [recommend({**DESK, "firm": _known(people, people, people)}).position or 0 for people in (10, 30, 90)]

    assert sorted(found) == found
    assert found[0] < found[-1]


def test_a_position_can_be_checked_by_hand() -> None:
    found = recommend(DESK, {"hands_on": 3, "service": 0, "span": 1, "tiers": 0, "firm": 0})

    assert pytest.approx((3 * 0.1 + 1 * 0.25) / 4) == found.position
    assert {"hands_on", "span"} == set(found.shares)
    assert pytest.approx(1.0) == sum(weight for _, weight in found.shares.values())


def test_less_than_half_of_the_rule_known_is_no_answer() -> None:
    thin = {**DESK, "hands_on": Input.missing("no time is booked"), "service": Input.missing("no types")}
    found = recommend(thin)

    assert found.position is None
    assert {"hands_on": "no time is booked", "service": "no types"} == found.missing
    assert not found.is_settled


def test_what_nobody_told_falls_out_and_is_named() -> None:
    found = recommend({**DESK, "service": Input.missing("no types")})

    swing = next(s for s in found.swings if s.is_missing)
    assert {"service": "no types"} == found.missing
    assert found.position is not None
    assert "service" == swing.part
    assert found.low <= swing.at_high < found.position < swing.at_low <= found.high


def test_a_flip_is_named_with_its_value_and_whether_it_is_plausible() -> None:
    mixed = {**DESK, "hands_on": _known(0.7, 0.2, 1.0)}
    found = recommend(mixed)
    flip = next(f for f in found.flips if f.part == "hands_on" and not f.is_weight)

    assert flip.is_plausible
    assert not flip.is_above
    assert found.word == recommend({**mixed, "hands_on": replace(mixed["hands_on"], value=flip.at + 0.01)}).word
    assert flip.word == recommend({**mixed, "hands_on": replace(mixed["hands_on"], value=flip.at)}).word
    assert not found.is_settled


def test_the_largest_move_is_said_first_and_holds_the_range() -> None:
    found = recommend({**DESK, "hands_on": _known(0.7, 0.2, 1.0)})
    moves = [abs(s.at_high - s.at_low) for s in found.swings]

    assert sorted(moves, reverse=True) == moves
    assert ("hands_on", False) == (found.swings[0].part, found.swings[0].is_weight)
    assert all(found.low <= at <= found.high for s in found.swings for at in (s.at_low, s.at_high))


def test_every_part_stays_between_its_ends() -> None:
    ends = [part_position(name, value) for name in WEIGHTS for value in (0.0, 1.0, 1000.0)]

    assert all(0 <= at <= 1 for at in ends)


def test_no_weights_are_no_rule() -> None:
    assert recommend(DESK, dict.fromkeys(WEIGHTS, 0.0)).position is None
