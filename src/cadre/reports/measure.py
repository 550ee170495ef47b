"""What signals and estimates say about persons in the newest window, sealed until `release` opens it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cadre.estimate import Abstained, Estimate, Measured, Sealed
from cadre.readiness import COMPETENCIES
from cadre.reports.kept import kept
from cadre.signals import SIGNALS
from cadre.warehouse import Snapshot

COLLABORATION, CRAFT = "collaboration", "craft"
ESTIMATES = tuple(competency.name for competency in COMPETENCIES)
"""Competencies, in order; the two that stand beside each other in lists are `COLLABORATION` and `CRAFT`."""


@dataclass(frozen=True, slots=True)
class Readings:
    """What is known about persons.

    Attributes:
        by_person: Person -> signal or estimate -> what was measured. A person or signal that is not there was not
            looked at: missing, never zero.
        contributions: Person -> estimate -> the signals it rests on, as `name=value`.
    """

    by_person: Mapping[str, Mapping[str, Measured]]
    contributions: Mapping[str, Mapping[str, tuple[str, ...]]]

    def only(self, people: frozenset[str]) -> "Readings":
        """The same about these persons alone."""
        return Readings(
            {p: about for p, about in self.by_person.items() if p in people},
            {p: about for p, about in self.contributions.items() if p in people},
        )

    def of(self, person_id: str, name: str) -> Measured | None:
        """One measurement; None where the person was not looked at."""
        return self.by_person.get(person_id, {}).get(name)


@dataclass(frozen=True, slots=True)
class Span:
    """The newest window: its first local day, missing where nothing was computed yet, and its length."""

    start_on: date | None
    days: int


def window(snapshot: Snapshot) -> Span:
    """The newest window of the firm's length that signals were computed for; else the newest of any length."""
    return kept(snapshot, "window", lambda: _window(snapshot))


def _window(snapshot: Snapshot) -> Span:
    table = snapshot.table("signal_values")
    found = snapshot.rows(table.select("window_start", "window_days").distinct())
    if not found:
        return Span(None, snapshot.firm.window_days)
    exact = [w for w in found if w["window_days"] == snapshot.firm.window_days] or found
    newest = max(exact, key=lambda w: (w["window_start"], w["window_days"]))
    return Span(newest["window_start"], newest["window_days"])


def readings(snapshot: Snapshot) -> Sealed[Readings]:
    """What the newest window says about persons.

    Args:
        snapshot: The record.
    """
    span = window(snapshot)
    return kept(snapshot, ("readings", span), lambda: _readings(snapshot, span))


def _readings(snapshot: Snapshot, span: Span) -> Sealed[Readings]:
    by_person: dict[str, dict[str, Measured]] = {}
    contributions: dict[str, dict[str, tuple[str, ...]]] = {}
    needed = {signal.name: signal.min_n for signal in SIGNALS}
    for row in _in_window(snapshot, "signal_values", span):
        found = measured(row, min_n=needed.get(row["signal"], 0))
        by_person.setdefault(row["person_id"], {})[row["signal"]] = found
    for row in _in_window(snapshot, "assessments", span):
        by_person.setdefault(row["person_id"], {})[row["name"]] = measured(row)
        contributions.setdefault(row["person_id"], {})[row["name"]] = tuple(row["signals"] or ())
    return Sealed(Readings(by_person, contributions))


def measured(row: Mapping[str, Any], *, min_n: int = 0) -> Measured:
    """A row with `value, low, high, level, n, reason` as an estimate, or as why there is none."""
    if row["value"] is None:
        return Abstained(row["reason"] or "not enough evidence", row["n"] or 0, min_n)
    return Estimate(row["value"], row["low"], row["high"], row["level"], row["n"])


def _in_window(snapshot: Snapshot, name: str, span: Span) -> list[dict[str, Any]]:
    if span.start_on is None:
        return []
    table = snapshot.table(name)
    chosen = table.filter((table.window_start == span.start_on) & (table.window_days == span.days))
    wanted = ["person_id", "value", "low", "high", "level", "n", "reason"]
    return snapshot.rows(chosen.select(*wanted, *(("signal",) if name == "signal_values" else ("name", "signals"))))
