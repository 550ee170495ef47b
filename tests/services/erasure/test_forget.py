"""Erasing a person takes them out of their account, and leaves an owner."""

import pytest
from sqlalchemy import inspect, text

from cadre.db.accounts import Account, AccountDecision, AccountSession
from cadre.db.model import AgendaDecision
from cadre.errors import ForbiddenError, UnauthenticatedError
from cadre.services.accounts.sign_in import in_session, issue_token
from cadre.services.agenda import decide
from cadre.services.erasure.erase import erase
from tests.services.door import AT_MACHINE, Door


def everything(door: Door) -> str:
    """All rows of the database of decisions, as text."""
    with door.sessions() as session:
        tables = inspect(session.get_bind()).get_table_names()
        return "\n".join(str(row) for name in tables for row in session.execute(text(f"select * from {name}")))


def test_nothing_in_the_database_names_an_erased_person(door: Door) -> None:
    person, other, _ = door.staff
    door.made("Mia", person_id=other)
    door.made("Ole Brandt", "manager", person_id=person)
    ole = door.enter("Ole Brandt", address="10.9.8.7")
    issue_token(ole.principal, door.work(), door.clock, name="Ole's own sheet")
    decide(ole.principal, door.work(), door.clock, item_key="stale:x", outcome="assigned", assignee="Ole Brandt")
    before = everything(door)

    erase(AT_MACHINE, door.warehouse, door.work(), door.clock, person_id=person)

    after = everything(door)
    words = ["Ole", "ole brandt", "10.9.8.7", person]
    assert (words, []) == ([w for w in words if w in before], [w for w in words if w in after])
    assert in_session(door.work(), door.clock, ole.secret) is None
    with pytest.raises(UnauthenticatedError):
        door.enter("Ole Brandt")


def test_what_an_erased_person_decided_stays_under_a_number(door: Door) -> None:
    person, other, _ = door.staff
    door.made("Mia", person_id=other)
    ole = door.made("Ole", "manager", person_id=person)
    entered = door.enter("Ole")
    decide(entered.principal, door.work(), door.clock, item_key="stale:x", outcome="done", reason="asked the vendor")
    erase(AT_MACHINE, door.warehouse, door.work(), door.clock, person_id=person)

    decided = [(d.decided_by, d.outcome) for d in door.all(AgendaDecision)]
    assert [(f"erased account {ole.id}", "done")] == decided
    assert [("Mia", True), (f"erased account {ole.id}", False)] == [(a.name, a.is_active) for a in door.all(Account)]
    assert 1 == len(door.all(AccountSession))


def test_an_invited_person_who_is_erased_is_invited_no_more(door: Door) -> None:
    person, *_ = door.staff
    door.made("Mia")
    link = door.invited("Ole", "manager", person_id=person)
    erase(AT_MACHINE, door.warehouse, door.work(), door.clock, person_id=person)

    assert "Ole" not in everything(door)
    assert link


def test_the_last_owners_person_is_not_erased(door: Door) -> None:
    person, other, _ = door.staff
    door.made("Mia", person_id=person)
    with pytest.raises(ForbiddenError, match="last owner"):
        erase(AT_MACHINE, door.warehouse, door.work(), door.clock, person_id=person)
    kept = (door.staff, [a.person_id for a in door.all(Account)], len(door.all(AccountDecision)))

    erase(AT_MACHINE, door.warehouse, door.work(), door.clock, person_id=other)

    assert (sorted([person, other, *[p for p in kept[0] if p not in (person, other)]]), [person], 2) == kept
