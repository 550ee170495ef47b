"""Inviting: owners alone, once each, in time; the secret is stored nowhere; a new password signs out everywhere."""

import threading
from collections.abc import Callable

import pytest

from cadre.access.principal import Principal
from cadre.access.throttle import name_key
from cadre.db.accounts import Account, AccountDecision, AccountSession, AccountToken, Invitation, SignInAttempt
from cadre.errors import CadreError, ForbiddenError, NotFoundError, UnauthenticatedError, UsageError
from cadre.services.accounts.account import deactivate
from cadre.services.accounts.invite import accept, invite, new_link, opened, revoke_invitation
from cadre.services.accounts.sign_in import in_session, issue_token
from tests.services.door import AT_MACHINE, PASSWORD, Door


def _said(call: Callable[[], object]) -> str:
    with pytest.raises(CadreError) as error:
        call()
    return error.value.message


def test_an_invited_owner_makes_their_account_and_signs_in(door: Door) -> None:
    person = door.staff[0]
    made = door.made("Mia Lindgren", person_id=person)
    entered = door.enter("  mia   LINDGREN ")

    assert Principal("Mia Lindgren", "owner", person, made.id) == entered.principal
    assert entered.principal == in_session(door.work(), door.clock, entered.secret)
    told = [(d.what, d.after, d.reason) for d in door.all(AccountDecision)]
    assert [(w, a, "invited by owner at this machine") for w, a in (("made", "owner"), ("person", person))] == told


def test_secrets_are_stored_nowhere(door: Door) -> None:
    link = door.invited("Mia")
    mia = accept(door.work(), door.clock, secret=link, password=PASSWORD)
    entered = door.enter("Mia")
    _, token = issue_token(entered.principal, door.work(), door.clock, name="report")
    kinds = (Account, AccountDecision, Invitation, AccountSession, AccountToken, SignInAttempt)
    stored = "\n".join(str(vars(row)) for kind in kinds for row in door.all(kind))

    assert [] == [s for s in (link, PASSWORD, entered.secret, token) if s in stored]
    assert mia.name in stored


def test_a_link_works_once(door: Door) -> None:
    secret = door.invited("Mia")
    accept(door.work(), door.clock, secret=secret, password=PASSWORD)

    again = _said(lambda: accept(door.work(), door.clock, secret=secret, password="another good password"))

    assert again == "this link was used already"
    assert door.enter("Mia").principal.name == "Mia"


def test_of_many_who_open_a_link_at_once_one_gets_in(door: Door) -> None:
    secret = door.invited("Mia")
    ended: list[str] = []

    def open_it() -> None:
        try:
            accept(door.work(), door.clock, secret=secret, password=PASSWORD)
            ended.append("in")
        except NotFoundError as error:
            ended.append(error.message)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert ["in", *["this link was used already"] * 3] == sorted(ended)
    assert 1 == len(door.all(Account))


def test_a_link_ends_in_time_is_taken_back_or_never_was(door: Door) -> None:
    late, back = door.invited("Mia", days=2), door.invited("Ole")
    revoke_invitation(AT_MACHINE, door.work(), door.clock, invitation_id=2)
    fresh = opened(door.work(), door.clock, secret=late).name
    door.clock.turn(days=2)

    said = [_said(lambda s=s: opened(door.work(), door.clock, secret=s)) for s in (late, back, "nonsense")]

    assert fresh == "Mia"
    assert ["this link is too old", "this link was taken back", "this link opens nothing"] == said


def test_the_first_account_is_an_owners(door: Door) -> None:
    assert "first account" in _said(lambda: door.invited("Ole", "manager"))

    door.made("Mia")

    assert door.made("Ole", "manager").role == "manager"


@pytest.mark.parametrize("role", ["manager", "reviewer", "technician"])
def test_only_owners_invite(door: Door, role: str) -> None:
    door.made("Mia")
    asking = Principal("Ole", role, None, 7)  # type: ignore[arg-type]
    account_id = door.all(Account)[0].id
    calls: list[Callable[[], object]] = [
        lambda: door.invited("Kim", "technician", by=asking),
        lambda: new_link(asking, door.work(), door.clock, account_id=account_id),
        lambda: revoke_invitation(asking, door.work(), door.clock, invitation_id=1),
    ]
    for call in calls:
        with pytest.raises(ForbiddenError, match="that takes an owner"):
            call()


def test_names_and_people_are_invited_once(door: Door) -> None:
    person = door.staff[0]
    door.made("Mia", person_id=person)
    door.invited("Ole", "manager")
    work, clock, house = door.work(), door.clock, door.warehouse
    said = [
        _said(lambda t=told: invite(AT_MACHINE, work, clock, house, **t))
        for told in (
            {"name": "MIA", "role": "manager"},
            {"name": "ole", "role": "manager"},
            {"name": "Kim", "role": "manager", "person_id": person},
            {"name": "Kim", "role": "manager", "person_id": "p_nobody"},
            {"name": "Kim", "role": "boss"},
            {"name": " ", "role": "manager"},
            {"name": "Kim", "role": "manager", "days": 31},
        )
    ]

    assert said == [
        "an account of that name exists already",
        "that name is invited already",
        "this person has an active account, number 1",
        "nobody on the staff has that key",
        "unknown role 'boss'",
        "a name of 1 to 200 characters is needed",
        "a link works for 1 to 30 days, not 31",
    ]


def test_two_invited_as_the_same_person_cannot_both_accept(door: Door) -> None:
    door.made("Mia")
    person = door.staff[1]
    first, second = (door.invited(name, "technician", person_id=person) for name in ("Ole", "Kim"))
    accept(door.work(), door.clock, secret=first, password=PASSWORD)

    with pytest.raises(UsageError, match="has an account meanwhile"):
        accept(door.work(), door.clock, secret=second, password=PASSWORD)

    assert [("Mia", None), ("Ole", person)] == [(a.name, a.person_id) for a in door.all(Account)]
    assert door.all(Invitation)[2].used_at is None


def test_a_link_gives_a_new_password_and_signs_out_everywhere(door: Door) -> None:
    mia = door.made("Mia")
    old = door.enter("Mia")
    links = [new_link(AT_MACHINE, door.work(), door.clock, account_id=mia.id).path for _ in range(2)]
    first, second = (path.rsplit("/", 1)[1] for path in links)
    accept(door.work(), door.clock, secret=second, password="ferry canvas moss")

    assert "taken back" in _said(lambda: opened(door.work(), door.clock, secret=first))
    assert in_session(door.work(), door.clock, old.secret) is None
    with pytest.raises(UnauthenticatedError):
        door.enter("Mia")
    assert door.enter("Mia", "ferry canvas moss").principal == old.principal


def test_a_new_link_opens_a_name_that_was_closed_by_guessing(door: Door) -> None:
    mia = door.made("Mia")
    with door.sessions.begin() as session:
        session.add_all([SignInAttempt(name_key("mia"), door.clock.now()) for _ in range(100)])
    door.clock.turn(days=1)
    closed = _said(lambda: door.enter("Mia"))
    link = new_link(AT_MACHINE, door.work(), door.clock, account_id=mia.id)
    accept(door.work(), door.clock, secret=link.path.rsplit("/", 1)[1], password="ferry canvas moss")

    assert closed == "too many tries failed for this name"
    assert door.enter("Mia", "ferry canvas moss").principal.name == "Mia"


def test_a_switched_off_account_gets_no_link_and_uses_none(door: Door) -> None:
    door.made("Mia")
    ole = door.made("Ole", "manager")
    path = new_link(AT_MACHINE, door.work(), door.clock, account_id=ole.id).path
    deactivate(AT_MACHINE, door.work(), door.clock, account_id=ole.id, reason="left")

    with pytest.raises(NotFoundError, match="switched off"):
        new_link(AT_MACHINE, door.work(), door.clock, account_id=ole.id)
    with pytest.raises(NotFoundError, match="switched off"):
        accept(door.work(), door.clock, secret=path.rsplit("/", 1)[1], password="ferry canvas moss")
