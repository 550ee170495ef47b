"""Bringing up to date what was fitted on teams and learners: effects of presence, and tickets after help.

Keeps true: both are computed whole at every refresh, from the expectations of the same refresh; what is written names one
account a person, since signals are summed by account.
"""

from datetime import date, datetime, time
from typing import Any

import pyarrow as pa
from ibis import _

from cadre.exposure import effects, helps, learning_steps, outcomes, presence, tries
from cadre.exposure.lift import persons
from cadre.records import DERIVED_BY_NAME
from cadre.warehouse import Derivation

OUTCOMES = ("hours", "tail")


def write_effects(derivation: Derivation) -> dict[str, int]:
    """Write `team_effects` and `learning_steps`.

    Args:
        derivation: Being written; its expectations are.

    Returns:
        Derived table -> rows.
    """
    tables = derivation.tables
    tickets, there = tables.arrow(outcomes(tables)), tables.arrow(presence(tables))
    known = persons(tables).group_by("person_id").agg(account_id=_.account_id.min())
    accounts = {row["person_id"]: row["account_id"] for row in tables.rows(known)}
    days: list[date] = tickets.column("day").to_pylist()
    newest = datetime.combine(max(days, default=date.min), time())
    made: list[dict[str, Any]] = [
        {
            "outcome": outcome,
            "person_id": effect.person_id,
            "account_id": accounts[effect.person_id],
            "local_at": newest,
            "value": effect.value,
            "variance": effect.variance,
            "n": effect.n,
            "rows": effect.rows,
        }
        for outcome in OUTCOMES
        for effect in effects(tickets, there, tail=outcome == "tail")
    ]
    steps = learning_steps(tables.arrow(helps(tables)), tables.arrow(tries(tables)))
    return {
        "team_effects": derivation.write(
            "team_effects", pa.Table.from_pylist(made, DERIVED_BY_NAME["team_effects"].schema())
        ),
        "learning_steps": derivation.write("learning_steps", steps),
    }
