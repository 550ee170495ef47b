"""Declarations count in lots, and whoever takes theirs back is out at once."""

from hypothesis import given
from hypothesis import strategies as st

from cadre.stewardship.declaration import Said, counted, erased, is_erased


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


def test_what_was_taken_back_leaves_markers_that_tell_no_group() -> None:
    first = erased(["female", "male", "female"])
    second = erased([*first, "", "neither"])

    assert ("withdrawn 0.0", "withdrawn 0.1", "withdrawn 0.0") == first
    assert (*first, "", "withdrawn 1.0") == second
    assert (*second, "") == erased([*second, ""])


def test_an_erased_group_is_never_shown_even_where_its_person_declares_anew() -> None:
    lot = [*_said("a", "withdrawn 0.0"), *_said("bcdef", "female"), *_said("a", "")]
    again = [*lot, *_said("a", "male")]

    assert [(("sex",), {})] * 2 == [(told.closed, told.labels) for told in (counted(lot), counted(again))]
    assert {"male", "female"} == set(counted([*again, *_said("klmno", "male")]).labels["sex"].values())


@given(
    st.lists(st.tuples(st.sampled_from("abcdefghi"), st.sampled_from(["female", "male", "neither", ""])), max_size=60)
)
def test_two_looks_differ_by_five_people_or_by_none_whoever_takes_theirs_back_in_between(
    acts: list[tuple[str, str]],
) -> None:
    rows: list[Said] = []
    shown: dict[str, str] = {}
    for person, label in acts:
        mine = [place for place, row in enumerate(rows) if row.person_id == person]
        if (rows[mine[-1]].label if mine else "") == label:
            continue
        if not label:
            for place, marker in zip(mine, erased([rows[place].label for place in mine]), strict=True):
                rows[place] = Said(person, "sex", marker)
        rows.append(Said(person, "sex", label))
        told = counted(rows)
        if told.closed:
            continue
        now = dict(told.labels.get("sex", {}))
        changed = sum(now.get(p) != shown.get(p) for p in now.keys() | shown.keys())
        shown = now

        assert changed == 0 or changed >= 5
        assert not any(map(is_erased, now.values()))
