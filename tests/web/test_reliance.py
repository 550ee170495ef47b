"""The page of what rests on one person."""

from dataclasses import replace

import pytest

from cadre.access.principal import Principal
from cadre.runtime import Runtime
from cadre.web import create_app
from tests.seat_firm import build, keys
from tests.web.conftest import Asked

PATH = "/structure/reliance"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    return build(tmp_path_factory.mktemp("study"))


def test_the_page_says_what_would_be_left_to_nobody(study: Runtime) -> None:
    asked = Asked(create_app(study))
    page, table = asked.get(PATH), asked.get(f"{PATH}?format=csv").text

    assert "<h1>2 topics, clients and tiers would be left to nobody" in page.text
    assert "Bo Berg (2 solved)" in page.text
    assert "topic,vpn,Ada Lind,8,10,0.8" in table
    assert ["mail"] == [r["thing"] for r in asked.get(f"{PATH}?format=json&share=90").json()["rows"]]
    assert 400 <= asked.get(f"{PATH}?share=much").status_code < 500


def test_no_name_leaves_a_firm_before_the_rule_opens_it(tmp_path_factory: pytest.TempPathFactory) -> None:
    own = build(tmp_path_factory.mktemp("own"), purpose="firm")
    for role in ("owner", "technician"):
        asked = Asked(create_app(replace(own, principal=Principal(role, role))))  # type: ignore[arg-type]
        texts = [asked.get(f"{PATH}{tail}").text for tail in ("", "?format=json", "?format=csv")]

        assert not [name for name in keys(own) for text in texts if name in text]
        assert "Withheld" in texts[0]


def test_an_empty_record_says_that_too_little_is_there(empty: Asked) -> None:
    assert 200 == empty.get(PATH).status_code
    assert "is not told" in empty.get(PATH).text
