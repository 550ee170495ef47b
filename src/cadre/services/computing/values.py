"""Values of every signal over one window, from the sums by day; computed at a refresh, and by studies for other windows."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from cadre.records import Firm
from cadre.signals import SIGNALS, Signal, Window
from cadre.signals.valuation import signal_values, with_persons
from cadre.warehouse import Snapshot


def window_of(tables: Snapshot, firm: Firm, today: date) -> Window:
    """The firm's window: up to today, or in a study up to the newest day of the record; 0 days mean all of it."""
    partials = tables["signal_partials"]
    told = tables.rows(partials.agg(oldest=partials.day.min(), newest=partials.day.max()))[0]
    end = today + timedelta(days=1)
    if firm.purpose == "study" and told["newest"]:
        end = told["newest"] + timedelta(days=1)
    days = firm.window_days or ((end - told["oldest"]).days if told["oldest"] else 1)
    return Window(end - timedelta(days=days), days)


def values_of(tables: Snapshot, window: Window, registry: Sequence[Signal] = SIGNALS) -> list[dict[str, Any]]:
    """Rows of `signal_values` for a window.

    Args:
        tables: The record, its `signal_partials` up to date.
        window: Local days that count.
        registry: The signals.
    """
    people = tables.rows(tables["people"].select("person_id", "role"))
    roles = {row["person_id"]: row["role"] for row in people if row["role"]}
    values: list[dict[str, Any]] = []
    with tables.held(with_persons(tables["signal_partials"], tables["person_accounts"], window)) as placed:
        for signal in registry:
            mine = placed.filter(placed.signal == signal.name).drop("signal")
            values += signal_values(signal, tables.rows(signal.value(mine, window)), window, roles)
    return values
