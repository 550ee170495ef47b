"""Proxies: a planted one is found, chance seldom, and what a role explains is none."""

from collections.abc import Mapping

import numpy as np

from cadre.estimate import Abstained, Estimate
from cadre.readiness.fairness.proxy import MISSING, Proxies, proxies

ROLES = ["Technician"] * 36 + ["Senior technician"] * 18 + ["Team lead"] * 6


def looked(
    seed: int, *, planted: float = 0.0, role_effect: float = 0.0, missing: bool = False, permutations: int = 400
) -> Proxies:
    dice = np.random.default_rng(seed)
    role = np.unique(ROLES, return_inverse=True)[1]
    shift = (dice.random(60) < 0.35 + 0.2 * (role == 0)).astype(float)
    signals: dict[str, list[float | None]] = {
        f"signal_{k}": (dice.normal(size=60) + role_effect * role).tolist() for k in range(8)
    }
    signals["answer_hours"] = (dice.normal(size=60) + planted * shift + role_effect * role).tolist()
    if missing:
        for k in range(3):
            signals[f"signal_{k}"] = [
                None if s and dice.random() < 0.8 else v for v, s in zip(signals[f"signal_{k}"], shift, strict=True)
            ]
    attributes: Mapping[str, list[float | None]] = {
        "late_shift": shift.tolist(),
        "part_time": (dice.random(60) < 0.3).astype(float).tolist(),
        "leave": dice.exponential(1.0, 60).tolist(),
    }
    return proxies(signals, attributes, ROLES, seed=seed, permutations=permutations)


def test_a_planted_proxy_is_found_with_its_signal_and_size() -> None:
    told = looked(1, planted=1.5, permutations=2000)
    (found,) = [effect for effect in told.effects if effect.found]

    assert ("late_shift", "answer_hours") == (found.attribute, found.signal)
    assert isinstance(found.effect, Estimate)
    assert found.effect.low > 0.5
    shift = told.predicted[0]
    assert isinstance(shift.area, Estimate)
    assert shift.area.value > 0.6
    assert shift.found
    assert 27 == told.looked_at


def test_where_none_is_planted_hardly_a_firm_shows_one() -> None:
    firms = [looked(seed, role_effect=1.0) for seed in range(20)]
    assert sum(any(effect.found for effect in told.effects) for told in firms) <= 4
    assert sum(any(one.found for one in told.predicted) for told in firms) <= 4


def test_areas_lie_about_one_half_where_signals_tell_nothing() -> None:
    areas = [one.area.value for seed in range(15) for one in looked(seed, permutations=10).predicted
             if isinstance(one.area, Estimate)]  # fmt: skip

    assert abs(float(np.mean(areas)) - 0.5) < 0.03


def test_what_a_role_explains_is_no_proxy() -> None:
    dice = np.random.default_rng(4)
    lead = np.array([float(name != "Technician") for name in ROLES])
    told = proxies({"a": (dice.normal(size=60) + 3 * lead).tolist()}, {"senior": lead.tolist()}, ROLES)

    assert all(isinstance(effect.effect, Abstained) for effect in told.effects)
    assert isinstance(told.predicted[0].area, Abstained)


def test_missing_evidence_is_a_signal_of_its_own() -> None:
    told = looked(5, missing=True, permutations=2000)

    assert ("late_shift", MISSING) in {(effect.attribute, effect.signal) for effect in told.effects if effect.found}


def test_under_five_people_on_a_side_it_abstains_and_does_not_say_how_many() -> None:
    told = proxies({"a": [float(k) for k in range(20)]}, {"leave": [1.0] * 4 + [0.0] * 16}, ["Technician"] * 20)

    assert [Abstained("fewer than 5 people on one side of leave", 20, 10)] == [e.effect for e in told.effects]
    assert told.predicted[0].p_value is None


def test_the_same_seed_gives_the_same() -> None:
    assert looked(6, permutations=50) == looked(6, permutations=50)


def test_one_pair_alone_is_found_among_hundreds() -> None:
    dice = np.random.default_rng(5)
    moved = (dice.random(60) < 0.5).astype(float)
    signals = {f"s{k}": dice.normal(size=60).tolist() for k in range(60)}
    signals["moved"] = (dice.normal(size=60) + 2.5 * moved).tolist()
    attributes = {f"a{k}": (dice.random(60) < 0.5).astype(float).tolist() for k in range(4)} | {"own": moved.tolist()}
    told = proxies(signals, attributes, ["Technician"] * 60)

    assert told.looked_at > 300
    assert [("own", "moved")] == [(e.attribute, e.signal) for e in told.effects if e.found]
