"""The whole story of signing in, through the application with its guards, on a real database and a turned clock."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from argon2 import PasswordHasher
from fastapi.routing import APIRoute

from cadre.access import password as passwords
from cadre.access.principal import Principal
from cadre.config import create_workspace, load_settings
from cadre.reports.week.agenda import AgendaItem
from cadre.runtime import Runtime
from cadre.services.accounts.account import deactivate
from cadre.web import create_app
from cadre.web.pages import PAGES
from cadre.web.session import local_path
from cadre.web.view import environment
from tests.web.door import BASE, PASSWORD, SAME, Browser, House, TurnedClock

OPEN = {"/sign-in", "/sign-out", "/invite/{secret}", "/team-feedback/{secret}", "/theme"}


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    passwords._nobodys.cache_clear()
    create_workspace(tmp_path, name="Lindgren IT", purpose="study", invented=True, zone="Europe/Berlin")
    clock = TurnedClock()
    runtime = Runtime(tmp_path, load_settings(tmp_path), clock, Principal("owner at this machine", "owner"))
    yield House(runtime, clock, create_app(runtime))
    passwords._nobodys.cache_clear()


def test_without_accounts_whoever_sits_at_the_machine_is_the_owner(house: House) -> None:
    browser = house.browser()

    assert browser.name() == "owner at this machine"
    assert "made at the machine, never from a page" in browser.get("/accounts").text
    refused = browser.post("/accounts/invite", name="Mia", role="owner")
    assert (refused.status_code, "cadre account invite" in refused.text) == (403, True)
    assert browser.get("/sign-in").headers["location"] == "/"
    assert browser.post("/sign-in", name="x", password="y").headers["location"] == "/accounts"


def test_an_open_invitation_alone_closes_nothing(house: House) -> None:
    house.link("Mia Lindgren")

    assert house.browser().name() == "owner at this machine"


def test_the_whole_story_of_an_owner(house: House) -> None:
    path = house.link("Mia Lindgren")
    mia = house.browser()

    door = mia.get(path).text
    assert "Welcome, Mia Lindgren" in door
    assert "as an owner" in door
    assert "not the same" in mia.post(path, password=PASSWORD, again="another").text
    short = mia.post(path, password="short", again="short")
    assert (short.status_code, "at least 15 characters" in short.text) == (400, True)
    entered = mia.post(path, password=PASSWORD, again=PASSWORD)
    cookie = entered.headers["set-cookie"]
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    assert all(part in cookie for part in ("HttpOnly", "SameSite=lax", "Max-Age=86400", "Path=/"))
    assert "Secure" not in cookie
    assert mia.name() == "Mia Lindgren"

    assert house.browser().post(path, password=PASSWORD, again=PASSWORD).status_code == 404
    assert "used already" in house.browser().get(path).text

    assert mia.post("/sign-out").headers["location"] == "/sign-in"
    assert mia.get("/people?team=Desk").headers["location"] == "/sign-in?next=/people%3Fteam%3DDesk"
    assert mia.enter("mia lindgren", to="/people?team=Desk").headers["location"] == "/people?team=Desk"
    assert mia.name() == "Mia Lindgren"


def test_every_page_is_closed_unless_it_says_so(house: House) -> None:
    house.joined("Mia")
    closed = [r for page in PAGES if not page.is_open for r in page.router.routes if isinstance(r, APIRoute)]
    opened = {r.path for page in PAGES if page.is_open for r in page.router.routes if isinstance(r, APIRoute)}
    stranger = house.browser()
    for route in closed:
        path = re.sub(r"{[^}]+}", "x", route.path)
        for method in route.methods:
            answer = stranger.get(path) if method == "GET" else stranger.post(path)
            assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/sign-in"), path

    assert opened == OPEN
    assert len(closed) > 15


@pytest.mark.parametrize("path", ["/nowhere", "/sign-in", "/static/nothing.css"])
def test_a_stranger_sees_no_navigation(house: House, path: str) -> None:
    house.joined("Mia")

    assert 'aria-label="Parts"' not in house.browser().get(path).text


def test_somebody_signed_in_keeps_the_navigation_on_a_page_that_is_not_there(house: House) -> None:
    answer = house.joined("Mia").get("/nowhere")

    assert (answer.status_code, 'aria-label="Parts"' in answer.text) == (404, True)


def test_a_program_is_told_and_not_led_to_a_form(house: House) -> None:
    house.joined("Mia")
    stranger = house.browser()
    answers = [
        stranger.get("/people?format=json"),
        stranger.get("/people", headers={"Authorization": "Bearer cadre_nonsense"}),
        stranger.get("/people", headers={"Authorization": "Basic bWlhOm1pYQ=="}),
    ]

    assert [401] * 3 == [a.status_code for a in answers]
    assert ["Bearer"] * 3 == [a.headers["www-authenticate"] for a in answers]
    assert all(set(a.json()) == {"error", "hint"} for a in answers)


def test_a_panel_that_met_a_closed_door_leads_the_whole_page_there(house: House) -> None:
    house.joined("Mia")
    told = {"HX-Request": "true", "HX-Target": "panel-body", "HX-Current-URL": f"{BASE}/people"}
    answer = house.browser().get("/signals/peer_answer_share", headers=told)

    assert (401, "/sign-in?next=/people") == (answer.status_code, answer.headers["hx-redirect"])


def test_a_token_reads_as_json_what_its_owner_may_read(house: House) -> None:
    mia, ole = house.joined("Mia"), house.joined("Ole", "technician")
    tokens = []
    for browser in (mia, ole):
        made = browser.post("/account/token", name="weekly sheet", hours="2").text
        tokens.append(re.findall(r">(cadre_[\w-]+)</code>", made)[0])
    bare = house.browser()
    told = [{"Authorization": f"Bearer {token}"} for token in tokens]

    assert bare.get("/accounts?format=json", headers=told[0]).json()["accounts"][0]["name"] == "Mia"
    refused = bare.get("/accounts?format=json", headers=told[1])
    assert (refused.status_code, refused.json()["error"]) == (
        403,
        "a technician may not invite people or change accounts: that takes an owner",
    )
    assert "weekly sheet" in mia.get("/account").text
    assert tokens[0] not in mia.get("/account").text

    house.clock.at += timedelta(hours=2)

    assert bare.get("/accounts?format=json", headers=told[0]).status_code == 401


def test_one_makes_a_token_on_ones_own_page_and_ends_it_and_it_says_who_did(house: House) -> None:
    mia = house.joined("Mia")
    made = mia.post("/account/token", name="weekly sheet", hours="2").text
    told = {"Authorization": f"Bearer {re.findall(r'>(cadre_[^<]+)</code>', made)[0]}"}
    number = re.findall(r'name="token_id" value="(\d+)"', mia.get("/account").text)[0]
    foreign = {"Origin": "http://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    forged = mia._asked("POST", "/account/token/end", data={"token_id": number}, headers=foreign).status_code
    minted = house.browser()._asked("POST", "/account/token", data={"name": "x"}, headers=told | SAME)
    before = house.browser().get("/people?format=json", headers=told).status_code
    mia.post("/account/token/end", token_id=number)
    page = mia.get("/account").text

    assert (403, 403, 200) == (forged, minted.status_code, before)
    assert "token reads over the web, it changes nothing" in minted.text
    assert 401 == house.browser().get("/people?format=json", headers=told).status_code
    assert re.search(r"Token: weekly sheet</th><td[^>]*>you</td>", page)


def test_a_wrong_token_is_not_helped_by_a_good_cookie(house: House) -> None:
    answer = house.joined("Mia").get("/people", headers={"Authorization": "Bearer cadre_nonsense"})

    assert answer.status_code == 401


def test_a_session_ends_by_itself_and_the_door_says_why(house: House) -> None:
    mia = house.joined("Mia")
    house.clock.at += timedelta(minutes=61)
    sent = mia.get("/people")

    assert sent.headers["location"] == "/sign-in?next=/people"
    assert "Your session is over" in mia.get("/sign-in?next=/people").text
    assert "Your session is over" not in house.browser().get("/sign-in").text


def test_one_answer_for_all_that_does_not_fit_then_a_wait(house: House) -> None:
    house.joined("Mia")
    browser = house.browser()
    told = [browser.enter(name, "wrong password here") for name in ("Mia", "Nobody")]

    assert [401, 401] == [a.status_code for a in told]
    assert told[0].text == told[1].text.replace("Nobody", "Mia")

    for _ in range(4):
        browser.enter("Mia", "wrong password here")
    waits = browser.enter("Mia")

    assert (429, "2") == (waits.status_code, waits.headers["retry-after"])
    assert browser.name() is None


def test_signing_in_makes_a_new_session_and_ends_the_one_before(house: House) -> None:
    mia = house.joined("Mia")
    stolen = Browser(house.app, cookies=httpx.Cookies(mia.cookies))
    mia.enter("Mia")

    assert ("Mia", None) == (mia.name(), stolen.name())


def test_sessions_are_listed_told_apart_and_ended(house: House) -> None:
    mia = house.joined("Mia")
    away = house.browser()
    away.enter("Mia")
    page = mia.get("/account").text

    assert (page.count("this one"), page.count("End it")) == (1, 1)
    ended = re.findall(r'name="session_id" value="(\d+)"', page)
    assert mia.post("/account/session/end", session_id=ended[0]).status_code == 303
    assert (mia.name(), away.name()) == ("Mia", None)


def test_a_switched_off_account_is_out_at_once(house: House) -> None:
    house.joined("Mia")
    ole = house.joined("Ole", "manager")
    before = ole.name()
    deactivate(house.runtime.principal, house.runtime.work(), house.clock, account_id=2, reason="left the firm")

    assert (before, ole.name()) == ("Ole", None)
    assert ole.enter("Ole").status_code == 401


def test_an_owner_invites_and_changes_from_the_page_and_nobody_else_does(house: House) -> None:
    mia = house.joined("Mia")
    shown = mia.post("/accounts/invite", name="Ole", role="technician")
    address = re.findall(r">(http://127.0.0.1:8765/invite/[\w-]+)</code>", shown.text)[0]
    ole = house.browser()
    ole.post(address.removeprefix(BASE), password=PASSWORD, again=PASSWORD)

    assert address not in mia.get("/accounts").text
    assert ole.name() == "Ole"
    refused = [ole.get("/accounts"), ole.post("/accounts/invite", name="Kim", role="owner")]
    assert [403, 403] == [r.status_code for r in refused]
    assert "that takes an owner" in refused[0].text
    decided = ole.post("/week/decide", item_key="x", outcome="snoozed")
    assert (403, True) == (decided.status_code, "that takes an owner or a manager" in decided.text)
    joined = ole.post("/record/identity", verdict="join", account_id="a", person_id="p")
    assert joined.status_code == 403

    assert mia.post("/accounts/change", account_id="2", what="role", role="manager", reason="leads now").is_redirect
    assert ole.post("/week/decide", item_key="x", outcome="snoozed").is_redirect
    page = mia.get("/accounts").text
    assert "technician, now manager" in page
    assert "leads now" in page


def test_an_invitation_is_taken_back_from_the_page(house: House) -> None:
    mia = house.joined("Mia")
    shown = mia.post("/accounts/invite", name="Ole", role="manager").text
    path = re.findall(rf">{BASE}(/invite/[\w-]+)</code>", shown)[0]
    number = re.findall(r'name="invitation_id" value="(\d+)"', shown)[0]
    mia.post("/accounts/revoke", invitation_id=number)

    assert "taken back" in house.browser().get(path).text


def test_a_new_password_from_the_page_and_from_a_link(house: House) -> None:
    mia = house.joined("Mia")
    mia.post("/account/password", current=PASSWORD, password="ferry canvas moss", again="ferry canvas moss")

    assert mia.name() == "Mia"
    assert house.browser().enter("Mia").status_code == 401
    shown = mia.post("/accounts/link", account_id="1").text
    path = re.findall(rf">{BASE}(/invite/[\w-]+)</code>", shown)[0]
    assert "A new password for Mia" in house.browser().get(path).text
    house.browser().post(path, password=PASSWORD, again=PASSWORD)

    assert mia.name() is None
    assert mia.enter("Mia").status_code == 303


def test_the_cookie_is_secure_where_the_page_is(house: House) -> None:
    path = house.link("Mia")
    entered = Browser(house.app, base="https://127.0.0.1:8765").post(path, password=PASSWORD, again=PASSWORD)

    assert "Secure" in entered.headers["set-cookie"]


def test_a_form_from_elsewhere_signs_nobody_in_or_out(house: House) -> None:
    mia = house.joined("Mia")
    foreign = Browser(house.app, cookies=mia.cookies)
    told = {"data": {"name": "Mia", "password": PASSWORD}, "headers": {"Origin": "https://evil.example"}}
    answers = [foreign._asked("POST", path, **told) for path in ("/sign-out", "/sign-in", "/accounts/invite")]

    assert [403] * 3 == [a.status_code for a in answers]
    assert mia.name() == "Mia"


@pytest.mark.parametrize(
    ("told", "path"),
    [
        ("/people?team=Desk", "/people?team=Desk"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("/a\\b", "/"),
        ("/a\r\nSet-Cookie: x=y", "/"),
        ("javascript:alert(1)", "/"),
        ("/sign-in?next=/sign-in", "/"),
        ("", "/"),
    ],
)
def test_the_way_back_never_leaves_these_pages(told: str, path: str) -> None:
    assert path == local_path(told)


def test_who_may_not_decide_is_offered_no_decision(house: House) -> None:
    item = AgendaItem("stale", "style:x", "The ticket system told nothing", "Work counts for nobody", "/record", 1, 5,
                      "Load it", 50)  # fmt: skip
    matter = environment().get_template("_item.html").module.matter

    assert ["Snooze" in matter(item, 1), "Snooze" in matter(item, 1, False)] == [True, False]


def test_two_workspaces_on_one_machine_do_not_sign_each_other_out(house: House, tmp_path: Path) -> None:
    create_workspace(tmp_path / "other", name="Other IT", purpose="study", zone="Europe/Berlin")
    runtime = Runtime(tmp_path / "other", house.runtime.settings, house.clock, house.runtime.principal)
    other = House(runtime, house.clock, create_app(runtime))
    mia = house.joined("Mia")
    both = Browser(other.app, cookies=mia.cookies)
    both.post(other.link("Kim"), password=PASSWORD, again=PASSWORD)
    mia.cookies = both.cookies

    assert ("Mia", "Kim") == (mia.name(), both.name())
