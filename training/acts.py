"""Trains the dialogue acts: `.venv/bin/python training/acts.py --data DIR [--write]`.

Each label is one logistic model over the same features. Turns labelled for Cadre carry full weight and say everything;
AMI acts, e-mail requests and questions of the politeness corpus carry little and speak only of the labels they know
(`_AMI`). Figures and calibration come from turns of conversations not trained on: five folds by log, ticket and group
of meetings. Beside the figures stand a majority guess and a char TF-IDF on the labelled turns alone.
"""

import argparse
import csv
import io
import json
import sys
import tarfile
import time
import zlib
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from cadre.language.act import ACTS, SCHEMA, features, weighed
from cadre.language.embedding import WordVectors
from cadre.language.shipped import packed, save
from training.labelled import _table, labelled, meeting_acts

CODES = dict(zip("qraeidsokcpz", ACTS, strict=True))
FOLDS, OUTSIDE, AMI_TURNS = 5, 0.02, 24_000
MODELS = Path(__file__).parent.parent / "src/cadre/language/models"
_ASKS = ("el.inf", "el.ass", "el.und", "el.sug")
_AMI = {
    "question": (_ASKS, ("inf", "bck", "stl", "fra", "sug", "ass")),
    "offer": (("off",), ("inf", "bck", "stl", "fra", "ass", *_ASKS)),
    "acknowledgement": (("bck",), ("inf", "sug", "fra", "stl", *_ASKS)),
    "answer": ((), ("bck", "stl", "fra", "sug", *_ASKS)),
    "social": (("be.pos",), ("inf", "sug", "fra", "stl", *_ASKS)),
}
"""Label -> acts of AMI that are it, acts that are not; other acts say nothing of the label."""


class Rows:
    """Turns to train on: words, the turn before, what is known of each label (NaN: nothing), weight and group."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.before: list[str] = []
        self.same: list[bool] = []
        self.label: list[Any] = []
        self.weight: list[float] = []
        self.group: list[str] = []
        self.own: list[bool] = []
        self.random: list[bool] = []
        self.genre: list[str] = []

    def add(self, text: str, before: str, same: bool, label: Any, weight: float, group: str, *, own: bool = False,
            random: bool = False, genre: str = "") -> None:  # fmt: skip
        """One more turn."""
        columns: tuple[tuple[list[Any], Any], ...] = (
            (self.text, text), (self.before, before), (self.same, same), (self.label, label), (self.weight, weight),
            (self.group, group), (self.own, own), (self.random, random), (self.genre, genre),
        )  # fmt: skip
        for column, value in columns:
            column.append(value)


def gathered(data: Path) -> Rows:
    """Everything that is known, in one place."""
    rows = Rows()
    for turn in labelled(data):
        codes = (turn.first,) if turn.second is None else (turn.first, turn.second)
        # Where two read a turn, the mean of both is its label.
        label = np.mean([[code in told for code in CODES] for told in codes], axis=0)
        rows.add(turn.text, turn.before, turn.same_speaker, label, 1.0, turn.group, own=True,
                 random=turn.rule == "random", genre=turn.genre)  # fmt: skip
    _ami(rows, data)
    _email(rows, data)
    _politeness(rows, data)
    return rows


def _blank() -> Any:
    return np.full(len(ACTS), np.nan)


def _ami(rows: Rows, data: Path) -> None:
    asked = {p["target_da"] for p in _table(data, "ami_adjacency_pairs.csv.gz")}
    kinds = {}
    for said in meeting_acts(data).values():
        kinds.update({row["da_id"]: row["da_type"] for row in said})
    answers = {p["target_da"] for p in _table(data, "ami_adjacency_pairs.csv.gz") if kinds.get(p["source_da"]) in _ASKS}
    every = [(m, n, said) for m, said in meeting_acts(data).items() for n in range(len(said))]
    chosen = np.random.default_rng(1).permutation(len(every))[:AMI_TURNS]
    for k in chosen:
        meeting, n, said = every[k]
        row, label = said[n], _blank()
        for name, (is_, is_not) in _AMI.items():
            if row["da_type"] in (*is_, *is_not):
                label[ACTS.index(name)] = row["da_type"] in is_
        if row["da_id"] in answers and row["da_type"] in ("inf", "ass"):
            label[ACTS.index("answer")] = 1
        elif row["da_type"] == "inf" and row["da_id"] not in asked:
            label[ACTS.index("answer")] = 0
        if row["da_type"] in ("fra", "stl"):
            label = np.zeros(len(ACTS))
        before = said[n - 1] if n else None
        rows.add(row["text"], before["text"] if before else "", bool(before and before["speaker"] == row["speaker"]),
                 label, OUTSIDE, meeting[:6])  # fmt: skip


def _members(data: Path, archive: str) -> dict[str, str]:
    return {
        member.name: opened.extractfile(member).read().decode("utf-8", "replace")  # type: ignore[union-attr]
        for path in data.rglob(archive)
        for opened in [tarfile.open(path)]
        for member in opened.getmembers()
        if member.isfile()
    }


def _email(rows: Rows, data: Path) -> None:
    for text in _members(data, "email_intent.tar.gz").values():
        for line in text.split("\n"):
            answer, _, said = line.partition("\t")
            if answer in ("Yes", "No") and said.strip():
                label = _blank()
                label[ACTS.index("request")] = answer == "Yes"
                rows.add(said.strip(), "", False, label, OUTSIDE, f"mail{zlib.crc32(said.encode()) % 50}")


def _politeness(rows: Rows, data: Path) -> None:
    for name, text in _members(data, "politeness.tar.gz").items():
        if not name.endswith("annotated.csv"):
            continue
        for row in list(csv.DictReader(io.StringIO(text)))[::4]:
            if row["Request"].rstrip().endswith("?"):
                label = _blank()
                label[ACTS.index("question")] = 1
                rows.add(row["Request"], "", False, label, OUTSIDE / 2, f"polite{row['Id']}")


def fit(x: Any, y: Any, weight: Any) -> Any:
    """One logistic model; a label between 0 and 1 counts as both with that share."""
    from scipy.sparse import vstack
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=3, solver="liblinear", max_iter=300)
    keep = np.concatenate([weight * y, weight * (1 - y)])
    both = vstack([x, x])
    return model.fit(both[keep > 0], np.repeat([1, 0], len(y))[keep > 0], sample_weight=keep[keep > 0])


def platt(score: Any, y: Any) -> tuple[float, float]:
    """Slope and shift that make held-out log-odds hold."""
    from sklearn.linear_model import LogisticRegression

    hard = np.concatenate([np.ones(len(y)), np.zeros(len(y))])
    model = LogisticRegression(C=10).fit(
        np.concatenate([score, score])[:, None], hard, sample_weight=np.concatenate([y, 1 - y]) + 1e-9
    )
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def figures_of(chance: Any, y: Any, rng: Any) -> dict[str, Any]:
    """Precision, recall, average precision and calibration of one label, with bootstrap intervals over turns."""
    from sklearn.metrics import average_precision_score

    truth = y >= 0.5
    told = chance >= 0.5

    def both(k: Any) -> tuple[float, float, float]:
        hit = (told[k] & truth[k]).sum()
        precision, recall = hit / max(told[k].sum(), 1), hit / max(truth[k].sum(), 1)
        return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)

    n = len(y)
    again = np.array([both(rng.integers(0, n, n)) for _ in range(300)])
    low, high = np.quantile(again, (0.025, 0.975), axis=0)
    bins = np.minimum((chance * 5).astype(int), 4)
    gap = sum(
        abs(chance[bins == b].mean() - y[bins == b].mean()) * (bins == b).mean() for b in range(5) if (bins == b).any()
    )
    point = both(np.arange(n))
    return {
        "positives": int(truth.sum()), "n": n,
        **{name: [round(float(v), 3) for v in (point[k], low[k], high[k])] for k, name in enumerate(("precision", "recall", "f1"))},
        "average_precision": round(float(average_precision_score(truth, chance)), 3) if truth.any() else None,
        "calibration_gap": round(float(gap), 3),
    }  # fmt: skip


def main() -> None:
    """Train, print the figures, and write the model where asked."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--write", action="store_true")
    options.add_argument("--errors", type=Path, help="write held-out errors here, to be read by a person")
    given = options.parse_args()
    begun = time.time()
    rows = gathered(given.data)
    vectors = WordVectors().embed(rows.text)
    words, earlier, dense = features(rows.text, rows.before, np.array(rows.same), vectors)
    mine = np.array(rows.own)
    spread = np.asarray((words[mine] > 0).sum(0))[0]
    rarity = (np.log((1 + mine.sum()) / (1 + spread)) + 1).astype(np.float16)
    words = weighed(words, rarity.astype(np.float32))
    # How much each kind of column may weigh, found by the folds below.
    scale = (np.maximum(dense.std(0), 1e-3) / 0.15).astype(np.float32)
    scale[: vectors.shape[1]] = 2.5
    x = hstack([words * 3, earlier * 0.5, csr_matrix(dense / scale)]).tocsr()
    y, weight = np.array(rows.label, float), np.array(rows.weight)
    own, chosen = np.array(rows.own), np.array(rows.random)
    fold = np.array([zlib.crc32(group.encode()) % FOLDS for group in rows.group])
    print(
        f"{time.time() - begun:.0f} s: {own.sum()} labelled turns ({(own & chosen).sum()} at random), {len(y)} in all"
    )
    rng = np.random.default_rng(7)
    texts = np.array(rows.text, object)
    held, peer = np.zeros((len(y), len(ACTS))), np.zeros((len(y), len(ACTS)))
    for f in range(FOLDS):
        inside, outside = fold != f, own & (fold == f)
        tf = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True).fit(texts[inside & own])
        mine = tf.transform(texts[inside & own])
        for k in range(len(ACTS)):
            known = inside & ~np.isnan(y[:, k])
            held[outside, k] = fit(x[known], y[known, k], weight[known]).decision_function(x[outside])
            truth = y[inside & own, k] >= 0.5
            if truth.any():
                peer[outside, k] = (
                    LogisticRegression(C=10, max_iter=300)
                    .fit(mine, truth)
                    .predict_proba(tf.transform(texts[outside]))[:, 1]
                )
    print(f"{time.time() - begun:.0f} s: folds")
    figures: dict[str, Any] = {}
    slopes, shifts, weights, constants = [], [], [], []
    chance = np.zeros_like(held)
    for k, name in enumerate(ACTS):
        slope, shift = platt(held[own & chosen, k], y[own & chosen, k])
        for f in range(FOLDS):  # the probability that is judged was calibrated on other folds
            others, these = own & chosen & (fold != f), own & (fold == f)
            a, b = platt(held[others, k], y[others, k])
            chance[these, k] = 1 / (1 + np.exp(-(a * held[these, k] + b)))
        part = own & chosen
        figures[name] = figures_of(chance[part, k], y[part, k], rng)
        figures[name]["char_tfidf_average_precision"] = figures_of(peer[part, k], y[part, k], rng)["average_precision"]
        figures[name]["char_tfidf_f1"] = figures_of(peer[part, k], y[part, k], rng)["f1"][0]
        known = ~np.isnan(y[:, k])
        model = fit(x[known], y[known, k], weight[known])
        slopes.append(slope)
        shifts.append(shift)
        weights.append(model.coef_[0])
        constants.append(model.intercept_[0])
        print(f"{time.time() - begun:.0f} s {name}", json.dumps(figures[name]))
    mean = {key: round(float(np.nanmean([f[key] or np.nan for f in figures.values()])), 3) for key in ("average_precision", "char_tfidf_average_precision")}  # fmt: skip
    print(json.dumps({"mean": mean, "majority_f1": 0.0}))
    if given.errors:
        _errors(given.errors, rows, own, chance, y)
    if given.write:
        whole = np.array(weights).T
        first, second = words.shape[1], words.shape[1] + earlier.shape[1]
        kept = {
            "pieces": (whole[:first] * 3).astype(np.float16), "before": (whole[first:second] * 0.5).astype(np.float16),
            "rarity": rarity, "dense": whole[second:].astype(np.float32), "scale": scale, "constant": np.array(constants, np.float32),
            "slope": np.array(slopes, np.float32), "shift": np.array(shifts, np.float32),
        }  # fmt: skip
        save(MODELS, "acts", packed(kept), "npz", {
            "schema": SCHEMA, "recipe": "training/acts.py", "labels": list(ACTS), "embedding": WordVectors.name,
            "data": [
                {"what": f"{own.sum()} turns of chat, tickets and meetings, labelled by training/labels/guideline.md", "licence": "Apache-2.0 (labels)"},
                {"what": "AMI meeting corpus 1.7, dialogue acts", "licence": "CC BY 4.0", "at": "https://groups.inf.ed.ac.uk/ami/corpus/"},
                {"what": "Parakweet e-mail intent", "licence": "Apache-2.0"},
                {"what": "Stanford politeness corpus (Danescu-Niculescu-Mizil et al. 2013)", "licence": "Apache-2.0 copy"},
                {"what": "words of labelled turns: Ubuntu IRC (Kummerfeld et al. 2019), help desk tickets (Abdellatif, doi 10.17632/btm76zndnt)", "licence": "CC BY 4.0"},
            ],
            "figures": figures, "mean": mean,
            "figures_are": "randomly chosen labelled turns in conversations not trained on, five folds; intervals at 95% by bootstrap over turns",
        })  # fmt: skip


def _errors(path: Path, rows: Rows, own: Any, chance: Any, y: Any) -> None:
    lines = []
    for n in np.flatnonzero(own):
        wrong = [
            f"{name}: told {chance[n, k]:.2f}, labelled {y[n, k]:.1f}"
            for k, name in enumerate(ACTS)
            if abs(chance[n, k] - y[n, k]) > 0.5
        ]
        if wrong:
            lines.append(
                f"[{rows.genre[n]}] {rows.before[n][:120]!r} -> {rows.text[n][:200]!r}\n    " + "; ".join(wrong)
            )
    path.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
