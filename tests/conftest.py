"""Fixtures shared by all floors: a small warehouse and a way to load rows into it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cadre.records import Firm
from cadre.warehouse import Collector, LoadCount, LoadFile, Warehouse
from tests.postgres import postgres  # noqa: F401 (a fixture)

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
ENGINES = ["sqlite", pytest.param("postgres", marks=pytest.mark.slow)]
Rows = list[tuple[str, dict[str, Any], int | None]]
Loader = Callable[..., LoadCount]


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of an empty database of decisions: SQLite, and in `make test-all` PostgreSQL too."""
    from cadre.db.database import sqlite_url

    made: str = sqlite_url(tmp_path) if request.param == "sqlite" else request.getfixturevalue("postgres").database()
    return made


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "workspace", Firm(name="Test firm", zone="Europe/Berlin"))


@pytest.fixture
def load(warehouse: Warehouse) -> Loader:
    """Load rows as (table, values, line) and return what was counted."""

    def run(
        rows: Rows, *, source: str = "psa", file: str = "export.csv", digest: str = "d", now: datetime = NOW
    ) -> LoadCount:
        with warehouse.loading(source, now) as under_way:
            collector = Collector(under_way.folder, now)
            for table, values, line in rows:
                collector.record(table, values, file, line)
            stage = collector.close()
            tables = under_way.write(stage)
            under_way.note_newest(stage)
            count = under_way.count(stage, [LoadFile(file, digest, "s")], tables)
            under_way.publish()
        return count

    return run
