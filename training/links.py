"""Trains the reply links of chat: `.venv/bin/python training/links.py --data DIR [--write]`.

`DIR` holds the disentanglement corpus (`*.ascii.txt` with `*.annotation.txt`); logs in a folder called `dev` are held
out. Three folds by log: each pass reads what the pass before made of logs it had not seen, and the figures on the card
are of such logs. Data: Kummerfeld et al. 2019, CC BY 4.0.
"""

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from cadre.language.embedding import WordVectors
from cadre.language.links.again import AGAIN, again
from cadre.language.links.features import COLUMNS, NEAR, SCHEMA, WINDOW, Pairs, history, near, pairs
from cadre.language.links.hearing import HEARD, hashed, heard
from cadre.language.shipped import packed, save
from cadre.language.turns import Read, read
from training.chat import Log, logs
from training.trees import onnx_bytes, scores, softmax, train

FOLDS, USUAL, ROUNDS, SEEDS = 3, 3000, 300, (1, 2)
MODELS = Path(__file__).parent.parent / "src/cadre/language/models"


class Chat:
    """A log with what is read off it once, and its gold links as positions among the turns somebody said."""

    def __init__(self, log: Log, usual: frozenset[str]) -> None:
        self.log, self.turns = log, log.turns
        self.seen: Read = read(log.turns, usual)
        self.said = np.flatnonzero(log.turns.speaker >= 0)
        self.place = np.full(len(log.turns), -1)
        self.place[self.said] = np.arange(len(self.said))
        self.gold = {
            int(self.place[child]): [child_ for child_ in (int(self.place[p]) for p in parents) if child_ >= 0]
            for child, parents in log.parents.items()
            if self.place[child] >= 0
        }
        self.gold = {child: parents for child, parents in self.gold.items() if parents}
        self.vectors = WordVectors().embed(log.turns.text)
        self.words = hashed(log.turns.text)
        self.pairs: Pairs | None = None

    def expected(self) -> tuple[Any, Any]:
        """Rows of annotated turns in the log and what happened to each, in the order of `HEARD`."""
        speaker = self.turns.speaker[self.said]
        happened = np.zeros((len(self.said), len(HEARD)), bool)
        for child, parents in self.gold.items():
            happened[child, 0] |= child in parents
            for parent in parents:
                if parent != child:
                    own = speaker[parent] == speaker[child]
                    happened[child, 1] |= own
                    happened[parent, 3 if own else 2] = True
        rows = np.array(sorted(self.gold), int)
        return self.said[rows], happened[rows]

    def right(self) -> tuple[Any, Any]:
        """Annotated turns among those said, and which of their candidates are right."""
        assert self.pairs is not None
        rows = np.array(sorted(self.gold), int)
        found = self.pairs.candidate[rows] if len(rows) else np.zeros((0, 1), int)
        return rows, np.array([np.isin(c, self.gold[int(r)]) & (c >= 0) for r, c in zip(rows, found, strict=True)])


def near_weights(chats: list[Chat]) -> Any:
    """The cheap linear look that chooses candidates."""
    from sklearn.linear_model import LogisticRegression

    rows, right = [], []
    for chat in chats[::6]:
        if not chat.gold:
            continue
        said, seen = chat.said, chat.seen
        past = history(chat.turns.speaker[said], np.floor(chat.turns.minute[said]), seen.called[said], seen.named[said])
        low = min(chat.gold)
        looked = near(past, np.maximum(seen.look[said][:, 2], seen.look[said][:, 3]), low, len(said))
        for child, parents in chat.gold.items():
            hit = np.zeros(WINDOW + 1, bool)
            hit[[child - p for p in parents if 0 < child - p <= WINDOW]] = True
            known = ~np.isnan(looked[child - low, :, 0])
            known[0] = False
            if hit.any():
                rows.append(looked[child - low][known])
                right.append(hit[known])
    model = LogisticRegression(max_iter=400).fit(np.concatenate(rows), np.concatenate(right))
    return np.append(model.coef_[0], model.intercept_).astype(np.float32)


def hearing(chats: list[Chat]) -> tuple[Any, Any]:
    """Weights of what words let one expect."""
    from scipy.sparse import vstack
    from sklearn.linear_model import LogisticRegression

    told = [chat.expected() for chat in chats]
    words = vstack([chat.words[rows] for chat, (rows, _) in zip(chats, told, strict=True) if len(rows)])
    happened = np.concatenate([h for rows, h in told if len(rows)])
    fitted = [
        LogisticRegression(C=3, solver="liblinear", max_iter=300).fit(words, happened[:, k]) for k in range(len(HEARD))
    ]
    weight = np.stack([m.coef_[0] for m in fitted], 1).astype(np.float16)
    return weight, np.array([m.intercept_[0] for m in fitted], np.float32)


def stacked(chats: list[Chat], more: list[Any] | None = None) -> tuple[Any, Any, Any]:
    """Training rows of several logs: columns, which candidates are right, which exist."""
    rows, right, valid = [], [], []
    for n, chat in enumerate(chats):
        where, hit = chat.right()
        if not len(where):
            continue
        assert chat.pairs is not None
        columns = chat.pairs.rows[where]
        rows.append(columns if more is None else np.concatenate([columns, more[n][where]], -1))
        right.append(hit)
        valid.append(chat.pairs.candidate[where] >= 0)
    return np.concatenate(rows), np.concatenate(right), np.concatenate(valid)


def pass_over(chats: list[Chat], folds: Any, more: list[Any] | None, rounds: int) -> tuple[list[Any], list[Any]]:
    """A pass: boosters of all logs, and the sums each log got from boosters that had not seen it."""
    sums: list[Any] = [None] * len(chats)

    def rows(n: int) -> Any:
        found = chats[n].pairs
        assert found is not None
        return found.rows if more is None else np.concatenate([found.rows, more[n]], -1)

    for fold in range(FOLDS):
        inside = [n for n in range(len(chats)) if folds[n] != fold]
        booster = train(*stacked([chats[n] for n in inside], more and [more[n] for n in inside]), rounds=rounds, seed=1)
        for n in np.flatnonzero(folds == fold).tolist():
            sums[n] = scores([booster], rows(n))
    whole = stacked(chats, more)
    return [train(*whole, rounds=rounds, seed=seed) for seed in SEEDS], sums


def temperature(chats: list[Chat], sums: list[Any]) -> float:
    """What the sums are divided by so that probabilities hold on logs not trained on."""
    from scipy.optimize import minimize_scalar

    told = [(c, s, *c.right()) for c, s in zip(chats, sums, strict=True)]
    score = np.concatenate([s[rows] for _, s, rows, _ in told if len(rows)])
    valid = np.concatenate([c.pairs.candidate[rows] >= 0 for c, _, rows, _ in told if len(rows) and c.pairs])
    right = np.concatenate([hit for _, _, rows, hit in told if len(rows)])
    known = right.any(1)

    def loss(t: float) -> float:
        chance = (softmax(score / t, valid) * right).sum(1)[known]
        return float(-np.log(np.maximum(chance, 1e-9)).mean())

    return float(minimize_scalar(loss, bounds=(0.5, 3), method="bounded").x)


def f1(chats: list[Chat], chances: list[Any], second: float | None = None) -> dict[str, float]:
    """Link precision, recall and F1 as published: lines nobody said count as starting, turns without a kept parent as missed."""
    right = told = gold = 0
    for chat, chance in zip(chats, chances, strict=True):
        assert chat.pairs is not None
        for child, parents in chat.log.parents.items():
            i = int(chat.place[child])
            answer = {child}
            if i >= 0:
                order = np.argsort(-chance[i])
                best, other = (int(chat.pairs.candidate[i, k]) for k in order[:2])
                answer = {int(chat.said[best])}
                if second and chance[i, order[1]] >= second and i not in (best, other) and other >= 0:
                    answer.add(int(chat.said[other]))
            right += len(answer & set(parents))
            told += len(answer)
            gold += len(set(parents))
    return {"f1": 2 * right / (told + gold), "precision": right / told, "recall": right / gold}


def main() -> None:
    """Train, print the figures, and write the models where asked."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--rounds", type=int, default=ROUNDS)
    options.add_argument("--write", action="store_true")
    given = options.parse_args()
    begun = time.time()
    raw = logs(given.data)
    held = [log for log in raw if "dev" in Path(log.name).parts]
    inside = [log for log in raw if "dev" not in Path(log.name).parts]
    count: Counter[str] = Counter()
    for log in inside:
        for text in log.turns.text:
            count.update({w for w in text.lower().split() if w.isalpha()})
    listed = [word for word, _ in count.most_common(USUAL)]
    usual = frozenset(listed)
    chats, dev = [Chat(log, usual) for log in inside if log.parents], [Chat(log, usual) for log in held if log.parents]
    folds = np.arange(len(chats)) % FOLDS
    weights = near_weights(chats)
    print(f"{time.time() - begun:.0f} s: {len(chats)} logs, {sum(len(c.gold) for c in chats)} annotated turns")

    def expect(chat: Chat, model: tuple[Any, Any]) -> None:
        expected = heard(chat.turns.text, model[0].astype(np.float32), model[1])
        chat.pairs = pairs(chat.turns, chat.seen, expected, chat.vectors, weights)

    for fold in range(FOLDS):
        model = hearing([c for c, f in zip(chats, folds, strict=True) if f != fold])
        for n in np.flatnonzero(folds == fold):
            expect(chats[n], model)
    words = hearing(chats)
    for chat in dev:
        expect(chat, words)
    print(f"{time.time() - begun:.0f} s: pairs")

    figures: dict[str, Any] = {"annotated_turns": sum(len(c.gold) for c in chats), "logs": len(chats)}
    more = more_dev = None
    for name, columns in (("links_first", COLUMNS), ("links_second", COLUMNS + AGAIN)):
        boosters, sums = pass_over(chats, folds, more, given.rounds)
        soft = temperature(chats, sums)

        def chance(some: list[Chat], totals: list[Any], t: float = soft) -> list[Any]:
            return [softmax(s / t, c.pairs.candidate >= 0) for c, s in zip(some, totals, strict=True) if c.pairs]

        inner = chance(chats, sums)
        outer_sums = [
            scores(boosters, c.pairs.rows if more_dev is None else np.concatenate([c.pairs.rows, more_dev[n]], -1))
            for n, c in enumerate(dev) if c.pairs
        ]  # fmt: skip
        outer = chance(dev, outer_sums)
        for label, some, chances in (("folds", chats, inner), ("dev", dev, outer)):
            for second in (None, 0.25, 0.3, 0.35):
                found = f1(some, chances, second)
                figures[f"{name}_{label}{'' if second is None else f'_second_{second}'}"] = {
                    k: round(v, 4) for k, v in found.items()
                }
                print(
                    f"{time.time() - begun:.0f} s {name} {label} second={second}",
                    {k: round(v, 4) for k, v in found.items()},
                )
        if given.write:
            _write(name, onnx_bytes(boosters, len(columns)), "onnx", columns, soft, figures)
        more, more_dev = (
            [again(c.pairs, p.astype(np.float32), c.turns.speaker[c.said], c.seen.named[c.said]) for c, p in zip(some, chances, strict=True) if c.pairs]
            for some, chances in ((chats, inner), (dev, outer))
        )  # fmt: skip
    if given.write:
        kept = {
            "near": weights, "heard_weight": words[0], "heard_constant": words[1],
            "usual": np.frombuffer("\n".join(listed).encode(), np.uint8),
        }  # fmt: skip
        _write("links_words", packed(kept), "npz", (*NEAR, *HEARD), 1.0, figures)
    print(json.dumps(figures))


def _write(name: str, data: bytes, ending: str, columns: Any, soft: float, figures: dict[str, Any]) -> None:
    told = {
        "schema": SCHEMA, "recipe": "training/links.py", "temperature": round(soft, 4), "columns": list(columns),
        "data": [{
            "what": "Ubuntu IRC logs with reply links, train part", "by": "Kummerfeld et al., ACL 2019",
            "licence": "CC BY 4.0", "at": "https://jkk.name/irc-disentanglement",
        }],
        "figures": figures,
        "figures_are": "link precision, recall and F1 of annotated lines in logs not trained on: three folds by log, and the dev part",
    }  # fmt: skip
    save(MODELS, name, data, ending, told)


if __name__ == "__main__":
    main()
