"""Fixtures shared by all floors: a small warehouse and a way to load rows into it."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine

from cadre.records import Firm
from cadre.warehouse import Collector, LoadCount, LoadFile, Warehouse
from tests.postgres import postgres  # noqa: F401 (a fixture)

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
ENGINES = ["sqlite", pytest.param("postgres", marks=pytest.mark.slow)]
FIRST = ("tests/e2e/test_pages.py", "tests/services/computing/test_partials.py")
"""They take longest and build the firms that other files copy, each in a process of its own while nobody waits for it."""
Rows = list[tuple[str, dict[str, Any], int | None]]
Loader = Callable[..., LoadCount]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what others wait for; the rest stays in its order."""
    items.sort(key=lambda item: not item.nodeid.startswith(FIRST))


@pytest.fixture(scope="session", autouse=True)
def migrated_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Migrate one empty SQLite database a run, and give every other new one its bytes: a tenth of a second each time.

    A database that holds anything goes through the migrations themselves, and so do the tests of them.
    """
    import cadre.db.database as opening

    steps, template = opening.migrate, tmp_path_factory.mktemp("migrated") / "decisions.sqlite"

    def migrate(engine: Engine) -> None:
        with engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            if isinstance(raw, sqlite3.Connection) and not raw.execute("PRAGMA schema_version").fetchone()[0]:
                if not template.exists():
                    first = create_engine(f"sqlite:///{template}")
                    steps(first)
                    first.dispose()
                with closing(sqlite3.connect(template)) as whole:
                    whole.backup(raw)
                return
        steps(engine)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "migrate", migrate)
        yield


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of an empty database of decisions: SQLite, and in `make test-all` PostgreSQL too."""
    from cadre.db.database import sqlite_url

    made: str = sqlite_url(tmp_path) if request.param == "sqlite" else request.getfixturevalue("postgres").database()
    return made


def tested(root: Path) -> Warehouse:
    """The warehouse of the firm of the tests at a folder."""
    return Warehouse(root, Firm(name="Test firm", zone="Europe/Berlin"))


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return tested(tmp_path / "workspace")


@pytest.fixture
def load(warehouse: Warehouse) -> Loader:
    """Load rows as (table, values, line) and return what was counted."""
    return loading(warehouse)


def loading(warehouse: Warehouse) -> Loader:
    """What loads rows into a warehouse."""

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
