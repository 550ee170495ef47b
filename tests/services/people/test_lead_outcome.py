"""Asking a team without knowing who answered, and recording how a lead turned out."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import inspect, select

from cadre.access.principal import Principal
from cadre.db.seats import LeadOutcome, TeamAnswer, TeamToken
from cadre.errors import ForbiddenError, NotFoundError, UsageError
from cadre.readiness.outcome import QUESTIONS, Part
from cadre.reports.seats.seats import lead_outcomes
from cadre.services.people.lead_outcome import answer_team, hand_out, record_outcome
from cadre.services.people.seat import decide_seat, open_seat
from tests.services.door import Door

OWNER = Principal("Olga", "owner", None, 1)
TECHNICIAN = Principal("Tim", "technician", None, 3)
WELL: dict[str, int | None] = {key: 4 for key, _ in QUESTIONS}
STAYED = Part("retention", "well", "6 of 6 still here")


def _decided(door: Door) -> int:
    with door.warehouse.snapshot() as record:
        person = record.rows(record.table("people").select("person_id"))[0]["person_id"]
    key = open_seat(OWNER, door.work(), door.clock, name="NOC")
    made = decide_seat(OWNER, door.work(), door.clock, door.warehouse, key=key, person_id=person, reason="x")
    assert made.id is not None
    return made.id


def _later(door: Door, months: int) -> None:
    door.clock.at += timedelta(days=31 * months)


def _record(door: Door, decision: int, months: int = 12, principal: Principal = OWNER) -> LeadOutcome:
    return record_outcome(
        principal, door.work(), door.clock, decision_id=decision, months=months, steps=WELL, computed=[STAYED]
    )


def test_a_verdict_reaches_the_estimator(door: Door) -> None:
    decision = _decided(door)
    _later(door, 12)
    early = _record(door, decision, 6)
    made = _record(door, decision, 12)

    assert ("too_early", "well") == (early.verdict, made.verdict)
    assert [True] == [went_well for _, _, went_well, _ in lead_outcomes(door.sessions)]


def test_five_answers_are_told_together_and_four_are_not(door: Door) -> None:
    decision = _decided(door)
    links = hand_out(OWNER, door.work(), door.clock, decision_id=decision, months=12, count=6)
    for link in links[:4]:
        answer_team(door.work(), secret=link.rsplit("/", 1)[1], steps=dict(WELL))
    _later(door, 18)
    with_four = _record(door, decision, 12)
    later = hand_out(OWNER, door.work(), door.clock, decision_id=decision, months=18, count=5)
    for link in later:
        answer_team(door.work(), secret=link.rsplit("/", 1)[1], steps=dict(WELL))
    with_five = _record(door, decision, 18)

    names = [[part["name"] for part in json.loads(row.parts)["parts"]] for row in (with_four, with_five)]
    assert [["manager", "retention"], ["manager", "team", "retention"]] == names


def test_an_answer_keeps_neither_name_nor_time_nor_secret(door: Door) -> None:
    decision = _decided(door)
    links = hand_out(OWNER, door.work(), door.clock, decision_id=decision, months=6, count=5)
    answer_team(door.work(), secret=links[0].rsplit("/", 1)[1], steps=dict(WELL))

    with door.work() as work:
        hashes = set(work.session.scalars(select(TeamToken.token_hash)))
    assert {"id", "token_id", "steps"} == {column.key for column in inspect(TeamAnswer).columns}
    assert not hashes & {link.rsplit("/", 1)[1] for link in links}


def test_a_link_answers_once(door: Door) -> None:
    decision = _decided(door)
    secret = hand_out(OWNER, door.work(), door.clock, decision_id=decision, months=6, count=5)[0].rsplit("/", 1)[1]
    answer_team(door.work(), secret=secret, steps=dict(WELL))

    with pytest.raises(NotFoundError, match="used already"):
        answer_team(door.work(), secret=secret, steps=dict(WELL))
    with pytest.raises(NotFoundError, match="opens nothing"):
        answer_team(door.work(), secret="x", steps=dict(WELL))


def test_what_is_refused(door: Door) -> None:
    decision = _decided(door)

    with pytest.raises(UsageError, match="cannot be told together"):
        hand_out(OWNER, door.work(), door.clock, decision_id=decision, months=6, count=4)
    with pytest.raises(ForbiddenError, match="may not hand out"):
        hand_out(TECHNICIAN, door.work(), door.clock, decision_id=decision, months=6, count=5)
    with pytest.raises(UsageError, match="is no date"):
        hand_out(OWNER, door.work(), door.clock, decision_id=decision, months=7, count=5)
    with pytest.raises(NotFoundError, match="no decision"):
        hand_out(OWNER, door.work(), door.clock, decision_id=99, months=6, count=5)
    with pytest.raises(UsageError, match="months are over on"):
        _record(door, decision)
    _later(door, 12)
    with pytest.raises(ForbiddenError, match="may not record"):
        _record(door, decision, principal=TECHNICIAN)
    with pytest.raises(UsageError, match="have no answer"):
        record_outcome(OWNER, door.work(), door.clock, decision_id=decision, months=12, steps={}, computed=[])
    _record(door, decision)
    with pytest.raises(UsageError, match="recorded already"):
        _record(door, decision)


def test_no_more_links_than_people(door: Door) -> None:
    decision = _decided(door)
    hand_out(OWNER, door.work(), door.clock, decision_id=decision, months=6, count=5, members=8)

    with pytest.raises(UsageError, match="10 links are more than the 8 people"):
        hand_out(OWNER, door.work(), door.clock, decision_id=decision, months=6, count=5, members=8)


def test_nobody_records_their_own_outcome(door: Door) -> None:
    decision = _decided(door)
    _later(door, 12)
    with door.warehouse.snapshot() as record:
        person = record.rows(record.table("people").select("person_id"))[0]["person_id"]

    with pytest.raises(ForbiddenError, match="their own outcome"):
        _record(door, decision, principal=Principal("Self", "manager", person, 4))
