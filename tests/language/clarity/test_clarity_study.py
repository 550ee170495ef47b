"""What the study of clarity promises: it says nothing where there is nothing, and a known order is measured as such."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest


@pytest.fixture(scope="module")
def study() -> ModuleType:
    path = Path(__file__).parents[3] / "validation" / "clarity.py"
    spec = importlib.util.spec_from_file_location("clarity_study", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_folder_without_data_gives_empty_figures_and_says_so(study: ModuleType, tmp_path: Path) -> None:
    told = study.study(tmp_path)

    assert told["study"] == "clarity"
    assert told["figures"]["chat_gain"] == {"value": None, "low": None, "high": None, "n": 0}
    assert any("too few" in note for note in told["notes"])
    json.dumps(told, allow_nan=False)


def test_auc_is_one_for_a_right_order_and_a_half_for_ties(study: ModuleType) -> None:
    truth = np.array([False, False, True, True])

    assert study.auc(truth, np.array([1, 2, 3, 4])) == 1
    assert study.auc(truth, np.ones(4)) == 0.5
    assert np.isnan(study.auc(np.zeros(4, bool), np.ones(4)))


def test_redrawn_groups_stay_whole(study: ModuleType) -> None:
    group = np.array(["a", "b", "a", "c", "b"])
    for rows in study.draws(group, again=20):
        drawn = np.bincount(rows, minlength=5)

        assert drawn[0] == drawn[2]
        assert drawn[1] == drawn[4]


def test_a_reply_without_gold_links_is_to_the_last_turn_of_somebody_else(study: ModuleType, tmp_path: Path) -> None:
    lines = [
        "[10:00] <ann> the disk is full",
        "[10:01] <ann> on the second server",
        "[10:02] <ben> which one?",
        "=== cy joined",
    ]
    (tmp_path / "x.ascii.txt").write_text("\n".join(lines), "utf-8")
    found = study.pairs(tmp_path)

    assert [("on the second server", "which one?")] == [(pair.turn, pair.reply) for pair in found]
