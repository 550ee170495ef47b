"""The signals of what was fitted give it back as it was written, with the tickets behind it."""

from collections.abc import Callable, Mapping
from datetime import date

import ibis.expr.types as ir
import pytest

from cadre.signals import SIGNALS, Window
from cadre.signals.valuation import signal_values, with_persons

WINDOW = Window(date(2026, 2, 1), 100)
BY_NAME = {signal.name: signal for signal in SIGNALS}
Tables = Mapping[str, ir.Table]


@pytest.mark.parametrize("name", ["team_lift", "team_steadiness"])
def test_values_are_those_of_the_fit(name: str, busy: Tables, place: Callable[..., ir.Table]) -> None:
    signal = BY_NAME[name]
    rows = signal.value(with_persons(signal.partials(busy), place(), WINDOW), WINDOW).to_pyarrow().to_pylist()

    assert {r["person_id"]: (round(r["raw_value"], 6), r["variance"], r["n"]) for r in rows} == {
        f"p{n}": ((n - 2) / 50, 0.001, 100 + n) for n in range(6)
    }
    assert all(row["value"] is not None for row in signal_values(signal, rows, WINDOW, {}))


@pytest.mark.parametrize("name", ["team_lift", "team_steadiness"])
def test_evidence_is_teammates_tickets_and_never_ones_own(name: str, busy: Tables) -> None:
    rows = BY_NAME[name].evidence(busy).to_pyarrow().to_pylist()
    owner = {r["ticket_id"]: r["account_id"] for r in busy["ticket_expectations"].to_pyarrow().to_pylist()}

    assert rows
    for row in rows:
        mine, theirs = int(row["account_id"][1:]), int(owner[row["record_id"]][1:])
        assert mine != theirs
        assert mine % 2 == theirs % 2  # the two teams of the record


def test_evidence_of_the_slow_tail_marks_about_a_fifth(busy: Tables) -> None:
    effects = BY_NAME["team_steadiness"].evidence(busy).to_pyarrow().column("effect").to_pylist()

    assert set(effects) == {-1.0, 0.0}
    assert 0.05 < -sum(effects) / len(effects) < 0.4


def test_learner_gain_is_the_mean_of_the_steps(busy: Tables, place: Callable[..., ir.Table]) -> None:
    signal = BY_NAME["learner_gain"]
    rows = signal.value(with_persons(signal.partials(busy), place(), WINDOW), WINDOW).to_pyarrow().to_pylist()
    steps = busy["learning_steps"].to_pyarrow().to_pylist()

    assert steps
    for row in rows:
        mine = [s["gain"] for s in steps if s["account_id"] == f"a{row['person_id'][1:]}"]
        assert row["n"] == len(mine)
        assert row["raw_value"] == pytest.approx(sum(mine) / len(mine))


def test_they_are_trials() -> None:
    assert all(BY_NAME[name].is_experimental for name in ("team_lift", "team_steadiness", "learner_gain"))
