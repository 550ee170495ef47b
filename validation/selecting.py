"""Who would be chosen by readiness, by craft, by tenure or by lot, held against planted leading; and whether intervals and chances hold.

Part of `recovery.py`, which takes the firms in. Readiness is computed as the product does, with the profile a firm starts with
and no outcome of its own; only the figures of calibration fit it on outcomes drawn from planted leading.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

sys.path.insert(0, str(Path(__file__).parent))

from invented import Invented, Row

from cadre.readiness.competency import Competence, competence
from cadre.readiness.estimator import ReadinessModel, logistic
from cadre.readiness.profile import default_profile
from cadre.readiness.readiness import Standing, readiness
from cadre.signals import Window

TOP_SHARE = 0.1
OUTCOME_SLOPE = 1.6
"""Log odds of turning out well a standard deviation of leading, as the worlds have it; an average leader's is a coin toss."""
STARS_SHARE = 1 / 3
"""Share of a firm that was promoted for its craft: those whose outcomes the firm knows."""
Z_90 = 1.645
Floats = NDArray[np.float64]
Figure = dict[str, float | int | None]


def known(firm: Invented, window: Window) -> Competence:
    """Competencies of a firm's own people."""
    rows = [row for row in firm.values[window] if row["person_id"] in firm.truth]
    return competence(rows, {person: told["team_id"] or told["role"] for person, told in firm.truth.items()})


def described(firm: Invented, window: Window, names: Sequence[str]) -> list[Row]:
    """Competencies as plain rows, of the people of whom something was seen."""
    told = known(firm, window)
    return [
        {"name": name, "person_id": person, "value": float(told.measured[name].mean[i])}
        for name in names
        for i, person in enumerate(told.people)
        if told.measured[name].seen[i]
    ]


def standing(firm: Invented, window: Window) -> Standing:
    """Readiness as a firm without outcomes sees it."""
    profile = default_profile()
    return readiness(known(firm, window), profile, prior_model())


def prior_model() -> ReadinessModel:
    """The model before any outcome."""
    mean, sd = default_profile().prior()
    return ReadinessModel(mean, sd).fit(np.zeros((0, len(mean) - 1)), np.zeros(0))


def selection(firms: Sequence[Invented], window: Window) -> dict[str, list[float]]:
    """Each rule's share of below-median leads among its top tenth, and how rules go with leading; one value a firm.

    Who is not ranked cannot be chosen by readiness. A firm in which nobody is ranked counts as chosen by lot.
    """
    made: dict[str, list[float]] = {}
    for firm in firms:
        told, stands = known(firm, window), standing(firm, window)
        people = list(firm.truth)
        leading = {p: float(firm.truth[p]["leading"]) for p in people}
        middle = float(np.median(list(leading.values())))
        count = max(1, round(TOP_SHARE * len(people)))
        craft = dict(zip(told.people, told.measured["craft"].mean.tolist(), strict=True))
        seen = [p for p in told.people if told.measured["craft"].seen[told.people.index(p)]]
        chosen = {
            "bottom_half_share_readiness": list(stands.order[:count]),
            "bottom_half_share_craft": sorted(seen, key=lambda p: -craft[p])[:count],
        }
        for name, who in chosen.items():
            below = [leading[p] < middle for p in who]
            made.setdefault(name, []).append(float(np.mean(below)) if below else 0.5)
        ranked = {r.person_id: r.value for r in stands.people if r.value is not None}
        made.setdefault("ranked_share", []).append(len(ranked) / len(people))
        made.setdefault("told_apart_share", []).append(_told_apart(stands))
        if len(ranked) >= 6:
            values, truth = list(ranked.values()), [leading[p] for p in ranked]
            made.setdefault("spearman_readiness", []).append(float(spearmanr(values, truth).statistic))
            made.setdefault("selection_validity", []).append(float(np.corrcoef(values, truth)[0, 1]))
    return made


def _told_apart(stands: Standing) -> float:
    """Share of pairs of ranked people of whom one probably stands above the other (a chance of 3 in 4)."""
    upper = stands.above[np.triu_indices(len(stands.order), 1)]
    return float((np.maximum(upper, 1 - upper) >= 0.75).mean()) if len(upper) else 0.0


def coverage(draws: Sequence[Invented], window: Window) -> dict[str, list[float]]:
    """Share of 90% intervals of competencies and of the score, weights held, that hold what other draws of the firm tell.

    Of each person in each draw: the same person's estimate from the other draws' rows together; one value a person.
    """
    weights = prior_model().coef_[1:]
    names = default_profile().names
    hits: dict[str, dict[str, list[float]]] = {}
    each = [known(firm, window) for firm in draws]
    keys = [{p: str(firm.truth[p]["person_id"]) for p in firm.truth} for firm in draws]
    for k, mine in enumerate(each):
        others = [each[j] for j in range(len(each)) if j != k]
        named = [keys[j] for j in range(len(each)) if j != k]
        for i, person in enumerate(mine.people):
            rest = [
                (other, other.people.index(p))
                for other, names_of in zip(others, named, strict=True)
                for p in other.people
                if names_of[p] == keys[k][person]
            ]
            if len(rest) < 2:
                continue
            score = _score(mine, i, names, weights)
            told = [_score(other, j, names, weights) for other, j in rest]
            hits.setdefault("readiness", {}).setdefault(keys[k][person], []).append(_held(score, told))
            for name in names:
                if mine.measured[name].seen[i] and all(other.measured[name].seen[j] for other, j in rest):
                    one = _one(mine, i, name)
                    many = [_one(other, j, name) for other, j in rest]
                    hits.setdefault(name, {}).setdefault(keys[k][person], []).append(_held(one, many))
    return {name: [float(np.mean(v)) for v in people.values()] for name, people in hits.items()}


def _one(told: Competence, i: int, name: str) -> tuple[float, float]:
    got = told.measured[name]  # what is not known of the team is the same in every draw and cannot show here
    return float(got.mean[i]), float(got.variance[i] - got.team_variance[i])


def _score(told: Competence, i: int, names: Sequence[str], weights: Floats) -> tuple[float, float]:
    pairs = [_one(told, i, name) for name in names]
    return (
        float(sum(w * m for w, (m, _) in zip(weights, pairs, strict=True))),
        float(sum(w * w * v for w, (_, v) in zip(weights, pairs, strict=True))),
    )


def _held(mine: tuple[float, float], others: Sequence[tuple[float, float]]) -> float:
    """Whether an interval holds the mean of the others' estimates, widened by what they do not know; all are shrunken alike."""
    mean, variance = mine
    centre = float(np.mean([m for m, _ in others]))
    unsure = float(np.mean([v for _, v in others])) / len(others)
    return float(abs(mean - centre) <= Z_90 * np.sqrt(variance + unsure))


def calibration(firms: Sequence[Invented], window: Window, seed: int) -> dict[str, float | int]:
    """Fit each firm's model on its stars' outcomes and hold its chances for the others against theirs.

    Returns:
        `calibration_gap`: mean chance less share that turned out well; `calibration_slope`: 1 where chances are neither too
        bold nor too shy; `auc_others`; and `n`, people judged.
    """
    dice = np.random.default_rng(seed)
    chances: list[float] = []
    outcomes: list[bool] = []
    mean, sd = default_profile().prior()
    names = default_profile().names
    for firm in firms:
        told = known(firm, window)
        leading = np.array([firm.truth[p]["leading"] for p in told.people])
        turned = dice.random(len(leading)) < logistic(OUTCOME_SLOPE * leading)
        order = np.argsort(-told.measured["craft"].mean)
        stars, rest = np.split(order, [max(3, round(STARS_SHARE * len(order)))])
        x, v = told.means(names), told.variances(names)
        model = ReadinessModel(mean, sd).fit(x[stars], turned[stars], v[stars])
        chances += model.predict_proba(x[rest], v[rest])[:, 1].tolist()
        outcomes += turned[rest].tolist()
    p, y = np.clip(np.array(chances), 1e-6, 1 - 1e-6), np.array(outcomes)
    odds = np.log(p / (1 - p))
    slope = ReadinessModel(np.array([0.0, 1.0]), np.array([5.0, 5.0])).fit(odds[:, None], y)
    order = np.argsort(p)
    ranks = np.empty(len(p))
    ranks[order] = np.arange(1, len(p) + 1)
    yes = int(y.sum())
    auc = (ranks[y].sum() - yes * (yes + 1) / 2) / max(yes * (len(y) - yes), 1)
    return {
        "calibration_gap": float(p.mean() - y.mean()),
        "calibration_slope": float(slope.coef_[1]),
        "calibration_slope_sd": float(slope.coef_sd_[1]),
        "auc_others": float(auc),
        "n": len(p),
    }


def rows_of(firm: Invented, window: Window) -> Mapping[str, Row]:
    """Readiness of each person as plain values."""
    return {
        r.person_id: {"value": r.value, "rank_low": r.rank_low, "rank_high": r.rank_high}
        for r in standing(firm, window).people
    }
