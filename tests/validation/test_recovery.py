"""A small run of the recovery study: what was planted is found where it leaves traces."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def study() -> ModuleType:
    path = Path(__file__).parents[2] / "validation" / "recovery.py"
    spec = importlib.util.spec_from_file_location("recovery", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_traits_are_found_in_the_world_where_leading_leaves_traces(study: ModuleType) -> None:
    window = study.last(3)
    firm = study.invented("helpful", 11, 20, 3, [window])
    found = study.correlations([firm, firm], window)
    figure = study.resampled(found["collaboration"], 1)

    assert len(firm.truth) == 20
    assert figure["value"] > 0.3
    assert figure["low"] <= figure["value"] <= figure["high"]
    assert found["peer_answer_share"][0] > 0.3
    told = study.chosen([firm], window, "x", 1)
    assert told["bottom_half_share_x"]["value"] in {0.0, 0.5, 1.0}
    assert told["spearman_x"]["value"] > 0.3
    assert set(study.coverage([firm], window, 1)) == {"coverage_90"}
