"""Trains what meetings need: `.venv/bin/python training/meetings.py --data DIR [--write]`.

Three models on the AMI corpus (Carletta 2007, CC BY 4.0), each reading what the one before made of meetings it had not
seen: acts of each stretch of talk, which stretch answers which, and who steers (the project manager in scenario
meetings of four). Five folds by group of meetings; figures on the cards are of groups not trained on.
"""

import argparse
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from cadre.language.embedding import WordVectors
from cadre.language.meeting.pair import COLUMNS, candidates, rows
from cadre.language.meeting.pair import SCHEMA as PAIR_SCHEMA
from cadre.language.meeting.steer import MIDDLE, NAMES, TALK_ONLY, features
from cadre.language.meeting.talk import SCHEMA, TALK, Talk, dense, hashed
from cadre.language.shipped import packed, save
from training.labelled import _table, meeting_acts
from training.trees import onnx_bytes, scores, softmax, train

FOLDS, ROUNDS, SEEDS = 5, 200, (1, 2)
LEAD = "PM"
MODELS = Path(__file__).parent.parent / "src/cadre/language/models"
CREDIT = [
    {
        "what": "AMI meeting corpus 1.7, annotations",
        "licence": "CC BY 4.0",
        "at": "https://groups.inf.ed.ac.uk/ami/corpus/",
    }
]


@dataclass
class Meeting:
    """One meeting: its talk, gold acts, gold pairs (answer -> what it answers) and who leads it, each where told."""

    name: str
    talk: Talk
    speakers: list[str]
    ids: list[str]
    act: list[str]
    answers: dict[int, list[int]]
    lead: int | None
    acts: Any = None
    candidate: Any = None
    chance: Any = None
    vectors: Any = None

    @property
    def group(self) -> str:
        """Meetings of the same four people."""
        return self.name[:6]


def meetings(data: Path) -> list[Meeting]:
    """Every meeting below a folder, as the AMI tables tell it."""
    pairs: dict[str, list[tuple[str, str]]] = {}
    for row in _table(data, "ami_adjacency_pairs.csv.gz"):
        pairs.setdefault(row["meeting"], []).append((row["source_da"], row["target_da"]))
    found = []
    for name, said in sorted(meeting_acts(data).items()):
        speakers = sorted({row["speaker"] for row in said})
        talk = Talk(
            np.array([speakers.index(row["speaker"]) for row in said], np.int32),
            np.array([float(row["start"]) for row in said]), np.array([float(row["end"]) for row in said]),
            [row["text"] for row in said],
        )  # fmt: skip
        ids = [row["da_id"] for row in said]
        place = {key: k for k, key in enumerate(ids)}
        answers: dict[int, list[int]] = {}
        for source, target in pairs.get(name, []):
            if source in place and target in place:
                answers.setdefault(place[target], []).append(place[source])
        leads = {row["speaker"] for row in said if row.get("role") == LEAD}
        scenario = all(row.get("meeting_type", "scenario") in ("scenario", "") for row in said)
        lead = speakers.index(leads.pop()) if len(leads) == 1 and scenario and len(speakers) == 4 else None
        found.append(Meeting(name, talk, speakers, ids, [row["da_type"] for row in said], answers, lead))
    return found


def fit_acts(some: list[Meeting]) -> dict[str, Any]:
    """Weights of the acts: one-against-rest logistic models, joined by a softmax."""
    from scipy.sparse import csr_matrix, hstack, vstack
    from sklearn.linear_model import LogisticRegression

    words, around, columns, act = [], [], [], []
    for meeting in some:
        own = hashed(meeting.talk.text)
        words.append(own)
        around.append(vstack([own[1:], csr_matrix((1, own.shape[1]))]))
        columns.append(dense(meeting.talk))
        act += meeting.act
    whole = np.concatenate(columns)
    scale = (np.maximum(whole.std(0), 1e-3) * 2).astype(np.float32)
    known = np.array([a in TALK for a in act])
    x = hstack([vstack(words) * 2, vstack(around), csr_matrix(whole / scale)]).tocsr()[known]
    y = np.array(act)[known]
    model = LogisticRegression(C=1.0, solver="saga", max_iter=25, tol=1e-3, random_state=1).fit(x, y)
    order = [list(model.classes_).index(name) for name in TALK]
    coefficients, n = model.coef_[order].T, words[0].shape[1]
    return {
        "words": (coefficients[:n] * 2).astype(np.float16), "around": coefficients[n : 2 * n].astype(np.float16),
        "dense": coefficients[2 * n :].astype(np.float32), "scale": scale, "constant": model.intercept_[order].astype(np.float32),
    }  # fmt: skip


def told_acts(model: dict[str, Any], talk: Talk) -> Any:
    """The same computation as the product's, with weights at hand."""
    words = hashed(talk.text)
    score = (
        words @ model["words"].astype(np.float32) + (dense(talk) / model["scale"]) @ model["dense"] + model["constant"]
    )
    score[:-1] += (words @ model["around"].astype(np.float32))[1:]
    return softmax(score, np.ones(score.shape, bool)).astype(np.float32)


def pair_rows(some: list[Meeting]) -> tuple[Any, Any, Any]:
    """Training rows of pairs: columns, which are right, which exist."""
    columns, right, valid = [], [], []
    for m in some:
        columns.append(rows(m.talk, m.acts, m.vectors, m.candidate))
        hit = np.zeros(m.candidate.shape, bool)
        for i in range(len(m.talk)):
            gold = m.answers.get(i, [])
            hit[i, 1:] = np.isin(m.candidate[i, 1:], gold)
            hit[i, 0] = not gold
        right.append(hit)
        valid.append(m.candidate >= 0)
    return np.concatenate(columns), np.concatenate(right), np.concatenate(valid)


def pair_f1(some: list[Meeting], threshold: float) -> tuple[float, float, float]:
    """F1, precision and recall of single pairs from a probability on."""
    right = told = gold = 0
    for m in some:
        gold += sum(len(g) for g in m.answers.values())
        i, k = np.nonzero((m.chance[:, 1:] >= threshold) & (m.candidate[:, 1:] >= 0))
        told += len(i)
        right += sum(int(m.candidate[a, b + 1]) in m.answers.get(int(a), ()) for a, b in zip(i, k, strict=True))
    return 2 * right / max(told + gold, 1), right / max(told, 1), right / max(gold, 1)


def known_of(m: Meeting, reading: str) -> Any:
    """Features of a meeting's speakers, of the whole or the middle."""
    if reading != "middle":
        return features(m.talk, m.acts, m.candidate, m.chance)
    cut = m.talk.between(*MIDDLE)
    first, last = m.talk.start.min(), m.talk.end.max()
    low, high = (first + x * (last - first) for x in MIDDLE)
    kept = np.flatnonzero((m.talk.start >= low) & (m.talk.start <= high))
    moved = np.full(len(m.talk), -1)
    moved[kept] = np.arange(len(kept))
    candidate = np.where(m.candidate[kept] >= 0, moved[np.maximum(m.candidate[kept], 0)], -1)
    return features(cut, m.acts[kept], candidate, m.chance[kept])


def fit_lead(known: list[Any], lead: list[int], penalty: float) -> Any:
    """Weights of a softmax over the speakers of each meeting."""
    from scipy.optimize import minimize

    spread = np.concatenate(known).std(0) + 1e-6

    def loss(w: Any) -> tuple[float, Any]:
        total, slope = penalty * float(w @ w), 2 * penalty * w
        for x, right in zip(known, lead, strict=True):
            z = x / spread
            chance = softmax((z @ w)[None], np.ones((1, len(z)), bool))[0]
            total -= float(np.log(max(chance[right], 1e-9)))
            slope = slope + z.T @ (chance - np.eye(len(z))[right])
        return total, slope

    return (minimize(loss, np.zeros(known[0].shape[1]), jac=True, method="L-BFGS-B").x / spread).astype(np.float32)


def lead_figures(some: list[Meeting], folds: Any, reading: str, penalty: float) -> tuple[float, Any]:
    """Share of meetings of held-out groups whose leader is named first, and weights from all."""
    width = TALK_ONLY if reading == "talk" else len(NAMES)
    known = [known_of(m, reading)[:, :width] for m in some]
    lead = [m.lead for m in some if m.lead is not None]
    assert len(lead) == len(some), "a meeting without a told leader teaches nothing about leading"
    hits = []
    for fold in range(FOLDS):
        inside = [k for k in range(len(some)) if folds[k] != fold]
        w = fit_lead([known[k] for k in inside], [lead[k] for k in inside], penalty)
        hits += [int((known[k] @ w).argmax() == lead[k]) for k in range(len(some)) if folds[k] == fold]
    return float(np.mean(hits)), fit_lead(known, lead, penalty)


def totals_correlation(some: list[Meeting]) -> tuple[float, float]:
    """Rank correlation of expected and gold totals over ordered pairs of speakers: of all meetings, and mean within one."""
    from scipy.stats import spearmanr

    every, golds, tolds = [], [], []
    for m in some:
        n = len(m.speakers)
        gold, told = np.zeros((n, n)), np.zeros((n, n))
        for i, some_ in m.answers.items():
            for j in some_:
                gold[m.talk.speaker[i], m.talk.speaker[j]] += 1
        row, k = np.nonzero(m.candidate[:, 1:] >= 0)
        np.add.at(told, (m.talk.speaker[row], m.talk.speaker[m.candidate[row, k + 1]]), m.chance[row, k + 1])
        off = ~np.eye(n, dtype=bool)
        every.append(spearmanr(gold[off], told[off]).statistic)
        golds.append(gold[off])
        tolds.append(told[off])
    return float(spearmanr(np.concatenate(golds), np.concatenate(tolds)).statistic), float(np.nanmean(every))


def main() -> None:
    """Train, print the figures, and write the models where asked."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--write", action="store_true")
    options.add_argument("--quick", action="store_true", help="few trees: to see that it runs")
    given = options.parse_args()
    begun = time.time()
    every = meetings(given.data)
    groups = sorted({m.group for m in every})
    folds = np.array([groups.index(m.group) % FOLDS for m in every])
    figures: dict[str, Any] = {"meetings": len(every), "groups": len(groups)}
    for fold in range(FOLDS):
        model = fit_acts([m for m, f in zip(every, folds, strict=True) if f != fold])
        for m, f in zip(every, folds, strict=True):
            if f == fold:
                m.acts = told_acts(model, m.talk)
    gold = np.concatenate([[TALK.index(a) if a in TALK else -1 for a in m.act] for m in every])
    guess = np.concatenate([m.acts.argmax(1) for m in every])
    figures["acts_accuracy"] = round(float((gold == guess)[gold >= 0].mean()), 4)
    print(f"{time.time() - begun:.0f} s acts", figures, flush=True)
    acts_model = fit_acts(every)
    for m in every:
        m.vectors, m.candidate = WordVectors().embed(m.talk.text), candidates(m.talk)
    rounds = 30 if given.quick else ROUNDS
    sums: list[Any] = [None] * len(every)
    for fold in range(FOLDS):
        booster = train(*pair_rows([m for m, f in zip(every, folds, strict=True) if f != fold]), rounds=rounds, seed=1)
        for n in np.flatnonzero(folds == fold):
            m = every[n]
            sums[n] = scores([booster], rows(m.talk, m.acts, m.vectors, m.candidate))
    soft = 1.0
    for m, s in zip(every, sums, strict=True):
        m.chance = softmax(s / soft, m.candidate >= 0)
    tried = {t: pair_f1(every, t) for t in (0.2, 0.25, 0.3, 0.35, 0.4)}
    best = max(tried, key=lambda t: tried[t][0])
    figures |= {"pair_threshold": best, "adjacency_f1": round(tried[best][0], 4), "adjacency_precision": round(tried[best][1], 4),
                "adjacency_recall": round(tried[best][2], 4), "pair_totals_rank_correlation": round(totals_correlation(every)[0], 4),
                "pair_totals_rank_correlation_within_meeting": round(totals_correlation(every)[1], 4)}  # fmt: skip
    print(f"{time.time() - begun:.0f} s pairs", figures, flush=True)
    led = [k for k, m in enumerate(every) if m.lead is not None]
    weights = {}
    for reading in ("all", "middle", "talk"):
        tried_ = {p: lead_figures([every[k] for k in led], folds[led], reading, p) for p in (0.3, 1.0, 3.0)}
        for p, (share, _) in tried_.items():
            figures[f"leader_top1_{reading}_penalty_{p}"] = round(share, 4)
        weights[f"weight_{reading}"] = tried_[1.0][1]
    print(f"{time.time() - begun:.0f} s lead", figures, flush=True)
    if given.write:
        boosters = [train(*pair_rows(every), rounds=rounds, seed=seed) for seed in SEEDS]
        told = {"recipe": "training/meetings.py", "data": CREDIT, "figures": figures,
                "figures_are": "meetings of groups not trained on, five folds by group; every model reads predictions of the one before"}  # fmt: skip
        save(MODELS, "meeting_acts", packed(acts_model), "npz", {"schema": SCHEMA, "labels": list(TALK), **told})
        save(
            MODELS,
            "meeting_pairs",
            onnx_bytes(boosters, len(COLUMNS)),
            "onnx",
            {"schema": PAIR_SCHEMA, "temperature": soft, "columns": list(COLUMNS), **told},
        )
        save(
            MODELS,
            "meeting_lead",
            packed({**weights, "pair_threshold": np.array(best)}),
            "npz",
            {"schema": PAIR_SCHEMA, "columns": list(NAMES), **told},
        )
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
