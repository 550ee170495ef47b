"""Trains what is read off exchanges: `.venv/bin/python training/exchange.py --data DIR [--write]`.

Three logistic models over the same features: asking back, tension, constructive replies. Positive and negative are the
labelled turns (`labels/guideline.md`, mean of two readers where there are two). Asking back also learns, at little
weight, from AMI: an eliciting act that is itself the answer to another's act asks back; the acts called "elicit comment
about understanding" do not, for with them a speaker checks whether others follow. Figures come from turns of logs,
tickets and groups of meetings not trained on; calibration within them from the other folds.
"""

import argparse
import json
import sys
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from cadre.language.exchange import DENSE, SCHEMA, features
from cadre.language.shipped import packed, save
from training.labelled import _table, comments, labelled, meeting_acts

FOLDS, OUTSIDE, AMI_NEGATIVES, C = 5, 0.1, 6000, 0.3
MODELS = Path(__file__).parent.parent / "src/cadre/language/models"
TOLD = {"repair": ("B",), "tension": ("T",), "constructive": ("k", "q", "o", "i")}
_ELICITS = ("el.inf", "el.ass")
NATIVE = "E"
"""Third letter of an AMI participant's code: English spoken from birth; the others (Dutch, other) learnt it."""


@dataclass
class Rows:
    """Turns in columns; `label` is (n, 3), NaN where a row says nothing of a model."""

    before: list[str] = field(default_factory=list)
    turn: list[str] = field(default_factory=list)
    same: list[bool] = field(default_factory=list)
    own: list[str] = field(default_factory=list)
    label: list[Any] = field(default_factory=list)
    weight: list[float] = field(default_factory=list)
    group: list[str] = field(default_factory=list)
    kind: list[str] = field(default_factory=list)
    random: list[bool] = field(default_factory=list)

    def add(self, before: str, turn: str, same: bool, own: str, label: Any, weight: float, group: str, kind: str, random: bool) -> None:
        """One more turn."""
        for column, value in zip(vars(self).values(), (before, turn, same, own, label, weight, group, kind, random), strict=True):
            column.append(value)


def own_rows(data: Path) -> Rows:
    """The labelled turns."""
    rows, earlier = Rows(), own_earlier(data)
    for turn in labelled(data):
        codes = (turn.first,) if turn.second is None else (turn.first, turn.second)
        label = [np.mean([any(c in told for c in wanted) for told in codes]) for wanted in TOLD.values()]
        rows.add(turn.before, turn.text, turn.same_speaker, earlier.get(turn.id, ""), label, 1.0, turn.group, turn.genre,
                 turn.rule == "random")  # fmt: skip
    return rows


def own_earlier(data: Path) -> dict[str, str]:
    """For comments on tickets, what their author said on the ticket before."""
    found = {}
    for ticket, said in comments(data).items():
        latest: dict[str, str] = {}
        for comment in said:
            found[f"helpdesk:{ticket}:{comment['id']}"] = latest.get(comment["author"], "")
            latest[comment["author"]] = comment["text"]
    return found


def ami_rows(data: Path, limit: int | None = AMI_NEGATIVES) -> tuple[Rows, list[str]]:
    """Acts of AMI with whether they ask back, and each one's participant."""
    acts = {row["da_id"]: row for said in meeting_acts(data).values() for row in said}
    answered = {p["target_da"]: acts[p["source_da"]] for p in _table(data, "ami_adjacency_pairs.csv.gz")
                if p["source_da"] in acts and p["target_da"] in acts}  # fmt: skip
    rows, people, negatives = Rows(), [], list[tuple[str, dict[str, str], dict[str, str] | None]]()
    if not answered:
        return rows, people
    for meeting, said in meeting_acts(data).items():
        for n, row in enumerate(said):
            to = answered.get(row["da_id"])
            if row["da_type"] in _ELICITS and to and to["speaker"] != row["speaker"]:
                rows.add(to["text"], row["text"], False, "", [1, np.nan, np.nan], OUTSIDE, meeting[:6], "ami_act", False)
                people.append(row["participant"])
            elif row["da_type"] not in ("und", "oth", *(_ELICITS if to or n % 3 else ())):
                negatives.append((meeting, row, to or (said[n - 1] if n else None)))
    chosen = np.random.default_rng(3).permutation(len(negatives))[:limit]
    for meeting, row, to in (negatives[k] for k in chosen):
        rows.add(to["text"] if to else "", row["text"], bool(to and to["speaker"] == row["speaker"]), "", [0, np.nan, np.nan],
                 OUTSIDE, meeting[:6], "ami_act", False)  # fmt: skip
        people.append(row["participant"])
    return rows, people


def joined(*some: Rows) -> Rows:
    """Several in one."""
    whole = Rows()
    for rows in some:
        for name, column in vars(rows).items():
            getattr(whole, name).extend(column)
    return whole


def fit(x: Any, y: Any, weight: Any, c: float = C) -> Any:
    """One logistic model; a label between 0 and 1 counts as both with that share."""
    from scipy.sparse import vstack
    from sklearn.linear_model import LogisticRegression

    share = np.concatenate([weight * y, weight * (1 - y)])
    kept = share > 0
    return LogisticRegression(C=c, solver="liblinear", max_iter=300).fit(
        vstack([x, x]).tocsr()[kept], np.repeat([1, 0], len(y))[kept], sample_weight=share[kept])  # fmt: skip


def platt(score: Any, y: Any) -> tuple[float, float]:
    """Slope and shift that make held-out log-odds hold."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=10).fit(np.concatenate([score, score])[:, None], np.repeat([1, 0], len(y)),
                                         sample_weight=np.concatenate([y, 1 - y]) + 1e-9)  # fmt: skip
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def folds_of(groups: list[str]) -> Any:
    """A fold for each row; a group stands in one."""
    return np.array([zlib.crc32(g.encode()) % FOLDS for g in groups])


def matrix(rows: Rows) -> tuple[Any, Any, Any]:
    """Features as one matrix, the words' part alone, and the scale of the named ones."""
    from scipy.sparse import csr_matrix, hstack

    words, dense = features(rows.before, rows.turn, np.array(rows.same), rows.own)
    scale = np.maximum(dense.std(0), 0.05).astype(np.float32)
    return hstack([words, csr_matrix(dense / scale)]).tocsr(), words, scale


def held_out(rows: Rows, x: Any, k: int) -> tuple[Any, Any, Any]:
    """Probabilities of one model for every row it speaks of, each from folds without its group.

    Returns:
        Probability (NaN where the model says nothing), slope and shift of all.
    """
    y, weight = np.array(rows.label, float)[:, k], np.array(rows.weight)
    fold, known = folds_of(rows.group), ~np.isnan(y)
    hand = known & np.array([kind != "ami_act" for kind in rows.kind]) & np.array(rows.random)
    score = np.full(len(y), np.nan)
    for f in range(FOLDS):
        train, test = known & (fold != f), known & (fold == f)
        if test.any():
            score[test] = fit(x[train], y[train], weight[train]).decision_function(x[test])
    chance = np.full(len(y), np.nan)
    for f in range(FOLDS):
        a, b = platt(score[hand & (fold != f)], y[hand & (fold != f)])
        here = known & (fold == f)
        chance[here] = 1 / (1 + np.exp(-(a * score[here] + b)))
    return chance, *platt(score[hand], y[hand])


def judged(chance: Any, y: Any, group: Any, again: int = 500) -> dict[str, Any]:
    """Precision, recall, AUC and average precision, with 95% intervals by drawing groups anew."""
    from sklearn.metrics import average_precision_score, roc_auc_score

    truth, told = y >= 0.5, chance >= 0.5
    where = [np.flatnonzero(group == g) for g in np.unique(group)]
    rng = np.random.default_rng(5)

    def all_of(k: Any) -> list[float]:
        hit = float((told[k] & truth[k]).sum())
        mixed = 0 < truth[k].sum() < len(k)
        return [hit / told[k].sum() if told[k].any() else np.nan, hit / truth[k].sum() if truth[k].any() else np.nan,
                roc_auc_score(truth[k], chance[k]) if mixed else np.nan,
                average_precision_score(truth[k], chance[k]) if mixed else np.nan]  # fmt: skip

    drawn = np.array([all_of(np.concatenate([where[g] for g in rng.integers(0, len(where), len(where))])) for _ in range(again)])
    point = all_of(np.arange(len(y)))
    low, high = (np.nanquantile(drawn, q, axis=0) if ~np.isnan(drawn).all() else drawn[0] for q in (0.025, 0.975))
    names = ("precision", "recall", "auc", "average_precision")
    return {"positives": int(truth.sum()), "n": len(y),
            **{m: [None if np.isnan(v) else round(float(v), 3) for v in x] for m, *x in zip(names, point, low, high, strict=True)}}  # fmt: skip


def agreement(data: Path, codes: tuple[str, ...]) -> tuple[float, int, Any]:
    """Cohen's kappa of the two readers, over how many turns, and its interval (turns drawn anew)."""
    both = np.array([[any(c in t.first for c in codes), any(c in t.second for c in codes)] for t in labelled(data) if t.second])
    rng = np.random.default_rng(5)

    def kappa(x: Any) -> float:
        share = x.mean(0)
        by_chance = share.prod() + (1 - share).prod()
        return float(((x[:, 0] == x[:, 1]).mean() - by_chance) / (1 - by_chance)) if by_chance < 1 else float("nan")

    if not len(both):
        return float("nan"), 0, (float("nan"), float("nan"))
    drawn = [kappa(both[rng.integers(0, len(both), len(both))]) for _ in range(500)]
    return kappa(both), len(both), tuple(np.nanquantile(drawn, (0.025, 0.975)))


def main() -> None:
    """Trains, judges, prints, and with --write saves."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--write", action="store_true")
    given = options.parse_args()
    outside, _ = ami_rows(given.data)
    rows = joined(own_rows(given.data), outside)
    x, words, scale = matrix(rows)
    label, weight, group = np.array(rows.label, float), np.array(rows.weight), np.array(rows.group)
    hand = np.array([kind != "ami_act" for kind in rows.kind])
    kept: dict[str, list[Any]] = {name: [] for name in ("words", "dense", "constant", "slope", "shift", "figures")}
    for k, (name, codes) in enumerate(TOLD.items()):
        chance, slope, shift = held_out(rows, x, k)
        known = ~np.isnan(label[:, k])
        model = fit(x[known], label[known, k], weight[known])
        random = hand & np.array(rows.random)
        figures: dict[str, Any] = {"random": judged(chance[random], label[random, k], group[random]),
                                   "enriched_too": judged(chance[hand], label[hand, k], group[hand])}  # fmt: skip
        for kind in ("irc", "helpdesk", "ami"):
            these = hand & (np.array(rows.kind) == kind)
            if label[these, k].sum() > 1:
                figures[kind] = judged(chance[these], label[these, k], group[these])
        kappa, n, (low, high) = agreement(given.data, codes)
        figures["readers_kappa"] = {"value": round(kappa, 3), "low": round(low, 3), "high": round(high, 3), "n": n}
        for key, value in zip(kept, (model.coef_[0][: words.shape[1]], model.coef_[0][words.shape[1] :], model.intercept_[0], slope,
                                     shift, figures), strict=True):  # fmt: skip
            kept[key].append(value)
        named = sorted(zip(model.coef_[0][words.shape[1] :], DENSE, strict=True))
        print(name, json.dumps(figures), "\n   ", [(f, round(float(w), 2)) for w, f in (*named[:4], *named[-8:])])
    if given.write:
        _write(kept, scale)


def _write(kept: dict[str, list[Any]], scale: Any) -> None:
    data = [
        {"what": "turns of chat, tickets and meetings labelled by training/labels/guideline.md: read by a large language model "
                 "following it, in part twice independently, by no person", "licence": "Apache-2.0 (labels)"},
        {"what": "words of them: Ubuntu IRC (Kummerfeld et al. 2019), help desk tickets (Abdellatif, doi 10.17632/btm76zndnt)",
         "licence": "CC BY 4.0"},
        {"what": "AMI meeting corpus 1.7, dialogue acts and adjacency pairs (asking back only)", "licence": "CC BY 4.0",
         "at": "https://groups.inf.ed.ac.uk/ami/corpus/"},
    ]  # fmt: skip
    for name, columns in (("repair", [0]), ("tension", [1, 2])):
        pick = {key: [kept[key][k] for k in columns] for key in kept}
        arrays = {
            "words": np.array(pick["words"]).T.astype(np.float16), "dense": np.array(pick["dense"]).T.astype(np.float32),
            "scale": scale, **{key: np.array(pick[key], np.float32) for key in ("constant", "slope", "shift")},
        }  # fmt: skip
        save(MODELS, name, packed(arrays), "npz", {
            "schema": SCHEMA, "recipe": "training/exchange.py", "columns": [list(TOLD)[k] for k in columns], "data": data,
            "figures": dict(zip([list(TOLD)[k] for k in columns], pick["figures"], strict=True)),
            "figures_are": f"{FOLDS} folds by log, ticket and group of meetings, calibrated on the other folds; 95% intervals by "
                           "drawing logs, tickets and groups anew; in threes: value, low, high; a turn counts at probability .5",
        })  # fmt: skip


if __name__ == "__main__":
    main()
