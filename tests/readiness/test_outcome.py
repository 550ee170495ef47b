"""How a lead turned out, part by part and together, by hand."""

import random
from datetime import date

import pytest

from cadre.estimate import Abstained, Estimate
from cadre.readiness.outcome import (
    QUESTIONS,
    Part,
    checked,
    difference,
    from_difference,
    from_manager,
    from_retention,
    from_team,
    months_after,
    verdict,
)

KEYS = [key for key, _ in QUESTIONS]


def _steps(*steps: int | None) -> dict[str, int | None]:
    return dict(zip(KEYS, steps, strict=True))


def test_a_managers_answers_point_where_their_mean_does() -> None:
    told = [from_manager(_steps(*steps)) for steps in ((4, 4, 3, None), (2, 2, 3, None), (3, 3, None, None))]

    assert ["well", "not_well", "neither"] == [part.says for part in told if part]
    assert from_manager(_steps(5, None, None, None)) is None


def test_a_teams_answers_are_told_from_five_up() -> None:
    four = [_steps(5, 5, 5, 5)] * 4

    assert from_team(four) is None
    assert from_team([*four, _steps(5, None, None, None)]) is None
    five = from_team([*four, _steps(4, 4, None, None)])
    assert five is not None
    assert ("well", "5 answers, mean step 4.8 of 5") == (five.says, five.found)


@pytest.mark.parametrize(("stayed", "of", "says"), [(9, 10, "well"), (8, 10, "neither"), (6, 10, "not_well")])
def test_retention_has_its_interval(stayed: int, of: int, says: str) -> None:
    part = from_retention(stayed, of)

    assert part is not None
    assert says == part.says
    assert f"{stayed} of {of} still here" in part.found
    assert from_retention(4, 4) is None


def test_a_difference_needs_thirty_on_each_side() -> None:
    dice = random.Random(2)
    before, after = ([dice.gauss(middle, 0.5) for _ in range(60)] for middle in (0.8, 0.0))

    found = difference(before, after)
    faster = from_difference("team results", found, better="low", unit="log hours")
    assert isinstance(found, Estimate)
    assert faster is not None
    assert "well" == faster.says
    assert isinstance(difference(before[:29], after), Abstained)
    assert from_difference("x", difference([], []), better="low", unit="") is None


def _part(name: str, says: str) -> Part:
    return Part(name, says, "")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("parts", "months", "expected"),
    [
        ([("manager", "well"), ("team", "well")], 6, "too_early"),
        ([("manager", "well"), ("team", "well")], 12, "well"),
        ([("manager", "not_well"), ("retention", "neither")], 18, "not_well"),
        ([("manager", "well"), ("retention", "not_well")], 18, "too_early"),
        ([("retention", "well"), ("clients", "well")], 18, "too_early"),
        ([("manager", "well")], 18, "too_early"),
        ([], 18, "too_early"),
    ],
)
def test_a_verdict_needs_time_and_somebodys_word(parts: list[tuple[str, str]], months: int, expected: str) -> None:
    assert expected == verdict([_part(*each) for each in parts], months)


def test_answers_are_checked() -> None:
    assert "" == checked(_steps(1, 5, None, 3))
    assert "4 of 4 questions have no answer" == checked({})
    assert "6 is no step of the scale" == checked(_steps(6, 1, 1, 1))


def test_dates_keep_the_day_of_the_month_where_there_is_one() -> None:
    assert date(2027, 2, 28) == months_after(date(2026, 8, 31), 6)
    assert date(2027, 11, 21) == months_after(date(2026, 5, 21), 18)
