"""Work on causes and trouble that comes back, counted by hand."""

from typing import Any

import pytest

from tests.signals.solved import solved, step, ticket
from tests.signals.talk import at, evidence, record, rows, values

TICKETS = [
    ticket("case", type="Incident"),
    ticket("mail", type="Exchange"),
    ticket("untold"),
    ticket("cause", type="Problem"),
    ticket("new", type="Standard Change"),
]


def _time(key: str, hours: float, where: str | None = None, who: str = "a0", **told: Any) -> dict[str, Any]:
    return {"time_entry_id": key, "account_id": who, "ticket_id": where, "hours": hours, **at(0), **told}


def test_hours_on_causes_are_a_share_of_hours_on_tickets_and_tasks() -> None:
    booked = [_time("a", 3, "case"), _time("b", 1, "mail"), _time("c", 1, "untold"), _time("d", 2, "cause"),
              _time("e", 1, "new"), _time("f", 2, task_id="j"), _time("leave", 40)]  # fmt: skip
    told = record(
        tickets=TICKETS, time_entries=booked, ticket_events=[step(f"n{n}", "a0", n, "case") for n in range(9)]
    )

    assert values("prevention_share", told) == {"p0": (0.5, 6)}
    assert [row["effect"] for row in evidence("prevention_share", told)] == [0, 0, 0, 1, 1, 1]


def test_uneven_hours_count_as_fewer_observations() -> None:
    even, uneven = (
        record(
            tickets=TICKETS, time_entries=[_time("a", first, "case"), _time("b", 2, "cause"), _time("c", last, "cause")]
        )
        for first, last in ((4, 2), (4, 2.0))
    )
    assert rows("prevention_share", even) == rows("prevention_share", uneven)

    # 4, 2 and 2 hours are worth 64 / 24 equal ones, half of them on causes.
    assert rows("prevention_share", even)["p0"]["variance"] == pytest.approx(2 / (32 / 24 + 0.5))


def test_without_hours_a_piece_of_work_counts_once_a_day() -> None:
    told = record(
        tickets=TICKETS,
        ticket_events=[step("n", "a0", 0, "case"), step("nn", "a0", 1, "case"), step("nnn", "a0", 24, "case")],
        task_events=[{"event_id": "k", "task_id": "j", "kind": "tested", "actor_account_id": "a0", **at(0)}],
        articles=[{"article_id": "d", "account_id": "a0", **at(1)}],
        article_events=[
            {"event_id": "v", "article_id": "d", "kind": "viewed", "account_id": "a0", **at(2)},
            {"event_id": "w", "article_id": "d", "kind": "edited", "account_id": "a0", **at(3)},
        ],
    )

    assert values("prevention_share", told) == {"p0": (0.5, 4)}


def test_where_nobody_works_on_causes_nothing_is_said() -> None:
    told = record(tickets=TICKETS, time_entries=[_time("a", 3, "case"), _time("b", 3, "untold", "a1")])

    assert values("prevention_share", told) == {}


def test_coming_back_counts_against_how_often_such_cases_do() -> None:
    known = [
        solved("t0", recurred=1.0, expected_recurred=0.25),
        solved("t1", recurred=0.0, expected_recurred=0.25),
        solved("t2", recurred=None, expected_recurred=0.25),
        solved("t3", recurred=1.0, expected_recurred=None),
    ]

    assert values("recurrence", record(ticket_expectations=known)) == {"p0": (0.25, 2)}
