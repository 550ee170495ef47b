"""Readiness of everybody: an estimate in the firm's own order, its rank interval, its exact parts, or an abstention with a reason.

The score is the log odds that the model gives beside its intercept, in standard deviations it would have were competencies
unrelated; its order is what may be read, not its size. A chance is told only once the firm has outcomes of its own. Keeps true: what each
competency and each signal adds adds up to the estimate; people whose evidence is thin are not ranked; nothing here decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cadre.inference.shrinkage import LEVEL
from cadre.readiness.competency import COMPETENCIES, Competence
from cadre.readiness.estimator import Floats, ReadinessModel, logistic
from cadre.readiness.profile import Profile

LEAST_KNOWN = 0.3
"""Share of what the score could vary by that must be known of a person: under it most of a rank would be chance."""
LEAST_COMPETENCIES = 2
LEAST_OUTCOMES = 8
"""Outcomes of the firm's own, with at least two of each kind, under which no chance is told."""
LEAST_OF_KIND = 2
ENOUGH_OUTCOMES = 20
"""Outcomes of the firm's own from which on they say themselves what a reading is worth, whatever it goes with."""
APART = 0.95
"""Chance of standing above another from which two people count as told apart."""
DRAWS = 2000
_MANY, _PAIR_DRAWS = 200, 500
"""Pairs of more people than that are compared over fewer draws: a chance is then known to .02, and nobody waits."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """Readiness of one person.

    Attributes:
        person_id: Whose.
        value: The score, in the unit above; None where abstained.
        low: Lower end of the 90% interval.
        high: Upper end.
        rank_low: Best place they may hold among those not abstained of (1 is the most ready), at 90%.
        rank_high: Worst such place.
        known: Share of what the score could vary by that their evidence settles, 0-1.
        chance: (value, low, high) of turning out well; None without outcomes of the firm's own.
        n: Observations behind it.
        reason: Why there is no estimate; None where there is one.
        parts: Competency -> what it adds; they add up to the value.
        signals: Signal -> what it adds to its competency's part, what a team has in common left out.
    """

    person_id: str
    value: float | None
    low: float | None
    high: float | None
    rank_low: int | None
    rank_high: int | None
    known: float
    chance: tuple[float, float, float] | None
    n: int
    reason: str | None
    parts: dict[str, float]
    signals: dict[str, float]


@dataclass(frozen=True)
class Standing:
    """Readiness of everybody in one window.

    Attributes:
        people: One each, by key.
        ranked: How many were ranked.
        order: Keys of those ranked, the highest estimate first. Never shown from its end.
        odds: Draws of their log odds beside the intercept (ranked x draws, in that order).
        means: Their competencies, in the order of the weights (ranked x competencies).
        variances: The same, posterior variances.
        weights: Draws of the weights (draws x competencies).
        outcomes: Outcomes of the firm's own behind the weights.
    """

    people: tuple[Readiness, ...]
    ranked: int
    order: tuple[str, ...]
    odds: Floats
    means: Floats
    variances: Floats
    weights: Floats
    outcomes: int

    @cached_property
    def above(self) -> NDArray[np.float64]:
        """Chance that the first of a pair stands above the second (ranked x ranked, in the order of `order`)."""
        return _above(self.odds)

    @cached_property
    def below(self) -> Floats:
        """Chance that each would turn out below the middle of those ranked as a lead, for each draw of the weights.

        Ranked x draws. Besides what is not known of a person stands what no competency tells: an outcome is logistic, so that
        even a sure and high estimate leaves chance. The normal stands in for the sum of both.
        """
        from scipy.special import ndtr  # noqa: PLC0415 (a tenth of a second)

        centre = self.means @ self.weights.T
        spread = np.sqrt(self.variances @ self.weights.T**2 + np.pi**2 / 3)
        told: Floats = ndtr((np.median(centre, axis=0) - centre) / spread)
        return told

    def apart(self, one: str, other: str) -> bool:
        """Whether two people can be told apart."""
        place = {person: i for i, person in enumerate(self.order)}
        if one not in place or other not in place:
            return False
        chance = float(self.above[place[one], place[other]])
        return max(chance, 1 - chance) >= APART


def readiness(
    known: Competence, profile: Profile, model: ReadinessModel, unseen: Sequence[str] = (), *, outcomes_split: int = 0
) -> Standing:
    """Estimate readiness of everybody.

    Args:
        known: Competencies of everybody.
        profile: Names the competencies, in the order of the model's weights.
        model: Fitted; without outcomes its posterior is the prior.
        unseen: People too little of whose work leaves a trace, whatever traces there are.
        outcomes_split: Outcomes of the rarer kind.
    """
    names = profile.names
    means, variances = known.means(names), known.variances(names)
    weights = model.coef_[1:]
    settled = _settled(variances, weights)
    seen = np.column_stack([known.measured[name].seen for name in names])
    n = np.column_stack([known.n[name] for name in names]).sum(axis=1)
    hidden = frozenset(unseen)
    alone = known.agreement and not known.agreement.is_shown and model.n_outcomes_ < ENOUGH_OUTCOMES
    why = known.agreement.reason if known.agreement and alone else None
    reasons = [
        _reason(float(settled[i]), int((seen[i] > 0).sum()), person in hidden) or why
        for i, person in enumerate(known.people)
    ]
    chosen = np.array([i for i, reason in enumerate(reasons) if reason is None], dtype=np.int64)
    odds = model.log_odds_draws(means[chosen], variances[chosen], DRAWS) - model.draws_[:DRAWS, 0]
    unit = float(np.sqrt((weights**2).sum())) or 1.0
    told = _chances(model, odds, outcomes_split)
    ranks = _ranks(odds)
    middle = (means[chosen] @ weights) / unit
    low, high = (np.quantile(odds, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=1) / unit) if len(chosen) else ([], [])
    place = {int(i): k for k, i in enumerate(chosen)}
    people = []
    for i, person in enumerate(known.people):
        k = place.get(i)
        parts, signals = _parts(known, i, names, weights / unit)
        people.append(
            Readiness(
                person_id=person,
                value=None if k is None else float(middle[k]),
                low=None if k is None else float(min(low[k], middle[k])),
                high=None if k is None else float(max(high[k], middle[k])),
                rank_low=None if k is None else int(ranks[0][k]),
                rank_high=None if k is None else int(ranks[1][k]),
                known=float(settled[i]),
                chance=None if k is None or told is None else (float(told[0][k]), float(told[1][k]), float(told[2][k])),
                n=int(n[i]),
                reason=reasons[i],
                parts=parts,
                signals=signals,
            )
        )
    order = np.argsort(-middle, kind="stable") if len(chosen) else np.zeros(0, dtype=np.int64)
    return Standing(
        people=tuple(people),
        ranked=len(chosen),
        order=tuple(known.people[int(chosen[k])] for k in order),
        odds=odds[order],
        means=means[chosen][order],
        variances=variances[chosen][order],
        weights=model.draws_[:DRAWS, 1:],
        outcomes=model.n_outcomes_,
    )


def _settled(variances: Floats, weights: Floats) -> Floats:
    """Share of the score's variance between people that evidence settles; competencies have variance 1 before any."""
    whole = float((weights**2).sum()) or 1.0
    settled: Floats = np.clip((1 - np.minimum(variances, 1.0)) @ weights**2 / whole, 0, 1)
    return settled


def _reason(settled: float, competencies: int, is_unseen: bool) -> str | None:
    if is_unseen:
        return "too little of their work leaves a trace in the record"
    if competencies < LEAST_COMPETENCIES:
        has = "competency has" if competencies == 1 else "competencies have"
        return f"{competencies} {has} evidence, {LEAST_COMPETENCIES} are needed"
    if settled < LEAST_KNOWN:
        return f"the evidence settles {settled:.0%} of the estimate, {LEAST_KNOWN:.0%} is needed"
    return None


def _chances(model: ReadinessModel, odds: Floats, split: int) -> tuple[Floats, Floats, Floats] | None:
    """Chance of turning out well, with interval; None where the firm's own outcomes are too few."""
    if model.n_outcomes_ < LEAST_OUTCOMES or split < LEAST_OF_KIND:
        return None
    chance = logistic(odds + model.draws_[: odds.shape[1], 0])
    low, high = np.quantile(chance, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=1)
    return chance.mean(axis=1), low, high


def _ranks(odds: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Best and worst place of each person over the draws, at the level of intervals."""
    if not len(odds):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    places = np.empty(odds.shape, dtype=np.int32)
    np.put_along_axis(places, np.argsort(-odds, axis=0), np.arange(1, len(odds) + 1, dtype=np.int32)[:, None], axis=0)
    low, high = np.quantile(places, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=1)
    return np.floor(low).astype(np.int64), np.ceil(high).astype(np.int64)


def _above(odds: Floats) -> Floats:
    """Chance that each stands above each other, over the draws."""
    few = odds[:, :_PAIR_DRAWS] if len(odds) > _MANY else odds
    made = np.empty((len(odds), len(odds)), dtype=np.float64)
    for i, mine in enumerate(few):
        made[i] = (mine > few).mean(axis=1)
    return made


def _parts(
    known: Competence, i: int, names: Sequence[str], weights: Floats
) -> tuple[dict[str, float], dict[str, float]]:
    parts, signals = {}, {}
    told = {competency.name: competency.signals for competency in COMPETENCIES}
    for name, weight in zip(names, weights.tolist(), strict=True):
        got = known.measured[name]
        parts[name] = weight * float(got.mean[i])
        for k, signal in enumerate(told[name]):
            if got.parts[i, k]:
                signals[signal] = weight * float(got.parts[i, k])
    return parts, signals
