from collections import defaultdict
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from cadre.errors import UsageError
from cadre.records import ANY, BY_NAME
from cadre.simulator import load_world, simulate, truth

UNTIL = date(2026, 3, 31)


def firm(name="helpful", *, seed=7, people=30, months=1, **settings):
    parts = defaultdict(list)
    for table, rows in simulate(load_world(name), seed, people, months, until=UNTIL, **settings):
        parts[table].append(rows)
    return {table: pa.concat_tables(rows) for table, rows in parts.items()}


@pytest.fixture(scope="module")
def helpful():
    return firm()


def test_equal_seeds_give_equal_tables(helpful):
    again = firm()

    assert helpful.keys() == again.keys()
    assert all(helpful[name].equals(again[name]) for name in helpful)


def test_another_seed_gives_another_firm(helpful):
    other = firm(seed=8)

    assert not helpful["ticket_events"].equals(other["ticket_events"])
    assert not helpful["identities"].equals(other["identities"])


def test_every_table_has_the_schema_sources_hand_over(helpful):
    for name, rows in helpful.items():
        assert BY_NAME[name].raw_schema() == rows.schema


def test_required_columns_are_filled_and_ids_are_unique(helpful):
    for name, rows in helpful.items():
        for column in BY_NAME[name].columns:
            if column.required:
                assert rows[column.name].null_count == 0, (name, column.name)
        assert len(set(rows["external_id"].to_pylist())) == rows.num_rows, name


def test_every_reference_leads_to_a_row(helpful):
    known = {name: set(rows["external_id"].to_pylist()) for name, rows in helpful.items()}
    for name, rows in helpful.items():
        for column in BY_NAME[name].columns:
            if column.ref in (None, ANY):
                continue
            cells = rows[column.name].drop_null().to_pylist()
            found = {key for cell in cells for key in (cell if isinstance(cell, list) else [cell])}
            assert found <= known.get(column.ref, set()), (name, column.name)


def test_words_belong_to_a_row(helpful):
    known = {(name, key) for name, rows in helpful.items() for key in rows["external_id"].to_pylist()}
    texts = helpful["texts"]

    owners = set(zip(texts["record_table"].to_pylist(), texts["record_id"].to_pylist(), strict=True))
    assert owners <= known


def test_lines_number_all_rows_and_the_file_names_world_and_seed(helpful):
    lines = sorted(line for rows in helpful.values() for line in rows["source_line"].to_pylist())

    assert list(range(1, len(lines) + 1)) == lines
    assert {"helpful-7"} == {name for rows in helpful.values() for name in rows["source_file"].unique().to_pylist()}


def test_nothing_happens_before_the_first_or_after_the_last_day(helpful):
    first, end = datetime(2026, 2, 28, 23, tzinfo=UTC), datetime(2026, 3, 31, 22, tzinfo=UTC)
    for name in ("tickets", "ticket_events", "messages", "time_entries", "ratings"):
        instants = helpful[name]["occurred_at"].to_pylist()
        assert first <= min(instants), name
        assert max(instants) < end, name


def test_answers_come_after_their_question(helpful):
    at = dict(
        zip(helpful["messages"]["external_id"].to_pylist(), helpful["messages"]["occurred_at"].to_pylist(), strict=True)
    )
    replies = [m for m in helpful["messages"].to_pylist() if m["thread_id"]]

    assert len(replies) > 100
    assert all(at[m["thread_id"]] < m["occurred_at"] for m in replies)


def test_events_are_the_same_without_words(helpful):
    silent = firm(texts=False)

    assert "texts" not in silent
    for name in ("ticket_events", "messages", "tickets", "time_entries"):
        assert helpful[name].drop(["source_line"]).equals(silent[name].drop(["source_line"]))


def test_names_and_addresses_are_invented(helpful):
    addresses = helpful["identities"]["email"].drop_null().to_pylist()

    assert len(addresses) > 100
    assert all(address.endswith(".example") for address in addresses)


def test_some_accounts_carry_a_name_only_and_one_name_fits_two_people(helpful):
    rows = helpful["identities"].to_pylist()
    staff = [r for r in rows if r["account_id"] and r["handle"]]
    people = [r["display_name"] for r in rows if r["person_id"]]
    without = [r for r in staff if r["email"] is None]

    assert 2 <= len(without) < len(staff) / 4
    assert any(people.count(r["display_name"]) == 2 for r in without)
    assert any(people.count(r["display_name"]) == 0 for r in without)


def test_truth_names_every_person_and_the_disaster(helpful):
    planted = truth(load_world("helpful"), 7, 30, until=UNTIL, months=1)

    assert set(helpful["people"]["external_id"].to_pylist()) == set(planted["person_id"].to_pylist())
    disasters = [row for row in planted.to_pylist() if row["archetype"] == "disaster_promotion"]
    assert [(True, False)] == [(row["is_lead"], row["outcome"]) for row in disasters]


def test_a_firm_too_small_is_refused():
    with pytest.raises(UsageError, match="at least 5"):
        next(simulate(load_world("helpful"), 1, 3, 1, until=UNTIL))
