"""Study: who answers whom in chat, with the links the package ships; nothing is fitted here.

`--data` is a folder of logs (`*.ascii.txt`, gold in `*.annotation.txt`). It asks how many links are right, whether
conversations come out whole, whether probabilities hold and how fast it goes. It does not say that who answers helps.
"""

import argparse
import csv
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from training.chat import Log, logs

from cadre.language.links.reply import Links, reply_links

Figure = dict[str, Any]
SURE_SHARE = 0.7
PUBLISHED = {
    "published_previous_message_link_f1": 0.350, "published_linear_link_f1": 0.635, "published_feed_forward_link_f1": 0.723,
    "published_vote_of_ten_link_f1": 0.735, "published_conversation_vi": 0.915, "published_conversation_one_to_one": 0.760,
    "published_conversation_f1": 0.380,
}  # fmt: skip


def told(links: Links, line: int) -> set[int]:
    """The lines one line is said to answer."""
    found = {int(links.parent[line])}
    if links.second[line] >= 0:
        found.add(int(links.second[line]))
    return found


def link_counts(log: Log, links: Links) -> Counter[str]:
    """Right, told and gold links of the annotated lines, by line and by the person answered."""
    count: Counter[str] = Counter()
    speaker = log.turns.speaker
    for line, parents in log.parents.items():
        answer, gold = told(links, line), set(parents)
        count.update(right=len(answer & gold), told=len(answer), gold=len(gold), previous=line - 1 in gold, lines=1)
        persons = [
            {int(speaker[p]) for p in some if p != line and speaker[p] not in (-1, speaker[line])}
            for some in (answer, gold)
        ]
        count.update(
            person_right=len(persons[0] & persons[1]), person_told=len(persons[0]), person_gold=len(persons[1])
        )
    return count


def conversations(parents: dict[int, set[int]]) -> dict[int, int]:
    """Line -> number of its conversation, joined over all links of the annotated lines."""
    root: dict[int, int] = {}

    def find(x: int) -> int:
        while root.setdefault(x, x) != x:
            root[x] = root[root[x]]
            x = root[x]
        return x

    for line, some in parents.items():
        for parent in some:
            root[find(line)] = find(parent)
    return {line: find(line) for line in parents}


def conversation_scores(pairs: list[tuple[dict[int, int], dict[int, int]]]) -> dict[str, float]:
    """Variation of information (scaled, 1 is perfect), one-to-one overlap and F1 of whole conversations of two or more lines."""
    from scipy.optimize import linear_sum_assignment

    together: Counter[tuple[Any, Any]] = Counter()
    overlap = right = told_ = gold_ = 0
    for n, (gold, auto) in enumerate(pairs):
        cells = Counter((gold[line], auto[line]) for line in gold)
        together.update({((n, g), (n, a)): c for (g, a), c in cells.items()})
        rows, columns = ({g: k for k, g in enumerate(dict.fromkeys(x))} for x in zip(*cells, strict=True))
        matrix = np.zeros((len(rows), len(columns)))
        for (g, a), c in cells.items():
            matrix[rows[g], columns[a]] = c
        overlap += matrix[linear_sum_assignment(-matrix)].sum()
        sets: list[dict[int, set[int]]] = [defaultdict(set), defaultdict(set)]
        for line in gold:
            sets[0][gold[line]].add(line)
            sets[1][auto[line]].add(line)
        whole = [{frozenset(s) for s in some.values() if len(s) > 1} for some in sets]
        right, told_, gold_ = right + len(whole[0] & whole[1]), told_ + len(whole[1]), gold_ + len(whole[0])
    total = sum(together.values())
    by_gold, by_auto = Counter[Any](), Counter[Any]()
    for (g, a), c in together.items():
        by_gold[g] += c
        by_auto[a] += c
    information = -sum(
        c / total * (np.log2(c / by_gold[g]) + np.log2(c / by_auto[a])) for (g, a), c in together.items()
    )
    return {
        "conversation_vi": 1 - information / np.log2(max(total, 2)),
        "conversation_one_to_one": overlap / total,
        "conversation_f1": 2 * right / max(told_ + gold_, 1),
    }


def ratios(count: Counter[str]) -> dict[str, float]:
    """Figures from summed counts."""
    return {
        "link_f1": 2 * count["right"] / max(count["told"] + count["gold"], 1),
        "link_precision": count["right"] / max(count["told"], 1),
        "link_recall": count["right"] / max(count["gold"], 1),
        "person_f1": 2 * count["person_right"] / max(count["person_told"] + count["person_gold"], 1),
    }


def sure(judged: list[list[tuple[float, bool]]]) -> dict[str, float]:
    """How often the surest links are right, and how far probability and truth lie apart on average."""
    every = sorted((x for some in judged for x in some), reverse=True)
    kept = every[: max(int(len(every) * SURE_SHARE), 1)]
    chance, truth = (np.array(x, float) for x in zip(*every, strict=True))
    place = np.minimum((chance * 10).astype(int), 9)
    gap = sum(
        abs(chance[place == k].mean() - truth[place == k].mean()) * (place == k).mean()
        for k in range(10)
        if (place == k).any()
    )
    return {"surest_70_right_share": float(np.mean([right for _, right in kept])), "calibration_gap": float(gap)}


def interval(
    measure: Callable[[list[Any]], dict[str, float]], per_log: list[Any], n: int, again: int = 200
) -> dict[str, Figure]:
    """Each figure with its interval: logs drawn anew with replacement."""
    rng = np.random.default_rng(11)
    drawn = [measure([per_log[k] for k in rng.integers(0, len(per_log), len(per_log))]) for _ in range(again)]
    return {
        name: {"value": round(float(value), 4), "n": n,
               "low": round(float(np.quantile([d[name] for d in drawn], 0.025)), 4) if len(per_log) > 1 else None,
               "high": round(float(np.quantile([d[name] for d in drawn], 0.975)), 4) if len(per_log) > 1 else None}
        for name, value in measure(per_log).items()
    }  # fmt: skip


def study(data: Path, predict: Path | None) -> dict[str, Any]:
    """Everything the study prints."""
    begun = time.time()
    read = logs(data)
    if not read:
        raise SystemExit(f"no *.ascii.txt below {data}: expected a folder of chat logs")
    lines = sum(len(log.turns) for log in read)
    clock = time.perf_counter()
    streaming = [reply_links(log.turns, passes=1) for log in read]
    streaming_seconds = time.perf_counter() - clock
    clock = time.perf_counter()
    found = [reply_links(log.turns) for log in read]
    seconds = time.perf_counter() - clock
    if predict:
        with predict.open("w", newline="", encoding="utf-8") as out:
            rows = csv.writer(out)
            rows.writerow(["file", "message", "parent"])
            rows.writerows((log.name, line, p) for log, links in zip(read, found, strict=True)
                           for line in range(len(log.turns)) for p in sorted(told(links, line)))  # fmt: skip
    figures: dict[str, Figure] = {
        "messages_per_second": {"value": round(lines / seconds), "low": None, "high": None, "n": lines},
        "streaming_messages_per_second": {
            "value": round(lines / streaming_seconds),
            "low": None,
            "high": None,
            "n": lines,
        },
    }
    names = ("link_f1", "link_precision", "link_recall", "person_f1", "streaming_link_f1", "conversation_vi",
             "conversation_one_to_one", "conversation_f1", "surest_70_right_share", "calibration_gap")  # fmt: skip
    baselines: dict[str, float] = dict(PUBLISHED)
    gold = [(log, links, early) for log, links, early in zip(read, found, streaming, strict=True) if log.parents]
    if not gold:
        figures |= {name: {"value": None, "low": None, "high": None, "n": 0} for name in names}
    else:
        counts = [link_counts(log, links) for log, links, _ in gold]
        n = sum(c["lines"] for c in counts)
        figures |= interval(lambda some: ratios(sum(some, Counter())), counts, n)
        early = [link_counts(log, links) for log, _, links in gold]
        figures["streaming_link_f1"] = interval(lambda some: ratios(sum(some, Counter())), early, n)["link_f1"]
        sets = [
            (conversations({line: set(p) for line, p in log.parents.items()}), conversations({line: told(links, line) for line in log.parents}))
            for log, links, _ in gold
        ]  # fmt: skip
        figures |= interval(conversation_scores, sets, n, again=50)
        judged = [
            [(float(links.probability[line]), int(links.parent[line]) in parents) for line, parents in log.parents.items()
             if log.turns.speaker[line] >= 0] for log, links, _ in gold
        ]  # fmt: skip
        figures |= interval(sure, judged, sum(map(len, judged)))
        every = sum(counts, Counter())
        baselines["previous_message_link_f1"] = round(2 * every["previous"] / (every["lines"] + every["gold"]), 4)
        if len({Path(log.name).parent for log, *_ in gold}) > 1:
            by: defaultdict[str, list[Counter[str]]] = defaultdict(list)
            for (log, *_), count in zip(gold, counts, strict=True):
                by[str(Path(log.name).parent)].append(count)
            figures |= {f"link_f1_{folder}": interval(lambda some: ratios(sum(some, Counter())), some, sum(c["lines"] for c in some))["link_f1"]
                        for folder, some in sorted(by.items())}  # fmt: skip
    return {
        "study": "replies", "data": str(data), "seconds": round(time.time() - begun, 1), "figures": figures, "baselines": baselines,
        "notes": [
            "links as published: starting a conversation is a link to the own line; intervals by drawing logs anew",
            "person_f1: which other person a line answers, lines that start or go on with the own words left out",
            "published figures are of that corpus's test part; the shipped model was trained on its train part and has seen that text",
        ],
    }  # fmt: skip


def main() -> None:
    """Run the study and print one JSON object."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--predict", type=Path)
    options.add_argument("--json", action="store_true", help="print only the JSON object")
    given = options.parse_args()
    told_ = study(given.data, given.predict)
    if not given.json:
        for name, figure in told_["figures"].items():
            print(f"{name:32} {figure['value']}  [{figure['low']}, {figure['high']}]  n {figure['n']}")
    print(json.dumps(told_))


if __name__ == "__main__":
    main()
