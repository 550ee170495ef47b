"""A small run of the study of presence: it finds what was planted, and the pull of lasting weakness is below zero."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def study() -> ModuleType:
    path = Path(__file__).parents[2] / "validation" / "team_lift.py"
    spec = importlib.util.spec_from_file_location("team_lift", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["team_lift"] = module
    spec.loader.exec_module(module)
    return module


def test_planted_leading_is_found_in_teammates_tickets(study: ModuleType) -> None:
    firm = study.invented(1000, 12, 6)
    figures = study.resolved([firm], 6, tail=False, seed=1)

    assert set(figures) == {
        "valued", "spearman", "excludes_zero", "coverage_90", "planted_sd", "found_of_planted", "seen_at_80_power",
    }  # fmt: skip
    assert figures["valued"]["value"] >= 0.4
    assert figures["spearman"]["value"] > 0
    assert firm.steps.num_rows > 50


def test_lasting_weakness_pulls_the_gain_down_and_a_lesson_pulls_it_up(study: ModuleType) -> None:
    told = {(spread, lesson): study.weak(spread, lesson, 1, learners=100, tickets=200) for spread in (0.0, 1.0) for lesson in (0.0, 0.4)}  # fmt: skip

    assert abs(told[0.0, 0.0]["value"]) < 0.02
    assert told[1.0, 0.0]["value"] < -0.04
    assert told[0.0, 0.4]["value"] > told[0.0, 0.0]["value"]
    assert told[1.0, 0.4]["value"] > told[1.0, 0.0]["value"]
