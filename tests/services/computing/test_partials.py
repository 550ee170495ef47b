"""The sums of signals after new, late and corrected rows are those computed from nothing."""

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from cadre.access.principal import Principal
from cadre.clock import FixedClock
from cadre.runtime import Runtime, open_invented, open_runtime
from cadre.services.computing import partials as stage
from cadre.services.computing.partials import bring_partials_up
from cadre.services.computing.refresh import refresh
from cadre.simulator import load_world, simulate
from cadre.warehouse import Collector, LoadFile
from tests.firms import copied, small

UNTIL, CUT = date(2026, 6, 30), datetime(2026, 6, 29, tzinfo=UTC)
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
Tables = dict[str, list[pa.Table]]


def _firm() -> Tables:
    found: Tables = {}
    for name, rows in simulate(load_world("helpful"), 3, 6, 2, until=UNTIL):
        found.setdefault(name, []).append(rows)
    return found


def _early(name: str, rows: pa.Table, dice: random.Random) -> pa.Table:
    """What was known at the cut, a few rows of it missing; a ticket resolved later was still open."""
    if "occurred_at" not in rows.schema.names:
        return rows
    at = rows.column("occurred_at").to_pylist()
    kept = rows.filter(pa.array([when is None or (when < CUT and dice.random() > 0.0005) for when in at]))
    if name != "tickets":
        return kept
    open_then = [when is not None and when >= CUT for when in kept.column("resolved_at").to_pylist()]
    for column in ("resolved_at", "resolver_account_id", "sla_met", "closed_at"):
        place = kept.schema.get_field_index(column)
        values = [
            None if later else value for value, later in zip(kept.column(column).to_pylist(), open_then, strict=True)
        ]
        kept = kept.set_column(place, kept.schema.field(place), pa.array(values, kept.schema.field(place).type))
    return kept


def _load(runtime: Runtime, tables: Tables, file: str) -> None:
    with runtime.warehouse.loading("simulated", NOW) as load:
        collector = Collector(load.folder, NOW)
        for name, chunks in tables.items():
            for rows in chunks:
                collector.batch(name, rows)
        staged = collector.close()
        load.count(staged, [LoadFile(file, file, "s")], load.write(staged))
        load.publish()


def _bring_up(runtime: Runtime) -> None:
    refresh(runtime.principal, runtime.warehouse, runtime.work(), runtime.clock)


def _partials(runtime: Runtime) -> dict[tuple[Any, ...], tuple[float, ...]]:
    with runtime.snapshot() as record:
        rows = record.rows(record["signal_partials"])
    keys = ("signal", "account_id", "other_account_id", "day", "bin")
    found = {tuple(row[k] for k in keys): (row["n"], round(row["total"], 6), round(row["total_sq"], 6)) for row in rows}
    assert len(found) == len(rows)
    return found


@pytest.fixture
def runtime(tmp_path: Path) -> Runtime:
    opened = open_invented(tmp_path / "firm")
    return Runtime(opened.root, opened.settings, FixedClock(NOW), Principal("test", "owner"))


def test_late_and_corrected_rows_heal(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    firm, dice = _firm(), random.Random(4)
    _load(runtime, {name: [_early(name, rows, dice) for rows in chunks] for name, chunks in firm.items()}, "early")
    _bring_up(runtime)
    _load(runtime, firm, "all")
    spans: list[stage.Days | None] = []
    touched = stage._touched
    monkeypatch.setattr(stage, "_touched", lambda *a: spans.append(touched(*a)) or spans[-1])
    _bring_up(runtime)
    healed = _partials(runtime)
    with runtime.warehouse.deriving(NOW) as derivation:
        bring_partials_up(derivation, runtime.warehouse.firm, whole=True)
        derivation.publish()
    anew = _partials(runtime)

    assert spans[0]  # only some days were touched
    assert sum((last - first).days + 1 for first, last in spans[0]) < 30
    assert healed.keys() == anew.keys()
    assert {key for key in anew if healed[key] != anew[key]} == set()


def test_nothing_new_computes_nothing(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = open_runtime(copied(tmp_path_factory, "small", small))
    before = _partials(runtime)
    monkeypatch.setattr(stage, "_partials", None)
    _bring_up(runtime)

    assert _partials(runtime) == before


def test_spans_grow_and_join() -> None:
    day = date(2026, 3, 1)
    apart = ((day, day), (day + timedelta(days=20), day + timedelta(days=21)))

    assert stage._widened(apart, 2) == ((day - timedelta(days=2), day + timedelta(days=2)),
                                        (day + timedelta(days=18), day + timedelta(days=23)))  # fmt: skip
    assert stage._widened(apart, 10) == ((day - timedelta(days=10), day + timedelta(days=31)),)
