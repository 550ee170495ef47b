"""One person's signals month by month: raw values with the interval of their own month, without shrinkage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import exp, log, sqrt
from statistics import NormalDist
from typing import Any

import ibis

from cadre.reports.measure import Span
from cadre.signals import Signal, Window
from cadre.signals.valuation import with_persons
from cadre.warehouse import Snapshot, compiled

MIN_MONTHS = 3
"""Months with evidence under which there is no trend to show."""
MIN_N = 5
"""Observations a month needs to be drawn; with fewer it stays missing."""
LEVEL = 0.8
_EDGE = 1e-6
_HELD = "person_months"
_COUNTED = frozenset({"people", "tickets", "hours"})


@dataclass(frozen=True, slots=True)
class Month:
    """One month: the first of it, the raw value in the signal's unit, its interval (level 0.8) and observations."""

    starts_on: date
    value: float
    low: float
    high: float
    n: int

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            "month": f"{self.starts_on:%Y-%m}",
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "level": LEVEL,
            "n": self.n,
        }


def trends(
    snapshot: Snapshot, person_id: str, signals: Sequence[Signal], span: Span
) -> Mapping[str, tuple[Month, ...]]:
    """Signal -> its months, oldest first; signals with fewer than three such months are not there.

    Args:
        snapshot: The record.
        person_id: Whose.
        signals: Which signals.
        span: The window; months outside it are left out.
    """
    if span.start_on is None or not snapshot.manifest.rows("signal_partials"):
        return {}
    frame = Window(span.start_on, span.days)
    accounts, partials = snapshot.table("person_accounts"), snapshot.table("signal_partials")
    placed = with_persons(partials, accounts, frame)
    own = placed.filter(placed.person_id == person_id)
    # Each month takes the place of a person, so that the signal's own arithmetic gives one value a month.
    monthly = own.mutate(person_id=own.day.truncate("M").cast("string"))
    # One person's rows are few: fetched once, and read by statements that are the same for everybody.
    statements = [_monthly(signal, frame, monthly.schema()) for signal in signals]
    found = snapshot.answered(statements, **{_HELD: snapshot.arrow(monthly)})
    by_name = {signal.name: signal for signal in signals}
    made: dict[str, list[Month]] = {}
    for row in found:
        signal = by_name[row["signal"]]
        month = _month(row, signal.scale, signal.unit)
        if month is not None:
            made.setdefault(row["signal"], []).append(month)
    return {
        name: tuple(sorted(months, key=lambda m: m.starts_on))
        for name, months in made.items()
        if len(months) >= MIN_MONTHS
    }


@lru_cache(maxsize=256)
def _monthly(signal: Signal, frame: Window, schema: ibis.Schema) -> str:
    """The statement that gives one signal's values from the rows held, a month in the place of a person."""
    held = ibis.table(schema, name=_HELD)
    own = held.filter(held.signal == signal.name).drop("signal")
    valued = signal.value(own, frame)
    return compiled(
        valued.select(
            month=valued.person_id,
            raw=valued.raw_value.cast("float64"),
            variance=valued.variance.cast("float64"),
            n=valued.n.cast("int64"),
            signal=ibis.literal(signal.name),
        )
    )


def _month(row: Mapping[str, Any], scale: str, unit: str) -> Month | None:
    """A month with its interval on the signal's scale, counts not below zero; None where it is too thin or has no spread."""
    if row["raw"] is None or row["variance"] is None or (row["n"] or 0) < MIN_N:
        return None
    half = NormalDist().inv_cdf((1 + LEVEL) / 2) * sqrt(max(row["variance"], 0.0))
    raw = row["raw"]
    match scale:
        case "logit":
            inside = min(max(raw, _EDGE), 1 - _EDGE)
            low, high = (1 / (1 + exp(-(log(inside / (1 - inside)) + s))) for s in (-half, half))
        case "log":
            low, high = raw * exp(-half), raw * exp(half)
        case _:
            low, high = raw - half, raw + half
            low = max(low, 0.0) if unit in _COUNTED else low
    starts_on = date.fromisoformat(row["month"][:10])
    return Month(starts_on, raw, min(low, raw), max(high, raw), row["n"])
