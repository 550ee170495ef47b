"""A fast drawn firm: values of signals straight from persons' long-run values, without a record."""

from typing import Any

import numpy as np

from cadre.readiness.barrier import PATTERNS, Axis

SIGNALS = tuple(sorted({signal for pattern in PATTERNS for signal in pattern.sides}))
AXES = {name: Axis("identity", "high") for name in SIGNALS}
TAU = 1.0


def firm(
    dice: np.random.Generator,
    *,
    people: int = 30,
    spread: float = TAU,
    error: float = 0.65,
    n: int = 60,
    planted: dict[str, float] | None = None,
) -> list[dict[str, Any]]:
    """Rows of `signal_values`; `planted` is what the first person's long-run values are, in spreads from the middle."""
    rows = []
    for name in SIGNALS:
        truth = dice.normal(0, spread, people) if spread else np.zeros(people)
        if planted and name in planted:
            truth[0] = planted[name] * TAU
        for number, seen in enumerate(dice.normal(truth, error)):
            rows.append(
                {"signal": name, "person_id": f"p{number:03d}", "raw_value": float(seen), "value": float(seen),
                 "variance": error**2, "n": n}
            )  # fmt: skip
    return rows
