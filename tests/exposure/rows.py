"""Tables of a few rows, with the rest of the record empty."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from cadre.exposure import working_days
from cadre.records import BY_NAME, DERIVED_BY_NAME, Firm

SPAN = (date(2026, 1, 1), date(2026, 6, 30))


def tables(firm: Firm | None = None, **rows: list[dict[str, Any]]) -> Mapping[str, ir.Table]:
    schemas = {n: t.stored_schema() for n, t in BY_NAME.items()} | {n: t.schema() for n, t in DERIVED_BY_NAME.items()}
    made = {name: pa.Table.from_pylist(rows.get(name, []), schema) for name, schema in schemas.items()}
    made["working_days"] = working_days(rows.get("people", []), rows.get("schedules", []), firm or Firm(), SPAN)
    return {name: ibis.memtable(table) for name, table in made.items()}


def person(key: str, **told: Any) -> dict[str, Any]:
    return {"person_id": key, "zone": None, "started_on": None, "left_on": None, **told}


def shift(key: str, weekday: int | None, start: float, end: float, **told: Any) -> dict[str, Any]:
    return {"schedule_id": f"{key}{weekday}{start}", "person_id": key, "kind": "work", "weekday": weekday,
            "start_hour": start, "end_hour": end, "started_on": None, "ended_on": None, **told}  # fmt: skip


def leave(key: str, first: date, last: date) -> dict[str, Any]:
    return {"schedule_id": f"{key}{first}", "person_id": key, "kind": "leave", "weekday": None, "start_hour": None,
            "end_hour": None, "started_on": first, "ended_on": last}  # fmt: skip
