"""Declarations count in lots, and whoever takes theirs back is out at once."""

from cadre.stewardship.declaration import Said, counted


def _said(people: str, label: str, attribute: str = "sex") -> list[Said]:
    return [Said(person, attribute, label) for person in people]


def test_four_count_for_nothing_and_the_fifth_brings_all() -> None:
    four, five = _said("abcd", "female"), _said("abcde", "female")

    assert ({}, 5) == (counted(four).labels, len(counted(five).labels["sex"]))


def test_a_single_one_more_changes_nothing() -> None:
    lot = _said("abcde", "female")

    assert counted(lot) == counted([*lot, *_said("f", "male")])
    assert 10 == len(counted([*lot, *_said("fghij", "male")]).labels["sex"])


def test_saying_it_again_and_again_makes_no_lot() -> None:
    rows = [*_said("a", "female"), *_said("a", "male")] * 5

    assert {} == counted(rows).labels


def test_who_takes_theirs_back_is_out_at_once_and_the_attribute_waits() -> None:
    lot = _said("abcdefgh", "female")
    back = counted([*lot, *_said("b", "")])
    later = counted([*lot, *_said("b", ""), *_said("klmno", "male")])

    assert (("sex",), {}) == (back.closed, back.labels)
    assert ((), False) == (later.closed, "b" in later.labels["sex"])


def test_attributes_are_counted_apart_and_unknown_ones_not_at_all() -> None:
    told = counted([*_said("abcde", "female"), *_said("abcd", "under 40", "age"), *_said("abcde", "x", "shoe size")])

    assert ["sex"] == list(told.labels)
