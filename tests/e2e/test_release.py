"""From notice to what a lead sees, in a real browser, by people with different rights; each refused what is not theirs."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from cadre.config import load_settings
from cadre.reports.roster import staff
from cadre.runtime import Runtime
from cadre.services.accounts.invite import invite
from cadre.web import create_app
from tests.conftest import NOW
from tests.e2e.conftest import fresh_page
from tests.services.door import TurnedClock
from tests.serving import serving

pytestmark = pytest.mark.browser
PASSWORD = "lamp orbit thistle"
SIGNAL = "adjusted_speed"


@dataclass
class Firm:
    """The demo's people as a firm's own, served, with a clock that can be turned."""

    runtime: Runtime
    clock: TurnedClock
    address: str
    person: str
    name: str
    lead: str
    lead_name: str


@pytest.fixture
def firm(demo: Runtime, tmp_path: Path) -> Iterator[Firm]:
    root = Path(shutil.copytree(demo.root, tmp_path / "firm"))
    settled = root / "cadre.toml"
    settled.write_text(settled.read_text("utf-8").replace('purpose = "study"', 'purpose = "firm"'), "utf-8")
    clock = TurnedClock(NOW)
    runtime = Runtime(root, load_settings(root), clock, demo.principal)
    with runtime.snapshot() as record:
        names = {s.person_id: s.name for s in staff(record)}
        people = record.rows(record.table("people").select("person_id", "lead_person_id"))
        values = record.table("signal_values")
        seen = {r["person_id"] for r in record.rows(values.filter((values.signal == SIGNAL) & values.value.notnull()))}
    leads = {p["person_id"]: p["lead_person_id"] for p in people if p["lead_person_id"] in names}
    # Names that nobody else bears, so that the story can be told by name.
    bears = list(names.values())
    person = next(p for p in sorted(leads) if p in seen and bears.count(names[p]) == bears.count(names[leads[p]]) == 1)
    with serving(create_app(runtime)) as address:
        yield Firm(runtime, clock, address, person, names[person], leads[person], names[leads[person]])


def _joins(firm: Firm, browser: Browser, name: str, role: str, person_id: str | None = None) -> Page:
    run = firm.runtime
    told = invite(run.principal, run.work(), run.clock, run.warehouse, name=name, role=role, person_id=person_id)
    page = fresh_page(browser)
    page.goto(firm.address + told.path)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    page.get_by_role("button", name="Make my account").click()
    expect(page).to_have_url(f"{firm.address}/")
    return page


def test_notice_my_page_contest_answer_and_what_the_lead_sees(firm: Firm, browser: Browser, page: Page) -> None:
    about = f"{firm.address}/people/{firm.person}"
    page.goto(f"{firm.address}/notice")
    text = page.get_by_label("Text").input_value()
    page.get_by_label("Text").fill(text.replace("[Name, and how to reach them]", "Olga, room 2"))
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_role("button", name="Deliver to").click()
    expect(page.get_by_role("button", name="Deliver to")).to_have_count(0)  # a heading says the same before and after
    page.goto(about)
    expect(page.get_by_label("Withheld")).to_be_visible()

    _joins(firm, browser, "Olga Owner", "owner").context.close()
    own = _joins(firm, browser, firm.name, "technician", firm.person)
    own.get_by_role("link", name="My page").click()
    own.get_by_role("button", name="I have read this").click()
    expect(own.get_by_text("You confirmed version 1")).to_be_visible()
    own.goto(f"{about}/evidence/{SIGNAL}")
    own.get_by_text("This is wrong").first.click()
    own.get_by_label("What is wrong with it").first.fill("My colleague closed it under my name.")
    own.get_by_role("button", name="Contest it").first.click()
    expect(own.locator("#contests")).to_contain_text("shown with and without it until then")
    own.goto(f"{about}/evidence/{SIGNAL}")
    expect(own.get_by_text("You contest a row, and it is not answered yet")).to_be_visible()
    own.goto(f"{firm.address}/contests")
    expect(own.get_by_role("alert")).to_contain_text("may not look at contests")

    reviewer = _joins(firm, browser, "Rita Review", "reviewer")
    reviewer.goto(about)
    expect(reviewer.get_by_label("Withheld")).to_contain_text("You ask as reviewer")
    reviewer.goto(f"{firm.address}/contests")
    expect(reviewer.get_by_text("My colleague closed it under my name.")).to_be_visible()
    reviewer.get_by_label("Your reason").fill("The handover says so, too.")
    reviewer.get_by_role("button", name="Leave the row out").click()
    expect(reviewer.get_by_role("heading", level=1)).to_have_text("Every contest is answered")
    own.goto(f"{firm.address}/me")
    expect(own.locator("#contests")).to_contain_text("left out from the next refresh on: The handover says so, too.")
    own.context.close()

    firm.clock.at += timedelta(days=14)
    lead = _joins(firm, browser, firm.lead_name, "manager", firm.lead)
    lead.goto(f"{about}?purpose=pay")
    expect(lead.get_by_label("Withheld")).to_contain_text("not opened for pay, discipline or dismissal")
    lead.goto(about)
    expect(lead.get_by_role("heading", name="What was seen")).to_be_visible()
    lead.goto(f"{firm.address}/reviews/{firm.person}")
    expect(lead.get_by_role("heading", name="It would not be blind")).to_be_visible()
    lead.context.close()
    reviewer.context.close()
