"""Reliability from a record: weeks alternate, months follow each other, and the rows lie beside the estimates they bear on."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from cadre.estimate import Estimate
from cadre.readiness.reliability import unrepeated
from cadre.records import DERIVED_BY_NAME
from cadre.services.computing.repeats import months_table, parts_of, repeats_of, repeats_table
from cadre.signals import SIGNALS, Window
from cadre.signals.valuation import with_persons
from cadre.warehouse import Warehouse
from tests.conftest import NOW, Loader

MONDAY = date(2026, 1, 5)
WINDOW = Window(MONDAY, 112)
PEOPLE = 20


@pytest.fixture
def record(warehouse: Warehouse, load: Loader) -> Warehouse:
    """Twenty people over sixteen weeks: who saves hours saves them every week; who gives the floor does so at random."""
    people = [("people", {"external_id": f"e{n}", "role": "Technician"}, n + 1) for n in range(PEOPLE)]
    load([*people, *(("accounts", {"external_id": f"u{n}", "kind": "staff"}, n + 50) for n in range(PEOPLE))])
    dice = np.random.default_rng(1)
    with warehouse.deriving(NOW) as derivation:
        tables = derivation.tables
        keys = sorted(row["person_id"] for row in tables.rows(tables["people"].select("person_id")))
        accounts = sorted(row["account_id"] for row in tables.rows(tables["accounts"].select("account_id")))
        who = [
            {"account_id": a, "person_id": p, "rule": "own", "kind": "staff"}
            for a, p in zip(accounts, keys, strict=True)
        ]
        rows: list[dict[str, Any]] = []
        for number, account in enumerate(accounts):
            for week in range(16):
                day = MONDAY + timedelta(days=7 * week + number % 5)
                told = {"account_id": account, "day": day, "n": 20}
                saved = 20 * (number / PEOPLE + 0.1 * float(dice.standard_normal()))
                rows += [
                    {**told, "signal": "adjusted_speed", "bin": 0, "total": saved, "total_sq": saved**2 / 20 + 5.0}
                ]
                rows += [{**told, "signal": "adjusted_speed", "bin": 1, "total": 0.2, "total_sq": 0.1}]
                rows += [
                    {**told, "signal": "floor_given_share", "total": float(dice.binomial(20, 0.4)), "total_sq": 8.0}
                ]
        for name, made in (("person_accounts", who), ("signal_partials", rows)):
            derivation.write(name, pa.Table.from_pylist(made, DERIVED_BY_NAME[name].schema()))
        derivation.publish()
    return warehouse


def test_what_repeats_is_told_from_what_does_not_and_only_the_latter_is_silent(record: Warehouse) -> None:
    with record.snapshot() as snapshot:
        repeats = repeats_of(snapshot, parts_of(snapshot, WINDOW))
        found = {(one.name, one.method): one.found for one in repeats}
        rows = repeats_table(repeats, WINDOW).to_pylist()

    told = [found[key] for key in (("adjusted_speed", "halves"), ("craft", "months"))]
    assert [True, True] == [isinstance(one, Estimate) and one.value > 0.8 for one in told]
    assert PEOPLE == found["craft", "months"].n

    assert ["communication"] == list(unrepeated(rows))


def test_a_month_has_the_value_a_window_of_that_month_alone_would_give(record: Warehouse) -> None:
    by_name = {signal.name: signal for signal in SIGNALS}
    with record.snapshot() as snapshot:
        told = months_table(parts_of(snapshot, WINDOW), WINDOW).to_pylist()
        found = {(row["signal"], row["month"], row["person_id"]): (row["raw_value"], row["variance"], row["n"])
                 for row in told}  # fmt: skip
        expected = {}
        for name, month in {(row["signal"], row["month"]) for row in told}:
            alone = Window(month, monthrange(month.year, month.month)[1])
            placed = with_persons(snapshot["signal_partials"], snapshot["person_accounts"], alone)
            mine = placed.filter(placed.signal == name).drop("signal")
            for row in snapshot.rows(by_name[name].value(mine, alone)):
                expected[name, month, row["person_id"]] = (row["raw_value"], row["variance"], row["n"])

    assert {row["month"] for row in told} == {date(2026, month, 1) for month in (1, 2, 3, 4)}
    assert told == sorted(told, key=lambda row: (row["person_id"], row["signal"], row["month"]))
    assert expected == {key: pytest.approx(told, rel=1e-12) for key, told in found.items()}
