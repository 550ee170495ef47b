"""The recovery study on rows of known truth, and once on a real invented firm: what was planted is found, by which rule, how surely."""

import importlib.util
import sys
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from cadre.signals import Window

FOLDER = Path(__file__).parents[2] / "validation"
WINDOW = Window(date(2026, 1, 1), 180)
PEOPLE = 40
HELP = ("peer_answer_share", "peer_answer_hours", "people_helped_count", "assist_credit")


@pytest.fixture(scope="module")
def study() -> ModuleType:
    spec = importlib.util.spec_from_file_location("recovery", FOLDER / "recovery.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def firm(study: ModuleType, seed: int, *, traces: bool, draw: int = 0) -> Any:
    """Forty people of one team whose helping follows leading, or nothing; a draw sees the same habits with other errors."""
    dice, error = np.random.default_rng(seed), np.random.default_rng(1000 * seed + draw)
    leading, craft = dice.normal(size=PEOPLE), dice.normal(size=PEOPLE)
    habit = leading if traces else dice.normal(size=PEOPLE)
    truth, rows = {}, []
    for k in range(PEOPLE):
        truth[f"p{k}"] = {
            "person_id": f"p{k}", "leading": leading[k], "craft": craft[k], "role": "Technician", "team_id": "t",
            "tenure_days": float(dice.integers(100, 3000)), "games": False,
        }  # fmt: skip
        for name, of, sign in (*((h, habit, -1 if h == "peer_answer_hours" else 1) for h in HELP), ("adjusted_speed", craft, 1)):  # fmt: skip
            at = sign * (of[k] + 0.5 * error.normal()) / 2
            raw = {"peer_answer_share": 1 / (1 + np.exp(-at))}.get(name, at if name == "adjusted_speed" else np.exp(at))
            told = {"raw_value": raw, "variance": 0.0625, "value": raw, "low": raw * 0.7, "high": raw * 1.3, "n": 100}
            rows.append({"signal": name, "person_id": f"p{k}", "reason": None, **told})
    return study.Invented(truth, {WINDOW: rows}, {WINDOW: []}, [])


@pytest.fixture(scope="module")
def figures(study: ModuleType) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the study says of two firms whose leading leaves traces, and of two whose leading leaves none."""
    study.calibrating.DRAWS, study.calibrating.REPEATS = 50, 1  # quick; their number is not what is tested
    seen, blind = ([firm(study, n, traces=traces) for n in range(2)] for traces in (True, False))
    return study.chosen(seen, WINDOW, "x", 1), study.chosen(blind, WINDOW, "x", 1)


def test_readiness_chooses_those_who_lead_where_that_leaves_traces_and_nobody_else(figures: Any) -> None:
    told, nothing = figures

    assert told["spearman_x"]["value"] > 0.7
    assert told["selection_validity_x"]["low"] > told["selection_validity_craft_x"]["high"]
    assert told["bottom_half_share_x"]["value"] == 0
    assert told["bottom_half_share_at_random_x"]["value"] == 0.5
    assert abs(nothing["selection_validity_x"]["value"]) < 0.3
    assert 0.2 <= nothing["bottom_half_share_x"]["value"] <= 0.8


def test_chances_that_know_too_little_are_shy_and_those_that_rest_on_nothing_bold(figures: Any) -> None:
    told, nothing = figures

    assert told["calibration_slope_above_middle_x"]["low"] > 1
    assert nothing["calibration_slope_above_middle_x"]["low"] < 1
    assert abs(told["calibration_gap_above_middle_x"]["value"]) < 0.05
    assert told["calibration_slope_within_outcome_x"]["value"] > nothing["calibration_slope_within_outcome_x"]["value"]
    assert told["calibration_slope_above_middle_x"]["n"] == 2 * PEOPLE
    assert told["calibration_gap_outcome_x"]["n"] == 2 * (PEOPLE - round(PEOPLE / 3))


def test_intervals_of_a_model_that_is_right_hold_nine_in_ten(study: ModuleType) -> None:
    selecting, dice, held = study.selecting, np.random.default_rng(3), {"as_told": [], "too_narrow": []}
    for _ in range(4000):
        truth, errors = dice.normal(), np.array([1.5, 0.3, 0.6, 1.0])
        s = 1 / (1 + errors**2)
        told = [(a * (truth + e * dice.normal()), 1 - a) for a, e in zip(s, errors, strict=True)]
        held["as_told"].append(selecting._held(told[0], told[1:]))
        held["too_narrow"].append(selecting._held((told[0][0], told[0][1] / 4), told[1:]))

    assert np.mean(held["as_told"]) == pytest.approx(0.9, abs=0.015)
    assert np.mean(held["too_narrow"]) < 0.8
    assert selecting._held((0.0, 1.0), [(0.0, 1.0), (0.0, 0.99)]) is None


def test_coverage_of_readiness_is_told_by_person_over_draws(study: ModuleType) -> None:
    found = study.selecting.coverage([firm(study, 1, traces=True, draw=n) for n in range(4)], WINDOW)

    assert len(found["readiness"]) == PEOPLE
    assert 0.8 < np.mean(found["collaboration"]) < 0.99


def test_one_firm_has_its_people_drawn_anew(study: ModuleType) -> None:
    study.selecting.DRAWS_OF_ONE = 50
    told = study.selecting.selection([firm(study, 2, traces=True)], WINDOW, 1)

    assert told["spearman_readiness"]["n"] == PEOPLE
    assert told["spearman_readiness"]["low"] < told["spearman_readiness"]["value"] < told["spearman_readiness"]["high"]


def test_sizes_take_one_count_or_one_each(study: ModuleType) -> None:
    assert study.counted([12, 30], [5]) == {12: 5, 30: 5}
    assert study.counted([12, 30], [5, 2]) == {12: 5, 30: 2}
    with pytest.raises(SystemExit, match="2 counts for 3 sizes"):
        study.counted([12, 30, 100], [5, 2])


def test_a_kept_firm_is_read_and_one_without_a_table_that_is_asked_for_is_not(
    study: ModuleType, tmp_path: Path
) -> None:
    keeping, made = sys.modules["keeping"], firm(study, 1, traces=True)
    tables = {"truth": [{"key": key, **row} for key, row in made.truth.items()], "values": made.values[WINDOW]}

    keeping.keep(tmp_path / "one", {"truth": tables["truth"]})
    keeping.keep(tmp_path / "one", tables)

    assert keeping.kept(tmp_path / "one", ["truth", "values"]) == tables
    assert keeping.kept(tmp_path / "one", ["truth", "other"]) is None
    assert keeping.kept(tmp_path / "two", ["truth"]) is None


@pytest.mark.slow
def test_traits_are_found_in_the_world_where_leading_leaves_traces(study: ModuleType, tmp_path: Path) -> None:
    window = study.last(3)
    made = study.invented("helpful", 11, 20, 3, [window], folder=tmp_path)
    again = study.invented("helpful", 11, 20, 3, [window], folder=tmp_path)
    found = study.correlations([made, again], window)
    figure = study.resampled(found["collaboration"], 1)

    assert made.values == again.values
    assert len(made.truth) == 20
    assert figure["value"] > 0.3
    assert figure["low"] <= figure["value"] <= figure["high"]
    assert found["peer_answer_share"][0] > 0.3
    told = study.chosen([made], window, "x", 1)
    assert told["bottom_half_share_x"]["value"] in {0.0, 0.5, 1.0}
    assert told["spearman_x"]["value"] > 0.3
    assert set(study.coverage([made], window, 1)) == {"coverage_90"}
