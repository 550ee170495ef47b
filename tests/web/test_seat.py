"""The pages of seats: the sheet, its forms, and what is refused."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from cadre.access.principal import Principal
from cadre.runtime import Runtime
from cadre.services.people.seat import open_seat
from cadre.web import create_app
from tests.seat_firm import OWNER, build, keys
from tests.web.conftest import Asked

SHEET = "/seats/desk-lead"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    return _opened(build(tmp_path_factory.mktemp("study")))


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    return _opened(build(tmp_path_factory.mktemp("own"), purpose="firm"))


def _opened(runtime: Runtime) -> Runtime:
    open_seat(OWNER, runtime.work(), runtime.clock, name="Desk lead", hands_on_share=0.5, span=9, tiers=["1"])
    return runtime


def _asks(runtime: Runtime, role: str = "owner") -> Asked:
    return Asked(create_app(replace(runtime, principal=Principal(role, role))))  # type: ignore[arg-type]


def _post(asked: Asked, path: str, **data: Any) -> httpx.Response:
    return asked.post(path, data=data, headers={"Origin": "http://127.0.0.1:8765"})


def test_the_sheet_says_first_whether_people_can_be_told_apart(study: Runtime) -> None:
    page = _asks(study).get(SHEET)

    assert 200 == page.status_code
    assert "<h1>These people cannot be told apart</h1>" in page.text
    assert "between 1st and" in page.text
    assert "technical leader" in page.text


def test_the_sheet_gives_the_same_as_json_and_csv(study: Runtime) -> None:
    told = _asks(study).get(f"{SHEET}?format=json").json()
    table = _asks(study).get(f"{SHEET}?format=csv").text

    assert ["Hana Kim", "Gus Rey"] == [c["name"] for c in told["candidates"]][:2]
    assert {"value", "low", "high", "level", "n"} == set(told["candidates"][0]["readiness"])
    assert "Hana Kim" in table


def test_somebody_can_be_put_beside_the_first(study: Runtime) -> None:
    ada = keys(study)["Ada Lind"]

    names = [c["name"] for c in _asks(study).get(f"{SHEET}?format=json&beside={ada}").json()["candidates"]]
    assert "Ada Lind" == names[-1]


def test_a_seat_is_opened_from_the_list(study: Runtime) -> None:
    page = _post(_asks(study), "/seats", name="NOC lead", hands_on="30 %", span="4", tiers="2, 3")

    assert "NOC lead" in page.text
    assert "30% of its hours stay hands-on work" in page.text
    assert "NOC lead" in _asks(study).get("/seats").text


@pytest.mark.parametrize(("field", "said"), [("hands_on", "much"), ("span", "many")])
def test_a_number_that_is_none_is_refused_in_words(study: Runtime, field: str, said: str) -> None:
    page = _post(_asks(study), "/seats", **{"name": "NOC", field: said})

    assert 400 <= page.status_code < 500
    assert "is no number for" in page.text


def test_a_decision_is_recorded_with_its_dates(study: Runtime) -> None:
    page = _post(_asks(study), f"{SHEET}/decide", person_id=keys(study)["Hana Kim"], reason="Asked for by the desk")

    assert "Asked for by the desk" in page.text
    assert "4 November 2026" in page.text
    assert "Asked for by the desk" not in _asks(study, "technician").get(SHEET).text


def test_nothing_is_decided_without_a_choice_or_a_reason(study: Runtime) -> None:
    unchosen = _post(_asks(study), f"{SHEET}/decide", reason="x")
    unexplained = _post(_asks(study), f"{SHEET}/decide", person_id="nobody")

    assert "nobody was chosen" in unchosen.text.casefold()
    assert "needs words" in unexplained.text


@pytest.mark.parametrize("role", ["manager", "reviewer", "technician"])
def test_only_the_owner_decides(study: Runtime, role: str) -> None:
    page = _post(_asks(study, role), f"{SHEET}/decide", person_id="nobody", reason="x")

    assert 403 == page.status_code


@pytest.mark.parametrize("role", ["owner", "manager", "reviewer", "technician"])
def test_no_name_of_a_candidate_leaves_a_firm_before_the_rule_opens_it(own: Runtime, role: str) -> None:
    texts = [_asks(own, role).get(f"{SHEET}{tail}").text for tail in ("", "?format=json", "?format=csv")]

    assert not [name for name in keys(own) for text in texts if name in text]
    assert "Withheld" in texts[0]


def test_nobody_withheld_is_decided_about(own: Runtime) -> None:
    page = _post(_asks(own), f"{SHEET}/decide", person_id=keys(own)["Hana Kim"], reason="x")

    assert 403 == page.status_code
    assert "not open as a candidate" in page.text


def test_a_page_without_seats_says_how_to_begin(empty: Asked) -> None:
    assert "No lead seat was opened yet" in empty.get("/seats").text
    assert 404 == empty.get("/seats/none").status_code


def test_reasons_and_names_are_never_markup(tmp_path: Path) -> None:
    runtime = _opened(build(tmp_path))
    page = _post(_asks(runtime), f"{SHEET}/decide", person_id="nobody", reason="<script>x</script>")

    assert "<script>x" not in page.text
    assert "&lt;script&gt;x" in page.text


def test_a_cost_is_asked_for_and_shown_with_its_source(study: Runtime) -> None:
    before = _asks(study).get(SHEET).text
    page = _post(_asks(study), f"{SHEET}/cost", yearly_pay="60000", currency="EUR", low_multiple="0,5",
                 high_multiple="2", source="Our last two")  # fmt: skip
    broken = _post(_asks(study), f"{SHEET}/cost", yearly_pay="60000", source="x")

    assert "invents none" in before
    assert "EUR 30,000 to 120,000" in page.text
    assert "Source: Our last two" in page.text
    assert 400 <= broken.status_code < 500


def test_each_candidate_has_a_trial_with_its_hours(study: Runtime) -> None:
    told = _asks(study).get(f"{SHEET}?format=json").json()

    assert all(t["hours"] > 0 for c in told["candidates"] for t in c["trial"]["trials"])
    assert "What four weeks could tell" in _asks(study).get(SHEET).text


def test_the_sheet_is_given_on_paper_where_somebody_can_set_it(study: Runtime) -> None:
    from cadre.documents.seat import seat_pdf

    asked = Asked(create_app(study, papers={"seat": seat_pdf}))
    paper = asked.get(f"{SHEET}?format=pdf")

    assert "application/pdf" == paper.headers["content-type"]
    assert paper.content.startswith(b"%PDF-")
    assert "Two pages, PDF" in asked.get(SHEET).text
    assert "Two pages, PDF" not in _asks(study).get(SHEET).text
