"""How close a team is to the product: ranges that the unbooked leave open, and reasons in the place of figures."""

import pytest

from cadre.access.principal import Principal
from cadre.estimate import Abstained, Estimate, Sealed
from cadre.records import Firm
from cadre.reports.release import Gate
from cadre.reports.teams.closeness import Booked, _hands_on, _service, _span, _tier_input

IDS = tuple("abcdef")


@pytest.fixture
def gate() -> Gate:
    return Gate(Principal("owner", "owner"), Firm(name="Test firm", zone="Europe/Berlin", purpose="study"))


def _team(hands_on: float, other: float, scheduled: float, people: str = "abcdef") -> Sealed[dict[str, Booked]]:
    return Sealed({p: Booked(hands_on, other, scheduled, 10) for p in people})


def test_the_range_is_where_unbooked_hours_could_put_it(gate: Gate) -> None:
    found = _hands_on(gate, _team(30.0, 10.0, 100.0), IDS)

    assert (0.75, 0.3, 0.9, 60) == (found.value, found.low, found.high, found.n)
    assert "75% of 240 booked hours" in found.told
    assert "40% of the scheduled hours are booked" in found.told


def test_without_a_schedule_a_range_of_ours_is_tried(gate: Gate) -> None:
    found = _hands_on(gate, _team(30.0, 10.0, 0.0), IDS)

    assert (0.75, 0.6, 0.9) == (found.value, pytest.approx(found.low), pytest.approx(found.high))


@pytest.mark.parametrize(
    ("booked", "ids", "why"),
    [
        (_team(1, 0, 0, ""), IDS, "no time is booked"),
        (_team(1, 0, 0, "abc"), IDS, "time is booked by 3 of them"),
        (_team(1, 0, 0), IDS[:4], "a group of 4 is too small"),
    ],
)
def test_what_is_not_known_has_its_reason(
    gate: Gate, booked: Sealed[dict[str, Booked]], ids: tuple[str, ...], why: str
) -> None:
    found = _hands_on(gate, booked, ids)

    assert found.value is None
    assert found.told.startswith(why)


def test_daily_service_is_what_causes_leave() -> None:
    found = _service({"prevention_share": Estimate(0.2, 0.1, 0.5, 0.9, 40)}, 8)
    unknown, few = _service({"prevention_share": Abstained("thin")}, 8), _service({}, 3)

    assert (0.8, 0.5, 0.95, 40) == (found.value, found.low, pytest.approx(found.high), found.n)
    assert "no ticket type or task" in unknown.told
    assert "5 are needed" in few.told


def test_spans_and_tiers_say_what_the_roster_tells() -> None:
    assert "12 people report to the lead" == _span(12.0, 1, 13).told
    assert "6.5 people report to each of 2 leads" == _span(6.5, 2, 15).told
    assert "no lead is on the roster; taken as one lead to the other 4" == _span(4.0, 0, 5).told
    assert (2, "serves 2 tiers") == (_tier_input(frozenset("12")).value, _tier_input(frozenset("12")).told)
    assert _tier_input(frozenset()).value is None
