"""What every signal of the registry keeps: schema, laziness, empty in empty out, order, evidence, names."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any

import ibis.expr.types as ir
import pytest

from cadre.records import BY_NAME, DERIVED_BY_NAME
from cadre.signals import SIGNALS, Signal, Window
from cadre.signals.valuation import signal_values, with_persons

EVERY = pytest.mark.parametrize("signal", SIGNALS, ids=lambda s: s.name)
WINDOW = Window(date(2026, 2, 1), 100)
Tables = Mapping[str, ir.Table]
Place = Callable[..., ir.Table]
Rows = list[dict[str, Any]]
Measured = Callable[[Signal], Rows]
_EVIDENCE = {"account_id", "record_table", "record_id", "occurred_at", "local_at", "effect", "note"}


@pytest.fixture(scope="session")
def measured(busy: Tables, place: Place) -> Measured:
    """Values of the busy record by signal, each computed once."""
    return cache(lambda signal: _rows(signal, busy, place()))


def _rows(signal: Signal, tables: Tables, persons: ir.Table) -> Rows:
    placed = with_persons(signal.partials(tables), persons, WINDOW)
    return list(signal.value(placed, WINDOW).to_pyarrow().to_pylist())


def _values(rows: Rows) -> list[tuple[object, ...]]:
    return sorted((r["person_id"], round(r["raw_value"], 9), round(r["variance"], 9), r["n"]) for r in rows)


def test_names_are_unique() -> None:
    assert len(SIGNALS) == len({s.name for s in SIGNALS})


@EVERY
def test_needs_are_tables_and_texts_say_something(signal: Signal) -> None:
    assert {name for way in signal.needs for name in way} <= BY_NAME.keys()
    assert "{value}" in signal.sentence
    assert signal.explanation
    assert signal.reference


@EVERY
def test_partials_are_lazy_and_have_the_columns_of_the_record(signal: Signal, busy: Tables) -> None:
    partials = signal.partials(busy)
    schema = DERIVED_BY_NAME["signal_partials"].schema()

    assert isinstance(partials, ir.Table)
    assert set(schema.names) - {"signal"} == set(partials.columns)
    got = partials.select(*[n for n in schema.names if n != "signal"]).to_pyarrow()
    assert got.cast(schema.remove(0)).num_rows > 0


@EVERY
def test_empty_in_gives_empty_out(signal: Signal, empty: Tables, place: Place) -> None:
    assert _rows(signal, empty, place()) == []
    assert signal.evidence(empty).to_pyarrow().num_rows == 0


@EVERY
def test_the_order_of_rows_does_not_matter(signal: Signal, measured: Measured, backwards: Tables, place: Place) -> None:
    assert _values(measured(signal)) == _values(_rows(signal, backwards, place()))


@EVERY
def test_everybody_with_a_value_has_rows_behind_it(signal: Signal, busy: Tables, measured: Measured) -> None:
    rows = signal.evidence(busy).to_pyarrow()
    seen = {f"p{account[1:]}" for account in rows.column("account_id").to_pylist()}
    valued = {str(row[0]) for row in _values(measured(signal))}

    assert set(rows.column_names) >= _EVIDENCE
    assert valued
    assert valued <= seen


@EVERY
def test_values_lie_inside_their_intervals_and_thin_ones_have_a_reason(signal: Signal, measured: Measured) -> None:
    made = signal_values(signal, measured(signal), WINDOW, {})

    assert made
    for row in made:
        if row["n"] < signal.min_n:
            assert row["value"] is None
            assert row["reason"]
        else:
            assert row["low"] <= row["value"] <= row["high"]


def test_help_between_two_accounts_of_one_person_vanishes(busy: Tables, place: Place) -> None:
    signal = next(s for s in SIGNALS if s.name == "peer_answer_share")
    everyone_one = place(**{f"a{n}": "p0" for n in range(6)})

    assert _rows(signal, busy, place())
    assert _rows(signal, busy, everyone_one) == []
