"""Why nobody is ranked where what weighs most is seen alone."""

import numpy as np

from cadre.estimate import Estimate
from cadre.readiness.agreement import Agreement
from cadre.readiness.competency import COMPETENCIES, Competence
from cadre.readiness.estimator import ReadinessModel
from cadre.readiness.measurement import Measured
from cadre.readiness.profile import default_profile
from cadre.readiness.readiness import readiness
from cadre.reports.measure import Span
from cadre.reports.readiness import Prepared, alone


def prepared(low: float) -> Prepared:
    """Twelve people, all competencies of whom are known; what weighs most goes with the rest from `low` on."""
    dice, people = np.random.default_rng(1), tuple(f"p{i}" for i in range(12))
    told = {}
    for each in COMPETENCIES:
        parts = dice.standard_normal((12, len(each.signals)))
        nothing, seen = np.zeros(12), np.full(12, len(each.signals))
        told[each.name] = Measured(
            parts.sum(axis=1), nothing + 0.1, parts, nothing, nothing, 0.9, 0.3, seen, np.ones(len(each.signals), bool)
        )
    found = Agreement("team_effect", Estimate(low + 0.3, low, low + 0.6, 0.9, 12))
    known = Competence(people, told, {name: np.full(12, 9.0) for name in told}, found)
    profile = default_profile()
    model = ReadinessModel(*profile.prior()).fit(np.zeros((0, len(profile.names))), np.zeros(0))
    return Prepared(known, profile, model, readiness(known, profile, model), {}, Span(None, 180), frozenset(), 0)


def test_what_is_seen_alone_is_named_with_its_reason() -> None:
    (told,) = alone(prepared(-0.1)).items()

    assert told[0] == "team_effect"
    assert told[1].startswith("what weighs most, team effect, is not shown to go with the rest of leading")


def test_where_it_goes_with_the_rest_nothing_is_said() -> None:
    assert alone(prepared(0.1)) == {}
