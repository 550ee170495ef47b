"""Networks of work among the people of the firm: ties, places with intervals, and the whole; computed at a refresh."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cadre.estimate import Sealed
from cadre.records import DERIVED_BY_NAME
from cadre.signals import Window
from cadre.signals.centrality import standing
from cadre.signals.network import NETWORKS, Network, among_persons, with_months
from cadre.signals.roster import working_here
from cadre.warehouse import Snapshot

TABLES = ("network_ties", "network_places", "networks")


def network_tables(tables: Snapshot, window: Window) -> Mapping[str, Sealed[pa.Table]]:
    """Rows of `network_ties`, `network_places` and `networks` by table, sealed; nothing of networks without ties.

    Args:
        tables: The record, its `signal_values` up to date.
        window: Local days that count.
    """
    placed = among_persons(tables)
    people = pa.array(sorted(row["person_id"] for row in tables.rows(working_here(tables))), pa.string())
    made: dict[str, list[pa.Table]] = {name: [DERIVED_BY_NAME[name].schema().empty_table()] for name in TABLES}
    for network in NETWORKS:
        if not tables.filled() >= set(network.needs):
            continue
        edges = with_months(network.edges(placed, window), placed, window)
        # Not in the statement: a thousand keys there make the engine plan joins that never end.
        found = tables.arrow(edges)
        inside = (pc.is_in(found.column(end), value_set=people) for end in ("source", "target"))
        ties = found.filter(pc.and_(*inside))
        if ties.num_rows:
            about = {"network": network.name, "window_start": window.start, "window_days": window.days}
            made["network_ties"].append(_ties(ties, about))
            for name, rows in _places(network, ties).items():
                stamped = [{**about, **row} for row in rows]
                made[name].append(pa.Table.from_pylist(stamped, DERIVED_BY_NAME[name].schema()))
    return {name: Sealed(pa.concat_tables(parts)) for name, parts in made.items()}


def _ties(ties: pa.Table, about: Mapping[str, Any]) -> pa.Table:
    """Rows of `network_ties`, by source and target: columns as they are, since there may be hundreds of thousands."""
    schema = DERIVED_BY_NAME["network_ties"].schema()
    told = {"source_id": "source", "target_id": "target", "judged_count": "judged"}
    columns = [
        pa.repeat(pa.scalar(about[field.name], field.type), ties.num_rows)
        if field.name in about
        else ties.column(told.get(field.name, field.name)).cast(field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema).sort_by([("source_id", "ascending"), ("target_id", "ascending")])


def _places(network: Network, ties: pa.Table) -> dict[str, list[dict[str, Any]]]:
    places, known = standing(ties, is_directed=network.is_directed)
    parts = (("", known.value), ("_low", known.low), ("_high", known.high))
    rows = [
        {
            "person_id": place.node, "times_in": place.times_in, "times_out": place.times_out,
            "community": place.community,
            **{name + end: float(part[name][number]) for end, part in parts for name in part},
        }
        for number, place in enumerate(places)
    ]  # fmt: skip
    whole = {
        "person_count": len(places), "tie_count": ties.num_rows, "modularity": known.modularity,
        "is_grouped": known.is_grouped,
    }  # fmt: skip
    return {"network_places": rows, "networks": [whole]}
