"""The gate: many at once, what may be read beside group figures, and that it fails closed."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from cadre.access.principal import Principal
from cadre.clock import FixedClock
from cadre.db.database import open_database, sqlite_url
from cadre.estimate import Sealed
from cadre.policy.engine import Engine
from cadre.records import Firm
from cadre.reports.people.people import people
from cadre.reports.release import MIN_GROUP, Gate, Withheld, release_person, release_persons, release_row
from cadre.reports.roster import staff
from cadre.reports.signals.signals import signals
from cadre.reports.teams.team import teams
from cadre.services.opening import record_openings
from cadre.services.unit_of_work import UnitOfWork
from cadre.stewardship.facts import Facts
from cadre.stewardship.opening import Opening
from cadre.warehouse import Snapshot

OWN = Firm(purpose="firm")
LEAD = Principal("Lead", "manager")
NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


def _narrow(content: dict[str, int], keys: frozenset[str]) -> dict[str, int]:
    return {k: v for k, v in content.items() if k in keys}


def test_many_at_once_give_those_who_are_open_and_the_reason_for_each_other() -> None:
    gate = Gate(LEAD, OWN, Facts(told_days={"a": 20, "b": 3}))
    got = release_persons(gate, Sealed({"a": 1, "b": 2, "c": 3}), ["a", "b", "c"], _narrow)

    assert ({"a": 1}, frozenset("a")) == (got.content, got.open)
    assert ["1 person is not released to you"] * 2 == [each.sentence for each in got.held]
    assert None is got.withheld
    assert (Opening("a", "see_signals", "development", ("lead-after-fourteen-days",)),) == gate.openings


def test_asking_who_is_open_opens_nobody() -> None:
    gate = Gate(LEAD, OWN, Facts(told_days={"a": 20}))

    assert ({}, ()) == (gate.withheld(["a"]), gate.openings)


@pytest.mark.parametrize("engine", [Engine([], ""), None])
def test_without_policies_or_facts_nothing_opens(engine: Engine | None) -> None:
    told = {} if engine is None else {"a": 99}
    gate = Gate(LEAD, OWN, Facts(told_days=told), engine=engine)

    assert isinstance(release_person(gate, Sealed(1), "a"), Withheld)
    assert isinstance(gate.group(99), Withheld) is (engine is not None)


def test_a_row_opens_where_the_evidence_of_somebody_in_it_does() -> None:
    gate = Gate(LEAD, OWN, Facts(told_days={"a": 20}))

    assert 1 == release_row(gate, Sealed(1), ["b", "a"])
    assert isinstance(release_row(gate, Sealed(1), ["b"]), Withheld)
    assert 1 == release_row(gate, Sealed(1), [])


def test_a_contested_row_opens_to_who_answers_and_asks_for_that() -> None:
    facts = Facts(told_days={"a": 1})
    asks = [Gate(Principal("Rita", "reviewer"), OWN, facts, purpose=each) for each in ("contest", "development")]
    got = [release_row(gate, Sealed(1), ["a"], contested_by=["a"]) for gate in asks]

    assert [1, True] == [got[0], isinstance(got[1], Withheld)]
    assert ["see_contested"] == [opening.kind for opening in asks[0].openings]


def test_the_policies_hold_the_same_least_group_as_the_figures() -> None:
    gate = Gate(LEAD, OWN)

    assert (True, None) == (gate.group(MIN_GROUP - 1) is not None, gate.group(MIN_GROUP))


def _partly(snapshot: Snapshot, count: int) -> Gate:
    """A lead to whom all but the last few are open."""
    keys = [s.person_id for s in staff(snapshot)]
    return Gate(LEAD, snapshot.firm, Facts(told_days=dict.fromkeys(keys[: len(keys) - count], 30)))


def test_a_group_figure_beside_released_people_does_not_give_away_the_few_others(
    own_snapshot: Snapshot, registry: Any
) -> None:
    whole = teams(_partly(own_snapshot, 2), own_snapshot, registry=registry).whole.figures
    shown = people(_partly(own_snapshot, 2), own_snapshot, registry=registry)

    assert not isinstance(whole, Withheld)
    assert "give away the few others" in getattr(whole["noted_share"], "reason", "")
    assert {"collaboration", "craft"} == set(shown.spread)  # of these, the two who are closed have none
    assert [2] == [each.people for each in shown.held]


def test_dots_without_names_are_shown_only_where_everybody_is_open(own_snapshot: Snapshot, registry: Any) -> None:
    some = signals(_partly(own_snapshot, 1), own_snapshot, registry=registry).rows[0].values
    every = signals(_partly(own_snapshot, 0), own_snapshot, registry=registry).rows[0].values

    assert (0, 7) == (len(some), len(every))


def test_what_was_opened_is_added_and_never_changed(tmp_path: Path) -> None:
    sessions = open_database(sqlite_url(tmp_path))
    record_openings(
        LEAD, UnitOfWork(sessions), FixedClock(NOW), [Opening("a", "see_signals", "development", ("x", "y"))]
    )
    with sessions() as session:
        held = session.execute(text("SELECT person_id, viewer_key, policies FROM openings")).all()
        for act in ("UPDATE openings SET viewer = 'nobody'", "DELETE FROM openings"):
            with pytest.raises(DatabaseError, match="added, never changed"):
                session.execute(text(act))

    assert [("a", "name:Lead", "x y")] == [tuple(row) for row in held]


def test_who_could_see_me_is_asked_of_the_same_rule() -> None:
    gate = Gate(replace(LEAD, person_id="a", role="technician"), OWN, Facts(told_days={"a": 20}, leads={"a": "m"}))
    asked = {"kind": "see_signals", "purpose": "development"}

    assert None is gate.seen_by("a", role="manager", person_key="m", **asked)
    assert isinstance(gate.seen_by("a", role="manager", person_key="x", **asked), Withheld)
    assert () == gate.openings


def test_a_study_reads_facts_only_to_leave_out_who_seeks_no_lead_role() -> None:
    asked = []

    def read() -> Facts:
        asked.append("facts")
        return Facts(not_seeking=frozenset("a"))

    gate = Gate(LEAD, Firm(purpose="study"), read)
    before = (gate.withheld(["a", "b"]), list(asked))

    assert ({}, []) == before
    assert {"a"} == set(gate.withheld(["a", "b"], kind="see_candidate"))
    assert ["facts"] == asked
