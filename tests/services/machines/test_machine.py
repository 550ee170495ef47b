"""The register of machines: keys are given once, secrets rotate, retiring ends everything that signs in."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from cadre.access.agent_token import AUDIENCE, ISSUER, LIFE, TokenKey
from cadre.access.principal import Principal
from cadre.db.machines import MachineDecision, MachineSecret, RegisteredMachine
from cadre.errors import ForbiddenError, NotFoundError, UnauthenticatedError, UsageError
from cadre.services.machines.machine import change_expiry, change_owner, new_secret, register, retire, revoke
from cadre.services.machines.sign_in import Agent, agent_of, token_for
from tests.services.door import AT_MACHINE, Door


@pytest.fixture
def key(tmp_path: Path) -> TokenKey:
    return TokenKey.at(tmp_path / "private" / "agent-token.pem")


def registered(door: Door, name: str = "Triage agent", **more: Any) -> RegisteredMachine:
    told = {"purpose": "sorts new tickets", "owner": door.staff[0], **more}
    return register(AT_MACHINE, door.work(), door.clock, door.warehouse, name=name, **told)


def secret_of(door: Door, **more: Any) -> str:
    told = {"key": "cadre/triage-agent", "reason": "first secret", **more}
    return new_secret(AT_MACHINE, door.work(), door.clock, **told).secret


def test_a_machine_gets_a_token_for_its_secret(door: Door, key: TokenKey) -> None:
    registered(door, client_id="psa/acme")

    token, told = token_for(door.work(), door.clock, key, secret=secret_of(door))

    assert ("cadre/triage-agent", door.clock.now() + LIFE) == (told.machine_key, told.expires_at)
    found = agent_of(door.work(), door.clock, key, token)
    assert Agent("cadre/triage-agent", "Triage agent", "psa/acme", "agent") == found


def test_a_token_is_over_after_its_life(door: Door, key: TokenKey) -> None:
    registered(door)
    token, _ = token_for(door.work(), door.clock, key, secret=secret_of(door))

    door.clock.turn(minutes=15)

    with pytest.raises(UnauthenticatedError, match="is over"):
        agent_of(door.work(), door.clock, key, token)


def test_a_rotated_secret_takes_its_tokens_with_it_unless_they_overlap(door: Door, key: TokenKey) -> None:
    registered(door)
    first = secret_of(door)
    old, _ = token_for(door.work(), door.clock, key, secret=first)

    second = secret_of(door, overlap_hours=1)

    for secret in (first, second):
        token_for(door.work(), door.clock, key, secret=secret)
    assert agent_of(door.work(), door.clock, key, old).key == "cadre/triage-agent"

    secret_of(door)

    for secret in (first, second):
        with pytest.raises(UnauthenticatedError, match="opens nothing"):
            token_for(door.work(), door.clock, key, secret=secret)
    with pytest.raises(UnauthenticatedError, match="may not act"):
        agent_of(door.work(), door.clock, key, old)


@pytest.mark.parametrize("end", [retire, revoke])
def test_ending_cascades_to_secrets_and_tokens_at_once(door: Door, key: TokenKey, end: Callable[..., Any]) -> None:
    registered(door)
    secret = secret_of(door)
    token, _ = token_for(door.work(), door.clock, key, secret=secret)

    end(AT_MACHINE, door.work(), door.clock, key="Triage agent", reason="replaced")

    with pytest.raises(UnauthenticatedError):
        agent_of(door.work(), door.clock, key, token)
    with pytest.raises(UnauthenticatedError):
        token_for(door.work(), door.clock, key, secret=secret)
    assert [AT_MACHINE.name] == [one.ended_by for one in door.all(MachineSecret)]


def test_a_retired_key_stays_and_is_never_given_again(door: Door) -> None:
    registered(door)
    retire(AT_MACHINE, door.work(), door.clock, key="cadre/triage-agent", reason="replaced")

    with pytest.raises(UsageError, match="already, perhaps as retired"):
        registered(door)
    with pytest.raises(UsageError, match="for good"):
        secret_of(door)
    assert ["cadre/triage-agent"] == [one.key for one in door.all(RegisteredMachine)]


def test_a_registration_ends_after_its_last_day(door: Door, key: TokenKey) -> None:
    last = door.clock.now().date() + timedelta(days=1)
    registered(door, expires_on=last)
    secret = secret_of(door)

    door.clock.turn(days=1)
    token_for(door.work(), door.clock, key, secret=secret)
    door.clock.turn(days=1)

    with pytest.raises(UnauthenticatedError):
        token_for(door.work(), door.clock, key, secret=secret)
    with pytest.raises(UsageError, match="has passed"):
        change_expiry(AT_MACHINE, door.work(), door.clock, key="cadre/triage-agent", expires_on=last, reason="more")


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"owner": None}, "answers for it"),
        ({"purpose": " "}, "needs words"),
        ({"kind": "robot"}, "unknown kind"),
        ({"name": "!!"}, "no letter or digit"),
        ({"expires_on": date(2000, 1, 1)}, "has passed"),
    ],
)
def test_what_is_missing_or_wrong_is_named(door: Door, told: dict[str, Any], expected: str) -> None:
    with pytest.raises(UsageError, match=expected):
        registered(door, **told)


def test_only_the_staff_answers_and_only_leads_decide(door: Door) -> None:
    with pytest.raises(NotFoundError, match="on the staff"):
        registered(door, owner="nobody")
    with pytest.raises(ForbiddenError, match="what machines may exist"):
        register(Principal("Tom", "technician"), door.work(), door.clock, door.warehouse, name="x", purpose="y",
                 owner=door.staff[0])  # fmt: skip


def test_every_change_is_kept_with_its_reason(door: Door) -> None:
    registered(door)
    first, second = door.staff[:2]
    change_owner(AT_MACHINE, door.work(), door.clock, door.warehouse, key="Triage agent", owner=second, reason="moved")

    assert [("registered", "", "Triage agent"), ("owner", first, second)] == [
        (one.what, one.before, one.after) for one in door.all(MachineDecision)
    ]
    with pytest.raises(IntegrityError, match="added, never changed"), door.sessions() as session:
        session.execute(text("DELETE FROM machine_decisions"))


def test_a_token_of_another_key_algorithm_or_purpose_opens_nothing(door: Door, key: TokenKey, tmp_path: Path) -> None:
    registered(door)
    secret_of(door)
    now = door.clock.now()
    other, _ = TokenKey.at(tmp_path / "other.pem").mint("cadre/triage-agent", 1, now)
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "cadre/triage-agent", "sid": 1, "jti": "x",
              "iat": int(now.timestamp()), "exp": int(now.timestamp()) + 60}  # fmt: skip
    unsigned = jwt.encode(claims, None, algorithm="none")
    shared = jwt.encode(claims, "s" * 32, algorithm="HS256")

    for token in (other, unsigned, shared, "", "a.b.c", f"{other}x"):
        with pytest.raises(UnauthenticatedError, match="no token of an agent"):
            agent_of(door.work(), door.clock, key, token)


def test_the_key_is_made_once_and_read_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "private" / "agent-token.pem"

    names = {TokenKey.at(path).name for _ in range(3)}

    assert (1, 0o600) == (len(names), path.stat().st_mode & 0o777)
