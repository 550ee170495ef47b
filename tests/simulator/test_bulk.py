from collections import defaultdict
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from cadre.errors import UsageError
from cadre.records import BY_NAME
from cadre.simulator import bulk, bulk_events, load_world

UNTIL = date(2026, 3, 31)


def made(rows, seed=7):
    parts = defaultdict(list)
    for table, found in bulk_events(load_world("helpful"), rows, seed, people=50, months=3, until=UNTIL):
        parts[table].append(found)
    return {name: pa.concat_tables(found) for name, found in parts.items()}


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(bulk, "CHUNK_TICKETS", 1000)


@pytest.fixture
def tables(small_chunks):
    return made(20_000)


def test_as_many_events_come_as_were_asked_for(tables):
    assert 20_000 <= tables["ticket_events"].num_rows < 21_000


def test_equal_seeds_give_equal_tables(tables):
    again, other = made(20_000), made(20_000, seed=8)

    assert all(tables[name].equals(again[name]) for name in tables)
    assert not tables["ticket_events"].equals(other["ticket_events"])


def test_schemas_ids_and_lines_hold_across_chunks(tables):
    lines = sorted(line for rows in tables.values() for line in rows["source_line"].to_pylist())
    for name, rows in tables.items():
        assert BY_NAME[name].raw_schema() == rows.schema
        assert len(pc.unique(rows["external_id"])) == rows.num_rows, name

    assert list(range(1, len(lines) + 1)) == lines


def test_references_lead_to_rows(tables):
    known = {name: set(rows["external_id"].to_pylist()) for name, rows in tables.items()}
    for name in ("tickets", "ticket_events", "messages"):
        for column in BY_NAME[name].columns:
            if column.ref:
                cells = tables[name][column.name].drop_null().to_pylist()
                found = {key for cell in cells for key in (cell if isinstance(cell, list) else [cell])}
                assert found <= known.get(column.ref, set()), (name, column.name)


def test_resolution_comes_after_creation_and_before_the_end(tables):
    tickets = tables["tickets"]
    done = tickets.filter(pc.is_valid(tickets["resolved_at"]))

    assert done.num_rows > 0.9 * tickets.num_rows
    assert pc.all(pc.greater(done["resolved_at"], done["occurred_at"])).as_py()
    assert str(pc.max(tables["ticket_events"]["occurred_at"]).as_py().date()) <= "2026-03-31"


def test_no_rows_are_refused():
    with pytest.raises(UsageError, match="at least 1"):
        next(bulk_events(load_world("helpful"), 0, 1, until=UNTIL))
