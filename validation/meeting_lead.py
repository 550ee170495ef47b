"""Who leads a meeting of four, told by the product's own estimator of readiness from what the meeting shows.

Part of `meetings.py`, which reads the meetings. Seven competencies, each the mean of a few signals in standard deviations between
speakers, enter `ReadinessModel` as a firm's would; their signals and the prior were set down before any figure was looked at.
Each group of people is judged by a model fitted on the other groups, or on `--train` alone.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))

from promotions import NONE, auc, average_precision, figure

from cadre.language.meeting.steer import NAMES
from cadre.readiness.estimator import ReadinessModel, logistic

DRAWS = 500
TALK: Mapping[str, tuple[str, ...]] = {"talk": ("time",)}
"""Output of a meeting: the share of the talking, held against what is said and what comes of it."""
COMPETENCIES: Mapping[str, tuple[str, ...]] = {
    **TALK,
    "coordination": ("says_next", "says_so", "first_after_pause"),
    "floor_given": ("act_el.inf", "act_el.ass", "act_el.sug", "says_asks"),
    "acknowledging": ("act_ass", "act_be.pos", "says_thanks"),
    "proposing": ("act_sug", "act_off", "says_we", "says_modal"),
    "answered": ("answered_by_others", "asked_and_answered"),
    "explaining": ("rate_inf",),
}
EVERY: Mapping[str, tuple[str, ...]] = {name: (name,) for name in NAMES}
MODELS: Mapping[str, tuple[Mapping[str, tuple[str, ...]], float]] = {
    "model": (COMPETENCIES, 1.0), "talk": (TALK, 1.0), "every_signal": (EVERY, 0.3),
}  # fmt: skip
"""Name -> its competencies and the standard deviation of each weight's prior, whose mean is 0."""
ONE_IN_FOUR = float(np.log(1 / 3))
Figure = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a meeting shows of its speakers: `steer.features` (speakers x signals), its group, and who leads it where told."""

    group: str
    signals: Any
    lead: int | None


@dataclass(frozen=True, slots=True)
class Fitted:
    """An estimator over competencies, with the units they were put on in training."""

    competencies: Mapping[str, tuple[str, ...]]
    spread: Any
    unit: Any
    model: ReadinessModel

    def log_odds(self, signals: Any) -> Any:
        """Log odds of each speaker to lead; speakers of a meeting are told apart from one another, as people in a firm are."""
        return self.model.decision_function(_means(signals, self.competencies, self.spread) / self.unit)


def _means(signals: Any, competencies: Mapping[str, tuple[str, ...]], spread: Any) -> Any:
    places = [[NAMES.index(name) for name in names] for names in competencies.values()]
    return np.column_stack([(signals[:, at] / spread[at]).mean(axis=1) for at in places])


def fit(some: Sequence[Seen], name: str) -> Fitted:
    """The product's estimator on meetings whose lead is told; see `MODELS` for the names."""
    competencies, sd = MODELS[name]
    signals = np.concatenate([m.signals for m in some])
    spread = np.maximum(signals.std(axis=0), 1e-9)
    raw = _means(signals, competencies, spread)
    unit = np.maximum(raw.std(axis=0), 1e-9)
    led = np.concatenate([np.arange(len(m.signals)) == m.lead for m in some])
    prior = np.r_[ONE_IN_FOUR, np.zeros(len(competencies))], np.r_[1.0, np.full(len(competencies), sd)]
    return Fitted(competencies, spread, unit, ReadinessModel(*prior).fit(raw / unit, led))


def told(judged: Sequence[Seen], train: Sequence[Seen] | None, name: str) -> list[Any] | None:
    """Log odds of each speaker of each judged meeting; None where there are no meetings of other people to fit on.

    Args:
        judged: Meetings to speak of; the leads of a meeting's own group are not read.
        train: Meetings to fit on; the judged ones of other groups unless given.
        name: Which of `MODELS`.
    """
    if train is not None:
        known = [m for m in train if m.lead is not None]
        model = fit(known, name) if known else None
        return [model.log_odds(m.signals) for m in judged] if model else None
    made: dict[str, Fitted] = {}
    for group in {m.group for m in judged}:
        others = [m for m in judged if m.group != group and m.lead is not None]
        if not others:
            return None
        made[group] = fit(others, name)
    return [made[m.group].log_odds(m.signals) for m in judged]


def figures(judged: Sequence[Seen], train: Sequence[Seen] | None, suffix: str = "") -> dict[str, Figure]:
    """AUC, precision, calibration and the gain over talk alone; `n` is meetings, groups are drawn anew, models held.

    Args:
        judged: Meetings to judge; those without a told lead are left out.
        train: As in `told`.
        suffix: Put after each name.
    """
    names = ("auc_model", "auc_talk", "auc_gain", "auc_every_signal", "average_precision", "average_precision_talk",
             "calibration_slope", "calibration_in_the_large", "top1_model", "top1_talk")  # fmt: skip
    led = [m for m in judged if m.lead is not None]
    said = {name: told(led, train, name) for name in MODELS} if led else {}
    if not led or said["model"] is None:
        return {f"{name}{suffix}": NONE for name in names}
    odds = {name: np.concatenate(each or []) for name, each in said.items()}
    lead = np.concatenate([np.arange(len(m.signals)) == m.lead for m in led])
    first = {name: np.concatenate([_first(o) for o in each or []]) for name, each in said.items()}
    every, place = np.unique([m.group for m in led], return_inverse=True)
    row = np.repeat(place, [len(m.signals) for m in led])
    dice = np.random.default_rng(5)
    counts = [np.bincount(dice.integers(0, len(every), len(every)), minlength=len(every)) for _ in range(DRAWS)]
    measures: dict[str, Callable[[Any], float]] = {
        "auc_model": lambda w: auc(lead, odds["model"], w),
        "auc_talk": lambda w: auc(lead, odds["talk"], w),
        "auc_gain": lambda w: auc(lead, odds["model"], w) - auc(lead, odds["talk"], w),
        "auc_every_signal": lambda w: auc(lead, odds["every_signal"], w),
        "average_precision": lambda w: average_precision(lead, odds["model"], w),
        "average_precision_talk": lambda w: average_precision(lead, odds["talk"], w),
        "calibration_slope": lambda w: slope(odds["model"], lead, w),
        "calibration_in_the_large": lambda w: float((logistic(odds["model"]) * w).sum() / max((lead * w).sum(), 1e-9)),
        "top1_model": lambda w: float((first["model"] * lead * w).sum() / (lead * w).sum()),
        "top1_talk": lambda w: float((first["talk"] * lead * w).sum() / (lead * w).sum()),
    }
    again = [count[row].astype(np.float64) for count in counts] if len(every) > 1 else []
    plain = np.ones(len(lead))
    return {
        f"{name}{suffix}": figure(float(measure(plain)), [float(measure(w)) for w in again], len(led))
        if again
        else {"value": round(float(measure(plain)), 4), "low": None, "high": None, "n": len(led)}
        for name, measure in measures.items()
    }


def _first(odds: Any) -> Any:
    """Who is put first; who ties shares."""
    best = odds == odds.max()
    return best / best.sum()


def slope(odds: Any, truth: Any, weight: Any) -> float:
    """Slope of a logistic regression of what came on the log odds told: 1 where chances are neither too bold nor too shy."""
    x, w = np.column_stack([np.ones(len(odds)), odds]), np.array([0.0, 1.0])
    for _ in range(25):
        p = logistic(x @ w)
        curve = (x * (weight * p * (1 - p))[:, None]).T @ x + 1e-6 * np.eye(2)
        w = w + np.linalg.solve(curve, x.T @ (weight * (truth - p)))
    return float(w[1])
