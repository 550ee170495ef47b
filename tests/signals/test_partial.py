"""What others make of a person's value: one of them weighs a twentieth at most."""

from datetime import date

import ibis
import pytest

from cadre.signals.partial import share_of_many, with_weights
from cadre.signals.signal import Window

WINDOW = Window(date(2026, 1, 1), 90)


def _partials(pairs: dict[str, tuple[int, int]]) -> ibis.Table:
    rows = [
        {"person_id": "p", "other_account_id": other, "day": date(2026, 1, 5), "bin": None, "n": n, "total": float(k),
         "total_sq": float(k)} for other, (k, n) in pairs.items()
    ]  # fmt: skip
    schema = {"person_id": "string", "other_account_id": "string", "day": "date", "bin": "int64", "n": "int64",
              "total": "float64", "total_sq": "float64"}  # fmt: skip
    return ibis.memtable(rows, schema=schema)


def _value(pairs: dict[str, tuple[int, int]]) -> dict[str, float]:
    (row,) = ibis.duckdb.connect().to_pyarrow(share_of_many(_partials(pairs), WINDOW)).to_pylist()
    return dict(row)


FEW = {f"o{i}": (1, 2) for i in range(20)}


def test_without_anybody_who_asks_much_it_is_the_plain_share() -> None:
    got = _value(FEW)
    assert got["raw_value"] == pytest.approx(0.5)
    assert got["n"] == 40
    assert got["variance"] == pytest.approx(1 / 20.5 + 1 / 20.5)


def test_two_who_keep_asking_each_other_gain_little() -> None:
    played = _value({**FEW, "partner": (60, 60)})
    plain = (20 + 60) / 100
    assert played["n"] == 100
    assert played["raw_value"] < 0.5 + 0.2 * (plain - 0.5)


def test_what_weighs_less_tells_less() -> None:
    whole = with_weights(_partials({**FEW, "partner": (60, 60)}))
    rows = ibis.duckdb.connect().to_pyarrow(whole).to_pylist()
    weights = {row["other_account_id"]: row["weight"] for row in rows}
    assert weights["o1"] == 1.0
    assert weights["partner"] == pytest.approx(100 / 20 / 60)
