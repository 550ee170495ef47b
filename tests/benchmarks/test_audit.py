"""The benchmark of the audit log measures a log that holds."""

import importlib.util
from pathlib import Path

from tools.lint.house import ROOT


def test_a_short_run_measures_every_figure_on_a_log_that_holds(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("benchmark_of_the_log", ROOT / "benchmarks" / "audit.py")
    assert spec is not None
    assert spec.loader is not None
    benchmark = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(benchmark)

    found = benchmark.measure(tmp_path, 300)

    assert ([], True) == (found["problems"], found["rows"] > 300)
    assert [] == [name for name, value in found.items() if isinstance(value, float) and not value > 0]
    assert [8, 32] == [each["callers"] for each in found["answered"]]
