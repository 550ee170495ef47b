"""What the fairness audit holds signals against: how people work, as the roster tells it, and everybody's signals.

Keeps true: nothing is guessed from a name, a text or a picture; what the roster does not tell of somebody stays missing.
What it reads is about persons, so that it goes on sealed and leaves only inside an audit.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from cadre.inference.scale import forward
from cadre.readiness.fairness import Evidence
from cadre.reports.measure import Span
from cadre.signals import SIGNALS
from cadre.warehouse import Snapshot

PART_TIME, SHIFT, LEAVE = "part-time work", "a later shift", "days of leave"
ZONE, CHAT, TENURE = "another time zone", "an account in chat", "years with the firm"
ATTRIBUTES = (PART_TIME, SHIFT, LEAVE, ZONE, CHAT, TENURE)
"""What is looked at where the record tells it; years with the firm go with age."""
LEAST_WITH = 10
"""People who need a signal for it to be looked at: two sides of five."""
_EDGES = {"log": (1e-3, np.inf), "logit": (1e-4, 1 - 1e-4)}
_YEAR = 365.25
Column = list[float | None]


def evidence(snapshot: Snapshot, people: Sequence[str], span: Span) -> Evidence:
    """Signals and attributes of these people, in their order.

    Args:
        snapshot: The record.
        people: Keys of persons.
        span: The window of the signals; days of leave are counted in it.
    """
    table = snapshot.table("people")
    rows = {row["person_id"]: row for row in snapshot.rows(table.select("person_id", "role"))}
    roles = [rows[p]["role"] or "no role told" if p in rows else "no role told" for p in people]
    return Evidence(_signals(snapshot, people, span), attributes(snapshot, people, span), roles)


def attributes(snapshot: Snapshot, people: Sequence[str], span: Span) -> dict[str, Column]:
    """Attribute -> one value a person: 0 or 1, hours, days or years; None where the record does not tell.

    Args:
        snapshot: The record.
        people: Keys of persons.
        span: The window in which days of leave are counted.
    """
    table = snapshot.table("people")
    told = snapshot.rows(table.select("person_id", "employment_share", "zone", "started_on"))
    rows = {row["person_id"]: row for row in told}
    schedules = snapshot.rows(
        snapshot.table("schedules").select("person_id", "kind", "started_on", "ended_on", "start_hour")
    )
    spans: dict[str, list[dict[str, Any]]] = {}
    for row in schedules:
        spans.setdefault(row["person_id"], []).append(row)
    chat = _chatting(snapshot)
    until = span.start_on + timedelta(days=span.days) if span.start_on else None
    made: dict[str, Column] = {name: [] for name in ATTRIBUTES}
    for person in people:
        row, own = rows.get(person, {}), spans.get(person, [])
        share, began = row.get("employment_share"), row.get("started_on")
        made[PART_TIME].append(None if share is None else float(share < 1))
        made[SHIFT].append(_begins(own))
        made[LEAVE].append(_away(own, span.start_on, until) if own and span.start_on and until else None)
        made[ZONE].append(float((row.get("zone") or snapshot.firm.zone) != snapshot.firm.zone) if row else None)
        made[CHAT].append(float(person in chat) if chat else None)
        made[TENURE].append(max((until - began).days / _YEAR, 0.0) if began and until else None)
    return made


def _begins(own: Sequence[dict[str, Any]]) -> float | None:
    hours = [s["start_hour"] for s in own if s["kind"] == "work" and s["start_hour"] is not None]
    return float(np.mean(hours)) if hours else None


def _away(own: Sequence[dict[str, Any]], start: date, until: date) -> float:
    days = 0
    for each in own:
        if each["kind"] == "leave" and each["started_on"]:
            first, last = max(each["started_on"], start), min(each["ended_on"] or until, until - timedelta(days=1))
            days += max((last - first).days + 1, 0)
    return float(days)


def _chatting(snapshot: Snapshot) -> set[str]:
    """Persons with an account in a source of messages; nobody where there is no such source."""
    sources = [row["source"] for row in snapshot.rows(snapshot.table("messages").select("source").distinct())]
    accounts = snapshot.table("accounts")
    held = accounts.filter(accounts.source.isin(sources)).select("account_id")
    joined = snapshot.table("person_accounts").select("person_id", "account_id").semi_join(held, "account_id")
    return {row["person_id"] for row in snapshot.rows(joined)}


def _signals(snapshot: Snapshot, people: Sequence[str], span: Span) -> dict[str, Column]:
    """Label of a signal -> values on its working scale; signals that too few have are left out."""
    if span.start_on is None:
        return {}
    table = snapshot.table("signal_values")
    chosen = table.filter((table.window_start == span.start_on) & (table.window_days == span.days))
    place = {person: at for at, person in enumerate(people)}
    by_name = {signal.name: signal for signal in SIGNALS}
    made: dict[str, Column] = {}
    for row in snapshot.rows(chosen.select("signal", "person_id", "value")):
        signal = by_name.get(row["signal"])
        if signal is None or row["value"] is None or row["person_id"] not in place:
            continue
        column = made.setdefault(signal.label, [None] * len(people))
        edges = _EDGES.get(signal.scale, (-np.inf, np.inf))
        value = forward(np.clip(np.array([row["value"]], np.float64), *edges), signal.scale)
        column[place[row["person_id"]]] = float(value[0])
    enough = {name: column for name, column in made.items() if sum(v is not None for v in column) >= LEAST_WITH}
    return dict(sorted(enough.items()))
