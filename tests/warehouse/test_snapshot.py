import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import ibis.expr.types as ir
import pytest

from cadre.errors import BusyError
from cadre.records import BY_NAME, DERIVED_BY_NAME
from cadre.warehouse import Warehouse
from cadre.warehouse.snapshot import open_leases
from tests.conftest import NOW, Loader

T = datetime(2024, 5, 1, tzinfo=UTC)


def test_an_empty_workspace_has_every_table_with_its_columns(warehouse: Warehouse) -> None:
    with warehouse.snapshot() as record:
        for name, table in BY_NAME.items():
            assert tuple(table.stored_schema().names) == tuple(record[name].columns)
            assert [] == record.rows(record[name])
        for name, derived in DERIVED_BY_NAME.items():
            assert tuple(derived.schema().names) == tuple(record[name].columns)


def test_a_reader_keeps_what_it_opened_while_a_load_goes_on(load: Loader, warehouse: Warehouse) -> None:
    load([("tickets", {"external_id": "1", "occurred_at": T, "priority": 3}, 1)])
    with warehouse.snapshot() as record:
        load([("tickets", {"external_id": "1", "occurred_at": T, "priority": 1}, 1),
              ("tickets", {"external_id": "2", "occurred_at": T}, 2)])  # fmt: skip

        assert [3] == [row["priority"] for row in record.rows(record["tickets"])]
    with warehouse.snapshot() as record:
        assert 2 == record.count("tickets")


def test_the_engine_starts_with_the_first_question_alone(warehouse: Warehouse) -> None:
    with warehouse.snapshot() as record:
        assert 0 == record.count("tickets")
        assert "_duckdb" not in vars(record)
        assert [] == record.rows(record["tickets"])
        assert "_duckdb" in vars(record)


def test_a_view_is_made_once_and_reads_each_snapshots_own_rows(load: Loader, warehouse: Warehouse) -> None:
    made = []

    def urgent(tables: Mapping[str, ir.Table]) -> ir.Table:
        made.append(1)
        return tables["tickets"].filter(tables["tickets"].priority == 1).select("external_id")

    load([("tickets", {"external_id": "1", "occurred_at": T, "priority": 1}, 1)])
    with warehouse.snapshot() as record:
        first = record.rows(record.view(urgent))
    load([("tickets", {"external_id": "2", "occurred_at": T, "priority": 1}, 2)])
    with warehouse.snapshot() as record:
        second = record.rows(record.view(urgent).order_by("external_id"))

    assert [{"external_id": "1"}] == first
    assert [{"external_id": "1"}, {"external_id": "2"}] == second
    assert [1] == made


def test_a_second_writer_is_told_who_writes(warehouse: Warehouse) -> None:
    code = (
        "import sys; from pathlib import Path; from datetime import datetime, UTC\n"
        "from cadre.warehouse import Warehouse; from cadre.records import Firm; from cadre.errors import BusyError\n"
        "try:\n"
        "    with Warehouse(Path(sys.argv[1]), Firm()).loading('x', datetime.now(UTC)): print('in')\n"
        "except BusyError as error: print(error.message)\n"
    )
    with warehouse.loading("psa", NOW):
        done = subprocess.run(
            [sys.executable, "-c", code, str(warehouse.root)], capture_output=True, text=True, check=True
        )

    assert f"another process (id {os.getpid()}) is writing to this workspace" == done.stdout.strip()


def test_the_same_process_cannot_write_twice_either(warehouse: Warehouse) -> None:
    with warehouse.loading("psa", NOW), pytest.raises(BusyError), warehouse.loading("psa", NOW):
        pass


def test_a_load_that_fails_leaves_the_last_record(load: Loader, warehouse: Warehouse) -> None:
    load([("tickets", {"external_id": "1", "occurred_at": T}, 1)])

    with pytest.raises(RuntimeError), warehouse.loading("psa", NOW + timedelta(hours=1)) as under_way:
        from cadre.warehouse import Collector

        collector = Collector(under_way.folder, NOW)
        collector.record("tickets", {"external_id": "2", "occurred_at": T}, "f", 1)
        under_way.write(collector.close())
        raise RuntimeError

    with warehouse.snapshot() as record:
        assert ["1"] == [row["external_id"] for row in record.rows(record["tickets"])]
    load([("tickets", {"external_id": "3", "occurred_at": T}, 1)])
    with warehouse.snapshot() as record:
        assert ["1", "3"] == sorted(row["external_id"] for row in record.rows(record["tickets"]))


def test_what_outgrows_memory_goes_into_the_workspace_and_is_gone_at_the_end(
    warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    spills = warehouse.layout.spills
    with warehouse.snapshot() as record:
        engine = record._duckdb
        engine.execute("SET memory_limit = '60MB'")
        engine.execute("CREATE TABLE large AS SELECT range AS r, md5(range::VARCHAR) AS m FROM range(2000000)")
        during = [path for path in spills.rglob("*") if path.is_file()]

    assert during
    assert [] == [*elsewhere.iterdir(), *spills.iterdir()]


def test_what_a_reader_left_that_was_killed_goes_with_its_lease(warehouse: Warehouse) -> None:
    dead = "999999999-0a1b2c3d"
    left = warehouse.layout.spills / dead / "duckdb_temp_storage-0.tmp"
    for path in (warehouse.layout.leases / dead, left):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}", "ascii")

    assert [] == open_leases(warehouse.layout)
    assert not left.exists()
