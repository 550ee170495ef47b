"""A seat from opening to outcome, in a real browser: the sheet, the decision, the date a year on, each refused what is not theirs."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from cadre.documents.seat import seat_pdf
from cadre.runtime import Runtime
from cadre.services.accounts.invite import invite
from cadre.web import create_app
from tests.e2e.conftest import fresh_page, too_wide
from tests.seat_firm import NOW, build, keys, tell
from tests.services.door import TurnedClock
from tests.serving import serving

pytestmark = pytest.mark.browser
PASSWORD = "lamp orbit thistle"


@dataclass
class Firm:
    runtime: Runtime
    clock: TurnedClock
    address: str


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Firm]:
    clock = TurnedClock(NOW)
    runtime = replace(build(tmp_path, purpose="firm"), clock=clock)
    pages = create_app(runtime, papers={"seat": seat_pdf})
    with serving(pages) as address:
        yield Firm(runtime, clock, address)


def _joins(firm: Firm, browser: Browser, name: str, role: str) -> Page:
    run = firm.runtime
    told = invite(run.principal, run.work(), run.clock, run.warehouse, name=name, role=role)
    page = fresh_page(browser)
    page.goto(firm.address + told.path)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    page.get_by_role("button", name="Make my account").click()
    expect(page).to_have_url(f"{firm.address}/")
    return page


def test_from_an_open_seat_to_how_it_went(firm: Firm, browser: Browser) -> None:
    sheet = f"{firm.address}/seats/desk-lead"
    owner = _joins(firm, browser, "Olga", "owner")
    manager, technician = _joins(firm, browser, "Mo", "manager"), _joins(firm, browser, "Tim", "technician")

    owner.goto(f"{firm.address}/seats")
    owner.get_by_label("Name").fill("Desk lead")
    owner.get_by_label("Team").select_option(label="Service desk")
    owner.get_by_label("Hands-on work it keeps").fill("40")
    owner.get_by_role("button", name="Open", exact=True).click()
    expect(owner).to_have_url(sheet)
    expect(owner.get_by_role("heading", level=1)).to_have_text("Nobody can be shown for this seat yet")
    expect(owner.get_by_label("Withheld")).to_contain_text("until they were told")

    tell(firm.runtime, *(key for name, key in keys(firm.runtime).items() if name != "Lea Lead"))
    owner.goto(sheet)
    expect(owner.get_by_role("heading", level=1)).to_have_text("These people cannot be told apart")
    with owner.expect_download() as given:
        owner.get_by_role("link", name="Two pages, PDF").click()
    assert Path(given.value.path()).read_bytes().startswith(b"%PDF-")
    for other in (manager, technician):
        other.goto(sheet)
        expect(other.get_by_label("Withheld")).to_contain_text("Candidates for a seat are for the owner")
        expect(other.locator("main")).not_to_contain_text("Hana Kim")
        expect(other.get_by_role("button", name="Record the decision")).to_have_count(0)

    owner.get_by_label("Who takes it").select_option(label="Hana Kim")
    owner.get_by_label("Why").fill("The desk asked for her")
    owner.get_by_role("button", name="Record the decision").click()
    expect(owner.locator("#decision")).to_contain_text("The desk asked for her")
    expect(owner.locator("#decision")).to_contain_text("4 May 2027")

    firm.clock.at += timedelta(days=370)
    technician.context.clear_cookies()
    for page in (owner, manager):
        page.goto(firm.address)
        page.get_by_label("Name").fill("Olga" if page is owner else "Mo")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
    expect(manager.locator("main")).to_contain_text("Desk lead was filled 12 months ago")
    manager.goto(f"{sheet}/outcome/12")
    manager.get_by_label("People in the team, without the lead").fill("5")
    manager.get_by_role("button", name="Make links").click()
    expect(manager.locator(".once code")).to_have_count(5)
    links = manager.locator(".once code").all_inner_texts()
    for link in links:
        member = fresh_page(browser, viewport={"width": 390, "height": 844})
        member.goto(link)
        _answers(member)
        member.get_by_role("button", name="Send").click()
        expect(member.get_by_role("heading", level=1)).to_contain_text("Your answers are in")
        member.context.close()
    _answers(manager)
    manager.get_by_role("button", name="Record it").click()

    expect(manager.get_by_role("heading", level=1)).to_have_text("It went well, 12 months on")
    technician.goto(f"{sheet}/outcome/12")
    expect(technician.locator("body")).not_to_contain_text("It went well")


def _answers(page: Page) -> None:
    for group in page.locator("fieldset.ask").all():
        group.get_by_label("Mostly").check()


def test_the_sheet_fits_its_width(page: Page, firm: Firm) -> None:
    tell(firm.runtime, *(key for name, key in keys(firm.runtime).items() if name != "Lea Lead"))
    faults: list[str] = []
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    page.goto(f"{firm.address}/seats")
    page.get_by_label("Name").fill("Desk lead")
    page.get_by_role("button", name="Open", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("These people cannot be told apart")
    assert ([], []) == (too_wide(page), faults)
