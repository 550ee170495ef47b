"""The firm's own leads: means that hold, nothing about few, a check that finds what was planted and nothing in chance."""

import numpy as np
import pytest

from cadre.estimate import Abstained, Estimate
from cadre.readiness.leader import Known, check, leader_profiles, likeness
from cadre.readiness.profile import default_profile

NAMES = default_profile().names


def _leads(seed: int, n: int, slope: float) -> list[tuple[bool, Known]]:
    """Leads of whom collaboration tells how it goes, by so many log odds a standard deviation."""
    dice = np.random.default_rng(seed)
    made: list[tuple[bool, Known]] = []
    for _ in range(n):
        told = {name: (float(dice.standard_normal()), 0.1) for name in NAMES}
        well = bool(dice.random() < 1 / (1 + np.exp(-slope * told["collaboration"][0])))
        made.append((well, told))
    return made


def test_those_who_turned_out_well_stand_higher_where_it_matters() -> None:
    well, not_well = leader_profiles(_leads(1, 60, 2.0), NAMES)
    one, other = well.competencies["collaboration"], not_well.competencies["collaboration"]
    assert isinstance(one, Estimate)
    assert isinstance(other, Estimate)
    assert one.low > other.high
    assert (60, well.n) == (well.n + not_well.n, one.n)


def test_nothing_is_told_of_fewer_than_five() -> None:
    leads = [(i >= 4, known) for i, (_, known) in enumerate(_leads(2, 12, 0.0))]
    well, not_well = leader_profiles(leads, NAMES)
    assert {Abstained("too few such leads", 4, 5)} == set(not_well.competencies.values())
    assert all(isinstance(told, Estimate) for told in well.competencies.values())
    assert isinstance(likeness(leads[0][1], leads, NAMES, went_well=False), Abstained)


def test_what_was_not_seen_of_enough_of_them_is_not_told() -> None:
    leads = [(well, {k: v for k, v in told.items() if k != "strategy"}) for well, told in _leads(3, 40, 0.0)]
    assert isinstance(leader_profiles(leads, NAMES)[0].competencies["strategy"], Abstained)


def test_a_check_waits_for_twenty_outcomes() -> None:
    few = check(_leads(4, 12, 2.0), NAMES, default_profile().prior())
    assert (12, Abstained("too few outcomes to tell", 12, 20)) == (few.n, few.area)


def test_a_check_finds_what_was_planted_and_holds_a_coin_as_often_as_it_says() -> None:
    prior = default_profile().prior()
    planted = check(_leads(5, 60, 3.0), NAMES, prior)
    chance = [check(_leads(100 + seed, 40, 0.0), NAMES, prior) for seed in range(60)]
    holds = [c.area.low <= 0.5 <= c.area.high for c in chance if isinstance(c.area, Estimate)]
    expected = [c.gap.low <= 0.0 <= c.gap.high for c in chance if isinstance(c.gap, Estimate)]
    assert planted.area.json()["value"] == pytest.approx(0.8, abs=0.15)
    assert [True, True] == [np.mean(each) >= 0.83 for each in (holds, expected)]


def test_a_person_like_those_who_turned_out_well_overlaps_with_them_more() -> None:
    leads = [(i % 2 == 0, {"collaboration": (1.5 if i % 2 == 0 else -1.5, 0.1)}) for i in range(20)]
    person = {"collaboration": (1.4, 0.2)}
    well, not_well = (likeness(person, leads, NAMES, went_well=kind) for kind in (True, False))
    assert isinstance(well, Estimate)
    assert isinstance(not_well, Estimate)
    assert well.low > 0.6
    assert not_well.high < 0.1
    assert 10 == well.n
