"""Being ready: what was worked out ahead is what a page shows, nothing is opened by it, and a newer record is noticed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from cadre.config import create_workspace
from cadre.db.stewardship import Opened
from cadre.reports import kept as module
from cadre.reports.kept import forget
from cadre.runtime import Runtime, open_runtime
from cadre.web.app import create_app
from cadre.web.ready import Readier
from tests.reports.conftest import NOW, build

PAGES = ("/people", "/network", "/selection", "/fairness")

SLOW = ("staff", "readings", "seen", "readiness", "network", "audit")


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """A firm of eight."""
    root = tmp_path_factory.mktemp("ready")
    create_workspace(root, name="Lindgren IT", purpose="study", invented=True, zone="Europe/Berlin")
    build(root)
    made = open_runtime(root)
    yield made
    made.close()


def _kept() -> list[str]:
    """What is kept, by the first word of its question."""
    (answers,) = module._held.values()
    return [str(question[0] if isinstance(question, tuple) else question) for question in answers]


def _told(runtime: Runtime) -> list[object]:
    client = TestClient(create_app(runtime), base_url="http://127.0.0.1")
    return [client.get(f"{path}?format=json").json() for path in PAGES]


def test_pages_show_the_same_whether_or_not_somebody_was_ready(runtime: Runtime) -> None:
    forget()
    asked = _told(runtime)
    forget()
    Readier(runtime).look()

    assert asked == _told(runtime)


def test_who_comes_first_finds_it_worked_out_and_nothing_was_opened(runtime: Runtime) -> None:
    forget()
    with runtime.sessions() as session:
        before = session.scalar(select(func.count()).select_from(Opened))
    Readier(runtime).look()
    with runtime.sessions() as session:
        after = session.scalar(select(func.count()).select_from(Opened))
    assert before == after
    assert set(SLOW) <= set(_kept())
    counts = {name: _kept().count(name) for name in SLOW}
    _told(runtime)
    assert counts == {name: _kept().count(name) for name in SLOW}


def test_a_newer_record_is_noticed_once(runtime: Runtime) -> None:
    readier = Readier(runtime)
    looks = [readier.look(), readier.look()]
    with runtime.warehouse.deriving(NOW) as derivation:
        derivation.publish()

    assert [*looks, readier.look(), readier.look()] == [True, False, True, False]


def test_a_thread_that_began_ends(runtime: Runtime, tmp_path: Path) -> None:
    readier = Readier(runtime, seconds=0.01)
    readier.begin()
    readier.end()

    assert not readier._thread.is_alive()
