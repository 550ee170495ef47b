"""A small run of the fairness study: the interval holds, few people see little, planted proxies and leaks are found."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def study() -> ModuleType:
    path = Path(__file__).parents[2] / "validation" / "fairness.py"
    spec = importlib.util.spec_from_file_location("fairness_study", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_exact_interval_holds_where_a_score_interval_does_not(study: ModuleType) -> None:
    told = study.coverage([(5, 5), (10, 20)])

    assert min(told[f"coverage_90_exact_{pair}"]["low"] for pair in ("5_5", "10_20")) >= 0.9
    assert max(told[f"false_alarm_{pair}"]["high"] for pair in ("5_5", "10_20")) <= 0.1
    assert told["coverage_90_koopman_5_5"]["low"] < 0.9


def test_fourteen_people_show_nothing_and_a_hundred_something(study: ModuleType) -> None:
    told = study.reach([14, 100])

    assert (None, 0.51) == (told["smallest_ratio_14_at_0.5"]["value"], told["smallest_ratio_100_at_0.5"]["value"])


def test_few_people_break_four_fifths_by_chance(study: ModuleType) -> None:
    chance = study.broken_by_chance([14, 300])

    assert chance["four_fifths_broken_by_chance_14"]["value"] > 0.5
    assert chance["four_fifths_broken_by_chance_300"]["value"] < 0.1


def test_planted_proxies_and_leaks_are_found_and_sound_features_kept(study: ModuleType) -> None:
    found, refused = study.planted_proxies([60], 4, 1), study.planted_leaks([40], 4, 1)

    assert found["proxy_found_planted_1.5_60"]["value"] >= 0.75
    assert (0.0, 1.0) == (
        refused["refused_at_validity_0.0_40"]["value"],
        refused["refused_at_validity_0.98_40"]["value"],
    )
