"""`cadre account`: the first account is made here; a token acts as its account and as nobody else."""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from cadre.access import password as passwords
from cadre.config import create_workspace
from cadre.runtime import act_as, open_runtime
from cadre.services.accounts.invite import accept

PASSWORD = "lamp orbit thistle"
SERVED = "http://127.0.0.1:8765/invite/"


@pytest.fixture(autouse=True)
def _quick_and_nobody(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()
    act_as("")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    create_workspace(tmp_path, name="Lindgren IT", purpose="study", zone="Europe/Berlin")
    monkeypatch.setenv("CADRE_WORKSPACE", str(tmp_path))
    return tmp_path


def joined(root: Path, cadre: Any, name: str, role: str) -> None:
    told = cadre("account", "invite", name, "--role", role, "--json").json()
    runtime = open_runtime(root, is_at_machine=True)
    secret = told["link"].removeprefix(SERVED)
    accept(runtime.work(), runtime.clock, secret=secret, password=PASSWORD)


def token(cadre: Any, monkeypatch: pytest.MonkeyPatch, name: str, *more: str, password: str = PASSWORD) -> Any:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{password}\n"))
    return cadre("account", "token", name, *more)


def test_an_invitation_prints_a_link_and_how_long_it_works(root: Path, cadre: Any) -> None:
    done = cadre("account", "invite", "Mia Lindgren", "--role", "owner", "--address", "http://localhost:9000/")

    assert re.fullmatch(r"http://localhost:9000/invite/[\w-]{43}\n", done.out)
    assert "For Mia Lindgren (owner) and nobody else: works once, until" in done.err
    assert cadre("account", "list").out.splitlines()[0].startswith("Nobody has an account yet")
    assert "Open link 1: Mia Lindgren (owner), by owner at this machine" in cadre("account", "list").out
    assert "Taken back: link 1." in cadre("account", "revoke", "1").out


def test_the_first_account_is_an_owners(root: Path, cadre: Any) -> None:
    done = cadre("account", "invite", "Ole", "--role", "manager")

    assert (2, True) == (done.code, "the first account is an owner's" in done.err)


def test_accounts_are_listed_and_changed_by_name_or_number(root: Path, cadre: Any) -> None:
    joined(root, cadre, "Mia", "owner")
    joined(root, cadre, "Ole", "technician")

    assert "Ole is manager now." in cadre("account", "role", "ole", "manager", "--reason", "leads now").out
    assert "Ole is switched off." in cadre("account", "off", "2", "--reason", "left").out
    assert "Ole is switched on." in cadre("account", "on", "2", "--reason", "is back").out
    assert "how it is already" in cadre("account", "link", "Ole", "--reason", "nobody").err
    assert "with a reason" in cadre("account", "off", "Ole").err
    assert "last owner" in cadre("account", "off", "Mia", "--reason", "left").err
    assert "no account has that name" in cadre("account", "off", "Kim", "--reason", "left").err
    assert "nobody on the staff fits" in cadre("account", "link", "Ole", "Somebody", "--reason", "x").err
    assert SERVED in cadre("account", "reset", "Ole").out

    told = cadre("account", "list", "--json").json()
    assert [("Mia", "owner"), ("Ole", "manager")] == [(a["name"], a["role"]) for a in told["accounts"]]
    assert [True] == [i["is_renewal"] for i in told["invitations"]]
    assert ["is back", "left", "leads now"] == [c["reason"] for c in told["changes"][:3]]


def test_a_command_acts_as_the_account_of_its_token(root: Path, cadre: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    joined(root, cadre, "Mia", "owner")
    joined(root, cadre, "Ole", "technician")
    ole = token(cadre, monkeypatch, "Ole", "--hours", "1").out.strip()
    mia = token(cadre, monkeypatch, "mia", "--json").json()

    refused = cadre("--as", ole, "account", "list")
    assert (2, True) == (refused.code, "a technician may not invite people" in refused.err)
    assert "that takes an owner or a manager" in cadre("--as", ole, "week", "--snooze", "x").err
    assert "Mia" in cadre("--as", mia["token"], "account", "list").out

    act_as("")
    monkeypatch.setenv("CADRE_TOKEN", ole)
    assert "a technician may not" in cadre("account", "list").err

    cadre("--as", mia["token"], "account", "off", "Ole", "--reason", "left")
    act_as("")
    assert "opens nothing" in cadre("week").err

    monkeypatch.delenv("CADRE_TOKEN")
    assert 0 == cadre("week").code
    decided = cadre("account", "list", "--json").json()["changes"][0]
    assert ("deactivated", "Mia") == (decided["what"], decided["decided_by"])


def test_a_token_asks_for_the_password(root: Path, cadre: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    joined(root, cadre, "Mia", "owner")
    wrong = [token(cadre, monkeypatch, name, password="wrong password here") for name in ("Mia", "Nobody")]

    assert [2, 2] == [done.code for done in wrong]
    assert wrong[0].err == wrong[1].err
    assert "Works until" in token(cadre, monkeypatch, "Mia").err


def test_a_stale_token_does_not_stand_in_the_way_of_a_new_one(
    root: Path, cadre: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    joined(root, cadre, "Mia", "owner")
    monkeypatch.setenv("CADRE_TOKEN", "cadre_stale")

    assert "opens nothing" in cadre("account", "list").err
    assert token(cadre, monkeypatch, "Mia").out.startswith("cadre_")
