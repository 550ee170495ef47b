"""Signing in: one answer for all that does not fit, waits that grow, sessions and tokens that end."""

import json
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import select

from cadre.access import password as passwords
from cadre.access.password import handle_of
from cadre.access.throttle import name_key
from cadre.db.accounts import AccountSession, AccountToken, SignInAttempt
from cadre.db.audit import AuditEvent, AuditPayload
from cadre.db.database import open_database
from cadre.errors import CadreError, ForbiddenError, NotFoundError, TooManyTriesError, UnauthenticatedError, UsageError
from cadre.services.accounts.account import deactivate
from cadre.services.accounts.sign_in import (
    change_password,
    end_session,
    end_token,
    has_accounts,
    in_session,
    issue_token,
    sign_out,
    with_token,
)
from tests.services.door import AT_MACHINE, PASSWORD, Door


def _told(call: Callable[[], object]) -> tuple[str, str, int]:
    with pytest.raises(CadreError) as error:
        call()
    return error.value.message, error.value.hint, error.value.status


def test_an_unknown_name_a_wrong_password_and_a_switched_off_account_get_one_answer(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    door.made("Mia")
    gone = door.made("Ole", "manager")
    deactivate(AT_MACHINE, door.work(), door.clock, account_id=gone.id, reason="left")
    door.invited("Kim", "manager")
    work_done: list[str] = []
    real = passwords._HASHER

    class Counting:
        def verify(self, kept: str, told: str) -> bool:
            work_done.append(kept.rsplit("$", 2)[0])
            return real.verify(kept, told)

        def hash(self, told: str) -> str:
            return real.hash(told)

    monkeypatch.setattr(passwords, "_HASHER", Counting())
    names = ("Mia", "Ole", "Kim", "Nobody")
    told = [_told(lambda n=name: door.enter(n, "wrong password here")) for name in names]

    assert 1 == len(set(told))
    assert [work_done[0]] * 4 == work_done


def test_guessing_waits_longer_each_time_whether_or_not_the_name_exists(door: Door) -> None:
    door.made("Mia")
    waits: dict[str, list[int]] = {}
    for name in ("Mia", "Nobody"):
        for _ in range(5):
            with pytest.raises(UnauthenticatedError):
                door.enter(name, "wrong password here", address=name)
        waits[name] = []
        for _ in range(3):
            with pytest.raises(TooManyTriesError) as refused:
                door.enter(name, PASSWORD, address=name)
            waits[name].append(refused.value.wait_seconds)
            door.clock.turn(seconds=refused.value.wait_seconds)
            with pytest.raises(UnauthenticatedError):
                door.enter(name, "wrong password here", address=name)

    assert {"Mia": [2, 4, 8], "Nobody": [2, 4, 8]} == waits


def test_waits_outlive_a_restart_and_end_with_the_right_password(door: Door, database: str) -> None:
    door.made("Mia")
    for _ in range(5):
        with pytest.raises(UnauthenticatedError):
            door.enter("Mia", "wrong password here")
    again = Door(open_database(database), door.clock, door.warehouse)

    assert "too many tries failed" == _told(lambda: again.enter("Mia"))[0]

    door.clock.turn(seconds=2)
    again.enter("Mia")

    assert 5 == len(door.all(SignInAttempt))  # the address keeps them, the name does not
    with pytest.raises(UnauthenticatedError):
        again.enter("Mia", "wrong password here")


def test_one_address_that_tries_many_names_waits(door: Door) -> None:
    door.made("Mia")
    for number in range(20):
        with pytest.raises(UnauthenticatedError):
            door.enter(f"name {number}", "wrong password here", address="10.0.0.9")

    assert 429 == _told(lambda: door.enter("Mia", address="10.0.0.9"))[2]
    assert door.enter("Mia", address="10.0.0.8").principal.name == "Mia"


def test_tries_at_once_are_no_way_around_the_wait(door: Door) -> None:
    door.made("Mia")
    said: list[int] = []
    threads = [
        threading.Thread(target=lambda: said.append(_told(lambda: door.enter("Mia", "wrong password here"))[2]))
        for _ in range(10)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [401] * 5 + [429] * 5 == sorted(said)


def test_what_was_typed_as_a_name_is_not_stored(door: Door) -> None:
    with pytest.raises(UnauthenticatedError):
        door.enter("my secret password", "Mia", address="10.0.0.9")

    stored = [row.key for row in door.all(SignInAttempt)]
    assert [64, 64] == [len(key) for key in stored]
    assert not any("secret" in key or "10.0" in key for key in stored)


def test_who_was_not_let_in_is_an_event_without_the_name(door: Door) -> None:
    with pytest.raises(UnauthenticatedError):
        door.enter("my secret password", "Mia")
    with door.work() as work:
        wanted = select(AuditEvent, AuditPayload.payload).join(
            AuditPayload, AuditPayload.position == AuditEvent.position
        )
        event, payload = work.session.execute(wanted.where(AuditEvent.kind == "session:refused")).one()

    assert ("machine", {"name": name_key(handle_of("my secret password"))}) == (event.actor, json.loads(payload))
    assert "secret" not in event.header


def test_a_session_ends_when_unused_for_an_hour(door: Door) -> None:
    door.made("Mia")
    entered = door.enter("Mia")
    for _ in range(3):
        door.clock.turn(minutes=59)
        assert in_session(door.work(), door.clock, entered.secret) == entered.principal
    door.clock.turn(hours=1)

    assert in_session(door.work(), door.clock, entered.secret) is None


def test_a_session_ends_after_a_day_however_much_it_is_used(door: Door) -> None:
    door.made("Mia")
    entered = door.enter("Mia")
    for _ in range(47):
        door.clock.turn(minutes=30)
        assert in_session(door.work(), door.clock, entered.secret) == entered.principal
    door.clock.turn(minutes=30)

    assert in_session(door.work(), door.clock, entered.secret) is None


def test_signing_out_ends_this_session_alone(door: Door) -> None:
    door.made("Mia")
    here, there = door.enter("Mia"), door.enter("Mia")

    sign_out(door.work(), door.clock, here.secret)
    sign_out(door.work(), door.clock, "nonsense")

    found = [in_session(door.work(), door.clock, s.secret) for s in (here, there)]
    assert [None, there.principal] == found


def test_one_ends_ones_own_sessions_and_tokens_and_nobody_elses(door: Door) -> None:
    door.made("Mia")
    door.made("Ole", "manager")
    mia, ole = door.enter("Mia"), door.enter("Ole")
    made, token = issue_token(mia.principal, door.work(), door.clock, name="report")
    session_id = door.all(AccountSession)[0].id

    for asking in (ole.principal, AT_MACHINE):
        with pytest.raises(NotFoundError, match="no such session"):
            end_session(asking, door.work(), door.clock, session_id=session_id)
        with pytest.raises(NotFoundError, match="no such token"):
            end_token(asking, door.work(), door.clock, token_id=made.id)
    assert with_token(door.work(), door.clock, token) == in_session(door.work(), door.clock, mia.secret)

    end_session(mia.principal, door.work(), door.clock, session_id=session_id)
    end_token(mia.principal, door.work(), door.clock, token_id=made.id)

    assert in_session(door.work(), door.clock, mia.secret) is None
    with pytest.raises(UnauthenticatedError):
        with_token(door.work(), door.clock, token)


def test_a_token_works_for_its_hours(door: Door) -> None:
    door.made("Mia")
    mia = door.enter("Mia").principal
    _, token = issue_token(mia, door.work(), door.clock, name="report", hours=2)
    door.clock.turn(minutes=119)
    worked = with_token(door.work(), door.clock, token)
    door.clock.turn(minutes=1)

    assert worked == mia
    assert door.clock.now() > door.all(AccountToken)[0].used_at
    with pytest.raises(UnauthenticatedError):
        with_token(door.work(), door.clock, token)
    with pytest.raises(UsageError, match="1 to 168 hours"):
        issue_token(mia, door.work(), door.clock, name="report", hours=169)
    with pytest.raises(ForbiddenError, match="nobody has an account"):
        issue_token(AT_MACHINE, door.work(), door.clock, name="report")


def test_a_cookie_is_no_token_and_a_token_no_cookie(door: Door) -> None:
    door.made("Mia")
    entered = door.enter("Mia")
    _, token = issue_token(entered.principal, door.work(), door.clock, name="report")

    assert in_session(door.work(), door.clock, token) is None
    with pytest.raises(UnauthenticatedError):
        with_token(door.work(), door.clock, entered.secret)


def test_a_new_password_of_ones_own_ends_everything_but_here(door: Door) -> None:
    door.made("Mia")
    here, there = door.enter("Mia"), door.enter("Mia")
    _, token = issue_token(here.principal, door.work(), door.clock, name="report")
    told = {"secret": here.secret, "firm_name": "Lindgren IT", "password": "ferry canvas moss"}

    with pytest.raises(ForbiddenError, match="current password"):
        change_password(here.principal, door.work(), door.clock, current="wrong password here", **told)
    change_password(here.principal, door.work(), door.clock, current=PASSWORD, **told)

    found = [in_session(door.work(), door.clock, s.secret) for s in (here, there)]
    assert [here.principal, None] == found
    with pytest.raises(UnauthenticatedError):
        with_token(door.work(), door.clock, token)
    with pytest.raises(UnauthenticatedError):
        door.enter("Mia")
    assert door.enter("Mia", "ferry canvas moss").principal == here.principal


def test_a_workspace_has_no_account_until_one_is_made(door: Door) -> None:
    secret_given = door.invited("Mia")
    before = has_accounts(door.work())
    door.made("Ole")

    assert (bool(secret_given), before, has_accounts(door.work())) == (True, False, True)


def test_where_somebody_sat_is_forgotten_after_three_months(door: Door) -> None:
    door.made("Mia")
    door.enter("Mia", address="10.0.0.9")
    door.clock.turn(days=92)
    door.enter("Mia", address="10.0.0.8")

    assert ["", "10.0.0.8"] == [s.address for s in door.all(AccountSession)]
