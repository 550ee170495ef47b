"""How a lead is doing: asked of manager and team, with no estimate in sight."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from cadre.access.principal import Principal
from cadre.clock import FixedClock
from cadre.runtime import Runtime
from cadre.services.people.seat import decide_seat, open_seat
from cadre.web import create_app
from tests.seat_firm import NOW, OWNER, build, keys
from tests.web.conftest import Asked

PAGE = "/seats/desk-lead/outcome/12"
ANSWERS = {"direction": "4", "letting_go": "4", "conflict": "none", "steadiness": "5"}


@pytest.fixture
def decided(tmp_path: Path) -> Runtime:
    runtime = build(tmp_path)
    with runtime.snapshot() as record:
        team = record.rows(record.table("teams").select("team_id"))[0]["team_id"]
    open_seat(OWNER, runtime.work(), runtime.clock, name="Desk lead", team_id=team)
    hana = keys(runtime)["Hana Kim"]
    decide_seat(OWNER, runtime.work(), runtime.clock, runtime.warehouse, key="desk-lead", person_id=hana, reason="x")
    return runtime


def _asks(runtime: Runtime, role: str = "owner", days: int = 400) -> Asked:
    told = Principal(role, role)  # type: ignore[arg-type]
    return Asked(create_app(replace(runtime, principal=told, clock=FixedClock(NOW + timedelta(days=days)))))


def _post(asked: Asked, path: str, data: dict[str, Any]) -> httpx.Response:
    return asked.post(path, data=data, headers={"Origin": "http://127.0.0.1:8765"})


def test_the_instrument_shows_no_estimate(decided: Runtime) -> None:
    page = _asks(decided).get(PAGE)

    assert "How is Hana Kim doing as a lead, 12 months on?" in page.text
    assert "9 of 9 still here" in page.text
    assert 'class="iv"' not in page.text
    assert "n&nbsp;=" not in page.text


def test_before_its_day_nothing_is_asked(decided: Runtime) -> None:
    assert "Record it" not in _asks(decided, days=100).get(PAGE).text


def test_manager_and_team_answer_and_a_verdict_is_recorded(decided: Runtime) -> None:
    owner = _asks(decided)
    links = re.findall(r"http://127.0.0.1:8765(/team-feedback/[\w-]+)", _post(owner, f"{PAGE}/team", {"count": 5}).text)
    for link in links:
        asked = owner.get(link)
        assert "What do you see your lead do?" in asked.text
        assert "Desk lead, 12 months on" in asked.text
        assert "Hana" not in asked.text
        assert "Your answers are in" in _post(owner, link, ANSWERS).text
    page = _post(owner, PAGE, ANSWERS)

    assert 5 == len(links)
    assert "It went well, 12 months on" in page.text
    assert "5 answers, mean step 4.3 of 5" in page.text
    assert 404 == owner.get(links[0]).status_code
    assert [True] == [
        d["verdict"] == "well" for d in owner.get("/seats?format=json").json()["seats"][0]["decision"]["dates"][1:2]
    ]


def test_fewer_than_five_answers_are_not_even_counted(decided: Runtime) -> None:
    owner = _asks(decided)
    links = re.findall(r"(/team-feedback/[\w-]+)", _post(owner, f"{PAGE}/team", {"count": 5}).text)
    for link in links[:4]:
        _post(owner, link, ANSWERS)

    assert "Fewer than five have answered" in owner.get(PAGE).text
    assert owner.get(f"{PAGE}?format=json").json()["answered"] is None


def test_an_unfinished_answer_is_asked_again(decided: Runtime) -> None:
    owner = _asks(decided)
    link = re.findall(r"(/team-feedback/[\w-]+)", _post(owner, f"{PAGE}/team", {"count": 5}).text)[0]

    page = _post(owner, link, {"direction": "4"})
    assert 400 <= page.status_code < 500
    assert "3 of 4 questions have no answer" in page.text
    assert "is no step" in _post(owner, link, {**ANSWERS, "conflict": "x"}).text


@pytest.mark.parametrize("role", ["reviewer", "technician"])
def test_how_a_lead_is_doing_is_for_owner_and_manager(decided: Runtime, role: str) -> None:
    assert 403 == _asks(decided, role).get(PAGE).status_code


def test_a_seat_that_is_nobodys_has_no_dates(decided: Runtime) -> None:
    open_seat(OWNER, decided.work(), decided.clock, name="NOC")

    assert 404 == _asks(decided).get("/seats/noc/outcome/12").status_code
    assert 404 == _asks(decided).get("/seats/desk-lead/outcome/7").status_code
