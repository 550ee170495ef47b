"""Effects of presence: planted ones are found, what merely goes along with presence is not one, and facts counted by hand."""

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from cadre.exposure import effects, outcomes, presence
from cadre.exposure.lift import Effect
from tests.exposure.rows import leave, person, shift, tables

FIRST = date(2025, 1, 6)
PEOPLE = ["a", "b", "c", "d", "e", "f"]
Rows = tuple[pa.Table, pa.Table]


def _team(
    planted: dict[str, float], *, days: int = 360, own: dict[str, float] | None = None, crowd: float = 0.0,
    away: dict[str, float] | None = None, tickets: int = 4, seed: int = 1,
) -> Rows:  # fmt: skip
    """Tickets of a team whose log hours saved are the mean of what is planted in who is there, the owner's own, and noise."""
    dice = np.random.default_rng(seed)
    done: list[dict[str, Any]] = []
    there: list[dict[str, Any]] = []
    for n in range(days):
        day = FIRST + timedelta(days=n)
        on = [p for p in PEOPLE if dice.random() > (away or {}).get(p, 0.15)]
        there += [{"person_id": p, "team_id": "t", "day": day} for p in on]
        for owner in on:
            mates = [planted.get(p, 0.0) for p in on if p != owner]
            saved = (own or {}).get(owner, 0.0) + crowd * len(mates) + (sum(mates) / len(mates) if mates else 0)
            done += [{"ticket_id": f"{day}{owner}{k}", "person_id": owner, "team_id": "t", "day": day,
                      "log_ratio": -saved - 0.5 * dice.standard_normal()} for k in range(tickets)]  # fmt: skip
    return pa.Table.from_pylist(done), pa.Table.from_pylist(there)


def _by_person(made: list[Effect]) -> dict[str, Effect]:
    return {effect.person_id: effect for effect in made}


def test_who_lifts_the_others_is_found_in_the_size_that_was_planted() -> None:
    made = _by_person(effects(*_team({"a": 1.0, "b": -1.0})))

    # Of about 4.25 there besides the owner one is a: 1.0 / 4.25 = 0.24 against none of the others, whose mean is -0.2.
    assert made["a"].value == pytest.approx(0.28, abs=0.06)
    assert made["b"].value == pytest.approx(-0.28, abs=0.06)
    assert all(abs(made[p].value) < 0.08 for p in "cdef")
    assert made["a"].variance ** 0.5 < 0.05
    assert made["a"].part == pytest.approx(0.23, abs=0.02)


def test_being_quick_oneself_is_no_lift() -> None:
    plain, quick = (_by_person(effects(*_team({}, own=own))) for own in ({}, {"a": 2.0}))

    assert quick["a"].value == pytest.approx(plain["a"].value, abs=0.02)


def test_part_time_and_how_many_are_there_are_no_lift() -> None:
    made = _by_person(effects(*_team({}, crowd=0.2, away={"a": 0.5, "b": 0.02})))

    for effect in made.values():
        assert abs(effect.value) < 3 * effect.variance**0.5 + 0.01


def test_without_any_effect_nine_in_ten_intervals_hold_zero() -> None:
    found = [e.value / e.variance**0.5 for seed in range(40) for e in effects(*_team({}, days=180, seed=seed))]

    assert len(found) == 240
    assert 0.85 < np.mean(np.abs(np.array(found)) < 1.645) <= 1


def test_the_slow_tail_is_told_in_shares() -> None:
    made = _by_person(effects(*_team({"a": 1.0}), tail=True))

    assert 0.02 < made["a"].value < 0.2
    assert made["a"].value > 3 * made["a"].variance ** 0.5


def test_who_is_always_there_a_team_of_two_and_an_empty_record_tell_nothing() -> None:
    done, there = _team({"a": 1.0}, away={"a": 0.0})
    two = pa.array([p in "ab" for p in done.column("person_id").to_pylist()])

    assert "a" not in _by_person(effects(done, there))
    assert effects(done.filter(two), there) == []
    assert effects(done.slice(0, 0), there.slice(0, 0)) == []


def test_the_order_of_rows_does_not_matter() -> None:
    done, there = _team({"a": 1.0}, days=60)
    turned = (rows.take(pa.array(np.arange(rows.num_rows)[::-1])) for rows in (done, there))

    assert [(e.person_id, round(e.value, 9)) for e in effects(done, there)] == [
        (e.person_id, round(e.value, 9)) for e in effects(*turned)
    ]


MONDAY = datetime(2026, 3, 2, 9)
WHO = [{"account_id": f"{p}{n}", "person_id": p, "rule": "own", "kind": "staff"} for p in "abc" for n in (1, 2)]


def test_there_is_who_acted_or_was_to_work_and_not_who_is_on_leave() -> None:
    made = tables(
        person_accounts=[*WHO, {"account_id": "k", "person_id": "a", "rule": "own", "kind": "client"}],
        people=[person("a", team_id="t"), person("b", team_id="t"), person("c")],
        schedules=[shift("a", 0, 8, 16), leave("a", date(2026, 1, 1), date(2026, 3, 8)), shift("b", 5, 8, 16),
                   leave("b", date(2026, 1, 1), date(2026, 6, 1))],
        messages=[
            {"message_id": "m", "account_id": "a2", "kind": "message", "local_at": MONDAY},
            {"message_id": "n", "account_id": "a1", "kind": "joined", "local_at": MONDAY + timedelta(days=1)},
            {"message_id": "o", "account_id": "k", "kind": "message", "local_at": MONDAY + timedelta(days=2)},
            {"message_id": "p", "account_id": "c1", "kind": "message", "local_at": MONDAY},
        ],
        time_entries=[{"time_entry_id": "e", "account_id": "b1", "hours": 1.0, "local_at": MONDAY + timedelta(days=3)}],
    )  # fmt: skip

    found = {
        (r["person_id"], r["day"]) for r in presence(made).to_pyarrow().to_pylist() if r["day"] < date(2026, 3, 16)
    }

    # a wrote while on leave, then works Mondays again; b booked once; c is in no team.
    assert found == {("a", date(2026, 3, 2)), ("a", date(2026, 3, 9)), ("b", date(2026, 3, 5))}


def test_a_ticket_counts_on_the_day_it_was_opened_and_in_the_team_that_got_it_first() -> None:
    done = {"expected_hours": 1.0, "open_hours": 1.0, "local_at": MONDAY + timedelta(days=4)}
    made = tables(
        person_accounts=WHO,
        people=[person("a", team_id="t"), person("b", team_id="u"), person("c")],
        tickets=[{"ticket_id": k, "local_at": MONDAY} for k in "123"] + [{"ticket_id": "4"}],
        ticket_expectations=[{"ticket_id": k, "account_id": a, "log_ratio": float(k), **done}
                             for k, a in (("1", "a1"), ("2", "b1"), ("3", "c1"), ("4", "a1"))],
        ticket_holds=[{"ticket_id": "1", "account_id": "a2", "occurred_at": MONDAY},
                      {"ticket_id": "1", "account_id": "b2", "occurred_at": MONDAY + timedelta(hours=1)},
                      {"ticket_id": "2", "account_id": "a1", "occurred_at": MONDAY}],
    )  # fmt: skip

    rows = outcomes(made).to_pyarrow().to_pylist()

    # The second came from another team; the third is nobody's of a team; of the fourth it is not known when it was opened.
    assert [(r["ticket_id"], r["person_id"], r["team_id"], r["day"], r["log_ratio"]) for r in rows] == [
        ("1", "a", "t", date(2026, 3, 2), 1.0)
    ]
