"""Every signal in parts of the window, from the sums by day: its months, and how far it repeats from part to part."""

from collections.abc import Mapping, Sequence
from datetime import date
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


Parts = Mapping[Method, Sequence[Mapping[str, Any]]]
"""Method -> one row a signal, person and part of the window: `signal`, `person_id`, `part`, `raw_value`, `variance`, `n`."""


def parts_of(tables: Snapshot, window: Window, registry: Sequence[Signal] = SIGNALS) -> Parts:
    """Values of every signal in parts of a window: odd and even weeks, and calendar months.

    Args:
        tables: The record, its `signal_partials` up to date.
        window: Local days that count.
        registry: The signals.
    """
    placed = with_persons(tables["signal_partials"], tables["person_accounts"], window)
    made: dict[Method, list[dict[str, Any]]] = {}
    parts: tuple[tuple[Method, ir.IntegerValue], ...] = (("halves", _half(placed)), ("months", _month(placed)))
    for method, part in parts:
        # A part of a person takes the place of a person, so that the signal's own arithmetic gives one value a part.
        keyed = placed.mutate(person_id=placed.person_id + _BETWEEN + part.cast("string"))
        rows = made.setdefault(method, [])
        with tables.held(keyed) as held:
            for signal in registry:
                mine = held.filter(held.signal == signal.name).drop("signal")
                for row in tables.rows(signal.value(mine, window)):
                    person, number = str(row["person_id"]).rsplit(_BETWEEN, 1)
                    told = {"signal": signal.name, "person_id": person, "part": int(number)}
                    rows.append({**row, **told, "n": int(row["n"] or 0)})
    return made


def repeats_of(tables: Snapshot, parts: Parts) -> tuple[Reliability, ...]:
    """Reliability of signals and competencies over a window.

    Args:
        tables: The record.
        parts: Values in parts of the window.
    """
    # Those whom the roster does not name set no scale of the firm's, here as in estimates.
    people = tables.rows(tables["people"].select("person_id", "team_id", "role"))
    listed = {row["person_id"] for row in people}
    among = {method: [row for row in rows if row["person_id"] in listed] for method, rows in parts.items()}
    return reliabilities(among, teams_of(people))


def months_table(parts: Parts, window: Window) -> pa.Table:
    """Rows of `signal_months`, by person: months without a value, or without its variance, are not there."""
    rows = [
        {**row, "month": _first_of(row["part"]), "window_start": window.start, "window_days": window.days}
        for row in parts["months"]
        if row["raw_value"] is not None and row["variance"] is not None
    ]
    # By person, so that a reader of one of them passes over most of the file.
    rows.sort(key=lambda row: (row["person_id"], row["signal"], row["month"]))
    return pa.Table.from_pylist(rows, DERIVED_BY_NAME["signal_months"].schema())


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
    return placed.day.year() * 12 + placed.day.month() - 1


def _first_of(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)
