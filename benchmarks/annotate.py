"""Benchmark: reading text. Links, acts, marks, structured private data, clarity and fast vectors of many short messages.

The messages are those of chat logs (`--data`), repeated with their channels renamed until there are enough. The peer is
ConvoKit's politeness features on a share of the same messages in the same run, in an environment of its own
(`--peer PYTHON` that can import it); without it the ratio is null. Memory is the peak of this process.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from training.chat import logs

from cadre.language.act import acts
from cadre.language.embedding import WordVectors
from cadre.language.links.reply import reply_links
from cadre.language.turns import Turns

PEER_MESSAGES = 2_000


def chats(data: Path, wanted: int) -> list[Turns]:
    """Logs, again and again, until they hold so many messages."""
    found, count = [], 0
    read = [log.turns for log in logs(data)]
    while count < wanted:
        for turns in read:
            found.append(turns)
            count += int((turns.speaker >= 0).sum())
            if count >= wanted:
                break
    return found


def one(turns: Turns) -> dict[str, float]:
    """Seconds each step takes for one log."""
    from cadre.language.clarity import parts
    from cadre.language.exchange import scored
    from cadre.language.private import structured

    clock = [time.perf_counter()]
    vectors = WordVectors().embed(turns.text)
    clock.append(time.perf_counter())
    links = reply_links(turns, embedder=_Given(vectors))
    clock.append(time.perf_counter())
    before = ["" if p == k else turns.text[p] for k, p in enumerate(links.parent.tolist())]
    same = (turns.speaker == turns.speaker[links.parent]).astype(np.float32)
    acts(turns.text, before, same, vectors=vectors)
    clock.append(time.perf_counter())
    scored(before, turns.text, same)
    clock.append(time.perf_counter())
    parts(turns.text, "colleague")
    clock.append(time.perf_counter())
    names = _names()
    for text in turns.text:
        structured.find(text)
        names.find(text)
    clock.append(time.perf_counter())
    return dict(
        zip(("vectors", "links", "acts", "exchange", "clarity", "private"), np.diff(clock).tolist(), strict=True)
    )


@cache
def _names() -> Any:
    from cadre.language.private.names import Names

    return Names(["Northwind Dental", "Harbour Legal", "Acme Freight"], ["Jo Lindqvist", "Amir Haddad"])


class _Given:
    """Vectors already at hand."""

    def __init__(self, vectors: Any) -> None:
        self._vectors, self.name, self.width = vectors, WordVectors.name, vectors.shape[1]

    def embed(self, texts: Any) -> Any:
        """The vectors, whatever is asked."""
        assert len(texts) == len(self._vectors)
        return self._vectors


def peer(python: str, texts: list[str]) -> float | None:
    """Messages a second of ConvoKit's politeness features; None where it cannot be run."""
    done = subprocess.run(
        [python, str(Path(__file__).parent / "peer_politeness.py")],
        input=json.dumps(texts),
        text=True,
        capture_output=True,
        check=False,
    )
    return float(json.loads(done.stdout.splitlines()[-1])["messages_per_second"]) if done.returncode == 0 else None


def main() -> None:
    """Measure and print one JSON object."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--messages", type=float, default=1e5)
    options.add_argument("--processes", type=int, default=2)
    options.add_argument("--peer", help="a Python that can import convokit")
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    work = chats(given.data, int(given.messages))
    messages = sum(int((turns.speaker >= 0).sum()) for turns in work)
    begun = time.perf_counter()
    if given.processes > 1:
        with get_context("spawn").Pool(given.processes) as pool:
            steps = pool.map(one, work, chunksize=4)
    else:
        steps = [one(turns) for turns in work]
    seconds = time.perf_counter() - begun
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    children = (
        resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6 * (given.processes if given.processes > 1 else 0)
    )
    texts = [text for turns in work[:20] for text in turns.text if text][:PEER_MESSAGES]
    other = peer(given.peer, texts) if given.peer else None
    print(json.dumps({
        "benchmark": "annotate", "messages": messages, "seconds": round(seconds, 1), "messages_per_second": round(messages / seconds),
        "minutes_per_million": round(1e6 / (messages / seconds) / 60, 2), "peak_gb": round(own + children, 2), "processes": given.processes,
        "step_seconds": {name: round(sum(s[name] for s in steps), 1) for name in steps[0]},
        "peer": "convokit politeness features (spaCy parse included)", "peer_messages_per_second": other,
        "speed_ratio": round(messages / seconds / other, 1) if other else None,
    }))  # fmt: skip


if __name__ == "__main__":
    main()
