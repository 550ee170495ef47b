"""Estimates: sealed, additive, abstaining on thin evidence, better the right way round."""

import pytest

from cadre.estimate import Sealed, open_sealed
from cadre.readiness.assessment import Assessment, Axis, assess

AXES = {"peer_answer_share": Axis("logit", "high"), "peer_answer_hours": Axis("log", "low")}


def _row(person: int, signal: str, value: float | None) -> dict[str, object]:
    reach = 0.0 if value is None else value * 0.05
    low, high = (None, None) if value is None else (value - reach, value + reach)
    return {"person_id": f"p{person}", "signal": signal, "value": value, "low": low, "high": high, "n": 30}


def _helping(rows: list[dict[str, object]]) -> dict[str, Assessment]:
    return {a.person_id: a for a in open_sealed(assess(rows, AXES)) if a.name == "helping"}


ROWS = [_row(n, "peer_answer_share", 0.4 + n * 0.05) for n in range(8)] + [
    _row(n, "peer_answer_hours", 8.0 - n) for n in range(7)
]


def test_the_result_is_sealed() -> None:
    assert isinstance(assess(ROWS, AXES), Sealed)
    assert repr(assess(ROWS, AXES)) == "Sealed(...)"


def test_more_answers_and_shorter_waits_stand_higher() -> None:
    got = _helping(ROWS)
    values = [got[f"p{n}"].value for n in range(7)]

    assert None not in values
    assert values == sorted(values, key=lambda v: v or 0.0)
    assert all(a.low <= a.value <= a.high for a in got.values() if a.value is not None)  # type: ignore[operator]


def test_contributions_add_up_to_the_value() -> None:
    one = _helping(ROWS)["p0"]

    assert one.value == pytest.approx(sum(float(s.split("=")[1]) for s in one.signals), abs=0.002)


def test_one_signal_alone_is_not_enough() -> None:
    alone = _helping(ROWS)["p7"]

    assert alone.value is None
    assert alone.reason


def test_a_signal_with_too_few_persons_has_no_scale_of_its_own() -> None:
    assert {None} == {a.value for a in _helping(ROWS[:3] + ROWS[8:11]).values()}
