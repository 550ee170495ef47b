"""Leads a firm of a size needs, and when the next seat is."""

import pytest

from cadre.readiness.structure.growth import leads, next_seat, scenario


@pytest.mark.parametrize(
    ("people", "span", "expected"), [(1, 5, (0,)), (6, 5, (1,)), (7, 5, (2,)), (30, 5, (5,)), (90, 5, (15, 3))]
)
def test_leads_by_layer(people: int, span: int, expected: tuple[int, ...]) -> None:
    assert expected == leads(people, span)


def test_the_range_of_spans_goes_through_to_the_answer() -> None:
    found = scenario(60, (5, 8), lambda size: (0.4, 0.3, 0.5))

    assert (7, 10) == (found.fewest, found.most)
    assert (0, 2) == found.above
    assert (2, 7) == found.people_leaders


def test_without_a_mix_no_people_leaders_are_told() -> None:
    assert scenario(60, (5, 8), lambda size: None).people_leaders is None


def test_the_next_seat_is_when_the_leads_there_are_lead_all_they_can() -> None:
    found = next_seat(30, 4, (5, 8))

    assert (25, 37) == found.at
    assert (True, False) == found.is_now
