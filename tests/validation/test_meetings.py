"""The study of meetings: who leads is told by an estimator that never saw the group, and blank answers give no figure."""

import csv
import gzip
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

FOLDER = Path(__file__).parents[2] / "validation"
ACTS = ("da_id", "meeting", "speaker", "role", "meeting_type", "start", "end", "da_type", "addressee", "text")
PAIRS = ("meeting", "type", "source_da", "target_da")
SAID = ("so the next item on the agenda", "yeah", "i think the remote should be yellow", "what do you think?")


def loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"study_{name}", FOLDER / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up by name
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def lead() -> Iterator[ModuleType]:
    module = loaded("meeting_lead")
    module.DRAWS = 100  # type: ignore[attr-defined]  # quick; the number of draws is not what is tested
    yield module
    sys.modules.pop(module.__name__)


def drawn(lead: ModuleType, planted: float, seed: int, groups: int = 9) -> list[Any]:
    """Two meetings of four a group, in which the leader names what is next more than others, who talk alike."""
    dice, found = np.random.default_rng(seed), []
    for k in range(2 * groups):
        signals, who = dice.normal(size=(4, len(lead.NAMES))), int(dice.integers(4))
        for name in lead.COMPETENCIES["coordination"]:
            signals[who, lead.NAMES.index(name)] += planted
        found.append(lead.Seen(f"g{k // 2}", signals, who))
    return found


def test_planted_leads_are_found_beyond_talk_and_none_where_none_is_planted(lead: ModuleType) -> None:
    found, nothing = (lead.figures(drawn(lead, planted, 3), None) for planted in (1.2, 0.0))

    assert found["auc_model"]["value"] > 0.75
    assert found["auc_gain"]["low"] > 0.1
    assert 0.8 < found["calibration_in_the_large"]["value"] < 1.25
    assert found["calibration_slope"]["low"] < 1.3
    assert nothing["auc_model"]["low"] < 0.5
    assert nothing["auc_gain"]["low"] < 0 < nothing["auc_gain"]["high"]


def test_the_leads_of_a_group_are_not_read_where_it_is_judged(lead: ModuleType) -> None:
    meetings = drawn(lead, 2.0, 5, groups=5)
    other = [lead.Seen(m.group, m.signals, 3 - m.lead) if m.group == "g2" else m for m in meetings]

    before, after = (lead.told(some, None, "model") for some in (meetings, other))

    judged = [k for k, m in enumerate(meetings) if m.group == "g2"]
    for k in judged:
        np.testing.assert_array_equal(before[k], after[k])
    assert not np.array_equal(before[0], after[0])


def test_a_model_fitted_elsewhere_needs_no_lead_here(lead: ModuleType) -> None:
    blank = [lead.Seen(m.group, m.signals, None) for m in drawn(lead, 2.0, 7, groups=3)]

    odds = lead.told(blank, drawn(lead, 2.0, 3), "model")
    figures = lead.figures(blank, drawn(lead, 2.0, 3))

    place = [int(np.argmax(each)) for each in odds]
    assert np.mean([p == m.lead for p, m in zip(place, drawn(lead, 2.0, 7, groups=3), strict=True)]) > 0.6
    assert {figure["value"] for figure in figures.values()} == {None}
    assert lead.told(blank, None, "model") is None


def test_slope_is_one_where_chances_hold_and_less_where_they_are_too_bold(lead: ModuleType) -> None:
    dice = np.random.default_rng(2)
    odds = dice.normal(size=20_000)
    came = dice.random(20_000) < 1 / (1 + np.exp(-odds))

    assert lead.slope(odds, came, np.ones(20_000)) == pytest.approx(1, abs=0.06)
    assert lead.slope(2 * odds, came, np.ones(20_000)) == pytest.approx(0.5, abs=0.03)


def test_blank_roles_acts_and_addressees_give_predictions_and_empty_figures(tmp_path: Path) -> None:
    study, out = loaded("meetings"), tmp_path / "out.csv"
    rows = [
        (f"{meeting}.{k}", meeting, "ABCD"[k % 4], "", "", 10 * k, 10 * k + 6, "", "", SAID[k % 4])
        for meeting in ("ES9001a", "ES9002a")
        for k in range(40)
    ]
    for name, header, body in (("dialogue_acts", ACTS, rows), ("adjacency_pairs", PAIRS, [])):
        with gzip.open(tmp_path / f"ami_{name}.csv.gz", "wt", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([header, *body])

    told = study.study(tmp_path, out)

    assert {f["value"] for n, f in told["figures"].items() if n.startswith(("auc", "leader", "average"))} == {None}
    said = list(csv.DictReader(out.open(encoding="utf-8")))
    assert len(said) == 8
    assert sum(float(row["score"]) for row in said) == pytest.approx(2, abs=1e-3)
    with pytest.raises(SystemExit, match="--unseen: the groups to fit on tell no"):
        study.read_unseen(study.meetings(tmp_path))
