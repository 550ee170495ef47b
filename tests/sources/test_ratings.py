"""Ratings: every score becomes a share of a scale that was told, never guessed."""

from pathlib import Path
from typing import Any

import pytest

from cadre.errors import UnreadableFileError
from cadre.sources.ratings import SOURCE
from tests.sources.taken import take

HEAD = "Date,Rating,Scale,Ticket Number,Company,Agent,Agent Email,Comment\n"


def one(tmp_path: Path, score: str, scale: str = "", **settings: Any) -> Any:
    row = f"2024-05-01,{score},{scale},T1,Acme,Tom Doe,Tom@firm.example,Quick and kind\n"
    return take(SOURCE, tmp_path, {"r.csv": HEAD + row}, settings=settings)


@pytest.mark.parametrize(
    ("score", "scale", "settings", "expected"),
    [
        ("4", "1-5", {}, 0.75),
        ("4", "5", {}, 0.75),
        ("7", "10", {}, 0.7),
        ("4/5", "", {}, 0.75),
        ("80%", "", {}, 0.8),
        ("Positive", "", {}, 1.0),
        ("Neutral", "", {}, 0.5),
        ("0", "", {"scale_low": -1, "scale_high": 1}, 0.5),
    ],
)
def test_a_score_is_a_share_of_the_scale_that_was_told(
    tmp_path: Path, score: str, scale: str, settings: dict[str, float], expected: float
) -> None:
    (rating,) = one(tmp_path, score, scale, **settings).tables["ratings"]

    assert pytest.approx(expected) == rating["score_share"]


@pytest.mark.parametrize(
    ("score", "scale", "reason"),
    [("4", "", "no scale"), ("6", "5", "outside"), ("", "5", "no score"), ("x", "5", "not a")],
)
def test_a_score_that_cannot_be_placed_is_refused(tmp_path: Path, score: str, scale: str, reason: str) -> None:
    taken = one(tmp_path, score, scale)

    assert reason in taken.refused[2]
    assert not taken.tables["ratings"]


def test_a_rating_knows_ticket_client_and_technician_and_keeps_names_apart(tmp_path: Path) -> None:
    taken = one(tmp_path, "5", "5")

    (rating,) = taken.tables["ratings"]
    assert ("T1", "Acme", "tom@firm.example") == tuple(rating[n] for n in ("ticket_id", "client_id", "account_id"))
    assert ("Tom Doe", "staff") == (taken.name("tom@firm.example"), taken.by_id("accounts")["tom@firm.example"]["kind"])
    assert "Quick and kind" == taken.body(rating["external_id"])


def test_a_file_without_scores_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="expected at, score"):
        take(SOURCE, tmp_path, {"r.csv": "Date,Company\n2024-05-01,Acme\n"})
