"""Competencies from signals: exact parts, wider where less is seen, and right about what was drawn."""

import numpy as np
import pytest

from cadre.readiness.measurement import Floats, measured, standardised

ALIKE = (1.0, 1.0, 1.0)


def drawn(people: int, seed: int, noise: float = 0.5, together: float = 0.4) -> tuple[Floats, Floats, Floats]:
    """True means of three signals, what was seen of them, and the variance of that."""
    dice = np.random.default_rng(seed)
    common = np.sqrt(together) * dice.standard_normal((people, 1))
    truth = common + np.sqrt(1 - together) * dice.standard_normal((people, 3))
    seen = truth + np.sqrt(noise) * dice.standard_normal(truth.shape)
    return truth.mean(axis=1), seen, np.full(seen.shape, noise)


def test_parts_and_role_add_up_to_the_estimate() -> None:
    _, seen, noise = drawn(40, 1)
    seen[::3, 1] = np.nan
    got = measured(seen, noise, ["lead" if i % 5 == 0 else "" for i in range(40)], ALIKE)
    assert got.parts.sum(axis=1) + got.role == pytest.approx(got.mean)


def test_what_is_missing_adds_nothing_and_widens() -> None:
    _, seen, noise = drawn(40, 2)
    whole = measured(seen, noise, [""] * 40, ALIKE)
    seen[0] = np.nan
    seen[1, 0] = np.nan
    got = measured(seen, noise, [""] * 40, ALIKE)
    assert (got.mean[0], got.seen[0]) == (pytest.approx(0.0), 0)
    assert got.variance[0] == pytest.approx(1.0, abs=0.05)
    assert whole.variance[1] < got.variance[1] < got.variance[0]


def test_intervals_hold_the_true_value_as_often_as_they_say() -> None:
    hits = []
    for seed in range(60):
        truth, seen, noise = drawn(60, 100 + seed)
        got = measured(seen, noise, [""] * 60, ALIKE)
        scale = np.sqrt((1 + 2 * 0.4) / 3)  # sd of the mean of three that go together by .4
        hits.append((np.abs(got.mean - truth / scale) <= 1.645 * np.sqrt(got.variance)).mean())
    assert 0.87 <= np.mean(hits) <= 0.93


def test_chance_alone_tells_nobody_apart() -> None:
    dice = np.random.default_rng(3)
    noise = np.full((200, 2), 1.0)
    y, _ = standardised(dice.standard_normal((200, 2)) * 0.5, noise)
    got = measured(dice.standard_normal((200, 2)) * 0.5, noise, [""] * 200, (1.0, 1.0))
    assert np.isnan(y).all()
    assert (got.reliability, float(np.abs(got.mean).max())) == (0.0, 0.0)


def test_a_role_draws_those_of_whom_little_is_seen_to_its_middle() -> None:
    dice = np.random.default_rng(4)
    roles = ["lead"] * 20 + ["technician"] * 20
    truth = np.array([1.5] * 20 + [-1.5] * 20) + 0.5 * dice.standard_normal(40)
    seen = (truth + 0.3 * dice.standard_normal(40))[:, None]
    noise = np.full((40, 1), 0.09)
    seen[0], seen[20] = np.nan, np.nan
    got = measured(seen, noise, roles, (1.0,))
    assert got.mean[0] > 0.5
    assert got.mean[20] < -0.5
    assert got.variance[0] > got.variance[1]
