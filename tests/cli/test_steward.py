"""Notice, contests, reviews and one's own page on the command line."""

import shutil
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def own(firm: Path, tmp_path: Path) -> str:
    """The invented firm as somebody's own."""
    root = Path(shutil.copytree(firm, tmp_path / "own"))
    settled = root / "cadre.toml"
    settled.write_text(settled.read_text("utf-8").replace('purpose = "study"', 'purpose = "firm"'), "utf-8")
    return str(root)


def test_a_notice_is_published_delivered_and_confirmed_on_paper(cadre: Any, own: str) -> None:
    nobody = cadre("notice", "publish", "-w", own)
    told = cadre("notice", "publish", "-w", own, "--contact", "Olga, room 2", "--json").json()
    count = cadre("notice", "deliver", "-w", own, "--json").json()["delivered"]
    people = cadre("notice", "show", "-w", own, "--json").json()["people"]
    paper = cadre("notice", "paper", people[0]["person_id"], "--reason", "in the safe", "-w", own)
    after = cadre("notice", "show", "-w", own, "--json").json()["people"][0]

    assert (2, {"number": 1}, len(people)) == (nobody.code, told, count)
    assert 0 == paper.code
    assert ("paper", "in the safe") == (after["how"], after["reason"])
    assert "Olga, room 2" in cadre("notice", "show", "-w", own).out


def test_reviews_and_contests_are_listed_and_wait_for_the_notice(cadre: Any, own: str) -> None:
    reviews = cadre("review", "-w", own, "--json").json()

    assert {True} == {each["possible"] for each in reviews["people"]}
    assert all("notice" in each["readiness"]["opens"] for each in reviews["people"])
    assert "Nobody says that a row is wrong." in cadre("contest", "-w", own).out


def test_a_purpose_that_is_refused_is_refused_here_too(cadre: Any, own: str) -> None:
    told = cadre("people", "-w", own, "--purpose", "dismissal", "--json").json()

    assert "pay, discipline or dismissal" in told["withheld"]["withheld"]


def test_nobody_has_a_page_who_is_nobody_on_the_staff(cadre: Any, own: str) -> None:
    done = cadre("me", "-w", own)

    assert 2 == done.code
    assert "Sign in with an account that is linked to you" in done.err
