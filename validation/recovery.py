"""Study: do the first estimates find what the simulator planted, and do they stay quiet where nothing was planted.

For each invented firm the record is taken in through the product's own doors, `helping` and `craft` are estimated, and
both are held against the planted traits of the same people. It shows that the estimates see the traces the world leaves
and how far they are misled where leading leaves none (*null*), happens by phone (*other*) or is played (*gamed*). It does
not show that any real firm works like one of these worlds.
"""

import argparse
import json
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from scipy.stats import spearmanr

from cadre.access.principal import Principal
from cadre.clock import FixedClock
from cadre.runtime import Runtime, open_invented
from cadre.services.refresh import refresh
from cadre.services.simulate import simulate

WORLDS = ("helpful", "null", "other", "gamed")
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
UNTIL = date(2026, 6, 30)
TOP_SHARE = 0.1
Pairs = list[dict[str, float]]


def firm(world: str, seed: int, people: int, months: int) -> Pairs:
    """One invented firm: for each person with both estimates, what was planted and what was estimated."""
    with tempfile.TemporaryDirectory() as folder:
        opened = open_invented(Path(folder))
        runtime = Runtime(opened.root, opened.settings, FixedClock(NOW), Principal("study", "owner"))
        told = {"world": world, "people": people, "months": months, "seed": seed, "until": UNTIL}
        simulate(runtime.principal, runtime.warehouse, runtime.clock, **told)  # type: ignore[arg-type]
        refresh(runtime.principal, runtime.warehouse, runtime.work(), runtime.clock)
        truth = pq.read_table(runtime.root / "truth.parquet").to_pylist()
        with runtime.snapshot() as record:
            rows = record.rows(record["assessments"])
        found: dict[str, dict[str, float]] = {}
        for row in rows:
            if row["value"] is not None:
                found.setdefault(row["person_id"], {})[row["name"]] = row["value"]
        keys = {each["person_id"]: runtime.warehouse.key_of("simulated", "people", each["person_id"]) for each in truth}
    return [
        {"craft": each["craft"], "leading": each["leading"], **found[keys[each["person_id"]]]}
        for each in truth
        if {"helping", "craft"} <= found.get(keys[each["person_id"]], {}).keys()
    ]


def figures(firms: list[Pairs], seed: int) -> dict[str, dict[str, float | int | None]]:
    """Means over firms with 90% intervals from resampling firms."""
    made: dict[str, list[float]] = {}
    for pairs in firms:
        leading = np.array([p["leading"] for p in pairs])
        helping = np.array([p["helping"] for p in pairs])
        craft = np.array([p["craft"] for p in pairs])
        chosen = max(1, round(TOP_SHARE * len(pairs)))
        below = leading < np.median(leading)
        told = {
            "spearman": float(spearmanr(helping, leading).statistic),
            "spearman_craft_estimate": float(spearmanr(craft, leading).statistic),
            "bottom_half_share": float(below[np.argsort(-helping)[:chosen]].mean()),
            "bottom_half_share_star": float(below[np.argsort(-craft)[:chosen]].mean()),
        }
        for name, value in told.items():
            made.setdefault(name, []).append(value)
    dice = np.random.default_rng(seed)
    out: dict[str, dict[str, float | int | None]] = {}
    for name, values in made.items():
        drawn = dice.choice(values, size=(2000, len(values))).mean(axis=1)
        low, high = np.quantile(drawn, [0.05, 0.95])
        out[name] = {"value": float(np.mean(values)), "low": float(low), "high": float(high), "n": len(values)}
    out["coverage_90"] = {"value": None, "low": None, "high": None, "n": 0}
    return out


def main() -> None:
    """Print one JSON object with the figures of each world."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--world", choices=WORLDS, nargs="*", default=list(WORLDS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="four firms a world in place of twelve")
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--months", type=int, default=6)
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    args = parser.parse_args()
    began = time.perf_counter()
    told: dict[str, Any] = {}
    for world in args.world:
        firms = [firm(world, args.seed * 1000 + n, args.people, args.months) for n in range(4 if args.quick else 12)]
        told |= {f"{name}_{world}": value for name, value in figures(firms, args.seed).items()}
    notes = [
        f"firms of {args.people} people over {args.months} months; n is firms; intervals resample firms",
        "coverage_90 is null: the long-run value of each person's signals is not planted as such",
    ]
    print(json.dumps({"study": "recovery", "data": "simulator", "seconds": round(time.perf_counter() - began, 1),
                      "figures": told, "baselines": {"bottom_half_share": 0.5}, "notes": notes},
                     indent=None if args.json else 2))  # fmt: skip


if __name__ == "__main__":
    main()
