"""Who may sign in, for owners; one's own sessions, for everybody; only what still works is listed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from cadre.access.principal import Principal
from cadre.access.secret import hashed
from cadre.db.accounts import Account, AccountDecision, AccountSession, AccountToken, Invitation
from cadre.db.database import open_database
from cadre.errors import ForbiddenError, NotFoundError
from cadre.reports.people.accounts import account_named, accounts, own_account
from cadre.warehouse import Warehouse
from tests.conftest import Loader

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
OWNER = Principal("Mia", "owner", None, 1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def sessions(database: str) -> sessionmaker[Session]:
    made = open_database(database)
    with made.begin() as session:
        session.add(Account("Mia", "mia", "owner", "hash", NOW - DAY))
        session.flush()
        session.add(Account("Ole", "ole", "technician", "hash", NOW - DAY, is_active=False))
        session.flush()
        session.add_all(
            [
                AccountDecision(1, "made", "", "owner", "Mia", NOW - DAY, "invited by owner at this machine"),
                AccountDecision(2, "deactivated", "active", "off", "Mia", NOW, "left"),
                Invitation("Kim", "kim", "manager", "a", "Mia", NOW, NOW + DAY),
                Invitation("Late", "late", "manager", "b", "Mia", NOW - DAY, NOW),
                Invitation("Back", "back", "manager", "c", "Mia", NOW, NOW + DAY, revoked_at=NOW),
                Invitation("Mia", "mia", "owner", "d", "x", NOW, NOW + HOUR, account_id=1),
                Invitation("Mia", "mia", "owner", "e", "x", NOW, NOW + HOUR, account_id=1, used_at=NOW),
                AccountSession(1, hashed("here"), NOW - HOUR, NOW, NOW + DAY, "Firefox on Linux", "127.0.0.1"),
                AccountSession(1, "f", NOW - HOUR, NOW - HOUR / 2, NOW + DAY, "Safari on iPhone"),
                AccountSession(1, "g", NOW - DAY, NOW - HOUR, NOW + HOUR, "unused for an hour"),
                AccountSession(1, "h", NOW - DAY, NOW, NOW, "a day old"),
                AccountSession(1, "i", NOW, NOW, NOW + DAY, "ended", ended_at=NOW),
                AccountSession(2, "j", NOW - DAY, NOW - HOUR, NOW, "somebody else's"),
                AccountToken(1, "sheet", "owner", "k", NOW, NOW + HOUR),
                AccountToken(1, "old role", "manager", "l", NOW, NOW + HOUR),
                AccountToken(1, "too old", "owner", "m", NOW - DAY, NOW),
                AccountToken(1, "ended", "owner", "n", NOW, NOW + HOUR, ended_at=NOW),
                AccountToken(2, "somebody else's", "technician", "o", NOW, NOW + HOUR),
            ]
        )
    return made


def listed(sessions: sessionmaker[Session], warehouse: Warehouse, principal: Principal = OWNER) -> Any:
    with warehouse.snapshot() as record:
        return accounts(principal, sessions, record, now=NOW)


def test_accounts_come_with_when_they_were_seen_and_those_switched_off_last(
    sessions: sessionmaker[Session], warehouse: Warehouse
) -> None:
    found = [(a.name, a.role, a.is_active, a.seen_at) for a in listed(sessions, warehouse).accounts]

    assert [("Mia", "owner", True, NOW), ("Ole", "technician", False, NOW - HOUR)] == found


def test_only_links_that_still_work_are_listed(sessions: sessionmaker[Session], warehouse: Warehouse) -> None:
    found = [(i.name, i.is_renewal) for i in listed(sessions, warehouse).invitations]

    assert [("Mia", True), ("Kim", False)] == found


def test_changes_come_newest_first_with_who_and_why(sessions: sessionmaker[Session], warehouse: Warehouse) -> None:
    found = [(c.name, c.what, c.decided_by, c.reason) for c in listed(sessions, warehouse).changes]

    expected = [("Ole", "deactivated", "Mia", "left"), ("Mia", "made", "Mia", "invited by owner at this machine")]
    assert expected == found


def test_people_on_the_staff_are_written_by_name(
    sessions: sessionmaker[Session], warehouse: Warehouse, load: Loader
) -> None:
    told = {"external_id": "E1", "occurred_at": NOW}
    load([("people", {**told, "role": "Technician"}, 1), ("identities", {**told, "person_id": "E1",
          "display_name": "Cem Aydin"}, 1)])  # fmt: skip
    (key, name), *_ = listed(sessions, warehouse).staff
    with sessions.begin() as session:
        session.get_one(Account, 1).person_id = key
        session.add(AccountDecision(1, "person", "", key, "Mia", NOW, "is him"))
    found = listed(sessions, warehouse)

    assert ("Cem Aydin", "Cem Aydin", "Cem Aydin") == (name, found.accounts[0].person, found.changes[0].after)


def test_only_owners_see_who_may_sign_in(sessions: sessionmaker[Session], warehouse: Warehouse) -> None:
    manager = Principal("Kim", "manager", None, 3)
    with pytest.raises(ForbiddenError, match="that takes an owner"):
        listed(sessions, warehouse, manager)
    with pytest.raises(ForbiddenError, match="that takes an owner"):
        account_named(manager, sessions, "Mia")


def test_an_account_is_meant_by_name_or_number(sessions: sessionmaker[Session]) -> None:
    assert [1, 2, 2] == [account_named(OWNER, sessions, told) for told in (" MIA ", "ole", "2")]
    with pytest.raises(NotFoundError):
        account_named(OWNER, sessions, "3")


def test_ones_own_page_lists_what_works_and_nothing_of_others(sessions: sessionmaker[Session]) -> None:
    found = own_account(OWNER, sessions, now=NOW, secret="here")

    assert [("Firefox on Linux", True), ("Safari on iPhone", False)] == [(s.browser, s.is_here) for s in found.sessions]
    assert ["sheet"] == [t.name for t in found.tokens]


def test_at_the_machine_itself_nobody_has_sessions(sessions: sessionmaker[Session]) -> None:
    found = own_account(Principal("owner at this machine", "owner"), sessions, now=NOW)

    assert ((), ()) == (found.sessions, found.tokens)


def test_no_secret_and_no_hash_is_told(sessions: sessionmaker[Session], warehouse: Warehouse) -> None:
    told = str(listed(sessions, warehouse).json()) + str(own_account(OWNER, sessions, now=NOW, secret="here").json())

    assert [] == [word for word in ("hash", "secret", hashed("here")) if word in told]
