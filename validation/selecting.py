"""Who would be chosen by readiness, by craft, by tenure or by lot, held against planted leading; and whether intervals hold.

Part of `recovery.py`, which takes the firms in. Readiness is computed as the product does, with the profile a firm starts with
and no outcome of its own; whether chances hold is in `calibrating.py`.
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
from cadre.readiness.estimator import ReadinessModel
from cadre.readiness.profile import default_profile
from cadre.readiness.readiness import Standing, readiness
from cadre.readiness.reliability import unrepeated
from cadre.signals import Window

TOP_SHARE = 0.1
RULES = ("readiness", "craft", "tenure")
LEAST_PEOPLE = 6
"""People with a value that a correlation in one firm needs."""
DRAWS_OF_ONE = 300
LEAST_SETTLED = 0.1
"""Share of the differences that other draws must settle to tell anything of a person's long run."""
Z_90 = 1.645
Floats = NDArray[np.float64]
Figure = dict[str, float | int | None]


def known(firm: Invented, window: Window) -> Competence:
    """Competencies of a firm's own people, those left out that do not repeat in its record."""
    rows = [row for row in firm.values[window] if row["person_id"] in firm.truth]
    groups = {person: told["team_id"] or told["role"] for person, told in firm.truth.items()}
    return competence(rows, groups, unrepeated(firm.repeats[window]))


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


def looked(firm: Invented, window: Window) -> dict[str, Floats]:
    """Planted leading of everybody and what each rule goes by, in one order of people; NaN where a rule knows nothing of them."""
    told, stands = known(firm, window), standing(firm, window)
    value = {r.person_id: r.value for r in stands.people if r.value is not None}
    craft = {row["person_id"]: row["value"] for row in described(firm, window, ("craft",))}
    people = list(firm.truth)
    made = {name: [firm.truth[p][name] for p in people] for name in ("leading", "tenure_days")}
    rules = {"leading": made["leading"], "readiness": [value.get(p, np.nan) for p in people],
             "craft": [craft.get(p, np.nan) for p in people], "tenure": made["tenure_days"]}  # fmt: skip
    assert set(told.people) <= set(people)
    return {name: np.array(values, np.float64) for name, values in rules.items()}


def selected(people: dict[str, Floats]) -> dict[str, float]:
    """Each rule's share of below-median leads among its top tenth, and how it goes with leading.

    Who is not ranked cannot be chosen by readiness. A firm in which nobody is ranked counts as chosen by lot.
    """
    leading = people["leading"]
    below = leading < np.median(leading)
    count = max(1, round(TOP_SHARE * len(leading)))
    made = {"bottom_half_share_at_random": float(below.mean())}
    for rule in RULES:
        some = np.flatnonzero(~np.isnan(people[rule]))
        best = some[np.argsort(-people[rule][some], kind="stable")][:count]
        made[f"bottom_half_share_{rule}"] = float(below[best].mean()) if len(best) else 0.5
        if len(some) >= LEAST_PEOPLE and np.ptp(people[rule][some]) > 0:
            made[f"selection_validity_{rule}"] = float(np.corrcoef(people[rule][some], leading[some])[0, 1])
            made[f"spearman_{rule}"] = float(spearmanr(people[rule][some], leading[some]).statistic)
    return made


def selection(firms: Sequence[Invented], window: Window, seed: int) -> dict[str, Figure]:
    """The figures of `selected` with 90% intervals: of one firm its people are drawn anew, else firms; `n` is what is drawn."""
    each = [looked(firm, window) for firm in firms]
    told = [selected(people) for people in each]
    names = sorted({name for one in told for name in one})
    if len(firms) > 1:
        return {name: resampled([one[name] for one in told if name in one], seed) for name in names}
    (people,), dice = each, np.random.default_rng(seed)
    count = len(people["leading"])
    drawn = [
        selected({name: v[at] for name, v in people.items()}) for at in dice.integers(0, count, (DRAWS_OF_ONE, count))
    ]
    made: dict[str, Figure] = {}
    for name in names:
        low, high = np.quantile([one[name] for one in drawn if name in one], [0.05, 0.95])
        made[name] = {"value": told[0][name], "low": float(low), "high": float(high), "n": count}
    return made


def ranked(firms: Sequence[Invented], window: Window) -> dict[str, list[float]]:
    """Share of people who are ranked, and of pairs told apart; one value a firm."""
    stands = [standing(firm, window) for firm in firms]
    shares = [len(s.order) / max(len(firm.truth), 1) for s, firm in zip(stands, firms, strict=True)]
    return {"ranked_share": shares, "told_apart_share": [_told_apart(s) for s in stands]}


def resampled(values: Sequence[float], seed: int) -> Figure:
    """Mean with its 90% interval from drawing the values anew; no interval of one value."""
    found = np.array(values, np.float64)
    if len(found) < 2:
        return {"value": float(found[0]) if len(found) else None, "low": None, "high": None, "n": len(found)}
    drawn = np.random.default_rng(seed).choice(found, size=(2000, len(found))).mean(axis=1)
    low, high = np.quantile(drawn, [0.05, 0.95])
    return {"value": float(found.mean()), "low": float(low), "high": float(high), "n": len(found)}


def _told_apart(stands: Standing) -> float:
    """Share of pairs of ranked people of whom one probably stands above the other (a chance of 3 in 4)."""
    upper = stands.above[np.triu_indices(len(stands.order), 1)]
    return float((np.maximum(upper, 1 - upper) >= 0.75).mean()) if len(upper) else 0.0


def coverage(draws: Sequence[Invented], window: Window) -> dict[str, list[float]]:
    """Share of 90% intervals of competencies and of the score, weights held, that hold what other draws of the firm tell.

    Of each person in each draw, against the same person in the other draws together; one value a person.
    """
    weights = prior_model().coef_[1:]
    whole = float((weights**2).sum())
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
            found = {"readiness": _held(score, told, whole)}
            for name in names:
                if mine.measured[name].seen[i] and all(other.measured[name].seen[j] for other, j in rest):
                    one = _one(mine, i, name)
                    many = [_one(other, j, name) for other, j in rest]
                    found[name] = _held(one, many)
            for name, hit in found.items():
                if hit is not None:
                    hits.setdefault(name, {}).setdefault(keys[k][person], []).append(hit)
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


def _held(mine: tuple[float, float], others: Sequence[tuple[float, float]], whole: float = 1.0) -> float | None:
    """Whether an interval holds what the other draws tell, widened by what they do not know; None where they tell nothing.

    An estimate that settles a share s of what people differ by is, given the truth, s times the truth and error s (1 - s). So
    others are first drawn back out by 1 / s: held against one another as they are, all are shrunken alike, and hold too often.

    Args:
        mine: Posterior mean and variance.
        others: The same of the other draws.
        whole: Variance between people of what is estimated.
    """
    settled = [max(1 - variance / whole, 0.0) for _, variance in others]
    told = sum(s / (1 - s) for s in settled) / whole
    if sum(settled) < LEAST_SETTLED * len(others):
        return None
    centre = sum(m / (1 - s) for (m, _), s in zip(others, settled, strict=True)) / whole / told
    return float(abs(mine[0] - centre) <= Z_90 * np.sqrt(mine[1] + 1 / told))


def rows_of(firm: Invented, window: Window) -> Mapping[str, Row]:
    """Readiness of each person as plain values."""
    return {
        r.person_id: {"value": r.value, "rank_low": r.rank_low, "rank_high": r.rank_high}
        for r in standing(firm, window).people
    }
