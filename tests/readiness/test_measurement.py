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


def test_parts_and_team_add_up_to_the_estimate() -> None:
    _, seen, noise = drawn(40, 1)
    seen[::3, 1] = np.nan
    got = measured(seen, noise, ["lead" if i % 5 == 0 else "" for i in range(40)], ALIKE)
    assert got.parts.sum(axis=1) + got.team == pytest.approx(got.mean)


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
    y = standardised(dice.standard_normal((200, 2)) * 0.5, noise).values
    got = measured(dice.standard_normal((200, 2)) * 0.5, noise, [""] * 200, (1.0, 1.0))
    assert np.isnan(y).all()
    assert (got.reliability, float(np.abs(got.mean).max())) == (0.0, 0.0)


def _teams(seed: int, own: float) -> tuple[Floats, Floats, list[str], Floats]:
    """Four teams of ten whose work differs by a standard deviation and whose people differ by `own`: seen, noise, team, own parts."""
    dice = np.random.default_rng(seed)
    teams = [f"t{i % 4}" for i in range(40)]
    work = np.repeat(dice.standard_normal((1, 4)), 10, axis=0).ravel()
    people = own * dice.standard_normal(40)
    seen = (work + people + 0.3 * dice.standard_normal(40))[:, None]
    return seen, np.full((40, 1), 0.09), teams, people


def test_what_a_team_has_in_common_is_nobodys_own() -> None:
    """People alike in teams that differ: told as if they differed by whoever looks past the team, and as alike with it."""
    past, with_it = [], []
    for seed in range(40):
        seen, noise, teams, _ = _teams(seed, own=0.0)
        past.append(measured(seen, noise, [""] * 40, (1.0,)).reliability)
        with_it.append(measured(seen, noise, teams, (1.0,)).reliability)
    assert float(np.median(past)) > 0.8
    assert float(np.median(with_it)) < 0.1


def test_what_sets_a_person_apart_from_their_team_is_found_and_its_interval_holds() -> None:
    hits, found = [], []
    for seed in range(40):
        seen, noise, teams, people = _teams(seed, own=1.0)
        got = measured(seen, noise, teams, (1.0,))
        hits.append((np.abs(got.mean - people) <= 1.645 * np.sqrt(got.variance)).mean())
        found.append(np.corrcoef(got.mean, people)[0, 1])
    assert 0.86 <= np.mean(hits) <= 0.94
    assert float(np.mean(found)) > 0.85


def test_where_nobody_shares_a_team_all_are_held_against_each_other() -> None:
    seen, noise, _, _ = _teams(5, own=1.0)
    alone = measured(seen, noise, [f"t{i}" for i in range(40)], (1.0,))
    together = measured(seen, noise, [""] * 40, (1.0,))
    assert together.mean.tolist() == alone.mean.tolist()
