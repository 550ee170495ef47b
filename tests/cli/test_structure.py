"""`cadre structure`, `cadre reliance` and `cadre compare`: said, as JSON, and refused in words."""

import pytest

from tests.cli.conftest import Cadre
from tests.seat_firm import build


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> str:
    root = tmp_path_factory.mktemp("structure")
    build(root)
    return str(root)


def test_structure_is_said_and_given_as_json(cadre: Cadre, place: str) -> None:
    cadre("seat", "open", "Desk lead", "--team", "service desk", "--hands-on", "0.4", "-w", place)
    said = cadre("structure", "--size", "40", "-w", place)
    told = cadre(
        "structure", "--span", "6-9", "--weight", "firm=2", "--team", "Service desk", "-w", place, "--json"
    ).json()

    assert 0 == said.code
    assert "past 8" in said.out
    assert "no measured law" in said.out
    assert "Desk lead" in said.out
    assert ([6, 9], 2.0) == (told["rule"]["spans"], told["rule"]["weights"]["firm"])
    assert ["Service desk"] == [t["name"] for t in told["teams"]]


def test_what_is_refused_says_what_to_do(cadre: Cadre, place: str) -> None:
    span = cadre("structure", "--span", "five", "-w", place)
    weight = cadre("structure", "--weight", "looks=3", "-w", place)

    assert span.code
    assert weight.code
    assert "5-8" in span.err
    assert "hands_on" in weight.err


def test_reliance_and_compare_are_said(cadre: Cadre, place: str) -> None:
    rests = cadre("reliance", "-w", place)
    told = cadre("compare", "Ada Lind", "Hana Kim", "-w", place)
    keyed = cadre("compare", "Ada Lind", "Hana Kim", "-w", place, "--json").json()

    assert "Vpn: 8 of 10 tickets by Ada Lind" in rests.out
    assert "cannot be told apart in readiness to lead" in told.out
    assert ["Ada Lind", "Hana Kim"] == [p["name"] for p in keyed["people"]]
