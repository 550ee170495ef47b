"""How far a trial would narrow an interval: against the estimator run anew, and what no trial can do."""

from typing import Any

import numpy as np
import pytest

from cadre.readiness.competency import COMPETENCIES, competence
from cadre.readiness.estimator import ReadinessModel
from cadre.readiness.profile import default_profile
from cadre.readiness.trial import TRIALS, left, narrowings, seen
from cadre.signals import SIGNALS

PEOPLE = [f"p{i:02}" for i in range(30)]


def _values(more: dict[str, int] | None = None, person: str = "") -> list[dict[str, Any]]:
    dice = np.random.default_rng(4)
    rows = []
    for each in COMPETENCIES:
        for name in each.signals:
            for number, who in enumerate(PEOPLE):
                raw = float(np.clip(0.5 + 0.15 * np.sin(number) + 0.1 * dice.standard_normal(), 0.05, 0.95))
                n = 30 + (more or {}).get(name, 0) * (who == person)
                rows.append({"signal": name, "person_id": who, "raw_value": raw, "variance": 3.0 * 0.1 / n,
                             "value": raw, "n": n})  # fmt: skip
    return rows


def test_what_is_left_is_what_the_estimator_leaves_when_run_anew() -> None:
    trial = next(t for t in TRIALS if t.name == "queue")
    values = _values()
    known, anew = competence(values, {}), competence(_values(dict(trial.adds), "p03"), {})
    signals = next(c.signals for c in COMPETENCIES if c.name == "delegation")
    adds = {k: trial.adds[name] for k, name in enumerate(signals)}

    told = left(seen(values)["delegation"], known.measured["delegation"].together, "p03", adds)
    measured = anew.measured["delegation"].variance[3] / known.measured["delegation"].variance[3]
    assert measured == pytest.approx(told, abs=0.03)
    assert told < 1


def test_more_evidence_never_widens_and_an_unseen_signal_adds_nothing() -> None:
    found = seen(_values())["composure"]
    blind = seen([row for row in _values() if row["signal"] != "coordination_share"])["composure"]

    shares = [left(found, 0.3, "p01", {0: count}) for count in (0, 1, 10, 100)]
    assert sorted(shares, reverse=True) == shares
    assert 1 == shares[0]
    assert 1 == pytest.approx(left(blind, 0.3, "p01", {0: 50}))


def test_the_cheapest_comes_first_and_every_trial_stays_in_bounds() -> None:
    values, profile = _values(), default_profile()
    known = competence(values, {})
    model = ReadinessModel(*profile.prior()).fit(np.zeros((0, len(profile.names))), np.zeros(0))

    found = narrowings(seen(values), known, profile.names, model, "p01", "p02")
    assert sorted((n.an_hour for n in found), reverse=True) == [n.an_hour for n in found]
    assert all(n.after <= n.before for n in found)
    assert all(0 <= n.told_apart <= 1 and 0 <= n.own < 1 for n in found)


def test_the_chance_of_being_told_apart_is_what_drawing_the_trial_gives() -> None:
    from cadre.inference.shrinkage import Z_90
    from cadre.readiness.trial import _told_apart

    dice = np.random.default_rng(1)
    after_mean = 0.8 + np.sqrt(0.5 - 0.3) * dice.standard_normal(200_000)
    drawn = float((np.abs(after_mean) >= Z_90 * np.sqrt(0.3)).mean())

    assert drawn == pytest.approx(_told_apart(0.8, 0.5, 0.3), abs=0.004)


def test_every_trial_exercises_signals_that_exist() -> None:
    names = {signal.name for signal in SIGNALS}

    assert {name for trial in TRIALS for name in trial.adds} <= names
    assert len(TRIALS) == len({trial.name for trial in TRIALS})
