"""Study: private data found in text, by rules, told names and settings, as everything that leaves the firm passes.

It asks what share of the private stretches of a set are covered, how much of what is covered was private, and how fast
that is. The set is read as it is; nothing is fitted on it. It does not say what a reader could still infer from the rest.
"""

import argparse
import csv
import gzip
import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from cadre.language.private import PrivateData, Span
from cadre.language.private import structured as by_structure

SHARE = 0.8
DRAWS = 1000
Row = dict[str, Any]


def load(path: Path) -> list[Row]:
    """Texts with the names their firm knows; spans where somebody annotated them."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def predict(rows: list[Row]) -> tuple[list[list[Span]], float]:
    """Spans of every text, and the seconds that took once names were indexed."""
    filters: dict[tuple[tuple[str, ...], tuple[str, ...]], PrivateData] = {}
    chosen = []
    for row in rows:
        known = (tuple(row.get("clients") or ()), tuple(row.get("people") or ()))
        if known not in filters:
            filters[known] = PrivateData(*known)
        chosen.append(filters[known])
    if chosen:
        chosen[0].find("Hi Sam")
    began = time.perf_counter()
    found = [one.find(row["text"]) for one, row in zip(chosen, rows, strict=True)]
    return found, time.perf_counter() - began


def covered(spans: list[tuple[int, int]], size: int) -> npt.NDArray[np.bool_]:
    """Which characters spans cover; `(size,)`."""
    marks = np.zeros(size, dtype=bool)
    for start, end in spans:
        marks[start:end] = True
    return marks


def counts(rows: list[Row], found: list[list[Span]]) -> tuple[npt.NDArray[np.int64], list[str]]:
    """One line a text: characters covered, of them private, clean, clean and untouched, then spans and hits by kind."""
    kinds = sorted({span["kind"] for row in rows for span in row["spans"]})
    table = np.zeros((len(rows), 4 + 2 * len(kinds)), dtype=np.int64)
    for line, row, spans in zip(table, rows, found, strict=True):
        ours = covered([(span.start, span.end) for span in spans], len(row["text"]))
        gold = covered([(span["start"], span["end"]) for span in row["spans"]], len(row["text"]))
        line[:4] = ours.sum(), (ours & gold).sum(), not row["spans"], not row["spans"] and not spans
        for span in row["spans"]:
            place = 4 + 2 * kinds.index(span["kind"])
            line[place] += 1
            line[place + 1] += ours[span["start"] : span["end"]].sum() >= SHARE * (span["end"] - span["start"])
    return table, kinds


def figures(table: npt.NDArray[np.int64], kinds: list[str]) -> dict[str, dict[str, float | int | None]]:
    """Shares with 90% intervals from a bootstrap over texts."""
    draws = np.random.default_rng(7)
    sums = np.array([table[draws.integers(0, len(table), len(table))].sum(axis=0) for _ in range(DRAWS)])
    total = table.sum(axis=0)

    def share(hits: Any, of: Any) -> dict[str, float | int | None]:
        n = int(np.sum(total[of]))
        if n == 0:
            return blank()
        over = sums[:, of].reshape(DRAWS, -1).sum(axis=1)
        shares = sums[:, hits].reshape(DRAWS, -1).sum(axis=1)[over > 0] / over[over > 0]
        low, high = np.quantile(shares, [0.05, 0.95])
        return {"value": float(np.sum(total[hits]) / n), "low": float(low), "high": float(high), "n": n}

    spans, hits = list(range(4, table.shape[1], 2)), list(range(5, table.shape[1], 2))
    told = {"recall": share(hits, spans), "precision": share(1, 0), "clean_untouched": share(3, 2)}
    return told | {f"recall_{kind}": share(5 + 2 * i, 4 + 2 * i) for i, kind in enumerate(kinds)}


def blank() -> dict[str, float | int | None]:
    """A figure that cannot be had."""
    return {"value": None, "low": None, "high": None, "n": 0}


def study(path: Path, out: Path | None) -> dict[str, Any]:
    """Run it."""
    began = time.perf_counter()
    rows = load(path)
    found, seconds = predict(rows)
    if out:
        with out.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(("id", "start", "end", "kind"))
            writer.writerows(
                (row["id"], span.start, span.end, span.kind)
                for row, spans in zip(rows, found, strict=True)
                for span in spans
            )
    notes = [
        f"{len(rows)} texts, {sum(map(len, found))} spans found: {dict(Counter(span.kind for spans in found for span in spans))}"
    ]
    judged = [place for place, row in enumerate(rows) if row.get("spans") is not None]
    told: dict[str, dict[str, float | int | None]] = {
        "recall": blank(),
        "precision": blank(),
        "clean_untouched": blank(),
    }
    baselines: dict[str, float] = {}
    if judged:
        known = [rows[place] for place in judged]
        told = figures(*counts(known, [found[place] for place in judged]))
        rules, _ = counts(known, [by_structure.find(row["text"]) for row in known])
        if rules[:, 4::2].sum():
            baselines["recall_structure_alone"] = float(rules[:, 5::2].sum() / rules[:, 4::2].sum())
    else:
        notes.append("no spans are annotated, so there is nothing to hold the predictions against")
    told["texts_per_second"] = {
        "value": len(rows) / seconds if rows and seconds else None,
        "low": None,
        "high": None,
        "n": len(rows),
    }
    return {
        "study": "private", "data": path.name, "seconds": round(time.perf_counter() - began, 2),
        "figures": told, "baselines": baselines, "notes": notes,
    }  # fmt: skip


def main() -> None:
    """Parse and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data",
        type=Path,
        required=True,
        help="JSON lines with id, text, clients, people and perhaps spans; plain or .gz",
    )
    parser.add_argument("--predict", type=Path, help="where to write id,start,end,kind")
    parser.add_argument("--json", action="store_true", help="one JSON object on the last line (always printed)")
    args = parser.parse_args()
    print(json.dumps(study(args.data, args.predict)))


if __name__ == "__main__":
    main()
