"""Signing in as people do: a link from the machine, a password, an invitation from the page, out and in again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from cadre.config import create_workspace
from cadre.runtime import Runtime, open_runtime
from cadre.services.accounts.invite import invite
from cadre.web import create_app
from tests.e2e.conftest import fresh_page
from tests.serving import serving

pytestmark = pytest.mark.browser
PASSWORD = "lamp orbit thistle"


@pytest.fixture
def firm(tmp_path: Path) -> Runtime:
    create_workspace(tmp_path, name="Lindgren IT", purpose="study", zone="Europe/Berlin")
    return open_runtime(tmp_path)


@pytest.fixture
def served(firm: Runtime) -> Iterator[str]:
    with serving(create_app(firm)) as address:
        yield address


def _accept(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    page.get_by_role("button", name="Make my account").click()


def test_an_owner_lets_a_colleague_in_who_is_refused_what_is_not_theirs(
    firm: Runtime, served: str, browser: Browser, page: Page
) -> None:
    page.goto(served)
    expect(page.get_by_role("link", name="owner at this machine")).to_be_visible()
    told = invite(firm.principal, firm.work(), firm.clock, firm.warehouse, name="Mia Lindgren", role="owner")
    _accept(page, served + told.path)
    expect(page).to_have_url(f"{served}/")
    expect(page.get_by_role("link", name="Mia Lindgren")).to_be_visible()

    page.get_by_role("link", name="Accounts").click()
    page.get_by_label("Name").fill("Ole Brandt")
    page.get_by_role("button", name="Make the link").click()
    link = page.get_by_label("Link", exact=True).inner_text()

    colleague = fresh_page(browser)
    _accept(colleague, link)
    expect(colleague.get_by_role("link", name="Ole Brandt")).to_be_visible()
    expect(colleague.get_by_role("link", name="Accounts")).to_have_count(0)
    colleague.goto(f"{served}/accounts")
    expect(colleague.get_by_role("alert")).to_contain_text("that takes an owner")

    page.goto(f"{served}/accounts")
    page.locator("tr", has_text="Ole Brandt").get_by_text("Change").click()
    page.locator("tr", has_text="Ole Brandt").locator("form", has_text="Switch off").get_by_label("Why").fill("left")
    page.get_by_role("button", name="Switch off").last.click()
    expect(page.locator("tr", has_text="Ole Brandt")).to_contain_text("switched off")
    colleague.goto(f"{served}/people")
    expect(colleague.get_by_role("heading", name="Sign in to Lindgren IT")).to_be_visible()
    colleague.context.close()


def test_out_and_in_again_leads_back_to_where_one_was(firm: Runtime, served: str, page: Page) -> None:
    told = invite(firm.principal, firm.work(), firm.clock, firm.warehouse, name="Mia Lindgren", role="owner")
    _accept(page, served + told.path)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign out")).to_have_count(0)
    page.goto(f"{served}/coverage")
    page.get_by_label("Name").fill("mia lindgren")
    page.get_by_label("Password").fill("something else")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("do not fit an account")
    expect(page.get_by_label("Password")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    expect(page).to_have_url(f"{served}/coverage")
    assert [("cadre_session_", True, "Lax")] == [
        (c["name"][:14], c["httpOnly"], c["sameSite"]) for c in page.context.cookies()
    ]
