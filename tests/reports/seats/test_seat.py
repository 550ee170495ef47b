"""The seat sheet: who is on it, what is said first, and that nothing about a person opens another way."""

from dataclasses import replace
from pathlib import Path

import pytest

from cadre.access.principal import Principal
from cadre.db.seats import LeadOutcome
from cadre.db.stewardship import Contest, ContestAnswer, Opened, SeekingStatement
from cadre.errors import ForbiddenError, NotFoundError
from cadre.estimate import Abstained, Estimate
from cadre.reports.seats.seat import SeatReport, require_candidate, seat
from cadre.reports.seats.seats import outcomes, seats
from cadre.runtime import Runtime
from cadre.services.people.seat import decide_seat, open_seat
from tests.seat_firm import NOW, OWNER, UNSEEN, WEEKS, build, keys, tell

PURPOSE = "selection_for_seat"


@pytest.fixture
def study(tmp_path: Path) -> Runtime:
    return _opened(build(tmp_path))


def _opened(runtime: Runtime) -> Runtime:
    with runtime.snapshot() as record:
        team = record.rows(record.table("teams").select("team_id"))[0]["team_id"]
    open_seat(OWNER, runtime.work(), runtime.clock, name="Desk lead", team_id=team, hands_on_share=0.5)
    return runtime


def _sheet(runtime: Runtime, asking: Principal = OWNER, beside: tuple[str, ...] = ()) -> SeatReport:
    with runtime.looking(asking, PURPOSE) as (gate, record):
        return seat(gate, record, runtime.sessions, "desk-lead", now=NOW, beside=beside)


def test_the_willing_stand_side_by_side_the_highest_estimate_first(study: Runtime) -> None:
    found = _sheet(study)

    shown = [c.person.name for c in found.candidates]
    assert ["Hana Kim", "Gus Rey", "Fay Wong", "Eli Stone", "Dora Novak", "Cem Aydin"] == shown
    assert (8, 1) == (found.compared, found.leading)
    assert ["Ada Lind", "Bo Berg"] == [s.name for s in found.others]
    assert [UNSEEN] == [s.name for s, _ in found.thin]


def test_who_cannot_be_told_apart_is_said_first(study: Runtime) -> None:
    found = _sheet(study)

    alike = found.headline
    some = replace(found, alike=3).headline
    apart = replace(found, alike=1).headline

    assert found.alike == found.compared
    assert "These people cannot be told apart" == alike
    assert "3 of these 8 people cannot be told apart" == some
    assert "Hana Kim stands apart from the others in what was seen" == apart


def test_every_number_of_a_person_has_its_interval_or_a_reason(study: Runtime) -> None:
    found = _sheet(study)

    told = [m for c in found.candidates for m in (c.estimate, *c.competencies.values(), c.loss.hours, c.loss.cover)]
    assert {Estimate, Abstained} >= {type(m) for m in told}
    assert all(c.rank and c.rank[0] <= c.rank[1] <= found.compared for c in found.candidates)


def test_the_chance_of_an_order_and_its_opposite_is_told_once(study: Runtime) -> None:
    found = _sheet(study)

    first, second = (c.person.person_id for c in found.candidates[:2])
    assert 0.5 < found.above[first, second] <= 1
    assert (second, first) not in found.above


def test_the_desk_loses_hours_and_what_only_one_solves(study: Runtime) -> None:
    ada = keys(study)["Ada Lind"]
    found = next(c for c in _sheet(study, beside=(ada,)).candidates if c.person.person_id == ada)

    assert isinstance(found.loss.hours, Estimate)
    assert isinstance(found.loss.cover, Estimate)
    assert (11.5, WEEKS, 5.75) == (found.loss.hours.value, found.loss.hours.n, found.loss.cover.value)
    assert [("vpn", 8, 10)] == [(s.topic[0], s.solved, s.of) for s in found.loss.sole]
    assert ((keys(study)["Bo Berg"], 2),) == found.loss.sole[0].learners


def test_who_does_not_seek_a_lead_role_is_not_on_the_sheet_of_a_study_either(study: Runtime) -> None:
    with study.sessions() as session:
        session.add(SeekingStatement(person_id=keys(study)["Hana Kim"], is_seeking=False, stated_at=NOW))
        session.commit()

    found = _sheet(study)
    assert "Hana Kim" not in {c.person.name for c in found.candidates} | {s.name for s in found.others}


def test_nobody_is_on_the_sheet_of_a_firm_before_the_rule_opens_them(tmp_path: Path) -> None:
    own = _opened(build(tmp_path, purpose="firm"))

    closed = _sheet(own)
    tell(own, keys(own)["Hana Kim"], keys(own)["Ada Lind"])
    opened = _sheet(own)

    assert () == closed.candidates
    assert closed.withheld is not None
    assert "Nobody can be shown for this seat yet" == closed.headline
    assert ["Hana Kim", "Ada Lind"] == [c.person.name for c in opened.candidates]
    assert 2 == opened.compared


@pytest.mark.parametrize("role", ["manager", "reviewer", "technician"])
def test_candidates_are_for_the_owner(tmp_path: Path, role: str) -> None:
    own = _opened(build(tmp_path, purpose="firm"))
    tell(own, *keys(own).values())

    found = _sheet(own, Principal("somebody", role, None, 7))  # type: ignore[arg-type]

    assert ((), (), ()) == (found.candidates, found.others, found.thin)
    assert found.withheld is not None
    assert "owner" in found.withheld.rule


def test_who_was_shown_for_a_seat_is_written_down(tmp_path: Path) -> None:
    own = _opened(build(tmp_path, purpose="firm"))
    hana = keys(own)["Hana Kim"]
    tell(own, hana)
    _sheet(own)

    with own.sessions() as session:
        rows = session.query(Opened).all()
    assert {(hana, "see_candidate", PURPOSE)} == {(r.person_id, r.kind, r.purpose) for r in rows}


def test_nobody_who_is_not_open_is_decided_about(tmp_path: Path) -> None:
    own = _opened(build(tmp_path, purpose="firm"))

    with own.looking(OWNER, PURPOSE) as (gate, _), pytest.raises(ForbiddenError, match="not open as a candidate"):
        require_candidate(gate, keys(own)["Hana Kim"])


def test_a_decision_is_for_owner_and_manager_to_read(study: Runtime) -> None:
    hana = keys(study)["Hana Kim"]
    decide_seat(OWNER, study.work(), study.clock, study.warehouse, key="desk-lead", person_id=hana, reason="Trusted")

    with study.snapshot() as record:
        told = seats(OWNER, record, study.sessions, NOW)
        hidden = seats(Principal("t", "technician"), record, study.sessions, NOW)

    assert told.rows[0].decided is not None
    assert "Hana Kim" == told.rows[0].decided.name
    assert [6, 12, 18] == [d.months for d in told.rows[0].decided.dates]
    assert hidden.rows[0].decided is None


def test_an_unknown_seat_is_not_found(study: Runtime) -> None:
    with study.looking(OWNER, PURPOSE) as (gate, record), pytest.raises(NotFoundError, match="no seat"):
        seat(gate, record, study.sessions, "nowhere", now=NOW)


def test_without_outcomes_the_estimator_hears_of_none(study: Runtime) -> None:
    assert () == outcomes(study.sessions)


def test_contests_that_wait_stand_beside_the_estimate(study: Runtime) -> None:
    hana = keys(study)["Hana Kim"]
    with study.sessions() as session:
        rows = [Contest(hana, "recurrence", "tickets", f"t{n}", "not mine", NOW) for n in range(3)]
        session.add_all(rows)
        session.flush()
        session.add(ContestAnswer(rows[0].id or 0, "kept", "it was", "o", NOW))
        session.commit()

    assert [2, 0] == [c.contested for c in _sheet(study).candidates[:2]]


def test_a_chance_is_told_from_eight_outcomes_on(study: Runtime) -> None:
    people = [person for name, person in keys(study).items() if name not in ("Lea Lead", UNSEEN)]
    for number, person in enumerate(people):
        name = f"Seat {number}"
        open_seat(OWNER, study.work(), study.clock, name=name)
        made = decide_seat(
            OWNER, study.work(), study.clock, study.warehouse, key=f"seat-{number}", person_id=person, reason="x"
        )
        before = {c.chance for c in _sheet(study).candidates}
        with study.sessions() as session:
            session.add(LeadOutcome(made.id or 0, 18, "well" if number % 2 else "not_well", "{}", "o", NOW))
            session.commit()

    found = _sheet(study)
    assert {None} == before
    assert 8 == len(people) == found.outcomes == len(outcomes(study.sessions))
    assert all(c.chance and 0 <= c.chance.low <= c.chance.value <= c.chance.high <= 1 for c in found.candidates)
