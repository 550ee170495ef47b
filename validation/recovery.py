"""Study: does every signal find what the simulator planted, stay quiet where nothing was, and hold its intervals.

For each invented firm the record is taken in through the product's own doors, every signal is valued, and held against the
trait that was planted for it. It shows that the signals see the traces the world leaves and how far they are misled where
leading leaves none (*null*), happens by phone (*other*) or is played (*gamed*). Part-time work, shift, leave, language
and access to the common channel are planted apart from all traits and must move nothing. Intervals are held against the
same person's value in other draws of the same firm's events. It does not show that any real firm works like one of these
worlds.
"""

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

sys.path.insert(0, str(Path(__file__).parent))

import calibrating
import selecting
from invented import PROXIES, Invented, Row, invented, last
from selecting import resampled

from cadre.inference.scale import forward
from cadre.signals import SIGNALS, Window

WORLDS = ("helpful", "null", "other", "gamed")
LEAST_PEOPLE = 6
"""People with a value that a rank correlation in one firm needs."""
PLANTED: Mapping[str, tuple[str, int]] = {
    "peer_answer_share": ("helpfulness", 1), "peer_answer_hours": ("helpfulness", -1),
    "people_helped_count": ("helpfulness", 1), "assist_credit": ("mentoring", 1), "explanation_share": ("mentoring", 1),
    "knowledge_reuse": ("mentoring", 1), "learner_gain": ("mentoring", 1), "floor_given_share": ("mentoring", 1),
    "repair_share": ("clarity", -1), "escalation_fit": ("clarity", 1), "coordination_share": ("composure", 1),
    "update_gap_hours": ("composure", -1), "constructive_share": ("composure", 1), "delegation_share": ("delegation", 1),
    "hold_share": ("delegation", -1), "take_back_share": ("delegation", -1), "touches_per_delegated": ("delegation", -1),
    "team_lift": ("leading", 1), "team_steadiness": ("leading", 1), "adjusted_speed": ("speed", 1),
    "adjusted_quality": ("quality", 1), "difficulty_solved": ("depth", 1), "collaboration": ("leading", 1), "craft": ("craft", 1),
}  # fmt: skip
"""Signal or estimate -> the trait that moves it, and which way; others have no trait of their own in the simulator."""
DELEGATORS = frozenset({"delegation_share", "hold_share", "take_back_share", "touches_per_delegated"})
"""Only leads and seniors pass work on by habit there: these are held against the trait among them."""
_SCALES = {signal.name: signal.scale for signal in SIGNALS}
Figure = dict[str, float | int | None]
Floats = NDArray[np.float64]


def held(values: Sequence[Row], firm: Invented, name: str) -> tuple[list[str], Floats]:
    """Persons with a value of a signal or estimate, and the values on the signal's working scale."""
    rows = [row for row in values if (row.get("signal") or row.get("name")) == name and row["value"] is not None]
    rows = [row for row in rows if row["person_id"] in firm.truth]
    if name in DELEGATORS:
        rows = [row for row in rows if firm.truth[row["person_id"]]["role"].startswith(("Team lead", "Senior"))]
    return [row["person_id"] for row in rows], _placed(name, np.array([row["value"] for row in rows], np.float64))


def _placed(name: str, values: Floats) -> Floats:
    scale = _SCALES.get(name, "identity")
    if scale == "log":
        values = np.maximum(values, 1e-3)
    if scale == "logit":
        values = np.clip(values, 1e-4, 1 - 1e-4)
    return forward(values, scale)


def correlations(firms: Sequence[Invented], window: Window) -> dict[str, list[float]]:
    """Rank correlation of each signal, and of what it says of two competencies, with its trait; one a firm, the trait's sign."""
    made: dict[str, list[float]] = {}
    for firm in firms:
        rows = [*firm.values[window], *selecting.described(firm, window, ("collaboration", "craft"))]
        for name, (trait, sign) in PLANTED.items():
            people, values = held(rows, firm, name)
            planted = [firm.truth[p][trait] for p in people]
            if len(people) >= LEAST_PEOPLE and np.ptp(values) > 0:
                made.setdefault(name, []).append(sign * float(spearmanr(values, planted).statistic))
    return made


def planted_correlation(firms: Sequence[Invented]) -> list[float]:
    """How craft and leading go together among the people there are, one value a firm."""
    both = [[(row["craft"], row["leading"]) for row in firm.truth.values()] for firm in firms]
    return [float(np.corrcoef(np.array(pairs).T)[0, 1]) for pairs in both]


def flags(firms: Sequence[Invented]) -> dict[str, list[float]]:
    """Flags a firm by kind, one value a firm, and whether each stands on the planted side of the median, one a flag.

    A flag is held against the trait of the signal that carries it most and has one. A change has none: no habit changes there.
    """
    made: dict[str, list[float]] = {}
    for firm in firms:
        rows = [row for row in firm.flags if row["person_id"] in firm.truth]
        for kind in ("red_flag", "early_indicator", "change"):
            made.setdefault(f"{kind}s", []).append(float(sum(row["kind"] == kind for row in rows)))
        for row in rows:
            z = {name: float(told) for name, told in (each.split("=") for each in row["signals"])}
            name = max((n for n in z if n in PLANTED), key=lambda n: z[n], default=None)
            if name is None or row["kind"] == "change":
                continue
            trait, _ = PLANTED[name]
            middle = np.median([told[trait] for told in firm.truth.values()])
            is_true = (firm.truth[row["person_id"]][trait] < middle) == (row["kind"] == "red_flag")
            made.setdefault(f"true_{row['kind']}s", []).append(float(is_true))
    return made


def proxies(firms: Sequence[Invented], window: Window, seed: int) -> dict[str, Figure]:
    """What part-time, shift, leave, language and access add to each signal beside its trait (sd); people are resampled.

    A signal's value is taken about the middle of its role in its firm, as it is shown.
    """
    made: dict[str, Figure] = {}
    for name, (trait, sign) in PLANTED.items():
        if name not in _SCALES:
            continue
        rows: list[list[float]] = []
        for firm in firms:
            people, values = held(firm.values[window], firm, name)
            if len(people) < LEAST_PEOPLE or not values.std():
                continue
            roles = [firm.truth[p]["role"] for p in people]
            for role in set(roles):
                mine = np.array([r == role for r in roles])
                values[mine] -= values[mine].mean()
            values /= values.std() or 1.0
            for person, value in zip(people, values.tolist(), strict=True):
                told = firm.truth[person]
                rows.append([sign * value, 1.0, told[trait], *(told[proxy] for proxy in PROXIES)])
        if len(rows) >= 40:
            made |= _effects(name, np.array(rows), seed)
    return made


def _effects(name: str, rows: Floats, seed: int) -> dict[str, Figure]:
    def fit(which: NDArray[np.int64]) -> Floats:
        found: Floats = np.linalg.lstsq(rows[which, 1:], rows[which, 0], rcond=None)[0]
        return found[2:]

    dice = np.random.default_rng(seed)
    drawn = np.array([fit(dice.integers(0, len(rows), len(rows))) for _ in range(600)])
    here = fit(np.arange(len(rows)))
    low, high = np.quantile(drawn, [0.05, 0.95], axis=0)
    return {
        f"proxy_{proxy}_{name}": {"value": float(here[k]), "low": float(low[k]), "high": float(high[k]), "n": len(rows)}
        for k, proxy in enumerate(PROXIES)
        if rows[:, 3 + k].std() > 0
    }


def gains(played: Sequence[Invented], honest: Sequence[Invented], window: Window, seed: int) -> dict[str, Figure]:
    """What gaming adds for who games (sd): against the same person in the same firm without any, less what others gained."""
    made: dict[str, Figure] = {}
    for name in (*_SCALES, "collaboration", "craft", "readiness"):
        sign = {s.name: -1 if s.direction == "low" else 1 for s in SIGNALS}.get(name, 1)
        found: list[float] = []
        for one, two in zip(played, honest, strict=True):
            rows = [_rows_of(f, window, name) for f in (one, two)]
            after, before = (dict(zip(*held(r, f, name), strict=True)) for r, f in zip(rows, (one, two), strict=True))
            both = sorted(after.keys() & before.keys())
            spread = float(np.std(list(before.values()))) if len(before) >= LEAST_PEOPLE else 0.0
            if not both or not spread:
                continue
            change = {p: sign * (after[p] - before[p]) / spread for p in both}
            rest = [change[p] for p in both if not one.truth[p]["games"]]
            found += [change[p] - float(np.mean(rest or [0.0])) for p in both if one.truth[p]["games"]]
        if len(found) >= 5:
            made[f"gaming_gain_{name}"] = resampled(found, seed)
    return made


def _rows_of(firm: Invented, window: Window, name: str) -> Sequence[Row]:
    if name == "readiness":
        return [{"name": name, "person_id": p, **told} for p, told in selecting.rows_of(firm, window).items()]
    return firm.values[window] if name in _SCALES else selecting.described(firm, window, (name,))


def coverage(draws: Sequence[Invented], window: Window, seed: int) -> dict[str, Figure]:
    """Share of 90% intervals that hold the person's long-run value, as other draws of the same firm's events tell it.

    People are resampled. The other draws' mean is itself uncertain by its own sampling, which the interval is widened for.
    """
    made: dict[str, Figure] = {}
    every: dict[str, list[float]] = {}
    for signal in SIGNALS:
        seen: dict[str, list[Row]] = {}
        for firm in draws:
            for row in firm.values[window]:
                if row["signal"] == signal.name and row["value"] is not None and row["person_id"] in firm.truth:
                    seen.setdefault(firm.truth[row["person_id"]]["person_id"], []).append(row)
        hits: dict[str, list[float]] = {}
        for person, rows in seen.items():
            if len(rows) < 3:
                continue
            raw = _raw(signal.name, rows)
            variance = np.array([row["variance"] for row in rows])
            for k, row in enumerate(rows):
                others = np.arange(len(rows)) != k
                at, low, high = (float(_placed(signal.name, np.array([row[n]]))[0]) for n in ("value", "low", "high"))
                reach = 1.645 * np.sqrt(((high - low) / 3.29) ** 2 + variance[others].mean() / others.sum())
                hits.setdefault(person, []).append(float(abs(raw[others].mean() - at) <= reach))
        if len(hits) >= LEAST_PEOPLE:
            made[f"coverage_90_{signal.name}"] = resampled([float(np.mean(h)) for h in hits.values()], seed)
            for person, found in hits.items():
                every.setdefault(person, []).append(float(np.mean(found)))
    made["coverage_90"] = resampled([float(np.mean(h)) for h in every.values()], seed) if every else _nothing()
    return made


def _raw(name: str, rows: Sequence[Row]) -> Floats:
    raw = np.array([row["raw_value"] for row in rows], np.float64)
    if _SCALES[name] == "logit":
        n = np.array([row["n"] for row in rows], np.float64)
        raw = (raw * n + 0.5) / (n + 1)
    return _placed(name, raw)


def chosen(firms: Sequence[Invented], window: Window, label: str, seed: int) -> dict[str, Figure]:
    """Who each rule would choose, how it goes with leading, and whether chances hold before and after outcomes."""
    found = selecting.selection(firms, window, seed)
    found |= {name: resampled(values, seed) for name, values in selecting.ranked(firms, window).items()}
    found["craft_leading_correlation"] = resampled(planted_correlation(firms), seed)
    chances = {
        "above_middle": [calibrating.above_middle(firm, window, seed) for firm in firms],
        "at_ceiling": [calibrating.at_ceiling(firm, window, seed) for firm in firms],
    }
    for name, apart in calibrating.BETWEEN.items():
        chances[name] = [calibrating.after_outcomes(firm, window, seed, apart) for firm in firms]
    for name, each in chances.items():
        found |= {f"calibration_{key}_{name}": told for key, told in calibrating.calibration(each, seed).items()}
    renamed = {"spearman_readiness": "spearman", "bottom_half_share_readiness": "bottom_half_share",
               "bottom_half_share_craft": "bottom_half_share_star", "selection_validity_readiness": "selection_validity"}  # fmt: skip
    return {f"{renamed.get(name, name)}_{label}": told for name, told in found.items()}


def _nothing() -> Figure:
    return {"value": None, "low": None, "high": None, "n": 0}


class Study:
    """One run: which firms, over which months, kept where; says on stderr how far it is."""

    def __init__(self, args: argparse.Namespace) -> None:
        """Take the options of the command line."""
        self.seed, self.folder, self.months = args.seed, args.keep, sorted(args.months)
        self.windows = [last(m) for m in self.months]
        self.began = time.perf_counter()

    def firms(
        self, world: str, numbers: range, people: int, windows: list[Window] | None = None, **told: Any
    ) -> list[Invented]:
        """Firms by number; windows are all of the study's unless given, and `told` goes to `invented`."""
        made = []
        for n in numbers:
            span, months = windows or self.windows, self.months[-1]
            made.append(invented(world, self.seed * 1000 + n, people, months, span, folder=self.folder, **told))
            self.say(f"{world}, firm {n} of {people} people")
        return made

    def say(self, text: str) -> None:
        """One line of progress, with the seconds since the start."""
        print(f"{time.perf_counter() - self.began:6.0f} s  {text}", file=sys.stderr, flush=True)


def of_worlds(study: Study, worlds: Sequence[str], sizes: Mapping[int, int]) -> dict[str, Figure]:
    """Signals, flags and readiness by world and size, and in helpful firms proxies and what gaming gains."""
    told: dict[str, Figure] = {}
    made: dict[str, list[Invented]] = {}
    for world in worlds:
        for size, count in sizes.items():
            firms = study.firms(world, range(count), size)
            made.setdefault(world, []).extend(firms)
            for months, window in zip(study.months, study.windows, strict=True):
                for name, values in correlations(firms, window).items():
                    told[f"spearman_{name}_{world}_{size}x{months}"] = resampled(values, study.seed)
            for name, values in flags(firms).items():
                told[f"{name}_{world}_{size}"] = resampled(values, study.seed)
            told |= chosen(firms, study.windows[-1], f"{world}_{size}", study.seed)
    if "helpful" in made:
        told |= proxies(made["helpful"], study.windows[-1], study.seed)
        if "gamed" in made:
            told |= gains(made["gamed"], made["helpful"], study.windows[-1], study.seed)
    return told


def of_intervals(study: Study, draws: int) -> dict[str, Figure]:
    """Whether intervals of signals, competencies and readiness hold in other draws of one helpful firm of 30."""
    window = study.windows[-1:]
    firms = [study.firms("helpful", range(500, 501), 30, window, replicate=n)[0] for n in range(draws)]
    told = coverage(firms, window[0], study.seed)
    for name, values in selecting.coverage(firms, window[0]).items():
        told[f"coverage_90_of_{name}"] = resampled(values, study.seed)
    return told


def of_correlations(study: Study, planted: Sequence[float], sizes: Mapping[int, int]) -> dict[str, Figure]:
    """Whom each rule would choose in helpful firms over correlations planted between craft and leading."""
    told: dict[str, Figure] = {}
    for size, count in sizes.items():
        for rho in planted:
            firms = study.firms("helpful", range(count), size, study.windows[-1:], correlation=rho)
            told |= chosen(firms, study.windows[-1], f"helpful_{size}_planted_{rho:+.1f}", study.seed)
    return told


def counted(sizes: Sequence[int], firms: Sequence[int]) -> dict[int, int]:
    """Size -> firms; one count stands for every size.

    Raises:
        SystemExit: There are neither one count nor as many as sizes.
    """
    if len(firms) not in {1, len(sizes)}:
        raise SystemExit(f"--firms: {len(firms)} counts for {len(sizes)} sizes; give one, or one a size")
    return dict(zip(sizes, firms if len(firms) > 1 else [*firms] * len(sizes), strict=True))


NOTES = (
    "spearman_SIGNAL_WORLD_SIZExMONTHS: with the planted trait, its sign turned so that more is better; n is firms, firms resampled",
    "red_flags_*, early_indicators_*, changes_*: flags a firm; true_*: share of them on the planted side of the median trait",
    "spearman_WORLD_SIZE: readiness with leading; coverage_90_SIGNAL: n is people; proxy_*: sd beside the trait; gaming_gain_*: sd",
    "bottom_half_share: below-median leads among the top tenth by readiness, _star: by craft; told_apart_share: pairs with a chance of 3 in 4",
    "selection_validity[_craft, _tenure]: Pearson correlation of what a rule goes by with planted leading; where one firm, its people are drawn anew",
    ("calibration_*_above_middle: chance, before outcomes, to turn out above the middle of those ranked against how often they do; "
     "_at_ceiling: the same for the same order if it reached the most the belief allows; "
     "_outcome: chance to turn out well after the outcomes of a firm's stars, for the others; slope 1 is right, under it too bold; slope_within: of people of one firm; gap: told less came; error: over bins; "
     "_between, _far_between: the same where firms differ in what share turns out well, by .5 and by 1 (log odds)"),
    "coverage_90_of_COMPETENCY and _of_readiness: intervals of what was seen, weights held, against other draws of the same firm's events",
)  # fmt: skip


def main() -> None:
    """Print one JSON object with the figures of each world."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--world", choices=WORLDS, nargs="*", default=list(WORLDS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="three firms of 30 a world; four draws for the intervals")
    parser.add_argument("--size", type=int, nargs="*", default=[12, 30, 100], help="people of a firm")
    parser.add_argument(
        "--firms", type=int, nargs="*", default=[6, 6, 2], help="firms a world, one count or one a size"
    )
    parser.add_argument(
        "--draws", type=int, default=8, help="draws of one firm that intervals are held against; 0 leaves them out"
    )
    parser.add_argument(
        "--months", type=int, nargs="*", default=[3, 6], help="months of history; the most are simulated"
    )
    parser.add_argument("--correlation", type=float, nargs="*", default=[-0.2, 0.0, 0.2],
                        help="planted between craft and leading, in firms of --sweep people; none leaves it out")  # fmt: skip
    parser.add_argument("--sweep", type=int, nargs="*", default=[30], help="sizes to plant correlations in")
    parser.add_argument(
        "--keep", type=Path, help="folder where firms are kept, so that a run can be stopped and goes on"
    )
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    args = parser.parse_args()
    if args.quick:
        args.size, args.firms, args.draws = [30], [3], 4
    study, sizes = Study(args), counted(args.size, args.firms)
    told = of_worlds(study, args.world, sizes)
    if "helpful" in args.world:
        if args.draws:
            told |= of_intervals(study, args.draws)
        told |= of_correlations(study, args.correlation, {n: sizes.get(n, 3) for n in args.sweep})
    print(json.dumps({"study": "recovery", "data": "simulator", "seconds": round(time.perf_counter() - study.began, 1),
                      "figures": told, "baselines": {"bottom_half_share": 0.5}, "notes": list(NOTES)},
                     indent=None if args.json else 2))  # fmt: skip


if __name__ == "__main__":
    main()
