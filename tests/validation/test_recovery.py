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


def test_helping_is_found_in_the_world_where_leading_leaves_traces(study: ModuleType) -> None:
    pairs = study.firm("helpful", 11, 20, 3)

    figures = study.figures([pairs, pairs], 1)

    assert len(pairs) >= 15
    assert figures["spearman"]["value"] > 0.3
    assert figures["spearman"]["low"] <= figures["spearman"]["value"] <= figures["spearman"]["high"]
    assert figures["coverage_90"]["value"] is None
