"""The page of structure: its finding, what is refused, and that no name leaves before the rule opens it."""

from dataclasses import replace

import pytest

from cadre.access.principal import Principal
from cadre.runtime import Runtime
from cadre.services.people.seat import open_seat
from cadre.web import create_app
from cadre.web.structure_chart import growth_chart, position_bar
from tests.seat_firm import OWNER, build, keys
from tests.web.conftest import Asked


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


def test_the_page_says_bad_news_first_and_whose_rule_it_is(study: Runtime) -> None:
    page = _asks(study).get("/structure")

    assert 200 == page.status_code
    assert "<h1>Service desk has 9 people to one lead, past 8</h1>" in page.text
    assert "no measured law" in page.text
    assert "Service desk asks for both sides alike</h2>" in page.text
    assert "Desk lead" in page.text


def test_the_rule_is_set_by_the_address(study: Runtime) -> None:
    told = _asks(study).get("/structure?format=json&span=9-12&w_firm=2&size=40&people_share=50").json()
    broken = _asks(study).get("/structure?w_firm=much")

    assert ([9, 12], 2.0, 0.5) == (told["rule"]["spans"], told["rule"]["weights"]["firm"], told["rule"]["people_share"])
    assert 40 == told["scenarios"][-1]["people"]
    assert 400 <= broken.status_code < 500


def test_teams_can_be_taken_away(study: Runtime) -> None:
    table = _asks(study).get("/structure?format=csv").text

    assert "Service desk,10,1,9.0" in table
    assert "Study: invented data" in table


@pytest.mark.parametrize("role", ["owner", "manager", "reviewer", "technician"])
def test_no_name_leaves_a_firm_before_the_rule_opens_it(own: Runtime, role: str) -> None:
    texts = [_asks(own, role).get(f"/structure{tail}").text for tail in ("", "?format=json", "?format=csv")]

    assert not [name for name in keys(own) for text in texts if name in text]
    assert "Withheld" in texts[0]


def test_a_firm_without_teams_is_told_how_to_begin(empty: Asked) -> None:
    assert "No teams on record" in empty.get("/structure").text


def test_a_chart_says_in_words_what_it_shows() -> None:
    grown = growth_chart(28, 4, (5, 8), (28, 56))

    assert (
        'aria-label="Leads of teams over the size of the firm: at 56 people 7 to 10; today 28 people have 4"' in grown
    )
    assert "" == position_bar(None, 0, 1, label="x") == growth_chart(1, 0, (5, 8), ())
    assert growth_chart(9000, 40, (1, 2), (9000,)).count(",") < 100
