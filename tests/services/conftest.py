"""Fixtures of services."""

from pathlib import Path

import pytest

from cadre.db.database import open_database, sqlite_url
from cadre.warehouse import Warehouse
from tests.conftest import NOW, Loader
from tests.services.door import Door, TurnedClock


@pytest.fixture
def door(tmp_path: Path, warehouse: Warehouse, load: Loader) -> Door:
    """An empty database of decisions beside a record with a staff of three."""
    load([("people", {"external_id": name, "occurred_at": NOW, "role": "Technician"}, 1) for name in "abc"])
    return Door(open_database(sqlite_url(tmp_path)), TurnedClock(NOW), warehouse)
