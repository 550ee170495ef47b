"""The page of machines: registering, a secret shown once, retiring; every change asks for a reason."""

import re
from pathlib import Path

import pytest

from cadre.config import create_workspace, load_settings
from cadre.runtime import Runtime
from cadre.web import create_app
from tests.conftest import NOW, Loader
from tests.services.door import AT_MACHINE, TurnedClock
from tests.web.conftest import Asked


@pytest.fixture
def pages(tmp_path: Path, load: Loader) -> Asked:
    root = tmp_path / "workspace"
    create_workspace(root, name="Lindgren IT", purpose="study", invented=True, zone="Europe/Berlin")
    load([("people", {"external_id": "ann", "role": "Technician"}, 1)])
    return Asked(create_app(Runtime(root, load_settings(root), TurnedClock(NOW), AT_MACHINE)))


HOME = {"Origin": "http://127.0.0.1:8765"}


def owner_of(pages: Asked) -> str:
    found = re.search(r'<option value="(p_\w+)">', pages.get("/machines").text)
    assert found
    return found[1]


def test_the_first_visit_says_what_to_do(pages: Asked) -> None:
    page = pages.get("/machines").text

    assert "No machine is known yet" in page
    assert "cadre ingest entra" in page


def test_an_agent_is_registered_gets_a_secret_and_is_retired(pages: Asked) -> None:
    told = {"name": "Triage agent", "purpose": "sorts tickets", "owner": owner_of(pages), "kind": "agent"}
    listed = pages.post("/machines/register", data=told, headers=HOME)
    key = {"key": "cadre/triage-agent"}
    shown = pages.post("/machines/change", data={**key, "what": "secret", "reason": "first"}, headers=HOME)
    gone = pages.post("/machines/change", data={**key, "what": "retire", "reason": "not needed"}, headers=HOME)

    assert "1 machine may act here, each registered" in listed.text
    secret = re.search(r"cadre_[\w-]{40,}", shown.text)
    assert secret
    assert secret[0] not in pages.get("/machines").text
    assert (200, True) == (gone.status_code, ", retired" in gone.text)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"what": "retire", "reason": " "}, "needs words"),
        ({"what": "fly", "reason": "x"}, "nknown change"),
        ({"what": "expiry", "reason": "x", "expires_on": "tomorrow"}, "YYYY-MM-DD"),
        ({"what": "revoke", "reason": "x", "key": "cadre/nobody"}, "o machine of that key"),
    ],
)
def test_a_wrong_change_says_what_is_wrong(pages: Asked, told: dict[str, str], expected: str) -> None:
    made = {"name": "Triage agent", "purpose": "sorts tickets", "owner": owner_of(pages), "kind": "agent"}
    pages.post("/machines/register", data=made, headers=HOME)

    answer = pages.post("/machines/change", data={"key": "cadre/triage-agent", **told}, headers=HOME)

    assert answer.status_code in {400, 404, 422}
    assert expected in answer.text
