"""One person's signals month by month: raw values with the interval of their own month, without shrinkage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import exp, log, sqrt
from statistics import NormalDist
from typing import Any

import pyarrow as pa

from cadre.estimate import Sealed
from cadre.reports.kept import kept
from cadre.reports.measure import Span
from cadre.reports.release import Gate, Withheld, release_person
from cadre.signals import Signal
from cadre.warehouse import Snapshot

MIN_MONTHS = 3
"""Months with evidence under which there is no trend to show."""
MIN_N = 5
"""Observations a month needs to be drawn; with fewer it stays missing."""
LEVEL = 0.8
_REACH = NormalDist().inv_cdf((1 + LEVEL) / 2)
_EDGE = 1e-6
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
    gate: Gate, snapshot: Snapshot, person_id: str, signals: Sequence[Signal], span: Span
) -> Mapping[str, tuple[Month, ...]]:
    """Signal -> its months, oldest first; signals with fewer than three such months are not there.

    Args:
        gate: Who asks; nothing is told of a person who is not open.
        snapshot: The record.
        person_id: Whose.
        signals: Which signals.
        span: The window; months outside it are left out.
    """
    if span.start_on is None or not snapshot.count("signal_months"):
        return {}
    rows = release_person(gate, months(snapshot, span).map(lambda every: _of(every, person_id)), person_id)
    if isinstance(rows, Withheld):
        return {}
    by_name = {signal.name: signal for signal in signals}
    made: dict[str, list[Month]] = {}
    for row in rows:
        if row["signal"] in by_name and row["n"] >= MIN_N:
            made.setdefault(row["signal"], []).append(
                _month(row["month"], row["raw_value"], row["variance"], row["n"], by_name[row["signal"]])
            )
    return {
        name: tuple(sorted(told, key=lambda m: m.starts_on)) for name, told in made.items() if len(told) >= MIN_MONTHS
    }


def months(snapshot: Snapshot, span: Span) -> Sealed[pa.Table]:
    """Everybody's months of a window, as columns.

    Args:
        snapshot: The record.
        span: The window.
    """
    return kept(snapshot, ("months", span), lambda: _everybody(snapshot, span))


def _everybody(snapshot: Snapshot, span: Span) -> Sealed[pa.Table]:
    # All at once: asking for one person anew costs more than holding a thousand, 40 bytes a row.
    table = snapshot.table("signal_months")
    chosen = table.filter((table.window_start == span.start_on) & (table.window_days == span.days))
    rows = snapshot.arrow(chosen.select("person_id", "signal", "month", "raw_value", "variance", "n"))
    for place, name in enumerate(("person_id", "signal")):
        rows = rows.set_column(place, name, rows.column(name).dictionary_encode())
    return Sealed(rows.combine_chunks())


def _of(every: pa.Table, person_id: str) -> list[dict[str, Any]]:
    import pyarrow.compute as pc  # noqa: PLC0415 (a tenth of a second that the other commands do not need)

    mine: list[dict[str, Any]] = every.filter(pc.equal(every.column("person_id"), person_id)).to_pylist()
    return mine


def _month(starts_on: date, raw: float, variance: float, n: int, signal: Signal) -> Month:
    """A month with its interval on the signal's scale, counts not below zero."""
    half = _REACH * sqrt(max(variance, 0.0))
    match signal.scale:
        case "logit":
            inside = min(max(raw, _EDGE), 1 - _EDGE)
            low, high = (1 / (1 + exp(-(log(inside / (1 - inside)) + s))) for s in (-half, half))
        case "log":
            low, high = raw * exp(-half), raw * exp(half)
        case _:
            low, high = raw - half, raw + half
            low = max(low, 0.0) if signal.unit in _COUNTED else low
    return Month(starts_on, raw, min(low, raw), max(high, raw), n)
