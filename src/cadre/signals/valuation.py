"""From partials to one value a person: who counts, who is left out, shrinkage and the interval.

Keeps true: clients and bots have no values; help between two accounts of one person vanishes; too little evidence is a
row with a reason; an interval always. Which signals there are and what they compute is the registry's business.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
from ibis import _

from cadre.inference.scale import back, forward
from cadre.inference.shrinkage import LEVEL, shrink
from cadre.signals.signal import Signal, Window

GROUP_LEAST = 8
"""Persons with a value that a role needs for a middle of its own; smaller roles share the firm's."""
_FLOOR_UNITS = frozenset({"people", "tickets", "topics", "times", "hours"})
_OUTSIDERS = ("client", "bot")


def with_persons(partials: ir.Table, accounts: ir.Table, window: Window) -> ir.Table:
    """Partials of one window with persons in place of accounts.

    Args:
        partials: Rows of `signal_partials`.
        accounts: `person_accounts`.
        window: The local days that count.

    Returns:
        The same rows with `person_id`; `other_account_id` holds the other's *person*. Rows of clients and bots, rows
        whose other side is one, and rows between two accounts of one person are gone.
    """
    inside = partials.filter((partials.day >= ibis.literal(window.start)) & (partials.day < ibis.literal(window.end)))
    mine = accounts.filter(accounts.kind.notin(_OUTSIDERS)).select("account_id", "person_id")
    theirs = accounts.select(other_account_id="account_id", other_person_id="person_id", other_kind="kind")
    joined = inside.join(mine, "account_id").left_join(theirs, "other_account_id").drop("other_account_id_right")
    kept = joined.filter(
        joined.other_account_id.isnull()
        | (joined.other_kind.notin(_OUTSIDERS) & (joined.other_person_id != joined.person_id))
    )
    return kept.mutate(other_account_id=_.other_person_id).drop("other_person_id", "other_kind")


def signal_values(
    signal: Signal, rows: Sequence[Mapping[str, Any]], window: Window, roles: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Values with intervals, shrunk towards the middle of the role.

    Args:
        signal: Which signal.
        rows: What its `value` step gave: person_id, raw_value, variance, n.
        window: The window they are of.
        roles: Person -> role; a person without one shares the firm's middle.

    Returns:
        Rows of `signal_values`, by person.
    """
    made: list[dict[str, Any]] = []
    enough: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    counted = [row for row in rows if (row["n"] or 0) >= signal.min_n and row["raw_value"] is not None]
    among = {id(row) for row in counted}
    sizes: dict[str, int] = defaultdict(int)
    for row in counted:
        sizes[roles.get(row["person_id"], "")] += 1
    for row in rows:
        if id(row) in among:
            role = roles.get(row["person_id"], "")
            enough[role if sizes[role] >= GROUP_LEAST else ""].append(row)
        elif row["n"]:
            made.append(_row(signal, row, window, reason="not enough evidence"))
    for group in enough.values():
        made += _shrunk(signal, group, window)
    return sorted(made, key=lambda row: str(row["person_id"]))


def _shrunk(signal: Signal, group: Sequence[Mapping[str, Any]], window: Window) -> list[dict[str, Any]]:
    raw = np.array([row["raw_value"] for row in group], dtype=np.float64)
    counts = np.array([row["n"] for row in group], dtype=np.float64)
    if signal.scale == "logit":  # half an observation on each side keeps 0 and 1 off the ends of the scale
        raw = (raw * counts + 0.5) / (counts + 1)
    got = shrink(forward(raw, signal.scale), np.array([row["variance"] for row in group], dtype=np.float64))
    value, low, high = (back(part, signal.scale) for part in (got.value, got.low, got.high))
    if signal.unit in _FLOOR_UNITS:
        value, low, high = (np.maximum(part, 0.0) for part in (value, low, high))
    return [
        _row(signal, row, window, value=float(v), low=float(a), high=float(b))
        for row, v, a, b in zip(group, value, low, high, strict=True)
    ]


def _row(signal: Signal, row: Mapping[str, Any], window: Window, **told: Any) -> dict[str, Any]:
    return {
        "signal": signal.name,
        "person_id": row["person_id"],
        "window_start": window.start,
        "window_days": window.days,
        "raw_value": row["raw_value"],
        "variance": row["variance"],
        "value": told.get("value"),
        "low": told.get("low"),
        "high": told.get("high"),
        "level": LEVEL,
        "n": int(row["n"]),
        "reason": told.get("reason"),
    }
