"""Four-week trials before a seat is filled: what each would show, what it takes, and how far it would narrow what is not known.

A trial adds observations to the signals it exercises. In the normal model of `measurement` the spread that is left depends on
how much was seen and not on what, so it can be told beforehand. Keeps true: a new observation says as much as the middle one
of this firm, everything else stays as it is; the hours and counts of a trial are stated guesses. It proposes nobody.

References:
    Raiffa and Schlaifer 1961, preposterior analysis: the mean after a trial varies by what the trial takes off the variance.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import erf, sqrt
from typing import Any

import numpy as np

from cadre.inference.shrinkage import Z_90
from cadre.readiness.competency import COMPETENCIES, Competence, Competency, placed, weights_of
from cadre.readiness.estimator import Floats, ReadinessModel
from cadre.readiness.measurement import standardised

WEEKS = 4
_UNSEEN = 1e9


@dataclass(frozen=True, slots=True)
class Trial:
    """Something to try for four weeks.

    Attributes:
        name: Key.
        what: As an imperative.
        hours: Hours it takes of the person and of whoever goes along, in all.
        adds: Signal -> observations it would add.
    """

    name: str
    what: str
    hours: float
    adds: Mapping[str, int]


TRIALS: tuple[Trial, ...] = (
    Trial("incident", "Lead the next two urgent incidents", 8, {"coordination_share": 2, "update_gap_hours": 2}),
    Trial("mentor", "Mentor a colleague on one topic, an hour twice a week", 16,
          {"explanation_share": 16, "assist_credit": 8, "learner_gain": 4}),
    Trial("meeting", "Run the hand-over meeting twice a week", 6, {"floor_given_share": 8, "followed_through_share": 8}),
    Trial("queue", "Hand out the morning's tickets, and leave them with those who have them", 10,
          {"take_back_share": 20, "touches_per_delegated": 20, "hold_share": 40}),
    Trial("questions", "Be who colleagues ask, an afternoon a week", 12,
          {"peer_answer_share": 20, "peer_answer_hours": 20, "explanation_share": 12, "repair_share": 6}),
    Trial("cause", "Find the cause of one fault that keeps coming back, with a colleague", 12,
          {"recurrence": 6, "prevention_share": 6}),
)  # fmt: skip
"""Hours and counts are guesses, made to be argued with; the sheet says so."""


@dataclass(frozen=True, slots=True)
class Seen:
    """How sharply each signal of one competency is seen, in standard deviations between people of one team.

    Attributes:
        people: Rows.
        noise: People x signals, error variances; NaN where not seen.
        once: Error variance of one observation, one a signal; NaN where the firm has none to go by.
        weights: Of the signals; 0 where a signal tells nobody apart.
    """

    people: tuple[str, ...]
    noise: Floats
    once: Floats
    weights: Floats


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What one trial would do for one person beside another.

    Attributes:
        trial: The trial.
        before: Half width of the 90% interval of their difference, in the unit of readiness.
        after: The same after the trial.
        own: Share by which their own interval would get narrower, 0-1.
        told_apart: Chance that the two could be told apart afterwards, 0-1.
        told_now: Whether they can be already.
        sharpens: The competency it tells most about, and by what share the interval of that gets narrower.
    """

    trial: Trial
    before: float
    after: float
    own: float
    told_apart: float
    told_now: bool
    sharpens: tuple[str, float]

    @property
    def an_hour(self) -> float:
        """How much narrower their difference gets, an hour."""
        return (self.before - self.after) / self.trial.hours


def seen(values: Sequence[Mapping[str, Any]], teams: Mapping[str, str] | None = None) -> dict[str, Seen]:
    """How sharply everybody is seen, by competency.

    Args:
        values: Rows of `signal_values` of one window, as `competence` takes them.
        teams: Person -> team, likewise; one for all unless given.
    """
    people = tuple(sorted({row["person_id"] for row in values}))
    at = {person: i for i, person in enumerate(people)}
    told: dict[str, list[Mapping[str, Any]]] = {}
    for row in values:
        if row["value"] is not None:
            told.setdefault(row["signal"], []).append(row)
    of = [(teams or {}).get(person, "") for person in people]
    return {each.name: _seen(each, people, at, told, of) for each in COMPETENCIES}


def _seen(
    each: Competency,
    people: tuple[str, ...],
    at: Mapping[str, int],
    told: Mapping[str, Sequence[Mapping[str, Any]]],
    teams: Sequence[str],
) -> Seen:
    y = np.full((len(people), len(each.signals)), np.nan)
    noise, n = y.copy(), y.copy()
    for k, name in enumerate(each.signals):
        for row in told.get(name, ()):
            i = at[row["person_id"]]
            y[i, k], noise[i, k] = placed(name, row)
            n[i, k] = row["n"]
    noise = standardised(y, noise, teams).noise
    used = ~np.isnan(noise).all(axis=0)
    once = np.full(len(each.signals), np.nan)
    for k in np.flatnonzero(used).tolist():
        once[k] = np.nanmedian(noise[:, k] * n[:, k])
    weights = np.where(used, weights_of(each), 0.0)
    return Seen(people, noise, once, weights / (weights.sum() or 1.0))


def left(known: Seen, together: float, person: str, adds: Mapping[int, int]) -> float:
    """Share of the variance of a competency that is left after more observations, 0-1.

    Args:
        known: How sharply it is seen.
        together: Correlation of its signals' true parts.
        person: Whose.
        adds: Place of a signal -> observations added.
    """
    if person not in known.people or not known.weights.any():
        return 1.0
    error = np.where(np.isnan(row := known.noise[known.people.index(person)]), _UNSEEN, row)
    more = error.copy()
    for k, count in adds.items():
        if not np.isnan(known.once[k]):
            more[k] = 1 / (1 / error[k] + count / known.once[k])
    return _left(known.weights, together, more) / _left(known.weights, together, error)


def _left(a: Floats, together: float, error: Floats) -> float:
    truth = together + (1 - together) * np.eye(len(a))
    gain = truth @ a
    return float(a @ gain - gain @ np.linalg.solve(truth + np.diag(error), gain))


def narrowings(
    sharp: Mapping[str, Seen], known: Competence, names: Sequence[str], model: ReadinessModel, person: str, other: str
) -> tuple[Narrowing, ...]:
    """What each trial of one person would do, the most an hour first.

    Args:
        sharp: How sharply everybody is seen.
        known: Competencies; both people are in it.
        names: Competencies in the order of the model's weights.
        model: The weights.
        person: Who would try it.
        other: Beside whom they are looked at.
    """
    i, j = known.people.index(person), known.people.index(other)
    mean, variance = known.means(names), known.variances(names)
    w, s2 = model.coef_[1:], model.coef_sd_[1:] ** 2
    unit = float(np.sqrt((w**2).sum())) or 1.0
    gap = mean[i] - mean[j]
    apart = float(w @ gap)
    fixed = float(s2 @ gap**2)
    before = float((w**2 + s2) @ (variance[i] + variance[j])) + fixed
    alone = float((w**2 + s2) @ variance[i] + s2 @ mean[i] ** 2)
    made = []
    for trial in TRIALS:
        ratio = np.array([_ratio(sharp, known, name, person, trial) for name in names])
        after = float((w**2 + s2) @ (variance[i] * ratio + variance[j])) + fixed
        own = float((w**2 + s2) @ (variance[i] * ratio) + s2 @ mean[i] ** 2)
        made.append(
            Narrowing(
                trial=trial,
                before=Z_90 * sqrt(before) / unit,
                after=Z_90 * sqrt(after) / unit,
                own=1 - sqrt(own / alone) if alone else 0.0,
                told_apart=_told_apart(apart, before, after),
                told_now=abs(apart) >= Z_90 * sqrt(before),
                sharpens=_sharpens(names, ratio),
            )
        )
    return tuple(sorted(made, key=lambda n: (-n.an_hour, n.trial.name)))


def _sharpens(names: Sequence[str], ratio: Floats) -> tuple[str, float]:
    k = int(np.argmin(ratio))
    return names[k], 1 - sqrt(float(ratio[k]))


def _ratio(sharp: Mapping[str, Seen], known: Competence, name: str, person: str, trial: Trial) -> float:
    signals = next(each.signals for each in COMPETENCIES if each.name == name)
    adds = {k: trial.adds[signal] for k, signal in enumerate(signals) if signal in trial.adds}
    return left(sharp[name], known.measured[name].together, person, adds) if adds else 1.0


def _told_apart(apart: float, before: float, after: float) -> float:
    """Chance that the difference stands clear of chance once the trial is over."""
    reach, moves = Z_90 * sqrt(after), sqrt(max(before - after, 0.0))
    if moves <= 1e-9:
        return float(abs(apart) >= reach)
    return _below((apart - reach) / moves) + _below((-apart - reach) / moves)


def _below(z: float) -> float:
    return 0.5 * (1 + erf(z / sqrt(2)))
