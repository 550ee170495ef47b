"""Case-mix expectations: fitted without the person's own tickets, and able to tell long cases from short."""

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa

from cadre.exposure import expectations
from cadre.records import DERIVED_BY_NAME


def _cases(own_factor: float = 1.0) -> pa.Table:
    dice = np.random.default_rng(3)
    rows = []
    for n in range(400):
        who, kind = f"a{n % 8}", ("backup", "password")[n // 8 % 2]
        hours = (8.0 if kind == "backup" else 1.0) * float(np.exp(dice.normal(0, 0.3)))
        rows.append({
            "ticket_id": f"t{n}", "account_id": who, "type": "incident", "category": kind, "client_id": None,
            "channel": "mail", "team_id": "desk", "priority": "3", "weekday": "1", "part": "2",
            "occurred_at": None, "local_at": datetime(2026, 1, 5) + timedelta(hours=n),
            "open_hours": hours * (own_factor if who == "a0" else 1.0),
        })  # fmt: skip
    return pa.Table.from_pylist(rows).cast(_schema(rows))


def _schema(rows: list[dict[str, object]]) -> pa.Schema:
    kinds = {"local_at": pa.timestamp("us"), "occurred_at": pa.timestamp("us", tz="UTC"), "open_hours": pa.float64()}
    return pa.schema([(name, kinds.get(name, pa.string())) for name in rows[0]])


def _expected(table: pa.Table, who: str) -> list[float]:
    return [r["expected_hours"] for r in table.to_pylist() if r["account_id"] == who]


def test_a_persons_own_tickets_never_set_their_expectation() -> None:
    before, after = expectations(_cases(), {}), expectations(_cases(own_factor=50.0), {})

    np.testing.assert_allclose(_expected(before, "a0"), _expected(after, "a0"))
    assert any(_expected(before, f"a{n}") != _expected(after, f"a{n}") for n in range(1, 8))


def test_longer_cases_are_expected_to_take_longer() -> None:
    found = expectations(_cases(), {})
    hours = np.array(found.column("expected_hours").to_pylist())

    assert found.schema == DERIVED_BY_NAME["ticket_expectations"].schema()
    assert 5 < np.median(hours[hours > 3]) < 12
    assert 0.6 < np.median(hours[hours < 3]) < 1.6


def test_too_few_cases_give_no_expectation() -> None:
    assert expectations(_cases().slice(0, 20), {}).num_rows == 0
