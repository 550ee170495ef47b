"""Changing accounts: with a reason that is kept, never without an owner; switched off is out at once."""

from typing import Any

import pytest

from cadre.access.principal import Principal
from cadre.db.accounts import Account, AccountDecision, AccountSession, AccountToken
from cadre.errors import ForbiddenError, NotFoundError, UnauthenticatedError, UsageError
from cadre.services.accounts.account import deactivate, link_person, reactivate, set_role
from cadre.services.accounts.sign_in import end_token, in_session, issue_token, sign_out, with_token
from tests.services.door import AT_MACHINE, Door


def told(door: Door, account: Account, **more: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    return (AT_MACHINE, door.work(), door.clock), {"account_id": account.id, "reason": "as agreed", **more}


def test_switching_off_ends_sessions_and_tokens_at_once(door: Door) -> None:
    door.made("Mia")
    ole = door.made("Ole", "manager")
    entered = door.enter("Ole")
    _, token = issue_token(entered.principal, door.work(), door.clock, name="report")
    where, what = told(door, ole)
    before = (in_session(door.work(), door.clock, entered.secret), with_token(door.work(), door.clock, token))

    deactivate(*where, **what)

    assert (entered.principal, entered.principal) == before
    assert in_session(door.work(), door.clock, entered.secret) is None
    with pytest.raises(UnauthenticatedError, match="opens nothing"):
        with_token(door.work(), door.clock, token)
    with pytest.raises(UnauthenticatedError, match="do not fit"):
        door.enter("Ole")

    reactivate(*where, **what)

    assert in_session(door.work(), door.clock, entered.secret) is None
    assert door.enter("Ole").principal == entered.principal


def test_the_last_owner_stays_one(door: Door) -> None:
    mia = door.made("Mia")
    where, what = told(door, mia)
    for change in (lambda: deactivate(*where, **what), lambda: set_role(*where, **what, role="manager")):
        with pytest.raises(ForbiddenError, match="last owner"):
            change()
    assert (True, "owner", 1) == (
        *next((a.is_active, a.role) for a in door.all(Account)),
        len(door.all(AccountDecision)),
    )

    door.made("Ole")
    set_role(*where, **what, role="manager")

    assert ["manager", "owner"] == [a.role for a in door.all(Account)]


def test_another_role_holds_at_once_and_ends_tokens(door: Door) -> None:
    door.made("Mia")
    ole = door.made("Ole", "manager")
    entered = door.enter("Ole")
    _, token = issue_token(entered.principal, door.work(), door.clock, name="report")
    where, what = told(door, ole)

    set_role(*where, **what, role="technician")
    set_role(*where, **what, role="manager")

    assert in_session(door.work(), door.clock, entered.secret) == entered.principal
    with pytest.raises(UnauthenticatedError):
        with_token(door.work(), door.clock, token)


def test_a_person_is_linked_with_a_reason_that_is_kept(door: Door) -> None:
    first, second, _ = door.staff
    mia, ole = door.made("Mia", person_id=first), door.made("Ole", "technician")
    where, what = told(door, ole)

    with pytest.raises(UsageError, match="has an active account, number 1"):
        link_person(*where, door.warehouse, **what, person_id=first)
    with pytest.raises(NotFoundError, match="nobody on the staff"):
        link_person(*where, door.warehouse, **what, person_id="p_nobody")
    link_person(*where, door.warehouse, **what, person_id=second)
    link_person(*where, door.warehouse, **{**what, "reason": "mixed up"}, person_id=None)

    kept = [(d.before, d.after, d.reason, d.decided_by) for d in door.all(AccountDecision) if d.account_id == ole.id]
    by = "owner at this machine"
    assert [("", second, "as agreed", by), (second, "", "mixed up", by)] == kept[1:]
    assert mia.person_id == first


def test_a_switched_off_account_leaves_its_person_free_and_does_not_get_them_back(door: Door) -> None:
    person = door.staff[0]
    door.made("Mia")
    gone = door.made("Ole", "technician", person_id=person)
    where, what = told(door, gone)
    deactivate(*where, **what)
    door.made("Ole again", "technician", person_id=person)

    with pytest.raises(UsageError, match="has an active account, number 3"):
        reactivate(*where, **what)


def test_nothing_is_changed_without_a_reason_a_change_or_a_right(door: Door) -> None:
    mia = door.made("Mia")
    where, what = told(door, mia)
    manager = Principal("Ole", "manager", None, 9)

    with pytest.raises(UsageError, match="with a reason"):
        set_role(*where, **{**what, "reason": " "}, role="manager")
    with pytest.raises(UsageError, match="how it is already"):
        reactivate(*where, **what)
    with pytest.raises(UsageError, match="unknown role"):
        set_role(*where, **what, role="boss")
    with pytest.raises(NotFoundError, match="no account 77"):
        deactivate(*where, **{**what, "account_id": 77})
    with pytest.raises(ForbiddenError, match="a manager may not"):
        link_person(manager, *where[1:], door.warehouse, **what, person_id=None)
    assert 1 == len(door.all(AccountDecision))


def test_who_ended_a_session_or_token_is_kept(door: Door) -> None:
    door.made("Mia")
    ole = door.made("Ole", "manager")
    entered, left = door.enter("Ole"), door.enter("Ole")
    own, _ = issue_token(entered.principal, door.work(), door.clock, name="own")
    issue_token(entered.principal, door.work(), door.clock, name="other")
    end_token(entered.principal, door.work(), door.clock, token_id=own.id)
    sign_out(door.work(), door.clock, left.secret)
    deactivate(door.enter("Mia").principal, door.work(), door.clock, account_id=ole.id, reason="left the firm")

    assert ["Mia", "Ole", ""] == [s.ended_by for s in door.all(AccountSession)]
    assert ["Ole", "Mia"] == [t.ended_by for t in door.all(AccountToken)]
