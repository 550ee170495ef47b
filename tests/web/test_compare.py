"""The page of a comparison."""

from dataclasses import replace

import pytest

from cadre.access.principal import Principal
from cadre.runtime import Runtime
from cadre.web import create_app
from tests.seat_firm import build, keys
from tests.web.conftest import Asked


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    return build(tmp_path_factory.mktemp("study"))


def test_people_are_compared_with_links_to_their_evidence(study: Runtime) -> None:
    asked, people = Asked(create_app(study)), keys(study)
    path = f"/compare?who={people['Ada Lind']}&who=Hana Kim&who="
    page, table = asked.get(path), asked.get(f"{path}&format=csv").text

    assert "<h1>These people cannot be told apart in readiness to lead</h1>" in page.text
    assert f"/people/{people['Ada Lind']}/evidence/craft?purpose=selection_for_seat" in page.text
    assert "Ada Lind value" in table
    assert 9 == len(asked.get(f"{path}&format=json").json()["competencies"]) + 1


def test_without_names_it_asks_for_them_and_refuses_what_it_cannot_compare(study: Runtime) -> None:
    asked = Asked(create_app(study))

    assert "Choose two to four people" in asked.get("/compare").text
    assert 400 <= asked.get("/compare?who=Ada Lind").status_code < 500
    assert 404 == asked.get("/compare?who=Nobody&who=Ada Lind").status_code


def test_no_name_leaves_a_firm_before_the_rule_opens_it(tmp_path_factory: pytest.TempPathFactory) -> None:
    own = build(tmp_path_factory.mktemp("own"), purpose="firm")
    people = keys(own)
    who = "&".join(f"who={people[name]}" for name in ("Ada Lind", "Hana Kim"))
    for role in ("owner", "reviewer"):
        asked = Asked(create_app(replace(own, principal=Principal(role, role))))  # type: ignore[arg-type]
        texts = [asked.get(path).text for path in ("/compare", f"/compare?{who}", f"/compare?{who}&format=csv")]

        assert not [name for name in people for text in texts if name in text]
        assert "Withheld" in texts[1]
