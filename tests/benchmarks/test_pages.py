"""The benchmark of the pages asks a workspace that has as many decisions as it says, and every page of it answers."""

import importlib.util
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from tools.lint.house import ROOT

from cadre.db.governance import ActionDecision
from cadre.reports.agents.tally import tallies
from tests.agent_firm import UNTIL, build


@pytest.mark.slow
def test_repeated_decisions_lie_in_the_same_month_and_are_shown(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("benchmark_of_pages", ROOT / "benchmarks" / "pages.py")
    assert spec is not None
    assert spec.loader is not None
    benchmark = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    runtime = build(tmp_path / "firm", days=2)
    with runtime.sessions() as session:
        before = session.scalar(select(func.count()).select_from(ActionDecision)) or 0
        made = benchmark.repeat(session, 4 * before, UNTIL)
        benchmark.repeat_events(session, 1_000)
        counted = sum(one.count for one in tallies(session, UNTIL - timedelta(days=30), UNTIL + timedelta(days=1)))
    rows = benchmark.measured(runtime, ("/agents", "/decisions", "/clients/psa/alder", "/audit"), 1)
    runtime.close()

    assert (4 * before, 4 * before) == (made, counted)
    assert {200} == {row["status"] for row in rows}
    assert [] == [row for row in rows if not row["cpu_ms"] > 0]
