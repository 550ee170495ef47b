from datetime import UTC, datetime, timedelta

import pyarrow as pa

from cadre.records import DERIVED_BY_NAME
from cadre.warehouse import Warehouse
from tests.conftest import NOW, Loader

T = datetime(2024, 5, 1, tzinfo=UTC)


def doubt(name: str) -> pa.Table:
    row = {"doubt_id": name, "account_id": "a", "person_id": "p", "reason": "r"}
    return pa.Table.from_pylist([row], DERIVED_BY_NAME["identity_doubts"].schema())


def derive(warehouse: Warehouse, name: str) -> None:
    with warehouse.deriving(NOW) as derivation:
        derivation.write("identity_doubts", doubt(name))
        derivation.publish()


def files(warehouse: Warehouse, table: str) -> int:
    return len(list(warehouse.layout.table(table).glob("*.parquet")))


def test_derived_tables_do_not_pile_up(warehouse: Warehouse) -> None:
    for number in range(5):
        derive(warehouse, str(number))

    assert 1 == files(warehouse, "identity_doubts")


def test_an_open_reader_keeps_its_files_until_it_closes(warehouse: Warehouse) -> None:
    derive(warehouse, "old")
    with warehouse.snapshot() as record:
        derive(warehouse, "new")
        derive(warehouse, "newer")

        assert ["old"] == [row["doubt_id"] for row in record.rows(record["identity_doubts"])]
        assert 2 == files(warehouse, "identity_doubts")
    derive(warehouse, "newest")
    assert 1 == files(warehouse, "identity_doubts")


def test_what_an_earlier_manifest_names_of_the_record_stays(load: Loader, warehouse: Warehouse) -> None:
    load([("tickets", {"external_id": "1", "occurred_at": T, "priority": 4}, 1)])
    first = warehouse.newest()
    load([("tickets", {"external_id": "1", "occurred_at": T, "priority": 1}, 1)], now=NOW + timedelta(hours=1))

    from cadre.warehouse.snapshot import Snapshot

    with Snapshot(warehouse.layout, warehouse.firm, first) as then:
        assert [4] == [row["priority"] for row in then.rows(then["tickets"])]


def test_a_crashed_loads_leftovers_are_gone_after_the_next(load: Loader, warehouse: Warehouse) -> None:
    load([("tickets", {"external_id": "1", "occurred_at": T}, 1)])
    stray = warehouse.layout.table("tickets") / "part-left-behind.parquet"
    stray.write_bytes(b"half a file")

    load([("tickets", {"external_id": "2", "occurred_at": T}, 1)])

    assert not stray.exists()
