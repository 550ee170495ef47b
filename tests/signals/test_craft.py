"""Quality for the case and breadth of topics, counted by hand."""

from math import sqrt

import pytest

from tests.signals.solved import solved
from tests.signals.talk import evidence, record, rows, values


def test_quality_is_the_mean_of_what_is_known_of_each_ticket() -> None:
    known = [
        # 0.2 fewer than expected in spreads of 0.4, and a rating half a spread above.
        solved("both", reopened=0.0, expected_reopened=0.2, rating_share=0.875, expected_rating_share=0.75),
        solved("reopened", reopened=1.0, expected_reopened=0.5),
        solved("rated", rating_share=0.5, expected_rating_share=0.75),
        solved("unknown", reopened=0.0, late=1.0, expected_late=0.1),
    ]
    told = record(ticket_expectations=known)

    assert values("adjusted_quality", told) == {"p0": (round((0.5 - 1 - 1) / 3, 9), 3)}
    effects = {row["record_id"]: round(row["effect"], 9) for row in evidence("adjusted_quality", told)}
    assert effects == {"both": 0.5, "reopened": -1.0, "rated": -1.0}


def test_one_rare_mishap_is_held_in_bounds() -> None:
    known = [solved("t", reopened=1.0, expected_reopened=0.001)]

    assert rows("adjusted_quality", record(ticket_expectations=known))["p0"]["raw_value"] == pytest.approx(
        -0.999 / sqrt(0.05 * 0.95)
    )


def test_breadth_is_of_fifty_tickets_and_not_of_all() -> None:
    # Of a hundred tickets fifty are drawn: the topic met once is among them half of the time.
    tickets = [solved(f"t{n}", n / 10, topic="mail" if n else "backup") for n in range(100)]
    told = record(ticket_expectations=[*tickets, solved("none", topic=None)])

    assert values("topic_breadth", told) == {"p0": (pytest.approx(1.5, abs=1e-6), 100)}


def test_breadth_of_rare_topics_is_the_exact_chance_of_drawing_them() -> None:
    tickets = [solved(f"t{n}", n / 10, topic="mail" if n >= 2 else "backup") for n in range(100)]
    exact = 1 + 1 - (50 * 49) / (100 * 99)

    assert values("topic_breadth", record(ticket_expectations=tickets))["p0"][0] == pytest.approx(exact, abs=1e-4)
