import json
from datetime import UTC, datetime

import pyarrow as pa
import pytest

from cadre.errors import UsageError
from cadre.warehouse import Warehouse, delta
from tests.conftest import NOW, Loader

T = datetime(2024, 5, 1, tzinfo=UTC)


def test_rows_written_before_a_column_existed_read_as_missing_there(load: Loader, warehouse: Warehouse) -> None:
    load([("tickets", {"external_id": "1", "occurred_at": T, "priority": 1, "is_major": True}, 1)])
    folder = warehouse.layout.table("tickets")
    with warehouse.snapshot() as record:
        older = record.arrow(record["tickets"]).drop_columns(["is_major"])
    delta.overwrite(folder, older.to_reader())
    path = max(warehouse.layout.manifests.glob("*.json"))
    told = json.loads(path.read_text("utf-8"))
    state = delta.state(folder, 1)
    told["tables"]["tickets"] = {"version": state.version, "files": list(state.files), "rows": 1}
    path.write_text(json.dumps(told), "utf-8")

    load([("tickets", {"external_id": "2", "occurred_at": T, "is_major": False}, 1)])

    with warehouse.snapshot() as record:
        rows = {row["external_id"]: row["is_major"] for row in record.rows(record["tickets"])}
    assert isinstance(older, pa.Table)
    assert {"1": None, "2": False} == rows


def test_a_workspace_of_a_newer_version_is_refused_unchanged(load: Loader, warehouse: Warehouse) -> None:
    load([("tickets", {"external_id": "1", "occurred_at": T}, 1)])
    path = max(warehouse.layout.manifests.glob("*.json"))
    path.write_text(path.read_text("utf-8").replace('"schema_version": 1', '"schema_version": 99'), "utf-8")

    with pytest.raises(UsageError, match="schema version 99"):
        warehouse.snapshot()
    with pytest.raises(UsageError, match="schema version 99"), warehouse.loading("psa", NOW):
        pass
