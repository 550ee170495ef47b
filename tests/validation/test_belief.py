"""The study of belief: right where firms are drawn as believed, and it shows the price where they are not."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).parents[2] / "validation"


@pytest.fixture(scope="module")
def study() -> ModuleType:
    spec = importlib.util.spec_from_file_location("belief", FOLDER / "belief.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_where_all_firms_are_alike_a_wide_belief_is_bolder_than_a_narrow_one(study: ModuleType) -> None:
    slopes = [
        study.measured(*study.chances(40, 10, believed=believed, apart=0.0, middle=0.0, seed=1), 1)["slope"]["value"]
        for believed in (0.25, 1.0)
    ]

    assert slopes[0] > 2 * slopes[1]


def test_a_share_far_from_one_half_is_told_too_near_it_and_less_so_after_more_outcomes(study: ModuleType) -> None:
    few, many = (
        study.measured(*study.chances(40, count, believed=0.5, apart=0.0, middle=1.4, seed=1), 1)["gap"]["value"]
        for count in (10, 60)
    )

    assert few < many < 0
