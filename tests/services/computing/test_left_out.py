"""A row whose contest was upheld does not count for that person's signal, and for everybody else as before."""

from functools import cache
from importlib import util
from pathlib import Path
from typing import Any

import ibis
import pytest

from cadre.services.computing.partials import LeftOut, _counting
from cadre.signals import SIGNALS, Signal

_SPEC = util.spec_from_file_location("signals_record", Path(__file__).parents[2] / "signals" / "conftest.py")
assert _SPEC is not None
assert _SPEC.loader is not None
made = util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(made)
WHOLE = frozenset({"team_lift", "team_steadiness", "learner_gain"})
"""Fitted on everybody at once: no row of one person stands behind them alone."""
BY_NAME = {signal.name: signal for signal in SIGNALS}


@pytest.fixture(scope="module")
def tables() -> Any:
    return made.tables(made.record())


@cache
def _engine() -> Any:
    """One for all tests: a new one reads every table anew."""
    return ibis.duckdb.connect()


def _sums(expression: ibis.Table) -> dict[str, tuple[int, float]]:
    summed = expression.group_by("account_id").agg(n=expression.n.sum(), total=expression.total.sum())
    return {r["account_id"]: (r["n"], round(r["total"], 9)) for r in _engine().to_pyarrow(summed).to_pylist()}


def _row_of(signal: Signal, tables: Any) -> dict[str, Any]:
    """The first row of evidence of somebody who has several."""
    rows = _engine().to_pyarrow(signal.evidence(tables)).to_pylist()
    rows = sorted((r for r in rows if r["account_id"].startswith("a")), key=lambda r: (r["account_id"], r["record_id"]))
    return rows[0]


@pytest.mark.parametrize(
    "name",
    [s.name for s in SIGNALS if s.name not in WHOLE],
)
def test_one_row_less_for_that_person_and_the_same_for_others(name: str, tables: Any) -> None:
    signal = BY_NAME[name]
    row = _row_of(signal, tables)
    person = row["account_id"].replace("a", "p", 1)
    left_out = [LeftOut(person, name, row["record_table"], row["record_id"])]
    before = _sums(_counting(signal, tables, tables, []))
    after = _sums(_counting(signal, tables, tables, left_out))
    mine = row["account_id"]
    assert {a: s for a, s in after.items() if a != mine} == {a: s for a, s in before.items() if a != mine}
    assert after.get(mine, (0, 0.0))[0] < before[mine][0]


def test_a_row_left_out_for_one_counts_for_the_other_whom_it_names(tables: Any) -> None:
    signal = BY_NAME["peer_answer_share"]
    row = _row_of(signal, tables)
    other = [LeftOut("p999", signal.name, row["record_table"], row["record_id"])]
    assert _sums(_counting(signal, tables, tables, other)) == _sums(_counting(signal, tables, tables, []))
