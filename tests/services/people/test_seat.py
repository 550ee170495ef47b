"""Opening a seat, deciding about it, and what is refused."""

import pytest
from sqlalchemy import select

from cadre.access.principal import Principal
from cadre.db.seats import Seat, SeatCost
from cadre.db.stewardship import SeekingStatement
from cadre.errors import ForbiddenError, NotFoundError, UsageError
from cadre.services.people.seat import decide_seat, enter_cost, open_seat, seat_key
from tests.services.door import Door

OWNER = Principal("Olga", "owner", None, 1)
MANAGER = Principal("Mo", "manager", None, 2)
TECHNICIAN = Principal("Tim", "technician", None, 3)


def _person(door: Door) -> str:
    with door.warehouse.snapshot() as record:
        return str(record.rows(record.table("people").select("person_id"))[0]["person_id"])


def _open(door: Door, principal: Principal = OWNER) -> str:
    return open_seat(
        principal, door.work(), door.clock, name="Service  Desk lead", hands_on_share=0.4, tiers=["1", " "]
    )


def test_a_seat_is_described_and_described_anew(door: Door) -> None:
    key = _open(door, MANAGER)
    open_seat(OWNER, door.work(), door.clock, name="service desk lead", span=7)

    with door.work() as work:
        rows = work.session.scalars(select(Seat).order_by(Seat.id)).all()
    assert "service-desk-lead" == key
    assert [("Service Desk lead", 0.4, None, "1"), ("service desk lead", None, 7, "")] == [
        (r.name, r.hands_on_share, r.span, r.tiers) for r in rows
    ]


@pytest.mark.parametrize("name", ["", "  ", "!?"])
def test_a_seat_has_a_name_that_can_stand_in_an_address(name: str) -> None:
    with pytest.raises(UsageError, match="name with letters"):
        seat_key(name)


@pytest.mark.parametrize(("share", "span"), [(1.4, None), (-0.1, None), (None, -1), (None, 1000)])
def test_numbers_that_make_no_sense_are_refused(door: Door, share: float | None, span: int | None) -> None:
    with pytest.raises(UsageError, match="is 0 to"):
        open_seat(OWNER, door.work(), door.clock, name="NOC", hands_on_share=share, span=span)


def test_a_decision_says_what_it_rests_on(door: Door) -> None:
    key, person = _open(door), _person(door)

    made = decide_seat(OWNER, door.work(), door.clock, door.warehouse, key=key, person_id=person, reason=" Trusted ")
    nobody = decide_seat(OWNER, door.work(), door.clock, door.warehouse, key=key, person_id=None, reason="They left")

    with door.warehouse.snapshot() as record:
        number = record.manifest.number
    assert (person, "Trusted", "Olga", number) == (made.person_id, made.reason, made.decided_by, made.manifest)
    assert made.code_version
    assert 16 == len(made.settings_digest)
    assert nobody.person_id is None


@pytest.mark.parametrize("principal", [MANAGER, TECHNICIAN], ids=lambda p: p.role)
def test_only_the_owner_decides(door: Door, principal: Principal) -> None:
    key = _open(door)

    with pytest.raises(ForbiddenError, match="may not decide"):
        decide_seat(principal, door.work(), door.clock, door.warehouse, key=key, person_id=None, reason="x")


def test_a_technician_opens_no_seat(door: Door) -> None:
    with pytest.raises(ForbiddenError, match="may not open a seat"):
        _open(door, TECHNICIAN)


def test_a_decision_has_a_reason_a_seat_and_a_person_of_the_staff(door: Door) -> None:
    key = _open(door)

    with pytest.raises(UsageError, match="needs words"):
        decide_seat(OWNER, door.work(), door.clock, door.warehouse, key=key, person_id=None, reason=" ")
    with pytest.raises(NotFoundError, match="no seat"):
        decide_seat(OWNER, door.work(), door.clock, door.warehouse, key="noc", person_id=None, reason="x")
    with pytest.raises(NotFoundError, match="nobody on the staff"):
        decide_seat(OWNER, door.work(), door.clock, door.warehouse, key=key, person_id="p_x", reason="x")


def test_who_does_not_seek_a_lead_role_gets_none(door: Door) -> None:
    key, person = _open(door), _person(door)
    with door.work() as work:
        work.session.add(SeekingStatement(person_id=person, is_seeking=False, stated_at=door.clock.now()))
        work.commit()

    with pytest.raises(ForbiddenError, match="do not seek"):
        decide_seat(OWNER, door.work(), door.clock, door.warehouse, key=key, person_id=person, reason="x")


def test_a_cost_is_entered_as_a_range_with_its_source(door: Door) -> None:
    key = _open(door)
    enter_cost(MANAGER, door.work(), door.clock, key=key, yearly_pay=60_000, currency="eur", low_multiple=0.5,
               high_multiple=2, source="Our last two")  # fmt: skip

    with door.work() as work:
        row = work.session.scalars(select(SeatCost)).one()
    assert (60_000, "EUR", 0.5, 2, "Our last two") == (
        row.yearly_pay, row.currency, row.low_multiple, row.high_multiple, row.source,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("pay", "low", "high", "source"),
    [(0, 1, 2, "x"), (float("nan"), 1, 2, "x"), (1, 2, 1, "x"), (1, -1, 1, "x"), (1, 0, 99, "x"), (1, 1, 2, " ")],
)
def test_a_cost_that_makes_no_sense_is_refused(door: Door, pay: float, low: float, high: float, source: str) -> None:
    key = _open(door)

    with pytest.raises(UsageError):
        enter_cost(OWNER, door.work(), door.clock, key=key, yearly_pay=pay, currency="EUR", low_multiple=low,
                   high_multiple=high, source=source)  # fmt: skip
