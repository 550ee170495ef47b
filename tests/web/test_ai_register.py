"""The page of AI tools: what is unknown is printed as unknown with its day, and a new check replaces the last."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from cadre.config import create_workspace, load_settings
from cadre.policy.agents import shipped_agents
from cadre.reports.agents.ai_register import handling
from cadre.runtime import Runtime
from cadre.web import create_app
from tests.conftest import NOW, Loader
from tests.services.door import AT_MACHINE, TurnedClock
from tests.web.conftest import Asked

HOME = {"Origin": "http://127.0.0.1:8765"}


@pytest.fixture
def runtime(tmp_path: Path, load: Loader) -> Runtime:
    root = tmp_path / "workspace"
    create_workspace(root, name="Lindgren IT", purpose="study", invented=True, zone="Europe/Berlin")
    load([("people", {"external_id": "ann", "role": "Technician"}, 1)])
    return Runtime(root, load_settings(root), TurnedClock(NOW), AT_MACHINE)


@pytest.fixture
def pages(runtime: Runtime) -> Asked:
    return Asked(create_app(runtime))


def check(pages: Asked, **told: object) -> str:
    return pages.post("/ai-register/check", data={"name": "Assistant", **told}, headers=HOME).text


def test_unknown_is_printed_with_its_day(pages: Asked) -> None:
    assert "No AI tool is in the register" in pages.get("/ai-register").text

    page = check(pages, vendor="Some vendor", data_classes=["none", "personal"], checked_on="2026-05-01")

    assert "1 AI tool in use; something about it is unknown" in page
    assert "unknown on 1 May 2026" in page
    told = pages.get("/ai-register?format=json").json()["tools"][0]
    assert ("Some vendor", "personal", None) == (told["vendor"], told["data_classes"], told["contract"])


def test_a_new_check_holds_and_the_old_one_stays(pages: Asked, runtime: Runtime) -> None:
    check(pages)
    check(pages, key="assistant", vendor="V", ended="1")

    told = pages.get("/ai-register?format=json").json()["tools"]
    assert [("V", True, 2)] == [(row["vendor"], row["is_ended"], row["checks"]) for row in told]
    with pytest.raises(IntegrityError, match="added, never changed"), runtime.sessions() as session:
        session.execute(text("UPDATE ai_tool_checks SET vendor = 'x'"))


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"name": " "}, "needs words"),
        ({"data_classes": ["secrets"]}, "nknown kind of data"),
        ({"trains": "maybe"}, "hether it trains"),
        ({"checked_on": "2027-01-01"}, "still to come"),
        ({"checked_on": "soon"}, "YYYY-MM-DD"),
        ({"key": "nothing"}, "o AI tool has the key"),
        ({"owner": "nobody"}, "on the staff"),
    ],
)
def test_what_is_wrong_is_named(pages: Asked, told: dict[str, object], expected: str) -> None:
    assert expected in check(pages, **told)


def test_a_name_is_taken_once(pages: Asked) -> None:
    check(pages)

    assert "in the register already" in check(pages)


def test_the_rules_on_data_are_those_of_the_gate() -> None:
    enforced = {f"{rule.text}." for rule in shipped_agents().rules}

    assert 3 == len(enforced & set(handling()))
