"""One person's signals month by month: raw values with the interval of their own month, without shrinkage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import exp, log, sqrt
from statistics import NormalDist
from typing import Any

import ibis

from cadre.estimate import Sealed
from cadre.reports.kept import kept
from cadre.reports.measure import Span
from cadre.reports.release import Gate, Withheld, release_person
from cadre.signals import Signal, Window
from cadre.signals.valuation import with_persons
from cadre.warehouse import Snapshot, compiled

MIN_MONTHS = 3
"""Months with evidence under which there is no trend to show."""
MIN_N = 5
"""Observations a month needs to be drawn; with fewer it stays missing."""
LEVEL = 0.8
_REACH = NormalDist().inv_cdf((1 + LEVEL) / 2)
_DAY = len("2026-01-01")
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
    if span.start_on is None or not snapshot.manifest.rows("signal_partials"):
        return {}
    frame, asked = Window(span.start_on, span.days), tuple(signals)
    everybody = kept(snapshot, ("months", frame, asked), lambda: _everybody(snapshot, asked, frame))
    rows = release_person(gate, everybody.map(lambda by_person: by_person.get(person_id, ())), person_id)
    if isinstance(rows, Withheld):
        return {}
    by_name = {signal.name: signal for signal in signals}
    made: dict[str, list[Month]] = {}
    for name, starts_on, raw, variance, n in rows:
        made.setdefault(name, []).append(_month(starts_on, raw, variance, n, by_name[name]))
    return {
        name: tuple(sorted(months, key=lambda m: m.starts_on))
        for name, months in made.items()
        if len(months) >= MIN_MONTHS
    }


_Rows = tuple[tuple[str, date, float, float, int], ...]
"""Signal, first of the month, raw value, its variance on the signal's scale, observations."""


def _everybody(snapshot: Snapshot, signals: tuple[Signal, ...], frame: Window) -> Sealed[Mapping[str, _Rows]]:
    """Person -> their months: asked for all at once, since planning costs more than the rows of a thousand people."""
    placed = with_persons(snapshot.table("signal_partials"), snapshot.table("person_accounts"), frame)
    # A person's month takes the place of a person, so that the signal's own arithmetic gives one value a month.
    monthly = placed.mutate(person_id=placed.day.truncate("M").cast("string").left(_DAY) + placed.person_id)
    made: dict[str, list[tuple[str, date, float, float, int]]] = {}
    with snapshot.held(monthly, name=_HELD):
        for row in snapshot.answered([_monthly(signal, frame, monthly.schema()) for signal in signals]):
            key = row["person_month"]
            told = (row["signal"], date.fromisoformat(key[:_DAY]), row["raw"], row["variance"], int(row["n"]))
            made.setdefault(key[_DAY:], []).append(told)
    return Sealed({person: tuple(rows) for person, rows in made.items()})


@lru_cache(maxsize=256)
def _monthly(signal: Signal, frame: Window, schema: ibis.Schema) -> str:
    """The statement that gives one signal's values from the rows held; months too thin or without spread are not there."""
    held = ibis.table(schema, name=_HELD)
    own = held.filter(held.signal == signal.name).drop("signal")
    valued = signal.value(own, frame)
    told = valued.select(
        person_month=valued.person_id,
        raw=valued.raw_value.cast("float64"),
        variance=valued.variance.cast("float64"),
        n=valued.n.cast("int64"),
        signal=ibis.literal(signal.name),
    )
    return compiled(told.filter(told.raw.notnull() & told.variance.notnull() & (told.n >= MIN_N)))


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
