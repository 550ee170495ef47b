"""The same rows from DuckDB and from Spark: every signal, every network and what they rest on, over one registry.

Run by `make test-all`, after `tools/spark.sh` has put Java and `requirements/spark.txt` there; skipped without them.
"""

import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow.parquet as pq
import pytest

from cadre.exposure import cases, helps, holds, outcomes, presence, question_waits, stress_windows, trace_hours, tries
from cadre.exposure.trace import TRACES
from cadre.language import answers, question_targets, questions
from cadre.records import BY_NAME, DERIVED_BY_NAME
from cadre.signals import SIGNALS, Signal, Window
from cadre.signals.network import NETWORKS, Network, among_persons, with_months
from cadre.signals.valuation import with_persons
from tests.signals.conftest import START, record, tables

_LACKING = (
    "Java is missing: tools/spark.sh installs it"
    if not (shutil.which("java") or os.environ.get("JAVA_HOME"))
    else "pyspark is missing: tools/spark.sh installs it"
    if importlib.util.find_spec("pyspark") is None
    else ""
)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(_LACKING), reason=_LACKING),
    pytest.mark.filterwarnings("ignore:::pyspark.*"),
]

Tables = Mapping[str, ir.Table]
Rows = list[tuple[Any, ...]]
WINDOW = Window(date(2026, 2, 1), 100)
CONF = {
    "spark.ui.enabled": "false",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.shuffle.partitions": "4",
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.showConsoleProgress": "false",
}


def traced(tables: Tables) -> ir.Table:
    """Clock hours with a trace in the window, of every table that may show one and has rows."""
    names = [name for name in TRACES if name in tables and tables[name].count().to_pyarrow().as_py()]
    return trace_hours(tables, names, WINDOW.start, WINDOW.end)


STEPS: tuple[Callable[[Tables], ir.Table], ...] = (
    cases,
    holds,
    question_waits,
    stress_windows,
    helps,
    tries,
    outcomes,
    presence,
    questions,
    question_targets,
    answers,
    traced,
)
EVERY = pytest.mark.parametrize("signal", SIGNALS, ids=lambda s: s.name)


@dataclass(frozen=True)
class Engine:
    """An engine with the record open in it, and how it opens a Parquet file."""

    tables: Tables
    opened: Callable[[Path], ir.Table]


def _tied() -> dict[str, list[dict[str, Any]]]:
    """The busy record with a third of its times at the full hour, and tickets moved and closed twice in one instant."""
    rows = record()
    for n in range(0, 120, 5):
        at = {name: START + timedelta(days=n % 30, hours=1) for name in ("occurred_at", "local_at")}
        rows["ticket_events"] += [
            {"event_id": f"{kind}{n}{who}", "ticket_id": f"g{n}", "kind": kind, "actor_account_id": f"a{(n + who) % 6}",
             "to_account_id": f"a{(n + who + 1) % 6}", "to_team_id": str(5 - who), **at}
            for kind in ("assigned", "closed") for who in (1, 2)
        ]  # fmt: skip
    for part in rows.values():
        for row in part[::3]:
            row |= {k: v.replace(minute=0, second=0) for k, v in row.items() if isinstance(v, datetime)}
    return rows


@pytest.fixture(scope="session")
def made() -> Tables:
    return tables(_tied())


def _written(made: Tables, folder: Path, *, shuffled: bool = False) -> list[Path]:
    """The record and its derived tables as Parquet, times to the microsecond."""
    for name, table in made.items():
        schema = BY_NAME[name].stored_schema() if name in BY_NAME else DERIVED_BY_NAME[name].schema()
        rows = table.to_pyarrow().select(schema.names).cast(schema)
        pq.write_table(
            rows.take(np.random.default_rng(3).permutation(len(rows))) if shuffled else rows, folder / f"{name}.parquet"
        )
    return sorted(folder.iterdir())


@pytest.fixture(scope="session")
def duck(made: Tables, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    connection = ibis.duckdb.connect()
    files = _written(made, tmp_path_factory.mktemp("duck"))
    return Engine({file.stem: connection.read_parquet(file) for file in files}, connection.read_parquet)


@pytest.fixture(scope="session")
def spark(made: Tables, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Spark over the same rows in another order: what depends on their order is no fact."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]")
    for key, value in CONF.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    connection = ibis.pyspark.connect(session)
    files = _written(made, tmp_path_factory.mktemp("spark"), shuffled=True)
    yield Engine({file.stem: connection.read_parquet(file) for file in files}, connection.read_parquet)
    session.stop()


@pytest.fixture(scope="session")
def sums(duck: Engine, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Signal], Path]:
    """Partials of a signal as they are kept, from which both engines form the values."""
    made = tmp_path_factory.mktemp("sums")

    def kept(signal: Signal) -> Path:
        path = made / f"{signal.name}.parquet"
        if not path.exists():
            pq.write_table(signal.partials(duck.tables).to_pyarrow(), path)
        return path

    return kept


def _plain(value: Any) -> Any:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).replace(tzinfo=None)
    return tuple(value) if isinstance(value, list) else value


def _rows(expression: ir.Table) -> tuple[list[str], Rows]:
    """Column names in order, and rows in an order that the engine and the last digits do not decide."""
    table = expression.to_pyarrow()
    names = sorted(table.column_names)
    rows = [tuple(_plain(row[name]) for name in names) for row in table.to_pylist()]
    return names, sorted(
        rows, key=lambda row: [f"{cell:.6g}" if isinstance(cell, float) else repr(cell) for cell in row]
    )


def _same(ours: ir.Table, theirs: ir.Table) -> None:
    names, expected = _rows(ours)
    columns, got = _rows(theirs)

    assert names == columns
    assert expected
    assert len(expected) == len(got)
    for one, other in zip(expected, got, strict=True):
        for name, left, right in zip(names, one, other, strict=True):
            assert type(left) is type(right), (name, one, other)
            same = pytest.approx(left, rel=1e-9, abs=1e-12) if isinstance(left, float) else left
            assert right == same, (name, one, other)


@pytest.mark.parametrize("step", STEPS, ids=lambda s: s.__name__)
def test_what_signals_read_is_the_same(step: Callable[[Tables], ir.Table], duck: Engine, spark: Engine) -> None:
    _same(step(duck.tables), step(spark.tables))


@pytest.mark.parametrize("network", NETWORKS, ids=lambda n: n.name)
def test_networks_are_the_same(network: Network, duck: Engine, spark: Engine) -> None:
    ours, theirs = (
        with_months(network.edges(placed, WINDOW), placed, WINDOW)
        for placed in (among_persons(engine.tables) for engine in (duck, spark))
    )
    _same(ours, theirs)


@EVERY
def test_partials_are_the_same(signal: Signal, duck: Engine, spark: Engine) -> None:
    _same(signal.partials(duck.tables), signal.partials(spark.tables))


@EVERY
def test_values_are_the_same(signal: Signal, duck: Engine, spark: Engine, sums: Callable[[Signal], Path]) -> None:
    ours, theirs = (
        signal.value(with_persons(engine.opened(sums(signal)), engine.tables["person_accounts"], WINDOW), WINDOW)
        for engine in (duck, spark)
    )
    _same(ours, theirs)


@EVERY
def test_evidence_is_the_same(signal: Signal, duck: Engine, spark: Engine) -> None:
    _same(signal.evidence(duck.tables), signal.evidence(spark.tables))
