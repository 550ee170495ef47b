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
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from cadre.language.exchange import DENSE, SCHEMA, features
from cadre.language.shipped import packed, save
from training.labelled import _table, comments, labelled, meeting_acts

FOLDS, OUTSIDE, AMI_NEGATIVES, C = 5, 0.02, 6000, 3.0
MODELS = Path(__file__).parent.parent / "src/cadre/language/models"
TOLD = {"repair": ("B",), "tension": ("T",), "constructive": ("k", "q", "o", "i")}
PASSES_AUC, PASSES_POSITIVES = 0.75, 50
"""What may enter an estimate: from this lower end of the AUC's interval on, and from this many positive turns on."""
LOWER = 0.3
"""A second threshold that figures are given at: half of what is rare stays below even odds."""
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

    def add(
        self,
        before: str,
        turn: str,
        same: bool,
        own: str,
        label: Any,
        weight: float,
        group: str,
        kind: str,
        random: bool,
    ) -> None:
        """One more turn."""
        for column, value in zip(
            vars(self).values(), (before, turn, same, own, label, weight, group, kind, random), strict=True
        ):
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
    rows, people, negatives = Rows(), list[str](), list[tuple[str, dict[str, str], dict[str, str] | None]]()
    if not answered:
        return rows, people
    for meeting, said in meeting_acts(data).items():
        for n, row in enumerate(said):
            to = answered.get(row["da_id"])
            if row["da_type"] in _ELICITS and to and to["speaker"] != row["speaker"]:
                rows.add(
                    to["text"], row["text"], False, "", [1, np.nan, np.nan], OUTSIDE, meeting[:6], "ami_act", False
                )
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


def seen_by(name: str, rows: Rows) -> Rows:
    """The rows as a model sees them: tension reads the turn alone, a constructive reply also what it answers."""
    if name == "repair":
        return rows
    n = len(rows.turn)
    blank: dict[str, Any] = {"own": [""] * n} | ({"before": [""] * n, "same": [False] * n} if name == "tension" else {})
    return replace(rows, **blank)


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


def judged(chance: Any, y: Any, group: Any, again: int = 400) -> dict[str, Any]:
    """Precision and recall at two thresholds, AUC and average precision, with 95% intervals by drawing groups anew."""
    from sklearn.metrics import average_precision_score, roc_auc_score

    truth = y >= 0.5
    where = [np.flatnonzero(group == g) for g in np.unique(group)]
    rng = np.random.default_rng(5)

    def all_of(k: Any) -> list[float]:
        mixed, out = 0 < truth[k].sum() < len(k), list[float]()
        for least in (0.5, LOWER):
            told = chance[k] >= least
            hit = float((told & truth[k]).sum())
            out += [hit / told.sum() if told.any() else np.nan, hit / truth[k].sum() if truth[k].any() else np.nan]
        return [*out, roc_auc_score(truth[k], chance[k]) if mixed else np.nan,
                average_precision_score(truth[k], chance[k]) if mixed else np.nan]  # fmt: skip

    drawn = np.array(
        [all_of(np.concatenate([where[g] for g in rng.integers(0, len(where), len(where))])) for _ in range(again)]
    )
    point = all_of(np.arange(len(y)))
    names = ("precision", "recall", "precision_lower", "recall_lower", "auc", "average_precision")
    known = {name: drawn[~np.isnan(drawn[:, k]), k] for k, name in enumerate(names)}
    return {
        "positives": int(truth.sum()), "n": len(y),
        **{name: [None if np.isnan(point[k]) else round(float(v), 3) for v in (point[k], *(np.quantile(x, (0.025, 0.975)) if len(x) else (np.nan, np.nan)))]
           for k, (name, x) in enumerate(known.items())},
    }  # fmt: skip


def agreement(data: Path, codes: tuple[str, ...]) -> dict[str, Any]:
    """Cohen's kappa of the two readers over the turns both read, with its interval (turns drawn anew)."""
    both = np.array(
        [[any(c in t.first for c in codes), any(c in t.second for c in codes)] for t in labelled(data) if t.second]
    )
    rng = np.random.default_rng(5)

    def kappa(x: Any) -> float:
        share = x.mean(0)
        by_chance = share.prod() + (1 - share).prod()
        return float(((x[:, 0] == x[:, 1]).mean() - by_chance) / (1 - by_chance)) if by_chance < 1 else 1.0

    if not len(both):
        return {"value": None, "low": None, "high": None, "n": 0}
    drawn = [kappa(both[rng.integers(0, len(both), len(both))]) for _ in range(400)]
    low, high = np.quantile(drawn, (0.025, 0.975))
    return {"value": round(kappa(both), 3), "low": round(float(low), 3), "high": round(float(high), 3), "n": len(both)}


def main() -> None:
    """Trains, judges, prints, and with --write saves."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--write", action="store_true")
    given = options.parse_args()
    outside, _ = ami_rows(given.data)
    rows = joined(own_rows(given.data), outside)
    label, weight = np.array(rows.label, float), np.array(rows.weight)
    kept: dict[str, dict[str, Any]] = {}
    for k, (name, codes) in enumerate(TOLD.items()):
        x, words, scale = matrix(seen_by(name, rows))
        chance, slope, shift = held_out(rows, x, k)
        known = ~np.isnan(label[:, k])
        model = fit(x[known], label[known, k], weight[known])
        coefficients, width = model.coef_[0], words.shape[1]
        figures = figures_of(rows, chance, k) | {"readers_kappa": agreement(given.data, codes)}
        kept[name] = {"words": coefficients[:width], "dense": coefficients[width:], "scale": scale, "constant": model.intercept_[0],
                      "slope": slope, "shift": shift, "figures": figures, "passed": passed(figures["random"])}  # fmt: skip
        named = sorted(zip(coefficients[width:], DENSE, strict=True))
        print(
            name,
            kept[name]["passed"],
            json.dumps(figures),
            "\n   ",
            [(f, round(float(w), 2)) for w, f in (*named[:4], *named[-8:])],
        )
    if given.write:
        _write("repair", [kept["repair"]], ["asks_back"])
        _write("tension", [kept["tension"], kept["constructive"]], ["tension", "constructive"])


def passed(figure: dict[str, Any]) -> bool:
    """Whether held-out figures on randomly chosen turns let a measure enter an estimate."""
    return bool(figure["positives"] >= PASSES_POSITIVES and figure["auc"][1] >= PASSES_AUC)


def figures_of(rows: Rows, chance: Any, k: int) -> dict[str, Any]:
    """Figures of one model on randomly chosen turns, on all labelled, by genre, and on AMI's own acts where it speaks of them."""
    y, kind, group = np.array(rows.label, float)[:, k], np.array(rows.kind), np.array(rows.group)
    parts = {"random": (kind != "ami_act") & np.array(rows.random), "enriched_too": kind != "ami_act"}
    parts |= {name: kind == name for name in ("irc", "helpdesk", "ami", "ami_act")}
    return {name: judged(chance[part], y[part], group[part]) for name, part in parts.items() if np.nansum(y[part]) >= 1}


def _write(name: str, models: list[dict[str, Any]], columns: list[str]) -> None:
    data = [
        {"what": "turns of chat, tickets and meetings labelled by training/labels/guideline.md: read by a large language model "
                 "following it, in part twice independently, by no person", "licence": "Apache-2.0 (labels)"},
        {"what": "words of them: Ubuntu IRC (Kummerfeld et al. 2019), help desk tickets (Abdellatif, doi 10.17632/btm76zndnt)",
         "licence": "CC BY 4.0"},
        {"what": "AMI meeting corpus 1.7, dialogue acts and adjacency pairs (asking back only)", "licence": "CC BY 4.0",
         "at": "https://groups.inf.ed.ac.uk/ami/corpus/"},
    ]  # fmt: skip
    stacked = {
        key: np.stack([np.asarray(m[key], np.float32) for m in models], axis=-1)
        for key in ("words", "dense", "scale", "constant", "slope", "shift")
    }
    save(MODELS, name, packed(stacked | {"words": stacked["words"].astype(np.float16)}), "npz", {
        "schema": SCHEMA, "recipe": "training/exchange.py", "columns": columns, "named": list(DENSE), "data": data,
        "passed": [c for c, m in zip(columns, models, strict=True) if m["passed"]],
        "figures": {c: m["figures"] for c, m in zip(columns, models, strict=True)},
        "figures_are": f"{FOLDS} folds by log, ticket and group of meetings, calibrated on the other folds; 95% intervals by drawing "
                       f"logs, tickets and groups anew; in threes: value, low, high; precision and recall at probability .5 and, as "
                       f"_lower, at {LOWER}; passes from {PASSES_POSITIVES} positive turns and a lower end of the AUC of {PASSES_AUC} on",
    })  # fmt: skip


if __name__ == "__main__":
    main()
