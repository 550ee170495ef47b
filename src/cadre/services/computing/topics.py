"""Bringing the topics of tickets up to date: new texts go to the topics there are; found anew when the record has doubled."""

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from ibis import _

from cadre.language.topic import VERSION, centres, topics
from cadre.language.turns import Floats
from cadre.records import DERIVED_BY_NAME
from cadre.warehouse import Derivation, Snapshot

GROWTH = 2.0
"""Topics are found anew when there are so many times the texts they were found from."""


def bring_topics_up(derivation: Derivation) -> int:
    """Give every ticket with words its topic.

    Returns:
        Tickets that have one.
    """
    tables = derivation.tables
    words = _words(tables)
    total = tables.rows(words.agg(n=words.count()))[0]["n"] if tables.count("texts") else 0
    kept = tables.rows(tables["topic_centres"])
    fresh = not kept or kept[0]["model_version"] != VERSION or total > GROWTH * kept[0]["texts_count"]
    if fresh and total:
        found = tables.arrow(words.order_by("ticket_id"))
        keys, texts = (found.column(name).to_pylist() for name in ("ticket_id", "body"))
        centre = centres(keys, texts)
        derivation.write("topic_centres", _rows_of(centre, len(texts)))
        return derivation.write("ticket_topics", _placed(keys, texts, centre))
    if total:
        new = tables.arrow(words.anti_join(tables["ticket_topics"], "ticket_id"))
        if new.num_rows:
            keys, texts = (new.column(name).to_pylist() for name in ("ticket_id", "body"))
            return derivation.append("ticket_topics", _placed(keys, texts, _centres_of(kept)))
    return tables.count("ticket_topics")


def _words(tables: Snapshot) -> ir.Table:
    """Title of each ticket, else the words of its first step that has any."""
    texts, events = tables["texts"], tables["ticket_events"]
    said = texts.filter(texts.body.length() > 0)
    titles = said.filter((said.record_table == "tickets") & (said.field == "title"))
    titles = titles.select("body", ticket_id="record_id", rank=ibis.literal(0), at=ibis.null(events.occurred_at.type()))
    steps = said.filter(said.record_table == "ticket_events").join(
        events.select("event_id", "ticket_id", "occurred_at"), [("record_id", "event_id")]
    )
    steps = steps.select("body", "ticket_id", rank=ibis.literal(1), at="occurred_at")
    first = ibis.window(group_by="ticket_id", order_by=["rank", "at", "body"])
    ranked = titles.union(steps).mutate(place=ibis.row_number().over(first))
    return ranked.filter(_.place == 0).select("ticket_id", "body")


def _placed(keys: list[str], texts: list[str], centre: Floats) -> pa.Table:
    told = topics(texts, centre)
    schema = DERIVED_BY_NAME["ticket_topics"].schema()
    columns = [pa.array(keys, pa.string()), pa.array(told, pa.string()), pa.array([VERSION] * len(keys), pa.string())]
    return pa.table(columns, schema=schema)


def _rows_of(centre: Floats, texts: int) -> pa.Table:
    schema = DERIVED_BY_NAME["topic_centres"].schema()
    number, dimension = np.indices(centre.shape)
    count = centre.size
    columns = [
        pa.array(number.ravel(), pa.int64()), pa.array(dimension.ravel(), pa.int64()),
        pa.array(centre.ravel().astype(np.float64)), pa.array([texts] * count, pa.int64()), pa.array([VERSION] * count),
    ]  # fmt: skip
    return pa.table(columns, schema=schema)


def _centres_of(rows: list[dict[str, object]]) -> Floats:
    ordered = sorted(rows, key=lambda row: (row["number"], row["dimension"]))
    values = np.array([row["value"] for row in ordered], np.float32)
    return values.reshape(-1, 1 + max(int(str(row["dimension"])) for row in ordered))
