"""Study: who of a project's people is listed as a maintainer within a year, and does helping tell more than output.

`--data` and `--train` are folders with `*_events.csv.gz` and `*_promotions.csv.gz`, read through the product's own source.
On 1 January and 1 July each person with a commit, or a review, test or approval of another's change, in the year before and
not yet listed is a candidate; the model of `listing.py` is fitted on `--train` alone, or, where that is not given, on the
other projects of `--data`. Being listed is not leading: it says that others trusted a person with a part of the code.
"""

import argparse
import csv
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))

import listing

from cadre.readiness.estimator import ReadinessModel

Figure = dict[str, Any]
NONE: Figure = {"value": None, "low": None, "high": None, "n": 0}
DRAWS = 500
SMALL = 20
"""Listings of candidates under which a project's own figures are left empty."""
MODELS: dict[str, tuple[tuple[str, ...] | None, bool]] = {
    "output": (("output_year_log",), False),
    "output_with_rate": (("output_year",), True),
    "helping": (listing.HELPING, True),
    "own_work": (listing.OWN_WORK, True),
    "presence": (listing.PRESENCE, True),
    "model_without_rate": (None, False),
    "model": (None, True),
}
"""Name -> its features (None: the set chosen in training) and whether it knows how often its project listed people before."""
GAINS = {
    "auc_gain": ("model", "output"),
    "auc_gain_same_rate": ("model", "output_with_rate"),
    "auc_gain_helping": ("model", "own_work"),
    "auc_gain_people_helped": ("model", "presence"),
    "auc_gain_without_approvals": ("model_without_approvals", "output_with_rate"),
    "auc_gain_helping_without_approvals": ("model_without_approvals", "own_work"),
}
HEADER = ("repo", "snapshot", "person", "score")
NOTES = (
    "auc_*: pooled over projects and snapshots, on projects the model was not fitted on; intervals draw people anew, fitted models held",
    ("output: logistic on log1p(commits of the year), as published; the model also knows how often its project listed people in the three "
     "years before, so auc_gain_same_rate, over output with the same knowledge, is the part that is about people"),
    "auc_gain_helping: the model over all that own commits tell (how many, on which days, how lately), so what looking at others' work adds",
    "calibration_slope: 1 where chances are neither too bold nor too shy; calibration_in_the_large: expected listings over listings",
    "auc_gain_people_helped: over the same with days of help counted as presence: what remains for whom and how many they helped",
    "model_without_approvals: approvals (acks) often come with a role, so they are left out of helping, fitting and choosing; merges are never read",
    "within_project: mean of the projects' own AUCs, which no base rate can move",
    "later: fitted on the earlier half of the snapshots, judged on later ones of the same projects, with a year between for the outcome",
    ("only the set, the penalty and the weights are fitted anew for each judged project: the features, and how the past rate enters (three "
     "years, weight 1), were settled on dpdk, xen and coreboot after some sixty tries whose pooled AUC lay at .75 to .80, so there they flatter"),
    "counts are not held against part-time or leave, which no public history tells; a listing is a project's choice, with its own biases",
)  # fmt: skip


@dataclass
class Said:
    """Candidates of judged projects and what each model said of them.

    Attributes:
        rows: The candidates, one a person and snapshot.
        log_odds: Model -> log odds of being listed, as `rows`.
    """

    rows: listing.Candidates
    log_odds: dict[str, Any]


def auc(truth: Any, said: Any, weight: Any) -> float:
    """Chance that a listed candidate stands above another; ties count half. NaN where either kind is absent.

    Args:
        truth: Whether each was listed.
        said: What a model said, higher is likelier; any scale.
        weight: How often each row was drawn.
    """
    _, place = np.unique(said, return_inverse=True)
    yes, no = (np.bincount(place, weight * kind) for kind in (truth, ~truth))
    if not yes.sum() or not no.sum():
        return float("nan")
    return float((yes * (np.cumsum(no) - no / 2)).sum() / (yes.sum() * no.sum()))


def average_precision(truth: Any, said: Any, weight: Any) -> float:
    """Mean precision over the listed, from the highest said down; ties are taken at once. NaN where none was listed."""
    _, place = np.unique(-said, return_inverse=True)
    yes, every = np.bincount(place, weight * truth), np.bincount(place, weight)
    if not yes.sum():
        return float("nan")
    seen = np.maximum(np.cumsum(every), 1e-9)
    return float((yes * np.cumsum(yes) / seen).sum() / yes.sum())


def draws(person: Any) -> list[Any]:
    """Weights of rows when people are drawn anew with replacement; the rows of a person stay together."""
    rng = np.random.default_rng(11)
    _, number = np.unique(person, return_inverse=True)
    people = int(number.max()) + 1 if len(number) else 0
    return [np.bincount(rng.integers(0, people, people), minlength=people)[number] for _ in range(DRAWS)]


def figure(value: float, drawn: list[float], n: int) -> Figure:
    """A value with the middle 95% of what redrawing gave; empty where it cannot be told."""
    some = np.array(drawn)[~np.isnan(drawn)]
    if np.isnan(value) or not len(some):
        return NONE | {"n": n}
    low, high = np.quantile(some, (0.025, 0.975))
    return {"value": round(value, 4), "low": round(float(low), 4), "high": round(float(high), 4), "n": n}


def fitted(
    train: listing.Candidates, judged: listing.Candidates, bare: tuple[Any, Any]
) -> tuple[Said, listing.Logistic]:
    """What all models say of projects they were not fitted on, and the model.

    Args:
        train: Candidates to fit and to choose on.
        judged: Candidates to speak of; their outcome is not read.
        bare: The same two without approvals in the counts of help.
    """
    chosen, penalty = listing.choice(train)
    said, model = {}, None
    for name, (features, knows) in MODELS.items():
        model = listing.fit(train, features or chosen, penalty, with_rate=knows)
        said[name] = model.log_odds(judged)
    said["model_without_approvals"] = listing.fit(bare[0], *listing.choice(bare[0]), with_rate=True).log_odds(bare[1])
    assert model is not None
    return Said(judged, said), model


def spoken(data: list[listing.Project], train: list[listing.Project] | None) -> tuple[Said, list[str]]:
    """What the models say of the candidates of `data`, and with which features."""
    full, bare = ([listing.candidates(project, approvals=kind) for project in data] for kind in (True, False))
    if train is not None:
        given = [listing.joined([listing.candidates(p, approvals=kind) for p in train]) for kind in (True, False)]
        said, model = fitted(given[0], listing.joined(full), (given[1], listing.joined(bare)))
        return said, [f"fitted on {len(given[0].person)} candidacies of {len(train)} projects: {model.told()}"]
    parts, notes = [], ["no --train: each project is judged by a model fitted on the other projects of --data"]
    for k, project in enumerate(data):
        others, less = (listing.joined(some[:k] + some[k + 1 :]) for some in (full, bare))
        said, model = fitted(others, full[k], (less, bare[k]))
        parts.append(said)
        notes.append(f"judging {project.name}: {model.told()}")
    names = parts[0].log_odds
    return Said(
        listing.joined([p.rows for p in parts]), {n: np.concatenate([p.log_odds[n] for p in parts]) for n in names}
    ), notes


def figures(said: Said) -> dict[str, Figure]:
    """AUCs, gains and average precision, pooled and by project."""
    truth, person, project = said.rows.listed, said.rows.person, said.rows.project
    n, again = int(truth.sum()), draws(person)
    plain = np.ones(len(truth))
    each = {name: (auc(truth, s, plain), [auc(truth, s, w) for w in again]) for name, s in said.log_odds.items()}
    found = {f"auc_{name}": figure(*told, n) for name, told in each.items()}
    for name, (more, less) in GAINS.items():
        (a, drawn_a), (b, drawn_b) = each[more], each[less]
        found[name] = figure(a - b, [x - y for x, y in zip(drawn_a, drawn_b, strict=True)], n)
    for name, key in (("model", "average_precision"), ("output", "average_precision_output")):
        s = said.log_odds[name]
        found[key] = figure(average_precision(truth, s, plain), [average_precision(truth, s, w) for w in again], n)
    within: dict[str, list[list[float]]] = {"model": [], "output": []}
    for name in sorted(set(project)):
        here, count = project == name, int(truth[project == name].sum())
        told = {
            model: [auc(truth[here], said.log_odds[model][here], w[here]) for w in (plain, *again)] for model in within
        }
        gain = [a - b for a, b in zip(told["model"], told["output"], strict=True)]
        for key, values in (("auc_model", told["model"]), ("auc_output", told["output"]), ("auc_gain", gain)):
            found[f"{key}_{name}"] = figure(values[0], values[1:], count) if count >= SMALL else NONE | {"n": count}
        if count:
            for model, parts in within.items():
                parts.append(told[model])
    if not n:
        return found | dict.fromkeys(("within_project_auc_model", "within_project_auc_gain"), NONE)
    model, output = (np.nanmean(np.array(within[name]), axis=0) for name in ("model", "output"))
    found["within_project_auc_model"] = figure(float(model[0]), list(model[1:]), n)
    found["within_project_auc_gain"] = figure(float((model - output)[0]), list((model - output)[1:]), n)
    return found


def calibration(truth: Any, log_odds: Any) -> dict[str, Figure]:
    """Whether chances are neither too bold nor too shy (slope 1), and right on the whole (mean chance over share listed)."""
    n = int(truth.sum())
    chance = 1 / (1 + np.exp(-log_odds))
    told = ReadinessModel(np.array([0.0, 1.0]), np.array([10.0, 10.0])).fit(log_odds[:, None], truth)
    low, high = np.quantile(told.draws_[:, 1], (0.025, 0.975))
    slope = {
        "value": round(float(told.coef_[1]), 4),
        "low": round(float(low), 4),
        "high": round(float(high), 4),
        "n": n,
    }
    ratio = chance.sum() / max(n, 1)
    reach = 1.96 / np.sqrt(max(n, 1))  # the listed are about a Poisson count
    whole = {"value": round(ratio, 4), "low": round(ratio * np.exp(-reach), 4), "high": round(ratio * np.exp(reach), 4)}
    return {"calibration_slope": slope, "calibration_in_the_large": whole | {"n": n}}


def later(projects: list[listing.Project]) -> dict[str, Figure]:
    """Fitted on the past of the same projects and judged on what came a year or more later."""
    every = listing.joined([listing.candidates(project) for project in projects])
    middle = np.median(np.unique(every.snapshot)) if len(every.person) else 0
    past, after = (
        every.where(mask) for mask in (every.snapshot <= middle - listing.YEAR_DAYS, every.snapshot > middle)
    )
    names = ("auc_model_later", "auc_gain_same_rate_later")
    if past.listed.sum() < SMALL or after.listed.sum() < SMALL:
        return dict.fromkeys(names, NONE)
    features, penalty = listing.choice(past)
    model = listing.fit(past, features, penalty, with_rate=True).log_odds(after)
    output = listing.fit(past, ("output_year",), penalty, with_rate=True).log_odds(after)
    weights = [np.ones(len(after.person)), *draws(after.person)]
    a, b = ([auc(after.listed, s, w) for w in weights] for s in (model, output))
    n = int(after.listed.sum())
    return {
        names[0]: figure(a[0], a[1:], n),
        names[1]: figure(a[0] - b[0], [x - y for x, y in zip(a, b, strict=True)][1:], n),
    }


def study(data: Path, train: Path | None, predict: Path | None) -> dict[str, Any]:
    """Everything the study prints."""
    begun = time.perf_counter()
    judged = listing.projects(data)
    if not judged:
        raise SystemExit(f"no *_events.csv.gz below {data}")
    given = listing.projects(train) if train else None
    try:
        said, notes = spoken(judged, given)
    except listing.NobodyListedError as error:
        if given is not None:
            raise SystemExit(f"--train: {error}") from error
        return silent(data, predict, f"{error}: give --train", begun)
    if predict:
        write(predict, said)
    rows = said.rows
    found = figures(said) | later(given or judged)
    if rows.listed.any():
        found |= calibration(rows.listed, said.log_odds["model"])
    baselines = {"auc_output": found["auc_output"]["value"],
                 "listed_share": round(float(rows.listed.mean()), 4) if rows.listed.any() else None}  # fmt: skip
    counts = f"{len(rows.person)} candidacies of {len(set(rows.person))} people in {len(judged)} projects; {int(rows.listed.sum())} were listed within the year"
    return {"study": "promotions", "data": str(data), "seconds": round(time.perf_counter() - begun, 1), "figures": found,
            "baselines": baselines, "notes": [counts, *notes, *plain_words(found, judged), *NOTES]}  # fmt: skip


def silent(data: Path, predict: Path | None, why: str, begun: float) -> dict[str, Any]:
    """What is printed where there is nothing to fit on: every figure empty, and no prediction."""
    if predict:
        predict.write_text(",".join(HEADER) + "\n", encoding="utf-8")
    empty = dict.fromkeys((*(f"auc_{name}" for name in MODELS), *GAINS, "average_precision"), NONE)
    return {"study": "promotions", "data": str(data), "seconds": round(time.perf_counter() - begun, 1), "figures": empty,
            "baselines": {"auc_output": None}, "notes": [why, *NOTES]}  # fmt: skip


def plain_words(found: dict[str, Figure], judged: list[listing.Project]) -> list[str]:
    """Where no gain can be told from chance, said outright."""
    names = [*GAINS, "within_project_auc_gain", *(f"auc_gain_{project.name}" for project in judged)]
    return [f"{name}: no gain that its interval tells from zero" for name in names
            if (told := found.get(name)) and told["low"] is not None and told["low"] <= 0]  # fmt: skip


def write(path: Path, said: Said) -> None:
    """The chance of being listed that the model gives each candidacy."""
    chance = 1 / (1 + np.exp(-said.log_odds["model"]))
    with path.open("w", newline="", encoding="utf-8") as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(HEADER)
        rows.writerows((project, listing.day_of(snapshot), person, round(float(value), 8)) for project, snapshot, person, value
                       in zip(said.rows.project, said.rows.snapshot, said.rows.person, chance, strict=True))  # fmt: skip


def main() -> None:
    """Run the study and print one JSON object."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--train", type=Path, help="another folder to fit on; else the other projects of --data")
    options.add_argument("--predict", type=Path, help="where to write repo,snapshot,person,score")
    options.add_argument("--json", action="store_true", help="print only the JSON object")
    given = options.parse_args()
    found = study(given.data, given.train, given.predict)
    if not given.json:
        for name, told in found["figures"].items():
            print(f"{name:36} {told['value']}  [{told['low']}, {told['high']}]  n {told['n']}")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
