"""What others make of a person's value: the one with most is left out, another weighs a twentieth at most."""

from datetime import date

import ibis
import numpy as np
import pytest

from cadre.signals.partial import MOST_OF_A_COUNT, log_variance, mean_over_days, share, share_of_many, with_weights
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


FEW = {f"o{i:02d}": (1, 2) for i in range(21)}


def test_without_anybody_who_asks_much_it_is_the_plain_share() -> None:
    got = _value(FEW)
    assert got["raw_value"] == pytest.approx(0.5)
    assert got["n"] == 40
    assert got["variance"] == pytest.approx(1 / 20.5 + 1 / 20.5)


def test_two_who_keep_asking_each_other_gain_nothing() -> None:
    played = _value({**FEW, "partner": (60, 60)})
    assert played["raw_value"] == pytest.approx(0.5)
    assert played["n"] == 42


def test_a_second_who_asks_much_weighs_a_twentieth() -> None:
    whole = with_weights(_partials({**FEW, "partner": (60, 60), "other": (58, 58)}))
    rows = ibis.duckdb.connect().to_pyarrow(whole).to_pylist()
    weights = {row["other_account_id"]: row["weight"] for row in rows}
    assert "partner" not in weights
    assert weights["o01"] == 1.0
    assert weights["other"] == pytest.approx(100 / 20 / 58)


def test_with_few_others_nobody_is_left_out() -> None:
    got = _value({"a": (2, 2), "b": (0, 2), "c": (1, 2)})
    assert (got["n"], got["raw_value"]) == (6, pytest.approx(0.5))


def _days(told: list[tuple[int, int, float]]) -> dict[str, float]:
    rows = [{"person_id": "p", "other_account_id": None, "day": date(2026, 1, day), "bin": None, "n": n, "total": x,
             "total_sq": x * x / n} for day, n, x in told]  # fmt: skip
    table = ibis.memtable(rows, schema=_partials({}).schema())
    (row,) = ibis.duckdb.connect().to_pyarrow(mean_over_days(table, WINDOW)).to_pylist()
    return dict(row)


def test_turns_of_one_day_hang_together() -> None:
    many_days = _days([(day, 1, float(day % 2)) for day in range(1, 21)])
    two_days = _days([(1, 10, 10.0), (2, 10, 0.0)])
    one_day = _days([(1, 20, 10.0)])

    assert many_days["raw_value"] == two_days["raw_value"] == one_day["raw_value"] == 0.5
    assert many_days["variance"] == pytest.approx(0.25 / 19, rel=0.01)
    assert two_days["variance"] == pytest.approx(0.25)
    assert one_day["variance"] > 0


@pytest.mark.parametrize("mean", [0.5, 1.0, 2.0, 5.0])
def test_the_variance_of_a_counts_logarithm_is_what_it_varies_by(mean: float) -> None:
    counts = np.random.default_rng(1).poisson(mean, 20_000)
    told = ibis.memtable({"k": counts.tolist()}).select(v=log_variance(ibis._.k.cast("float64")))
    claimed = ibis.duckdb.connect().to_pyarrow(told)["v"].to_numpy()

    assert claimed.mean() / np.log(counts + 0.5).var() == pytest.approx(1, abs=0.35)


def test_no_logarithm_of_a_count_varies_by_more_than_is_said() -> None:
    dice = np.random.default_rng(2)
    most = max(np.log(dice.poisson(mean, 100_000) + 0.5).var() for mean in np.linspace(0.2, 4, 20))

    assert MOST_OF_A_COUNT == pytest.approx(most, abs=0.01)


def test_a_share_of_none_is_known_by_what_a_logit_can_vary_by() -> None:
    (row,) = ibis.duckdb.connect().to_pyarrow(share(_partials({"o": (0, 12)}), WINDOW)).to_pylist()

    assert row["variance"] == pytest.approx(0.52 + 1 / 12.5)
