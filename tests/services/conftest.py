"""Fixtures of services."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from cadre.access import password as passwords
from cadre.db.database import open_database
from tests.conftest import NOW, loading, tested
from tests.firms import again
from tests.services.door import Door, TurnedClock


@pytest.fixture
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The same Argon2 with little memory; what it costs for real is measured where passwords are."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()


@pytest.fixture
def door(database: str, tmp_path: Path, quick_passwords: None) -> Door:
    """An empty database of decisions beside a record with a staff of three."""
    again(tmp_path / "workspace", "staff of three", _staff_of_three)
    return Door(open_database(database), TurnedClock(NOW), tested(tmp_path / "workspace"))


def _staff_of_three(folder: Path) -> None:
    rows = [("people", {"external_id": name, "occurred_at": NOW, "role": "Technician"}, 1) for name in "abc"]
    loading(tested(folder))(rows)
