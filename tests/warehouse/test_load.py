from datetime import UTC, datetime, timedelta

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cadre.records import Firm
from cadre.warehouse import Collector, LoadFile, Warehouse
from tests.conftest import NOW, Loader

T = datetime(2024, 3, 31, 0, 30, tzinfo=UTC)


def ticket(name: str, **values: object) -> dict[str, object]:
    return {"external_id": name, "occurred_at": T, **values}


def tickets(warehouse: Warehouse) -> list[dict[str, object]]:
    with warehouse.snapshot() as record:
        return sorted(record.rows(record["tickets"]), key=lambda row: str(row["ticket_id"]))


def test_every_source_row_is_accepted_refused_or_unchanged(load: Loader) -> None:
    count = load(
        [("tickets", ticket("1"), 1), ("tickets", ticket("2", priority="high"), 2), ("tickets", ticket(""), 3)]
    )

    assert (3, 1, 2, 0) == (count.rows_read, count.rows_accepted, count.rows_rejected, count.rows_unchanged)


def test_loading_the_same_rows_again_changes_nothing(load: Loader, warehouse: Warehouse) -> None:
    rows = [("tickets", ticket(str(i), priority=i % 5 + 1), i + 1) for i in range(50)]
    load(rows)
    before = tickets(warehouse)

    count = load(rows, now=NOW + timedelta(days=1))

    assert (50, 0, 50) == (count.rows_read, count.rows_accepted, count.rows_unchanged)
    assert before == tickets(warehouse)


def test_a_corrected_row_replaces_what_it_corrects(load: Loader, warehouse: Warehouse) -> None:
    load([("tickets", ticket("1", priority=4), 1), ("tickets", ticket("2", priority=4), 2)])

    count = load([("tickets", ticket("1", priority=1), 1)])

    assert (1, {"tickets": 1}) == (count.rows_accepted, count.tables)
    assert [1, 4] == [row["priority"] for row in tickets(warehouse)]


def test_an_older_revision_never_replaces_a_newer_one(load: Loader, warehouse: Warehouse) -> None:
    load([("tickets", ticket("1", priority=1, revised_at=T + timedelta(days=2)), 1)])

    count = load([("tickets", ticket("1", priority=5, revised_at=T + timedelta(days=1)), 1)])

    assert 1 == count.rows_unchanged
    assert [1] == [row["priority"] for row in tickets(warehouse)]


def test_of_two_rows_with_one_id_the_last_stands_and_the_other_is_refused_with_a_reason(
    load: Loader, warehouse: Warehouse
) -> None:
    count = load([("tickets", ticket("1", priority=1), 1), ("tickets", ticket("1", priority=2), 2)])

    with warehouse.snapshot() as record:
        refused = record.rows(record["rejected"])
    assert (2, 1, 1) == (count.rows_read, count.rows_accepted, count.rows_rejected)
    assert [("export.csv", 1, "the same id comes again with other content")] == [
        (row["file"], row["line"], row["reason"]) for row in refused
    ]
    assert [2] == [row["priority"] for row in tickets(warehouse)]


def test_missing_stays_missing_and_is_never_zero(load: Loader, warehouse: Warehouse) -> None:
    load([("tickets", ticket("1"), 1)])

    assert [(None, None, None)] == [
        (row["reopen_count"], row["sla_met"], row["resolved_at"]) for row in tickets(warehouse)
    ]


def test_an_instant_in_the_future_is_refused(load: Loader) -> None:
    count = load([("tickets", ticket("1") | {"occurred_at": NOW + timedelta(days=3)}, 1)])

    assert (0, 1) == (count.rows_accepted, count.rows_rejected)


def test_the_local_hour_follows_the_firms_zone_over_the_change_of_clocks(load: Loader, warehouse: Warehouse) -> None:
    load([("tickets", ticket("1"), 1), ("tickets", ticket("2") | {"occurred_at": T + timedelta(hours=1)}, 2)])

    assert [datetime(2024, 3, 31, 1, 30), datetime(2024, 3, 31, 3, 30)] == [
        row["local_at"] for row in tickets(warehouse)
    ]


def test_no_raw_key_of_a_person_reaches_the_record(load: Loader, warehouse: Warehouse) -> None:
    load([
        ("accounts", {"external_id": "anna.planted@firm.example", "kind": "staff"}, 1),
        ("messages", {"external_id": "m", "channel_id": "c", "occurred_at": T, "kind": "message",
                      "account_id": "anna.planted@firm.example", "mention_account_ids": ["bert.planted"]}, 2),
    ])  # fmt: skip

    planted = [path for path in warehouse.root.rglob("*") if path.is_file() and b"planted" in path.read_bytes()]
    with warehouse.snapshot() as record:
        said = record.rows(record["messages"].select("account_id", "mention_account_ids"))
        account = record.rows(record["accounts"].select("account_id"))
    assert [] == planted
    assert account[0]["account_id"] == said[0]["account_id"]
    assert 1 == len(said[0]["mention_account_ids"])


def test_two_instances_of_a_source_keep_their_rows_apart(load: Loader, warehouse: Warehouse) -> None:
    load([("tickets", ticket("1"), 1)], source="psa-north")
    load([("tickets", ticket("1"), 1)], source="psa-south")

    assert ["psa-north/1", "psa-south/1"] == [row["ticket_id"] for row in tickets(warehouse)]


def test_a_folded_row_shares_the_fate_of_its_record(warehouse: Warehouse) -> None:
    def run() -> tuple[int, int, int]:
        with warehouse.loading("psa", NOW) as under_way:
            collector = Collector(under_way.folder, NOW)
            collector.fold("tickets", "1", "f", 1)
            collector.fold("tickets", "1", "f", 2)
            collector.record("tickets", ticket("1"), "f", None)
            stage = collector.close()
            count = under_way.count(stage, [LoadFile("f", "d", "s")], under_way.write(stage))
            under_way.publish()
        return count.rows_read, count.rows_accepted, count.rows_unchanged

    assert (2, 2, 0) == run()
    assert (2, 0, 2) == run()


def test_a_row_folded_into_another_rows_record_shares_its_fate_too(warehouse: Warehouse) -> None:
    with warehouse.loading("psa", NOW) as under_way:
        collector = Collector(under_way.folder, NOW)
        collector.record("tickets", ticket("1"), "f", 1)
        collector.fold("tickets", "1", "g", 1)
        stage = collector.close()
        count = under_way.count(stage, [LoadFile("f", "d", "s"), LoadFile("g", "e", "s")], under_way.write(stage))
        under_way.publish()

    assert (2, 2, 0) == (count.rows_read, count.rows_accepted, count.rows_unchanged)


def test_a_batch_is_loaded_like_rows(warehouse: Warehouse) -> None:
    rows = pa.table(
        {"external_id": ["1", "2"], "occurred_at": pa.array([T, T]), "source_file": ["f", "f"], "source_line": [1, 2]}
    )
    with warehouse.loading("psa", NOW) as under_way:
        collector = Collector(under_way.folder, NOW)
        collector.batch("tickets", rows)
        stage = collector.close()
        count = under_way.count(stage, [LoadFile("f", "d", "s")], under_way.write(stage))
        under_way.publish()

    assert (2, 2) == (count.rows_read, count.rows_accepted)
    assert ["psa/1", "psa/2"] == [row["ticket_id"] for row in tickets(warehouse)]


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from("abcde"), st.integers(1, 5)), min_size=1, max_size=12), st.data())
def test_the_record_does_not_depend_on_how_loads_are_cut(rows: list[tuple[str, int]], data: st.DataObject) -> None:
    import tempfile
    from pathlib import Path

    cut = data.draw(st.integers(0, len(rows)))
    results = []
    for parts in ([rows], [rows[:cut], rows[cut:]]):
        with tempfile.TemporaryDirectory() as folder:
            house = Warehouse(Path(folder), Firm())
            for part in parts:
                with house.loading("psa", NOW) as under_way:
                    collector = Collector(under_way.folder, NOW)
                    for line, (name, priority) in enumerate(part, start=1):
                        collector.record("tickets", ticket(name, priority=priority), "f", line)
                    stage = collector.close()
                    under_way.count(stage, [LoadFile("f", "d", "s")], under_way.write(stage))
                    under_way.publish()
            results.append([(row["ticket_id"], row["priority"]) for row in tickets(house)])

    assert results[0] == results[1]


def test_a_due_date_ahead_is_no_reason_to_refuse_a_ticket(load: Loader) -> None:
    count = load([("tickets", ticket("1", sla_due_at=NOW + timedelta(days=3)), 1)])

    assert (1, 0) == (count.rows_accepted, count.rows_rejected)


def test_a_stored_key_is_found_from_the_raw_one(load: Loader, warehouse: Warehouse) -> None:
    load([("accounts", {"external_id": "anna", "kind": "staff"}, 1), ("people", {"external_id": "E7"}, 2),
          ("tickets", ticket("1"), 3)])  # fmt: skip

    with warehouse.snapshot() as record:
        stored = [
            record.rows(record[t])[0][k]
            for t, k in (("accounts", "account_id"), ("people", "person_id"), ("tickets", "ticket_id"))
        ]
    assert [
        warehouse.key_of("psa", t, raw) for t, raw in (("accounts", "anna"), ("people", "E7"), ("tickets", "1"))
    ] == stored


def test_a_line_refused_again_for_the_same_reason_is_listed_once(load: Loader, warehouse: Warehouse) -> None:
    rows = [("tickets", ticket("1"), 1), ("tickets", ticket("2", priority="high"), 2)]
    load(rows)

    count = load([*rows, ("tickets", ticket("3"), 3)], digest="later", now=NOW + timedelta(days=1))

    with warehouse.snapshot() as record:
        assert 1 == record.count("rejected")
    assert (3, 1, 1, 1) == (count.rows_read, count.rows_accepted, count.rows_rejected, count.rows_unchanged)
