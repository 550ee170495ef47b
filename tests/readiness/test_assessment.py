"""Competencies as rows: sealed, additive, abstaining on thin evidence, better the right way round."""

from typing import Any

import pytest

from cadre.estimate import Sealed, open_sealed
from cadre.readiness.assessment import Assessment, assess
from cadre.readiness.competency import COMPETENCIES

NAME = "collaboration"


def _row(person: int, signal: str, value: float | None) -> dict[str, Any]:
    return {"person_id": f"p{person}", "signal": signal, "value": value, "raw_value": value, "variance": 0.01, "n": 30}


def _of(rows: list[dict[str, Any]], roles: dict[str, str] | None = None) -> dict[str, Assessment]:
    return {a.person_id: a for a in open_sealed(assess(rows, roles or {})) if a.name == NAME}


ROWS = [_row(n, "peer_answer_share", 0.3 + n * 0.05) for n in range(8)] + [
    _row(n, "peer_answer_hours", 8.0 - n) for n in range(7)
]


def test_the_result_is_sealed() -> None:
    assert isinstance(assess(ROWS, {}), Sealed)
    assert repr(assess(ROWS, {})) == "Sealed(...)"


def test_more_answers_and_shorter_waits_stand_higher() -> None:
    got = _of(ROWS)
    values = [got[f"p{n}"].value for n in range(7)]

    assert None not in values
    assert values == sorted(values, key=lambda v: v or 0.0)
    assert all(a.low <= a.value <= a.high for a in got.values() if a.value is not None)  # type: ignore[operator]


def test_contributions_add_up_to_the_value() -> None:
    one = _of(ROWS)["p0"]

    assert one.value == pytest.approx(sum(float(s.split("=")[1]) for s in one.signals), abs=0.002)


def test_one_signal_alone_leaves_more_unknown() -> None:
    got = _of(ROWS)
    alone, both = got["p7"], got["p6"]

    assert alone.high - alone.low > both.high - both.low  # type: ignore[operator]


def test_too_little_of_a_signal_is_a_reason_and_no_value() -> None:
    thin = _of([*ROWS, _row(9, "peer_answer_share", None)])["p9"]

    assert (thin.value, thin.reason) == (None, "none of its 6 signals has enough evidence")


def test_a_competency_in_which_nobody_differs_is_told_of_nobody() -> None:
    same = [_row(n, "peer_answer_share", 0.5) for n in range(8)]

    assert {a.value for a in _of(same).values()} == {None}
    assert all("do not differ" in (a.reason or "") for a in _of(same).values())


def test_every_signal_of_a_competency_exists_and_is_in_one_alone() -> None:
    named = [name for competency in COMPETENCIES for name in competency.signals]

    assert len(named) == len(set(named))
