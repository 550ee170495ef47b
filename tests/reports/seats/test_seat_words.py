"""The words of the sheet, each against a case by hand."""

from datetime import UTC, datetime

import pytest

from cadre.db.seats import SeatCost
from cadre.estimate import Abstained, Estimate
from cadre.readiness.desk import Sole
from cadre.readiness.trial import TRIALS, Narrowing
from cadre.reports.seats.desk import Loss
from cadre.reports.seats.seat_words import (
    cost_text,
    cover_text,
    learn_text,
    nth,
    place_text,
    sole_text,
    trial_text,
    trials_text,
)


def _narrowing(after: float, sharper: float) -> Narrowing:
    return Narrowing(TRIALS[0], 1.0, after, 0.1, 0.12, told_now=False, sharpens=("composure", sharper))


@pytest.mark.parametrize(
    ("number", "said"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (22, "22nd"), (113, "113th")]
)
def test_places_are_said_as_people_say_them(number: int, said: str) -> None:
    assert said == nth(number)


def test_a_place_is_a_reach_or_one_place_or_none() -> None:
    assert "between 1st and 5th of 12" == place_text((1, 5), 12)
    assert "2nd of 12" == place_text((2, 2), 12)
    assert "not placed" == place_text(None, 12)


def test_a_topic_at_a_client_names_the_client_and_who_could_learn() -> None:
    one = Sole(("mail_flow", "x/c1"), 6, 15, Estimate(0.4, 0.19, 0.64, 0.9, 15), (("p", 12),))

    assert "6 of 15 tickets of mail flow at Olsen (40%, 19% to 64%)" == sole_text(one, {"x/c1": "Olsen"})
    assert ". Nearest to it: Ada (12 solved)." == learn_text(one, {"p": "Ada"})


def test_a_trial_that_changes_nothing_says_so() -> None:
    assert "hardly anything that was not seen" in trial_text(_narrowing(1.0, 0.0), "Bo")
    assert "would hardly narrow" in trial_text(_narrowing(0.995, 0.2), "Bo")
    assert "known 20% better" in trial_text(_narrowing(0.8, 0.2), "Bo")
    assert "12 in 100" in trial_text(_narrowing(0.8, 0.2), "Bo")
    assert "only outcomes of your own leads" in trials_text([_narrowing(0.995, 0.2)])


def test_a_cost_is_pay_times_a_range_and_never_made_up() -> None:
    row = SeatCost("noc", 60_000, "EUR", 0.5, 2, "Our books", "Olga", datetime(2026, 5, 4, tzinfo=UTC))

    assert cost_text(row).startswith("EUR 30,000 to 120,000: 0.5 to 2 years of the seat's pay. Source: Our books.")
    assert "invents none" in cost_text(None)


def test_a_week_is_told_in_booked_hours_else_in_tickets_else_not() -> None:
    hours, tickets, none = Estimate(8, 7, 9, 0.9, 20), Estimate(12, 10, 14, 0.9, 20), Abstained("too few weeks", 0, 4)

    def told(cover: Estimate | Abstained, solved: Estimate | Abstained) -> str:
        return cover_text(Loss(cover, cover, solved, 0, 0, (), None))

    assert "8 h a week to cover (7 to 9 h, 20 weeks)" == told(hours, tickets)
    assert "no hours are booked; they resolve 12 tickets a week (10 to 14 tickets, 20 weeks)" == told(none, tickets)
    assert "hours not known: too few weeks" == told(none, none)
