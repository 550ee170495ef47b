"""Leaks: planted ones are refused with the reason, sound features pass."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from cadre.inference.ranks import area_of_validity
from cadre.readiness.fairness.leak import Checked, refuse_leak

DECIDED = date(2026, 3, 2)
Told = list[float | None]


def checked(features: dict[str, Told], outcome: list[bool | None], **told: Any) -> Checked:
    people = len(outcome)
    known = {name: [DECIDED - timedelta(days=1)] * people for name in features}
    return refuse_leak(features, outcome, known | told.get("known_on", {}), [DECIDED] * people)


def firm(people: int, seed: int = 1) -> tuple[np.random.Generator, list[bool | None], np.ndarray[Any, Any]]:
    dice = np.random.default_rng(seed)
    trait = dice.normal(size=people)
    return dice, [bool(t > np.median(trait)) for t in trait], trait


def test_a_feature_that_encodes_the_outcome_is_refused_with_the_reason() -> None:
    dice, outcome, trait = firm(24)
    told = checked({"helping": dice.normal(size=24).tolist(), "survey_after": trait.tolist()}, outcome)

    assert ("helping",) == told.kept
    (refusal,) = told.refused
    assert ("survey_after", 1.0) == (refusal.feature, refusal.area)
    assert "fully apart" in refusal.reason
    assert "validity 0.42" in refusal.reason


@pytest.mark.parametrize("way", ["nearly", "either_side", "missing", "reversed"])
def test_leaks_in_disguise_are_refused_too(way: str) -> None:
    dice, outcome, trait = firm(60, seed=2)
    kinds = np.array(outcome, float)
    planted: dict[str, Told] = {
        "nearly": (trait + dice.normal(size=60) * 0.3).tolist(),
        "either_side": (kinds * dice.choice([-3.0, 3.0], 60) + dice.normal(size=60) * 0.3).tolist(),
        "missing": [None if k and dice.random() < 0.9 else float(dice.normal()) for k in kinds],
        "reversed": (-trait).tolist(),
    }
    told = checked({way: planted[way]}, outcome)

    assert [way] == [refusal.feature for refusal in told.refused]


def test_rows_of_the_day_of_the_decision_or_later_are_refused_with_both_days() -> None:
    dice, outcome, _ = firm(20)
    values: Told = dice.normal(size=20).tolist()
    days = [DECIDED - timedelta(days=3)] * 19 + [date(2026, 3, 9)]
    told = checked({"late": values, "same_day": values, "fine": values}, outcome,
                   known_on={"late": days, "same_day": [DECIDED] * 20})  # fmt: skip

    assert ("fine",) == told.kept
    assert "1 of 20 values" in told.refused[0].reason
    assert "2026-03-09 for a decision of 2026-03-02" in told.refused[0].reason
    assert "20 of 20 values" in told.refused[1].reason


def test_a_feature_that_does_not_tell_its_days_is_refused() -> None:
    told = refuse_leak({"a": [1.0, 2.0]}, [None, None], {}, [DECIDED, DECIDED])

    assert ["it is not told from which days its rows come"] == [refusal.reason for refusal in told.refused]


def test_a_sound_feature_passes_nearly_always() -> None:
    refused = 0
    for seed in range(40):
        dice, outcome, trait = firm(50, seed)
        features: dict[str, Told] = {
            f"f{k}": (v * trait + np.sqrt(1 - v * v) * dice.normal(size=50)).tolist()
            for k, v in enumerate([0.0, 0.2, 0.3, 0.42])
        }
        refused += len(checked(features, outcome).refused)

    assert refused <= 4  # of 160


def test_with_few_outcomes_it_says_that_it_cannot_tell() -> None:
    told = checked({"a": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]}, [False, False, False, True, True, True])

    assert (("a",), (), None) == (told.kept, told.refused, told.limit)
    assert told.unchecked is not None
    assert "3 good and 3 bad outcomes are too few" in told.unchecked


def test_the_limit_is_the_area_that_the_best_method_reaches() -> None:
    dice, outcome, _ = firm(24)

    assert area_of_validity(0.42, 0.5) == checked({"a": dice.normal(size=24).tolist()}, outcome).limit
