"""Study: what few outcomes leave of chances where firms differ more, less or otherwise than is believed.

Firms are drawn from the belief itself, but for the share of leads who turn out well: it differs between firms by more or less
than is believed, or is the same far from one half in all. The product's model is fitted on the first outcomes of each, and its
chances for others are held against what would come. Where the draw is the belief the slope must be 1: that tests the machinery.
The rest tells the price of a belief that is wrong; no real firm's share is known.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent))

from meeting_lead import slope

from cadre.readiness.estimator import ReadinessModel, logistic
from cadre.readiness.profile import INTERCEPT, default_profile

Floats = NDArray[np.float64]
OTHERS = 20
UNKNOWN = 0.4
"""Variance of each competency that is not known of a person."""
SPREADS = (0.0, 0.25, 0.5, 1.0)
SHARES = (0.3, 0.7, 0.8)
COUNTS = (10, 30)
DRAWS = 200
EARLIER = 1.0
"""What firms were believed to differ by before (log odds), for comparison."""
Figure = dict[str, float | int | None]


def chances(
    firms: int, outcomes: int, *, believed: float, apart: float, middle: float, seed: int
) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Chances told of others after outcomes, how often it would come, and which firm they are of.

    Args:
        firms: How many are drawn.
        outcomes: Of each, known to the model.
        believed: By how much firms are believed to differ (sd, log odds).
        apart: By how much they do.
        middle: Log odds that somebody in the middle of the middle firm turns out well.
        seed: Of the draws.
    """
    mean, sd = default_profile().prior()
    dice, prior = np.random.default_rng(seed), np.array([believed, *sd[1:]])
    told, came = [], []
    for _ in range(firms):
        weights = mean + sd * dice.standard_normal(len(mean))
        weights[0] = middle + apart * dice.standard_normal()
        x = np.sqrt(1 - UNKNOWN) * dice.standard_normal((outcomes + OTHERS, len(mean) - 1))
        v = np.full_like(x, UNKNOWN)
        chance = logistic(weights[0] + (x + np.sqrt(v) * dice.standard_normal(x.shape)) @ weights[1:])
        turned = dice.random(outcomes) < chance[:outcomes]
        model = ReadinessModel(mean, prior).fit(x[:outcomes], turned, v[:outcomes])
        told.append(model.predict_proba(x[outcomes:], v[outcomes:])[:, 1])
        came.append(chance[outcomes:])
    return np.concatenate(told), np.concatenate(came), np.repeat(np.arange(firms), OTHERS)


def measured(told: Floats, came: Floats, firm: NDArray[np.int64], seed: int) -> dict[str, Figure]:
    """Slope and gap (told less came) with 90% intervals; firms are drawn anew and are what `n` counts."""
    odds, count, dice = np.log(told / (1 - told)), int(firm.max()) + 1, np.random.default_rng(seed)
    drawn = [
        np.bincount(dice.integers(0, count, count), minlength=count)[firm].astype(np.float64) for _ in range(DRAWS)
    ]
    measures: dict[str, Callable[[Floats], float]] = {
        "slope": lambda w: slope(odds, came, w),
        "gap": lambda w: float((w * (told - came)).sum() / w.sum()),
    }
    made: dict[str, Figure] = {}
    for name, of in measures.items():
        low, high = np.quantile([of(w) for w in drawn], [0.05, 0.95])
        made[name] = {"value": of(np.ones(len(told))), "low": float(low), "high": float(high), "n": count}
    return made


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--firms", type=int, default=200, help="firms drawn for each figure")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    args = parser.parse_args()
    began, figures = time.perf_counter(), dict[str, Figure]()
    for name, believed in (("now", INTERCEPT[1]), ("earlier", EARLIER)):
        for apart in SPREADS:
            got = chances(args.firms, COUNTS[0], believed=believed, apart=apart, middle=0.0, seed=args.seed)
            figures[f"slope_{name}_apart_{apart}"] = measured(*got, args.seed)["slope"]
        for share in SHARES:
            for count in COUNTS:
                middle = float(np.log(share / (1 - share)))
                got = chances(args.firms, count, believed=believed, apart=0.0, middle=middle, seed=args.seed)
                figures[f"gap_{name}_share_{share}_outcomes_{count}"] = measured(*got, args.seed)["gap"]
    notes = [
        f"now: firms are believed to differ by {INTERCEPT[1]} in log odds; earlier: by {EARLIER}",
        f"apart: by how much they do, the slope after {COUNTS[0]} outcomes is 1 where it is as believed, under it too bold",
        "share: of leads who turn out well in all firms; gap: mean chance told less what would come",
    ]
    print(json.dumps({"study": "belief", "data": "drawn from the belief", "seconds": round(time.perf_counter() - began, 1),
                      "figures": figures, "baselines": {"slope": 1.0, "gap": 0.0}, "notes": notes},
                     indent=None if args.json else 2))  # fmt: skip


if __name__ == "__main__":
    main()
