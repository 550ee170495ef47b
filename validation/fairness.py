"""Study: do the fairness figures keep what they promise where people are few.

Coverage of the interval for a ratio and the level of its test are enumerated, table by table, beside two score intervals.
What so few people can show is enumerated too. Proxies and leaks are planted in drawn firms, and, with `--firms`, proxies in
invented firms taken in through the product's own doors. It shows that the arithmetic keeps its word; it does not show that
any firm is fair, nor that four fifths is the right line.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent))

from cadre.inference.exact import binomial, p_table, score
from cadre.inference.power import people_needed, smallest_ratio
from cadre.readiness.fairness import refuse_leak
from cadre.readiness.fairness.proxy import proxies

Floats = NDArray[np.float64]
Figure = dict[str, float | int | None]

PAIRS = ((5, 5), (5, 20), (10, 10), (20, 20), (20, 50), (50, 50))
RATIOS = (0.2, 0.5, 0.8, 1.0, 1.25)
REACH_90 = 1.6448536269514722
DECIDED, BEFORE = date(2026, 3, 2), date(2026, 3, 1)


def coverage(pairs: Sequence[tuple[int, int]]) -> dict[str, Figure]:
    """Least and mean chance that a 90% interval holds the true ratio, over ratios and shares; `n` is tables."""
    made: dict[str, Figure] = {}
    for n_a, n_b in pairs:
        found: dict[str, list[float]] = {"exact": [], "miettinen_nurminen": [], "koopman": []}
        a, b = np.arange(n_a + 1.0)[:, None], np.arange(n_b + 1.0)[None, :]
        for ratio in RATIOS:
            base = np.linspace(0.05, min(0.95, 0.95 / ratio), 60)
            first, second = binomial(n_a, ratio * base), binomial(n_b, base)
            inside = {
                "exact": p_table(n_a, n_b, ratio) > 0.1,
                "miettinen_nurminen": np.abs(score(a, n_a, b, n_b, ratio, corrected=True)) <= REACH_90,
                "koopman": np.abs(score(a, n_a, b, n_b, ratio)) <= REACH_90,
            }
            for name, held in inside.items():
                found[name] += ((first @ held.astype(np.float64)) * second).sum(axis=1).tolist()
        tables = (n_a + 1) * (n_b + 1)
        for name, chances in found.items():
            made[f"coverage_90_{name}_{n_a}_{n_b}"] = {
                "value": float(np.mean(chances)), "low": min(chances), "high": max(chances), "n": tables,
            }  # fmt: skip
        grid = np.linspace(0.01, 0.99, 197)
        rejected = ((binomial(n_a, grid) @ (p_table(n_a, n_b) <= 0.1)) * binomial(n_b, grid)).sum(axis=1)
        made[f"false_alarm_{n_a}_{n_b}"] = {
            "value": float(rejected.mean()), "low": float(rejected.min()), "high": float(rejected.max()), "n": tables,
        }  # fmt: skip
    return made


def reach(people: Sequence[int]) -> dict[str, Figure]:
    """The true ratio nearest to 1 that two equal groups find four times in five; null where none is."""
    made: dict[str, Figure] = {}
    for n in people:
        for base in (0.3, 0.5):
            seen = smallest_ratio(n // 2, n - n // 2, base)
            made[f"smallest_ratio_{n}_at_{base}"] = {"value": seen.ratio, "low": None, "high": None, "n": n}
    for base in (0.1, 0.3, 0.5):
        needed = people_needed(0.8, base)
        made[f"people_a_group_for_four_fifths_at_{base}"] = {"value": needed, "low": None, "high": None, "n": needed}
    return made


def broken_by_chance(people: Sequence[int]) -> dict[str, Figure]:
    """Chance that the rates above the median of two equal groups break four fifths where groups make no difference."""
    from scipy.stats import hypergeom

    made: dict[str, Figure] = {}
    for n in people:
        half = n // 2
        counts = np.arange(half + 1)
        rates = np.sort(np.array([counts / half, (half - counts) / (n - half)]), axis=0)
        broken = rates[0] < 0.8 * rates[1] - 1e-12
        chance = float(hypergeom.pmf(counts, n, half, half)[broken].sum())
        made[f"four_fifths_broken_by_chance_{n}"] = {"value": chance, "low": None, "high": None, "n": n}
    return made


def planted_proxies(people: Sequence[int], firms: int, seed: int) -> dict[str, Figure]:
    """Share of drawn firms, twenty signals each, where a planted proxy is found, and where any is though none was planted."""
    made: dict[str, Figure] = {}
    for n in people:
        for size in (0.0, 1.0, 1.5):
            dice = np.random.default_rng([seed, n, round(size * 10)])
            hits, areas = [], []
            for _ in range(firms):
                shift = (dice.permutation(n) < round(0.4 * n)).astype(float)
                roles = ["Technician" if x < 0.7 else "Senior technician" for x in dice.random(n)]
                signals = {f"signal_{k}": dice.normal(size=n).tolist() for k in range(19)}
                signals["planted"] = (dice.normal(size=n) + size * shift).tolist()
                told = proxies(signals, {"late_shift": shift.tolist()}, roles, seed=seed)
                found = {effect.signal for effect in told.effects if effect.found}
                hits.append(float("planted" in found if size else bool(found)))
                areas.append(float(told.predicted[0].found))
            label = f"planted_{size}" if size else "none_planted"
            made[f"proxy_found_{label}_{n}"] = share(hits)
            made[f"all_signals_tell_{label}_{n}"] = share(areas)
    return made


def planted_leaks(people: Sequence[int], firms: int, seed: int) -> dict[str, Figure]:
    """Share of features refused, by their true validity; a leak is the outcome's own trait with a little noise."""
    made: dict[str, Figure] = {}
    for n in people:
        for validity in (0.0, 0.2, 0.42, 0.98):
            dice = np.random.default_rng([seed, n, round(validity * 100)])
            refused = []
            for _ in range(firms):
                trait = dice.normal(size=n)
                outcome = [bool(x) for x in trait > np.median(trait)]
                feature = validity * trait + np.sqrt(1 - validity**2) * dice.normal(size=n)
                told = refuse_leak({"f": feature.tolist()}, outcome, {"f": [BEFORE] * n}, [DECIDED] * n)
                refused.append(float(bool(told.refused)))
            made[f"refused_at_validity_{validity}_{n}"] = share(refused)
    return made


def invented_proxies(firms: int, seed: int) -> dict[str, Figure]:
    """Proxies among the signals of invented firms of 30 as they are, and with one planted in one signal of each."""
    from invented import PROXIES, invented, last

    from cadre.inference.scale import forward
    from cadre.signals import SIGNALS

    window = last(6)
    as_is, planted, looked = [], [], 0
    for k in range(firms):
        firm = invented("helpful", seed * 1000 + k, 30, 6, [window])
        who = sorted(firm.truth)
        place = {person: at for at, person in enumerate(who)}
        signals: dict[str, list[float | None]] = {}
        for signal in SIGNALS:
            column: list[float | None] = [None] * len(who)
            for row in firm.values[window]:
                if row["signal"] == signal.name and row["value"] is not None and row["person_id"] in place:
                    value = np.array([row["value"]], np.float64)
                    edge = {"log": (1e-3, np.inf), "logit": (1e-4, 1 - 1e-4)}.get(signal.scale, (-np.inf, np.inf))
                    column[place[row["person_id"]]] = float(forward(np.clip(value, *edge), signal.scale)[0])
            if sum(value is not None for value in column) >= 20:
                signals[signal.name] = column
        attributes = {name: [float(firm.truth[p][name]) for p in who] for name in PROXIES}
        roles = [firm.truth[p]["role"] for p in who]
        told = proxies(signals, attributes, roles, seed=seed)
        looked += told.looked_at
        as_is.append(float(sum(effect.found for effect in told.effects)))
        # Of what people have or have not, that which splits the firm most evenly: there is something to find at all.
        either = [name for name, told_of in attributes.items() if set(told_of) == {0.0, 1.0}]
        which = max(either, key=lambda name: -abs(np.mean(attributes[name]) - 0.5))
        name = max(signals, key=lambda s: sum(v is not None for v in signals[s]))
        spread = float(np.std([v for v in signals[name] if v is not None]))
        moved = [
            None if v is None else v + 2 * spread * bool(a)
            for v, a in zip(signals[name], attributes[which], strict=True)
        ]
        again = proxies({**signals, name: moved}, attributes, roles, seed=seed)
        planted.append(float(any(e.found and (e.attribute, e.signal) == (which, name) for e in again.effects)))
    return {
        "invented_proxies_a_firm": {"value": float(np.mean(as_is)), "low": min(as_is), "high": max(as_is), "n": firms},
        "invented_pairs_a_firm": {"value": looked / firms, "low": None, "high": None, "n": firms},
        "invented_planted_found": share(planted),
    }


def share(hits: Sequence[float]) -> Figure:
    """Share of firms with its exact 90% interval."""
    from cadre.inference.exact import share_interval

    ends = share_interval(int(sum(hits)), len(hits))
    return {"value": float(np.mean(hits)), "low": ends.low, "high": ends.high, "n": len(hits)}


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="20 drawn firms a figure, groups up to 20")
    parser.add_argument(
        "--firms", type=int, default=0, help="invented firms of 30, taken in through the product's doors"
    )
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    args = parser.parse_args()
    began = time.perf_counter()
    firms, sizes = (20, [30]) if args.quick else (100, [30, 60, 100])
    told = coverage([pair for pair in PAIRS if not args.quick or max(pair) <= 20])
    told |= reach([14, 30, 60, 100, 300]) | broken_by_chance([14, 30, 60, 100, 300])
    told |= planted_proxies(sizes, firms, args.seed)
    told |= planted_leaks([12, *sizes], firms, args.seed)
    if args.firms:
        told |= invented_proxies(args.firms, args.seed)
    notes = [
        "coverage_90_METHOD_NA_NB: value is the mean over true ratios and shares, low the least, high the most; enumerated",
        "false_alarm_NA_NB: chance that the test at 10% rejects equal shares; mean, least and most over shares",
        "smallest_ratio_PEOPLE_at_SHARE: null where not even a share of nothing is found four times in five",
        "proxy_found_*, all_signals_tell_*: share of firms; none_planted counts any find among twenty signals",
        "refused_at_validity_V_OUTCOMES: share of features refused; .42 is the best selection method, .98 the planted leak",
    ]
    print(json.dumps({"study": "fairness", "data": "enumerated and drawn", "seconds": round(time.perf_counter() - began, 1),
                      "figures": told, "baselines": {"coverage_90": 0.9, "false_alarm": 0.1}, "notes": notes},
                     indent=None if args.json else 2))  # fmt: skip


if __name__ == "__main__":
    main()
