"""Expectations: fitted without the person's own cases, kept as they were, and able to tell cases apart."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa

from cadre.exposure import SHARES, expectations, fitted, fold_of, is_stale
from cadre.exposure.case import FACTORS
from cadre.records import DERIVED_BY_NAME

OUTCOMES = ("hours", *SHARES, "rating_share")


def _cases(count: int = 800, own_factor: float = 1.0, *, own_reopened: bool = False) -> pa.Table:
    dice = np.random.default_rng(3)
    rows = []
    for n in range(count):
        who, kind = f"a{n % 16}", ("backup", "password")[n // 16 % 2]
        hours = (8.0 if kind == "backup" else 1.0) * float(np.exp(dice.normal(0, 0.3)))
        reopened = float(dice.random() < (0.4 if kind == "backup" else 0.1))
        told: dict[str, object] = dict.fromkeys(FACTORS)
        at = datetime(2026, 1, 5) + timedelta(hours=n)
        rows.append({
            **told, "ticket_id": f"t{n}", "account_id": who, "topic": kind, "team_id": "desk", "priority": "3",
            "occurred_at": at.replace(tzinfo=UTC), "local_at": at,
            "open_hours": hours * (own_factor if who == "a0" else 1.0),
            "reopened": 1.0 if own_reopened and who == "a0" else reopened,
            "late": None, "recurred": None, "helped": 0.0, "rating_share": None,
        })  # fmt: skip
    kinds = {"local_at": pa.timestamp("us"), "occurred_at": pa.timestamp("us", tz="UTC"),
             **dict.fromkeys(("open_hours", *SHARES, "rating_share"), pa.float64())}  # fmt: skip
    return pa.Table.from_pylist(rows, pa.schema([(name, kinds.get(name, pa.string())) for name in rows[0]]))


def _found(rows: pa.Table) -> pa.Table:
    return expectations(rows, fitted(rows, {}, OUTCOMES), {})


def _own(table: pa.Table, who: str) -> list[tuple[float, float, float]]:
    return [
        (r["expected_hours"], r["difficulty"], r["expected_reopened"])
        for r in table.to_pylist()
        if r["account_id"] == who
    ]


def test_a_persons_own_cases_never_set_their_expectation() -> None:
    before, after = _found(_cases()), _found(_cases(own_factor=50.0, own_reopened=True))

    assert _own(before, "a0") == _own(after, "a0")
    assert any(_own(before, f"a{n}") != _own(after, f"a{n}") for n in range(1, 16))


def test_longer_and_worse_cases_are_expected_to_be_so() -> None:
    found = _found(_cases())
    hard = np.array([row["expected_hours"] > 3 for row in found.to_pylist()])
    hours, reopened = (np.array(found.column(n).to_pylist()) for n in ("expected_hours", "expected_reopened"))

    assert found.schema == DERIVED_BY_NAME["ticket_expectations"].schema()
    assert 5 < np.median(hours[hard]) < 12
    assert 0.6 < np.median(hours[~hard]) < 1.6
    assert reopened[hard].mean() > reopened[~hard].mean() + 0.15


def test_what_nobody_tells_is_not_expected() -> None:
    found = _found(_cases())

    assert found.column("expected_late").null_count == found.num_rows
    assert found.column("late").null_count == found.num_rows
    assert np.allclose(found.column("expected_helped").to_numpy(), 0.0, atol=0.01)


def test_too_few_cases_give_no_expectation() -> None:
    assert _found(_cases(40)).num_rows == 0


def test_kept_weights_leave_an_old_case_as_it_was() -> None:
    first, later = _cases(800), _cases(900)
    weights = fitted(first, {}, OUTCOMES)
    before, after = expectations(first, weights, {}), expectations(later, weights, {})

    assert after.slice(0, 800).equals(before)
    assert not is_stale(weights, "hours", 900)
    assert is_stale(weights, "hours", 1000)


def test_accounts_of_one_person_share_a_fold() -> None:
    rows = _cases()
    found = expectations(rows, fitted(rows, {"a1": "a0"}, OUTCOMES), {"a1": "a0"})

    assert {row["fold"] for row in found.to_pylist() if row["account_id"] in {"a0", "a1"}} == {fold_of("a0")}


def test_without_an_effect_of_the_case_nothing_is_made_of_chance() -> None:
    dice = np.random.default_rng(5)
    rows = _cases(1600)
    noise = pa.array((dice.random(1600) < 0.1).astype(float))
    topics = pa.array([f"x{int(n)}" for n in dice.integers(0, 40, 1600)])
    rows = rows.set_column(rows.schema.get_field_index("reopened"), "reopened", noise)
    rows = rows.set_column(rows.schema.get_field_index("topic"), "topic", topics)
    expected = _found(rows).column("expected_reopened").to_numpy()

    assert expected.std() < 0.03
