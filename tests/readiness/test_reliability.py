"""How far things repeat: what was planted is found, chance is named as such, a team's work passes for nobody's habit."""

from typing import Any

import numpy as np
import pytest

from cadre.estimate import Abstained, Estimate
from cadre.readiness.reliability import FEW, WHOLE, Method, Reliability, reliabilities, unrepeated

TEAMS = {f"p{i:02d}": f"t{i % 4}" for i in range(40)}


def _rows(seed: int, *, own: float, work: float = 0.0, parts: int = 2, signal: str = "adjusted_speed") -> list[dict[str, Any]]:  # fmt: skip
    """What was seen of forty people in some parts of a window: their team's work, what is their own, and chance."""
    dice = np.random.default_rng(seed)
    team, people = work * dice.standard_normal(4), own * dice.standard_normal(40)
    return [
        {"signal": signal, "person_id": f"p{i:02d}", "part": part, "variance": 1.0, "n": 50,
         "raw_value": float(team[i % 4] + people[i] + dice.standard_normal())}
        for part in range(parts)
        for i in range(40)
    ]  # fmt: skip


def _of(found: tuple[Reliability, ...], name: str) -> dict[Method, Any]:
    return {one.method: one.found for one in found if one.name == name}


def test_the_whole_is_as_reliable_as_was_planted() -> None:
    """Own variance as large as that of chance in a half: the whole has twice the rows, so two thirds are the person's."""
    found = [_of(reliabilities({"halves": _rows(s, own=1.0)}, TEAMS), "adjusted_speed")["halves"] for s in range(120)]
    assert float(np.median([f.value for f in found])) == pytest.approx(2 / 3, abs=0.04)
    assert 0.86 <= np.mean([f.low <= 2 / 3 <= f.high for f in found]) <= 0.94


def test_a_teams_work_repeats_and_is_nobodys_habit() -> None:
    past, with_it = [], []
    for seed in range(120):
        rows: dict[Method, Any] = {"halves": _rows(seed, own=0.0, work=3.0)}
        past.append(_of(reliabilities(rows, {}), "craft")["halves"].low > 0)
        with_it.append(_of(reliabilities(rows, TEAMS), "craft")["halves"].low > 0)
    assert np.mean(past) > 0.9
    assert 0.01 <= np.mean(with_it) <= 0.09


def test_months_are_held_against_the_next_and_people_counted() -> None:
    found = _of(reliabilities({"months": _rows(4, own=1.0, parts=6)}, TEAMS), "adjusted_speed")["months"]
    assert found.low <= 0.5 <= found.high
    assert 40 == found.n


def test_a_competency_whose_halves_do_not_agree_is_named_with_why() -> None:
    rows: list[dict[str, Any]] = [
        {"name": "craft", "about": "competency", "method": "halves", "value": 0.1, "low": -0.3, "high": 0.5, "n": 28},
        {"name": "delegation", "about": "competency", "method": "halves", "value": 0.7, "low": 0.4, "high": 0.9, "n": 28},
        {"name": "strategy", "about": "competency", "method": "halves", "value": None, "low": None, "high": None, "n": 3},
        {"name": "craft", "about": "competency", "method": "months", "value": 0.1, "low": -0.3, "high": 0.5, "n": 28},
        {"name": "adjusted_speed", "about": "signal", "method": "halves", "value": 0.1, "low": -0.3, "high": 0.5, "n": 28},
    ]  # fmt: skip
    why = "in this record it is not shown to repeat from half to half: 0.10 [-0.30, 0.50], 28 people"
    assert {"craft": why} == unrepeated(rows)


def test_too_few_people_and_what_cannot_be_halved_say_so() -> None:
    few = [row for row in _rows(5, own=1.0) if row["person_id"] < "p07"]
    whole = [row for row in _rows(6, own=1.0, signal="team_lift", parts=1) if row["n"]]
    told = [
        _of(reliabilities({"halves": few}, {}), "craft")["halves"],
        _of(reliabilities({"halves": whole}, {}), "team_effect")["halves"],
    ]
    assert [Abstained(FEW, 7, 8), Abstained(WHOLE)] == told


def test_thin_parts_are_left_out() -> None:
    thin = [{**row, "n": 2} if row["person_id"] < "p20" else row for row in _rows(7, own=1.0)]
    found = _of(reliabilities({"halves": thin}, {}), "adjusted_speed")["halves"]
    assert isinstance(found, Estimate)
    assert 20 == found.n
