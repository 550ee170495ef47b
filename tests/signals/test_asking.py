"""Tickets that took long, and whether anybody was asked, counted by hand. The week begins on Monday, 2 March 2026."""

from typing import Any

import pytest

from tests.exposure.rows import person, shift
from tests.signals.solved import solved, step
from tests.signals.talk import at, evidence, record, turn, values

NAME = "stuck_unasked_share"
DAY = 24.0
MONDAY, TUESDAY, THURSDAY, NEXT_MONDAY = 0.0, DAY, 3 * DAY, 7 * DAY


def _stuck(key: str, hours: float, **told: Any) -> dict[str, Any]:
    return solved(key, hours, **{"log_ratio": 0.5, "helped": 0.0, **told})


def _present(who: str = "a0", days: int = 5) -> list[dict[str, Any]]:
    """Words of no question on days far from those that count."""
    return [turn(f"{who} {n}", who, (30 + n) * DAY, "status") for n in range(days)]


def _question(hours: float, who: str = "a0", table: str = "messages", key: str = "q") -> dict[str, Any]:
    return {"question_id": key, "record_table": table, "account_id": who, **at(hours)}


@pytest.mark.parametrize(
    ("asked", "share"),
    [([], 1.0), ([MONDAY], 1.0), ([TUESDAY], 0.0), ([THURSDAY + 2], 0.0), ([4 * DAY], 1.0)],
    ids=["no question", "three working days before", "two before", "on the day", "a day later"],
)
def test_a_question_counts_on_the_day_and_two_working_days_before(asked: list[float], share: float) -> None:
    told = record(
        *_present(), ticket_expectations=[_stuck("t", THURSDAY)], questions=[_question(hour) for hour in asked]
    )

    assert values(NAME, told) == {"p0": (share, 1)}
    assert [row["effect"] for row in evidence(NAME, told)] == [share]


def test_days_off_are_looked_past() -> None:
    told = record(*_present(), ticket_expectations=[_stuck("t", NEXT_MONDAY)], questions=[_question(THURSDAY)])

    assert values(NAME, told) == {"p0": (0.0, 1)}


def test_part_time_looks_back_by_the_own_week() -> None:
    week = [shift("p0", day, 9, 13) for day in (0, 1)]
    told = record(*_present(), people=[person("p0")], schedules=week, ticket_expectations=[_stuck("t", NEXT_MONDAY)],
                  questions=[_question(MONDAY)])  # fmt: skip

    assert values(NAME, told) == {"p0": (0.0, 1)}


def test_help_passing_on_and_a_question_in_a_meeting_count_and_quick_tickets_do_not() -> None:
    passed = {"ticket_id": "p", "account_id": "a0", "event_id": "e", "passed": 1.0, "fold": 0, "model_version": "x",
              "passed_local_at": at(DAY)["local_at"], **at(0)}  # fmt: skip
    known = [_stuck("h", THURSDAY, helped=1.0), _stuck("p", THURSDAY), _stuck("q", THURSDAY, log_ratio=0.4),
             _stuck("u", THURSDAY, helped=None), _stuck("m", NEXT_MONDAY), _stuck("x", 14 * DAY)]  # fmt: skip
    told = record(*_present(), ticket_expectations=known, ticket_holds=[passed],
                  questions=[_question(NEXT_MONDAY, "a0 at meetings", "utterances")])  # fmt: skip

    assert values(NAME, told) == {"p0": (0.25, 4)}
    assert [(row["record_id"], row["effect"]) for row in evidence(NAME, told)] == [
        ("h", 0),
        ("m", 0),
        ("p", 0),
        ("x", 1),
    ]


def test_asking_a_client_is_no_question_to_a_colleague() -> None:
    told = record(*_present(), ticket_expectations=[_stuck("t", THURSDAY)],
                  ticket_events=[step("r", "a0", TUESDAY, "t", "reply"), step("n", "a0", TUESDAY, "t", visibility="public")],
                  questions=[_question(TUESDAY, table="ticket_events", key=key) for key in ("r", "n")])  # fmt: skip

    assert values(NAME, told) == {"p0": (1.0, 1)}


def test_who_writes_nothing_that_is_read_is_left_out() -> None:
    unread = [turn(f"u{n}", "a1", n * DAY, is_readable=False) for n in range(9)]
    known = [_stuck("t", THURSDAY), _stuck("s", THURSDAY, account_id="a1")]

    assert values(NAME, record(*_present(days=4), *unread, ticket_expectations=known)) == {}
