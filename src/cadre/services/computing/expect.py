"""Bringing expectations up to date: calendars, topics, the models of what a case leads one to expect, and what they say.

Keeps true: models are kept until the record has grown, so that an old case is expected what it was; they are fitted anew
when somebody's fold has changed (two accounts found to be one person), since nobody's own cases may set their expectation.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from cadre.exposure import (
    HELD,
    SHARES,
    cases,
    expectations,
    fitted,
    fold_of,
    hold_expectations,
    holds,
    is_stale,
    working_days,
)
from cadre.records import BY_NAME, Firm
from cadre.services.computing.topics import bring_topics_up
from cadre.warehouse import Derivation, Snapshot

_MOST_DAYS = 36_600
"""A century: an instant further off is a mistake of its source and gets no calendar."""


def write_calendars(derivation: Derivation, firm: Firm) -> int:
    """Write the working days of everybody over the span of the record.

    Returns:
        Rows written.
    """
    tables = derivation.tables
    span = _span(tables)
    if span is None:
        return derivation.write("working_days", working_days([], [], firm, (date(2000, 1, 3), date(2000, 1, 3))))
    people = tables["people"].select("person_id", "zone", "started_on", "left_on")
    return derivation.write(
        "working_days", working_days(tables.rows(people), tables.rows(tables["schedules"]), firm, span)
    )


def write_expectations(derivation: Derivation, persons: Mapping[str, str]) -> dict[str, int]:
    """Write topics, models and expectations.

    Args:
        derivation: Being written; its calendars are.
        persons: Account -> person.

    Returns:
        Derived table -> rows.
    """
    counts = {"ticket_topics": bring_topics_up(derivation)}
    tables = derivation.tables
    done, held = tables.arrow(cases(tables)), tables.arrow(holds(tables))
    weights = tables.arrow(tables["expectation_weights"])
    moved = _folds_moved(tables, persons)
    parts = []
    for rows, first, outcomes in ((done, "hours", ("hours", *SHARES, "rating_share")), (held, HELD[0], HELD)):
        if moved or is_stale(weights, first, rows.num_rows):
            parts.append(fitted(rows, persons, outcomes))
        else:
            told = weights.column("outcome").to_pylist()
            parts.append(weights.filter(pa.array([name in outcomes for name in told], pa.bool_())))
    counts["expectation_weights"] = derivation.write("expectation_weights", pa.concat_tables(parts))
    counts["ticket_expectations"] = derivation.write("ticket_expectations", expectations(done, parts[0], persons))
    counts["ticket_holds"] = derivation.write("ticket_holds", hold_expectations(held, parts[1], persons))
    return counts


def _folds_moved(tables: Snapshot, persons: Mapping[str, str]) -> bool:
    """Whether an account whose cases were expected before is in another fold now."""
    for name in ("ticket_expectations", "ticket_holds"):
        known = tables.rows(tables[name].select("account_id", "fold").distinct())
        if any(fold_of(persons.get(row["account_id"], row["account_id"])) != row["fold"] for row in known):
            return True
    return False


def _span(tables: Snapshot) -> tuple[date, date] | None:
    """First and last local day of the record, with a day to spare on either side."""
    ends: list[Any] = []
    for name, table in BY_NAME.items():
        if table.is_fact and tables.count(name):
            facts: ir.Table = tables[name]
            told = tables.rows(facts.agg(first=facts.local_at.min().date(), last=facts.local_at.max().date()))[0]
            ends += [told["first"], told["last"]]
    tickets = tables["tickets"]
    if tables.count("tickets"):
        ends.append(tables.rows(tickets.agg(last=tickets.resolved_at.max().date()))[0]["last"])
    known = [day for day in ends if day is not None]
    if not known:
        return None
    last = max(known) + timedelta(days=1)
    return max(min(known) - timedelta(days=1), last - timedelta(days=_MOST_DAYS)), last
