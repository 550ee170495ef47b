"""`cadre seat`: opened, shown, decided, and on paper."""

from pathlib import Path

import pytest

from tests.cli.conftest import Cadre
from tests.seat_firm import build


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> str:
    root = tmp_path_factory.mktemp("seats")
    build(root)
    return str(root)


def test_a_seat_goes_from_open_to_decided(cadre: Cadre, place: str, tmp_path: Path) -> None:
    opened = cadre("seat", "open", "Desk lead", "--team", "service desk", "--hands-on", "0.4", "-w", place)
    shown = cadre("seat", "Desk lead", "-w", place)
    told = cadre("seat", "show", "desk-lead", "-w", place, "--json").json()
    decided = cadre("seat", "decide", "desk-lead", "Hana Kim", "--reason", "Trusted by the desk", "-w", place)
    listed = cadre("seat", "list", "-w", place, "--json").json()
    later = cadre("outcomes", "-w", place)
    file = tmp_path / "sheet.pdf"
    written = cadre("seat", "desk-lead", "--pdf", str(file), "-w", place)

    assert [0] * 4 == [opened.code, shown.code, decided.code, written.code]
    assert "these people cannot be told apart" in shown.out
    assert "9" == str(told["compared"] + len(told["not_enough_evidence"]))
    assert ["Hana Kim"] == [s["decision"]["name"] for s in listed["seats"]]
    assert "Desk lead: Hana Kim" in later.out
    assert 3 == later.out.count("to come")
    assert b"%PDF-" == file.read_bytes()[:5]


def test_what_is_refused_says_what_to_do(cadre: Cadre, place: str) -> None:
    unknown = cadre("seat", "Nowhere", "-w", place)
    team = cadre("seat", "open", "X", "--team", "Nine", "-w", place)
    cadre("seat", "open", "Second", "-w", place)
    unexplained = cadre("seat", "decide", "second", "nobody", "-w", place)

    assert all(done.code for done in (unknown, team, unexplained))
    assert "cadre seat open NAME" in unknown.err
    assert "Service desk" in team.err
    assert "needs words" in unexplained.err
