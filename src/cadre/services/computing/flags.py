"""Flags of everybody for a window: red flags and early indicators over all of it, changes in its last quarter of a year."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pyarrow as pa

from cadre.estimate import Sealed
from cadre.readiness.barrier import RECENT_DAYS, Axis, Flag, Look, raised
from cadre.records import DERIVED_BY_NAME
from cadre.services.computing.values import values_of
from cadre.signals import SIGNALS, Window
from cadre.warehouse import Snapshot


def flag_tables(
    tables: Snapshot, values: Sequence[Mapping[str, Any]], window: Window
) -> tuple[Sealed[pa.Table], pa.Table]:
    """Rows of `flags`, sealed, and of `flag_looks`.

    Args:
        tables: The record, its `signal_partials` up to date.
        values: Rows of `signal_values` of the window.
        window: The window. Where it is shorter than twice the days a change is looked for in, none is looked for.
    """
    axes = {signal.name: Axis(signal.scale, signal.direction) for signal in SIGNALS if not signal.is_experimental}
    people = tables.rows(tables["people"].select("person_id", "role"))
    roles = {row["person_id"]: row["role"] for row in people if row["role"]}
    halves = None
    late = window
    if window.days >= 2 * RECENT_DAYS:
        late = Window(window.end - timedelta(days=RECENT_DAYS), RECENT_DAYS)
        early = Window(window.start, window.days - RECENT_DAYS)
        registry = [signal for signal in SIGNALS if signal.name in axes]
        halves = values_of(tables, early, registry), values_of(tables, late, registry)
    flags = raised(values, axes, roles, halves)

    def stamped(row: Flag | Look) -> dict[str, Any]:
        told = late if row.kind == "change" else window
        return {**asdict(row), "window_start": told.start, "window_days": told.days}

    def table(standing: tuple[Flag, ...]) -> pa.Table:
        rows = [{**stamped(flag), "signals": list(flag.signals)} for flag in standing]
        return pa.Table.from_pylist(rows, DERIVED_BY_NAME["flags"].schema())

    looks = pa.Table.from_pylist([stamped(look) for look in flags.looks], DERIVED_BY_NAME["flag_looks"].schema())
    return flags.standing.map(table), looks
