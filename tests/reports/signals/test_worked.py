"""A signal's row worked through: near the firm's middle, what it moves, and only in a study."""

from typing import Any

import pytest

from cadre.access.principal import Principal
from cadre.estimate import Estimate
from cadre.reports.measure import Readings
from cadre.reports.release import Gate, Withheld
from cadre.reports.signals.worked import Worked, explained, moved, nearest_middle
from cadre.signals import SIGNALS
from cadre.warehouse import Snapshot

OWNER = Principal("owner", "owner")
BY_NAME = {signal.name: signal for signal in SIGNALS}


def _readings(**values: float) -> Readings:
    return Readings({p: {"x": Estimate(v, v - 1, v + 1, 0.9, 20)} for p, v in values.items()}, {})


def test_the_person_is_the_one_in_the_middle_and_with_four_there_is_none() -> None:
    five = _readings(a=5.0, b=1.0, c=3.0, d=2.0, e=9.0)
    four = _readings(a=5.0, b=1.0, c=3.0, d=2.0)

    assert ["c", None] == [nearest_middle(known, "x", frozenset("abcde")) for known in (five, four)]


@pytest.mark.parametrize(
    ("name", "effect", "raw", "n", "told"),
    [
        ("repair_share", 1.0, 0.04, 50, "It moves the mean of all 50 rows by +2.0 points, from 2.0% to 4.0%."),
        (
            "adjusted_speed",
            0.5,
            -0.02,
            101,
            "It moves the mean of all 101 rows by +0.52 points, from −2.52% to −2.00%.",
        ),
        ("difficulty_solved", -1.0, 0.1, 111, "It moves the mean of all 111 rows by −0.010, from +0.110 to +0.100."),
        ("solo_share", 1.0, 1.0, 40, "It moves nothing: the mean of all 40 rows is 100.0% without it, too."),
        ("assist_credit", 0.5, 4.0, 33, "It is one of 33 rows. The value is not their mean:"),
    ],
)
def test_what_a_row_moves_is_told_where_the_value_is_the_mean_of_its_rows(
    name: str, effect: float, raw: float, n: int, told: str
) -> None:
    assert told in moved(BY_NAME[name], effect, raw, n, n)


def test_rows_beyond_those_counted_move_nothing_that_is_told() -> None:
    assert moved(BY_NAME["repair_share"], 1.0, 0.04, 50, 52).startswith("It is one of 52 rows.")


def test_a_study_shows_a_row_and_does_not_say_whose(snapshot: Snapshot, registry: Any) -> None:
    report = explained(Gate(OWNER, snapshot.firm), snapshot, one="noted_share", registry=registry)
    told = str(report.json()["example"])

    assert isinstance(report.example, Worked)
    assert report.example.row.note == "wrote a note on a colleague's ticket"
    assert [] == [name for name in ("Ada", "Bo Berg", "Cem", "Dora", "p_") if name in told]


def test_a_firms_own_workspace_shows_the_rule_and_no_row(own_snapshot: Snapshot, registry: Any) -> None:
    report = explained(Gate(OWNER, own_snapshot.firm), own_snapshot, one="noted_share", registry=registry)

    assert isinstance(report.example, Withheld)
    assert "study workspace alone" in report.example.rule


def test_many_signals_have_no_example(snapshot: Snapshot, registry: Any) -> None:
    report = explained(Gate(OWNER, snapshot.firm), snapshot, registry=registry)

    assert (None, 2) == (report.example, len(report.rows))
