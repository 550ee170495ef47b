"""What weighs most is ranked by only where it goes with the rest of leading: else it is seen alone, and may be of anything."""

from dataclasses import replace

import numpy as np
import pytest

from cadre.readiness.agreement import Agreement, agreement
from cadre.readiness.competency import COMPETENCIES, LEADING, Competence
from cadre.readiness.estimator import ReadinessModel
from cadre.readiness.measurement import Measured
from cadre.readiness.profile import default_profile
from cadre.readiness.readiness import ENOUGH_OUTCOMES, readiness

TRUST = {name: 0.75 if name == "collaboration" else 0.1 for name in LEADING}


def drawn(people: int, together: float) -> Competence:
    """Competencies that go together by `together`, well known of everybody."""
    dice = np.random.default_rng(1)
    common, told = dice.standard_normal(people), {}
    for each in COMPETENCIES:
        mean = np.sqrt(together) * common + np.sqrt(1 - together) * dice.standard_normal(people)
        parts, nothing = np.zeros((people, len(each.signals))), np.zeros(people)
        told[each.name] = Measured(
            mean, np.full(people, 0.1), parts, nothing, nothing, 0.9, 0.3, np.full(people, 2), np.ones(len(each.signals), bool)
        )  # fmt: skip
    names = tuple(f"p{i:02d}" for i in range(people))
    return Competence(names, told, {name: np.full(people, 20.0) for name in told})


def found(together: float, people: int = 30, teams: int = 3) -> Agreement | None:
    told = drawn(people, together)
    return agreement(told.measured, TRUST, [f"t{i % teams}" for i in range(people)])


def ranked(told: Competence, outcomes: int = 0) -> tuple[int, set[str | None]]:
    profile = default_profile()
    turned = np.arange(outcomes) % 2 == 0
    model = ReadinessModel(*profile.prior()).fit(told.means(profile.names)[:outcomes], turned)
    stands = readiness(told, profile, model, outcomes_split=outcomes // 2)
    return stands.ranked, {one.reason for one in stands.people}


def test_what_weighs_most_is_held_against_the_mean_of_all_others() -> None:
    same, alone = found(0.8), found(0.0)
    assert same
    assert alone
    assert (same.competency, same.is_shown, alone.is_shown) == ("collaboration", True, False)
    assert same.found.value > 0.6
    assert same.found.n == 30


def test_teams_take_their_share_of_what_can_be_told() -> None:
    few, many = found(0.8, teams=2), found(0.8, teams=12)
    assert few
    assert many
    assert many.found.low < few.found.low


@pytest.mark.parametrize(("people", "teams"), [(7, 1), (12, 6)])
def test_too_few_people_beyond_teams_tell_nothing_either_way(people: int, teams: int) -> None:
    assert found(0.8, people, teams) is None


def test_nobody_is_ranked_by_what_is_seen_alone_and_all_are_told_why() -> None:
    told = drawn(30, 0.0)
    alone = replace(told, agreement=found(0.0))
    count, reasons = ranked(alone)
    (why,) = reasons

    assert ranked(told)[0] == 30
    assert count == 0
    assert why
    assert why.startswith(
        "what weighs most, collaboration, is not shown to go with the rest of leading in this record: "
    )


def test_the_firms_own_outcomes_speak_for_themselves() -> None:
    alone = replace(drawn(30, 0.0), agreement=found(0.0))

    assert [ranked(alone, ENOUGH_OUTCOMES - 2)[0], ranked(alone, ENOUGH_OUTCOMES)[0]] == [0, 30]


def test_some_of_a_firm_are_judged_by_the_whole_of_it() -> None:
    alone = replace(drawn(30, 0.0), agreement=found(0.0))

    assert alone.only(frozenset(alone.people[:5])).agreement == alone.agreement
