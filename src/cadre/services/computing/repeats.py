"""How far every signal and competency repeats in the firm's own record, from the sums by day; computed at a refresh."""

from collections.abc import Sequence
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from cadre.readiness.competency import teams_of
from cadre.readiness.reliability import Method, Reliability, reliabilities
from cadre.records import DERIVED_BY_NAME
from cadre.signals import SIGNALS, Signal, Window
from cadre.signals.valuation import with_persons
from cadre.warehouse import Snapshot

_MONDAY = "1970-01-05"
_BETWEEN = "|"


def repeats_of(tables: Snapshot, window: Window, registry: Sequence[Signal] = SIGNALS) -> tuple[Reliability, ...]:
    """Reliability of signals and competencies over a window.

    Args:
        tables: The record, its `signal_partials` up to date.
        window: Local days that count.
        registry: The signals.
    """
    # Those whom the roster does not name set no scale of the firm's, here as in estimates.
    people = tables.rows(tables["people"].select("person_id", "team_id", "role"))
    listed = {row["person_id"] for row in people}
    placed = with_persons(tables["signal_partials"], tables["person_accounts"], window)
    parts: dict[Method, list[dict[str, Any]]] = {}
    for method, part in (("halves", _half(placed)), ("months", _month(placed))):
        # A part of a person takes the place of a person, so that the signal's own arithmetic gives one value a part.
        keyed = placed.mutate(person_id=placed.person_id + _BETWEEN + part.cast("string"))
        rows: list[dict[str, Any]] = []
        with tables.held(keyed) as held:
            for signal in registry:
                mine = held.filter(held.signal == signal.name).drop("signal")
                for row in tables.rows(signal.value(mine, window)):
                    person, number = str(row["person_id"]).rsplit(_BETWEEN, 1)
                    if person in listed:
                        told = {"signal": signal.name, "person_id": person, "part": int(number)}
                        rows.append({**row, **told, "n": int(row["n"] or 0)})
        parts[method] = rows  # type: ignore[index]
    return reliabilities(parts, teams_of(people))


def repeats_table(found: Sequence[Reliability], window: Window) -> pa.Table:
    """Rows of `reliabilities`."""
    rows = []
    for one in found:
        told = one.found.json()
        numbers = {key: told.get(key) for key in ("value", "low", "high", "level", "n")}
        place = {"window_start": window.start, "window_days": window.days, "reason": told.get("abstained")}
        rows.append({"name": one.name, "about": one.about, "method": one.method, **place, **numbers})
    return pa.Table.from_pylist(rows, DERIVED_BY_NAME["reliabilities"].schema())


def _half(placed: ir.Table) -> ir.IntegerValue:
    """0 or 1: even or odd weeks, from Monday on."""
    return (placed.day.delta(ibis.date(_MONDAY), unit="day") // 7) % 2


def _month(placed: ir.Table) -> ir.IntegerValue:
    """Calendar months, counted on."""
    return placed.day.year() * 12 + placed.day.month()
