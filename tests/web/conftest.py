"""The pages over a real workspace, asked without a browser."""

import importlib.util
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import anyio
import httpx
import pytest
from fastapi import FastAPI

from cadre.access.principal import Principal
from cadre.clock import FixedClock
from cadre.config import create_workspace, load_settings
from cadre.runtime import Runtime
from cadre.web import create_app
from tests.firms import again

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
OWNER = Principal("owner at this machine", "owner")


class Asked:
    """An application that answers requests, redirects followed, without a browser or a socket."""

    def __init__(self, app: FastAPI) -> None:
        self._transport = httpx.ASGITransport(app=app)

    def get(self, path: str, **told: Any) -> httpx.Response:
        return self.request("GET", path, **told)

    def post(self, path: str, **told: Any) -> httpx.Response:
        return self.request("POST", path, **told)

    def request(self, method: str, path: str, *, follow_redirects: bool = True, **told: Any) -> httpx.Response:
        async def run() -> httpx.Response:
            base = "http://127.0.0.1:8765"
            async with httpx.AsyncClient(
                transport=self._transport, base_url=base, follow_redirects=follow_redirects
            ) as client:
                return await client.request(method, path, **told)

        return anyio.run(run)


def _firm() -> ModuleType:
    """The invented firm of the reports' tests; both rooms look at the same one."""
    place = Path(__file__).parent.parent / "reports" / "conftest.py"
    spec = importlib.util.spec_from_file_location("invented_firm", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _client(root: Path, *, purpose: str = "study", is_empty: bool = False) -> Asked:
    def made(folder: Path) -> None:
        create_workspace(folder, name="Lindgren IT", purpose=purpose, invented=True, zone="Europe/Berlin")
        if not is_empty:
            _firm().build(folder, purpose=purpose, signal="peer_answer_share")

    again(root, f"web {purpose} {is_empty}", made)
    app = create_app(Runtime(root, load_settings(root), FixedClock(NOW), OWNER))
    return Asked(app)


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    return _client(tmp_path_factory.mktemp("study"))


@pytest.fixture(scope="session")
def own(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    return _client(tmp_path_factory.mktemp("own"), purpose="firm")


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    return _client(tmp_path_factory.mktemp("empty"), is_empty=True)


@pytest.fixture
def fresh(tmp_path: Path) -> Asked:
    """A workspace of its own, for tests that decide something."""
    return _client(tmp_path / "fresh")


@pytest.fixture(scope="session")
def cem(study: Asked) -> str:
    """Key of the person Cem Aydin."""
    people = study.get("/people?format=json").json()["people"]
    return next(p["person_id"] for p in people if p["name"] == "Cem Aydin")
