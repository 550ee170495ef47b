"""Trains the weights of clarity's parts: `.venv/bin/python training/clarity.py --data DIR [--write]`.

The unit is a turn that somebody else replied to; what is to be told is whether the first such reply asks back
(`language.exchange`, which is shown the reply and not the turn, so that it cannot know what it is held against). A part
enters the score when, beside length, topic and whether the turn itself asks, more of it goes with fewer replies that ask
back: in chat or at the help desk the interval of its weight (logs and tickets drawn anew) lies on the right side of
nothing, and in neither on the wrong side. Every other part is advice to the writer and no more.
"""

import argparse
import json
import sys
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from cadre.language.clarity.part import PARTS, READERS, parts
from cadre.language.exchange import asks_again, asks_back
from cadre.language.shipped import packed, save
from training.chat import Log, log
from training.labelled import comments

ASKS_FROM = 0.3
"""Half of the replies that ask back lie below even odds; of those from here on more than half do."""
FOLDS, TOPICS, AGAIN = 5, 256, 200
SURE = 3.02
"""Standard errors that keep the chance of one false pass among ten parts in two places at one in twenty."""
MODELS = Path(__file__).parent.parent / "src/cadre/language/models"


@dataclass(frozen=True, slots=True)
class Pair:
    """A turn and the first reply to it by somebody else.

    Attributes:
        genre: `chat` or `helpdesk`.
        group: The log or ticket.
        turn: What was said.
        reply: What was said to it.
        reply_id: The reply as the labels name it.
        client: Whether the turn was written for a client.
    """

    genre: str
    group: str
    turn: str
    reply: str
    reply_id: str
    client: bool


@contextmanager
def chat_logs(data: Path) -> Iterator[list[Log]]:
    """Every log below a folder or in its archives of chat, one of each name."""
    with TemporaryDirectory() as scratch:
        places = [data]
        for archive in sorted(data.rglob("*.tar.gz")):
            if archive.parent.name == "chat" or "irc" in archive.name:
                with tarfile.open(archive) as opened:
                    opened.extractall(scratch, filter="data")
                places = [data, Path(scratch)]
        files = {path.name: path for place in places for path in sorted(place.rglob("*.ascii.txt"))}
        yield [log(path, path.parent) for path in files.values()]


def pairs(data: Path) -> list[Pair]:
    """Turns with their first reply by somebody else, in chat by gold links where there are, and at the help desk."""
    with chat_logs(data) as logs:
        found = [pair for one in logs for pair in _chat(one)]
    for ticket, said in comments(data).items():
        for earlier, later in pairwise(said):
            if earlier["author"] != later["author"]:
                found.append(Pair("helpdesk", ticket, earlier["text"], later["text"], f"helpdesk:{ticket}:{later['id']}",
                                  earlier["role"] != "reporter" and later["role"] == "reporter"))  # fmt: skip
    return found


def _chat(one: Log) -> Iterator[Pair]:
    speaker, text, replied = one.turns.speaker, one.turns.text, set[int]()
    links = one.parents or _previous_other(one)
    for line in sorted(links):
        for parent in links[line]:
            if parent not in replied and speaker[parent] not in (-1, speaker[line]) and speaker[line] >= 0:
                replied.add(parent)
                yield Pair("chat", one.name, text[parent], text[line], f"irc:{one.name}:{line}", False)


def _previous_other(one: Log) -> dict[int, list[int]]:
    """Without gold links, each turn is taken to answer the last one of another speaker."""
    found, last, other = {}, -1, -1
    for line, speaker in enumerate(one.turns.speaker.tolist()):
        if speaker < 0:
            continue
        if last >= 0 and one.turns.speaker[last] != speaker:
            other = last
        if other >= 0 and one.turns.speaker[other] != speaker:
            found[line] = [other]
        last = line
    return found


def outcome(some: list[Pair]) -> Any:
    """Whether each reply asks back and is no reminder, read from it alone; the turn is a stand-in without words."""
    replies = [pair.reply for pair in some]
    asks = asks_back(["."] * len(some), replies, np.zeros(len(some), bool)) >= ASKS_FROM
    return asks & ~asks_again(replies)


def known_beside(some: list[Pair]) -> Any:
    """Length, whether the turn asks, and topic as hashed words: what clarity must add to. Shape (n, 4 + TOPICS)."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.feature_extraction.text import HashingVectorizer

    texts = [pair.turn[:4000] for pair in some]
    counted = np.array(
        [[np.log1p(len(t)), np.log1p(t.count(" ")), np.log1p(t.count(" ")) ** 2 / 4, "?" in t] for t in texts]
    )
    topic = HashingVectorizer(n_features=TOPICS, alternate_sign=False, norm="l2", stop_words="english").transform(texts)
    return hstack([csr_matrix(counted), topic]).tocsr()


def clarity_parts(some: list[Pair]) -> Any:
    """Parts of each turn for whom it was written."""
    out = np.full((len(some), len(PARTS)), np.nan, np.float32)
    for reader in READERS:
        rows = [k for k, pair in enumerate(some) if pair.client == (reader == "client")]
        out[rows] = parts([some[k].turn for k in rows], reader)
    return out


def fit(x: Any, y: Any, c: float = 1.0) -> Any:
    """A logistic model."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=c, solver="liblinear", intercept_scaling=10).fit(x, y)


def folds_of(groups: Any) -> Any:
    """A fold for each row; a group stands in one."""
    return np.array([zlib.crc32(str(g).encode()) % FOLDS for g in groups])


def weights_of(beside: Any, values: Any, y: Any, group: Any) -> tuple[Any, Any]:
    """Weight of each part beside what else is known, and its standard error, groups drawn anew; 0 for one that never varies."""
    from scipy.sparse import csr_matrix, hstack

    varies = np.flatnonzero(values.std(0) > 0)
    x = hstack([csr_matrix(values[:, varies]), beside]).tocsr()
    where = [np.flatnonzero(group == g) for g in np.unique(group)]
    rng = np.random.default_rng(7)
    drawn = []
    for _ in range(AGAIN):
        k = np.concatenate([where[g] for g in rng.integers(0, len(where), len(where))])
        drawn.append(fit(x[k], y[k]).coef_[0][: len(varies)])
    weight, error = np.zeros(values.shape[1]), np.zeros(values.shape[1])
    weight[varies], error[varies] = fit(x, y).coef_[0][: len(varies)], np.std(drawn, axis=0)
    return weight, error


def main() -> None:
    """Judges each part, prints, and with --write saves the weights of those that passed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--write", action="store_true")
    given = options.parse_args()
    some = pairs(given.data)
    values, y, beside = clarity_parts(some), outcome(some), known_beside(some)
    readable, genre, group = (
        ~np.isnan(values[:, 0]),
        np.array([p.genre for p in some]),
        np.array([p.group for p in some]),
    )
    figures: dict[str, Any] = {}
    side = np.zeros((2, len(PARTS)))
    pull = np.zeros(len(PARTS))
    for place, name in enumerate(("chat", "helpdesk")):
        k = np.flatnonzero(readable & (genre == name))
        weight, error = weights_of(beside[k], values[k], y[k], group[k])
        side[place] = np.where(np.abs(weight) > SURE * error, np.sign(weight), 0) * (error > 0)
        pull += np.maximum(-weight, 0) / 2
        figures[name] = {"turns": len(k), "asked_back": int(y[k].sum()),
                         "weights": {p: [round(float(w), 3), round(float(w - SURE * e), 3), round(float(w + SURE * e), 3)]
                                     for p, w, e in zip(PARTS, weight, error, strict=True)}}  # fmt: skip
        print(name, json.dumps(figures[name]))
    good: Any = (side < 0).any(0) & ~(side > 0).any(0)
    passed = [p for p, g in zip(PARTS, good, strict=True) if g]
    print("passed:", passed, "; on the wrong side:", [p for p, s in zip(PARTS, side.T, strict=True) if (s > 0).any()])
    if given.write:
        weights = np.where(good, pull, 0.0)
        weights = np.tile(weights / weights.sum() if good.any() else weights, (len(READERS), 1)).astype(np.float32)
        save(MODELS, "clarity", packed({"weights": weights}), "npz", {
            "schema": 1, "recipe": "training/clarity.py", "parts": list(PARTS), "readers": list(READERS), "passed": passed,
            "data": [{"what": "Ubuntu IRC with gold reply links (Kummerfeld et al. 2019)", "licence": "CC BY 4.0"},
                     {"what": "help desk tickets (Abdellatif, doi 10.17632/btm76zndnt)", "licence": "CC BY 4.0"}],
            "figures": figures,
            "figures_are": "weight of each part in a logistic model of whether the first reply by somebody else asks back, beside length, "
                           "topic and whether the turn asks: value and the ends of an interval at 95% for all parts and both places "
                           f"together ({SURE} standard errors, logs and tickets drawn anew); below nothing is the right side; asking "
                           "back is as the model 'repair' tells it of the reply alone, reminders left out",
        })  # fmt: skip


if __name__ == "__main__":
    main()
