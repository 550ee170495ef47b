"""Readiness: ranks with intervals, exact parts, abstention with a reason, and rules compared on the same draws."""

import numpy as np
import pytest

from cadre.readiness.competency import COMPETENCIES, CRAFT, LEADING, Competence
from cadre.readiness.estimator import ReadinessModel
from cadre.readiness.lens import chosen, leader_types, would_narrow
from cadre.readiness.measurement import Measured
from cadre.readiness.profile import default_profile, full_weight
from cadre.readiness.readiness import Standing, readiness

PEOPLE = tuple(f"p{i:02d}" for i in range(20))


def known(variance: float = 0.05, seed: int = 1, unseen: tuple[int, ...] = ()) -> Competence:
    """Competencies drawn at random, all of one variance; `unseen` people left no trace."""
    dice = np.random.default_rng(seed)
    told, n = {}, {}
    for each in COMPETENCIES:
        parts = dice.standard_normal((len(PEOPLE), len(each.signals))) / np.sqrt(len(each.signals))
        v = np.full(len(PEOPLE), variance)
        seen = np.full(len(PEOPLE), len(each.signals))
        for i in unseen:
            parts[i], v[i], seen[i] = 0.0, 1.0, 0
        told[each.name] = Measured(
            parts.sum(axis=1), v, parts, np.zeros(len(PEOPLE)), np.zeros(len(PEOPLE)), 0.9, 0.3, seen,
            np.ones(len(each.signals), dtype=bool),
        )  # fmt: skip
        n[each.name] = seen * 10.0
    return Competence(PEOPLE, told, n)


def stands(told: Competence, outcomes: tuple[np.ndarray, np.ndarray] | None = None) -> Standing:
    profile = default_profile()
    mean, sd = profile.prior()
    x, y = outcomes or (np.zeros((0, len(mean) - 1)), np.zeros(0))
    split = int(min(y.sum(), len(y) - y.sum()))
    return readiness(told, profile, ReadinessModel(mean, sd).fit(x, y), outcomes_split=split)


def test_parts_add_up_to_the_estimate_and_signals_to_the_parts() -> None:
    got = stands(known())
    one = got.people[3]
    assert one.value == pytest.approx(sum(one.parts.values()))
    told = {c.name: c.signals for c in COMPETENCIES}
    mine = sum(one.signals[s] for s in told["collaboration"])
    assert mine == pytest.approx(one.parts["collaboration"])


def test_the_order_is_that_of_the_estimates_and_ranks_hold_it() -> None:
    got = stands(known())
    by = {one.person_id: one for one in got.people}
    values = [by[person].value or 0.0 for person in got.order]
    assert values == sorted(values, reverse=True)
    for place, person in enumerate(got.order, start=1):
        low, high = by[person].rank_low, by[person].rank_high
        assert low is not None
        assert high is not None
        assert 1 <= low <= place + 8
        assert place - 8 <= high <= len(PEOPLE)


def test_people_without_a_trace_are_not_ranked_and_are_told_why() -> None:
    got = stands(known(unseen=(0,)))
    none = got.people[0]
    assert (none.value, none.rank_low, none.known) == (None, None, 0.0)
    assert none.reason == "0 competencies have evidence, 2 are needed"
    assert "p00" not in got.order


def test_no_chance_is_told_without_outcomes_of_the_firms_own() -> None:
    told = known()
    names = default_profile().names
    x = told.means(names)
    y = np.array([True, False] * 5)
    assert all(one.chance is None for one in stands(told).people)
    assert all(one.chance is None for one in stands(told, (x[:6], y[:6])).people)
    with_outcomes = [one.chance for one in stands(told, (x[:10], y)).people]
    assert all(chance and 0 < chance[1] <= chance[0] <= chance[2] < 1 for chance in with_outcomes)


def test_less_seen_of_people_tells_fewer_of_them_apart() -> None:
    def sure(told: Competence) -> float:
        above = stands(told).above
        return float(np.maximum(above, 1 - above)[np.triu_indices(len(above), 1)].mean())

    assert sure(known(variance=0.6)) < sure(known(variance=0.01))


def test_a_rule_by_readiness_expects_fewer_below_the_middle_than_by_lot() -> None:
    told = known()
    got = stands(told)
    craft = told.measured[CRAFT].mean
    rules = {"readiness": got.order, "craft": [PEOPLE[i] for i in np.argsort(-craft)]}
    by = {rule.rule: rule for rule in chosen(got, rules, 3)}
    assert set(by) == {"readiness", "craft", "lot"}
    assert by["readiness"].value < by["lot"].value
    assert by["lot"].value == pytest.approx(0.5, abs=0.03)
    assert by["readiness"].low <= by["readiness"].value <= by["readiness"].high
    assert by["readiness"].people == got.order[:3]


def test_all_weights_together_claim_no_more_than_the_best_methods_reach() -> None:
    spread = full_weight() ** 2 * (len(LEADING) + len(LEADING) * (len(LEADING) - 1) * 0.3)
    assert np.sqrt(spread / (spread + np.pi**2 / 3)) == pytest.approx(0.40)


def test_craft_is_believed_to_add_nothing_to_leading() -> None:
    weights = {weight.competency: weight.mean for weight in default_profile().weights}
    assert weights[CRAFT] == 0.0
    assert weights["collaboration"] > 5 * weights["composure"]


def test_a_leader_type_is_told_where_both_sides_were_seen() -> None:
    told = known(unseen=(2,))
    weights = dict.fromkeys(LEADING, 1.0)
    types = {one.person_id: one for one in leader_types(told, weights)}
    craft, leading = told.measured[CRAFT].mean, told.means(LEADING).mean(axis=1)
    most = PEOPLE[int(np.argmax(craft - np.sqrt(len(LEADING)) * leading))]
    assert types["p02"].value is None
    assert types["p02"].reason
    assert types[most].value == max(one.value for one in types.values() if one.value is not None)


def test_what_keeps_an_estimate_wide_adds_up_to_one() -> None:
    told = known()
    names = default_profile().names
    model = ReadinessModel(*default_profile().prior()).fit(np.zeros((0, len(names))), np.zeros(0))
    shares = would_narrow(told, "p05", names, model.coef_[1:], model.coef_sd_[1:])
    assert sum(shares.values()) == pytest.approx(1.0)
    assert set(shares) == {*names, "weights"}
