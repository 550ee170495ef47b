"""The study of a month runs on a small firm: nothing is held back, replays agree, and every figure has its interval and n."""

import importlib

import pytest


def test_a_small_month_is_observed_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend("validation")
    told = importlib.import_module("month").study(1, people=4, weeks=1)
    figures = told["figures"]

    assert 0 == figures["replays_that_differ"]
    assert all({"value", "low", "high", "n"} == value.keys() for value in figures.values() if isinstance(value, dict))
    assert (
        figures["approvals_a_day_per_approver"]["value"]
        < (told["baselines"]["approvals_a_day_per_approver_if_every_change_asks"]["value"])
    )
