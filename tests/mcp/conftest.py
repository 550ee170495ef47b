"""A workspace of which every test takes a copy."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mcp.desk import Desk, copied_desk, new_desk


@pytest.fixture(scope="session")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("governed") / "firm"
    made = new_desk(root)
    made.runtime.audit_writer.close()
    made.runtime.sessions.kw["bind"].dispose()
    return root


@pytest.fixture
def desk(tmp_path: Path, firm: Path) -> Iterator[Desk]:
    made = copied_desk(tmp_path / "firm", firm)
    yield made
    made.runtime.audit_writer.close()
    made.runtime.sessions.kw["bind"].dispose()
