"""Every page, as somebody sees it: both themes, desk and phone, without a script error or an outside request."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import fresh_page, too_wide

pytestmark = pytest.mark.browser
PATHS = ("/", "/people", "/flags", "/teams", "/signals", "/coverage", "/govern", "/record", "/style")


def first_person(page: Page, address: str) -> str:
    page.goto(f"{address}/people")
    href = page.locator("main a[href^='/people/']").first.get_attribute("href")
    assert href
    return href


def test_every_page_fits_its_width_and_asks_nothing_of_the_outside(page: Page, address: str) -> None:
    faults: list[str] = []
    asked: list[str] = []
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: faults.append(str(e)))
    page.on("request", lambda r: asked.append(r.url))
    for path in (*PATHS, first_person(page, address)):
        answer = page.goto(f"{address}{path}")

        assert answer is not None
        assert 200 == answer.status, path
        assert 1 == page.locator("h1").count(), path
        expect(page.get_by_text("Study: invented data").first).to_be_visible()
        assert [] == too_wide(page), path
    assert [] == faults
    assert [] == [url for url in asked if not url.startswith((address, "data:"))]


def test_a_number_opens_its_rows_in_one_click_and_closes_with_escape(page: Page, address: str) -> None:
    page.goto(f"{address}{first_person(page, address)}")
    page.locator("main a[href*='/evidence/'], main a[hx-get*='evidence']").first.click()

    panel = page.get_by_role("dialog").or_(page.locator("#panel"))
    expect(panel.first).to_be_visible()
    expect(panel.first).to_contain_text(re.compile(r"rows"))
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_without_a_script_the_same_link_is_a_page(browser: Browser, address: str) -> None:
    page = fresh_page(browser, java_script_enabled=False)
    page.goto(f"{address}{first_person(page, address)}")
    page.locator("main a[href*='evidence']").first.click()

    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("table tbody tr").first).to_be_visible()
    page.context.close()


def decide(page: Page, button: Locator) -> None:
    """Press a button that posts, and wait for the page that follows; a join computes everything anew first."""
    with page.expect_navigation(timeout=120_000):
        button.click()


def test_an_item_of_the_week_is_put_off_and_taken_back(page: Page, address: str) -> None:
    page.goto(address)
    items = page.locator("main ol > li, main article")
    before = page.get_by_role("button", name="Snooze a week").count()
    assert before >= 1
    assert items.count() >= 1

    decide(page, page.get_by_role("button", name="Snooze a week").first)

    expect(page.get_by_role("button", name="Snooze a week")).to_have_count(before - 1)
    page.get_by_text("snoozed, assigned or done").click()
    decide(page, page.get_by_role("button", name="Take back").first)
    expect(page.get_by_role("button", name="Snooze a week")).to_have_count(before)


def test_the_readme_shows_what_the_browser_sees(page: Page, address: str) -> None:
    page.goto(f"{address}{first_person(page, address)}")
    picture = page.screenshot()

    assert picture.startswith(b"\x89PNG")
    if folder := os.environ.get("CADRE_PICTURES"):
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        (target / "person.png").write_bytes(picture)
        page.goto(f"{address}/people")
        page.screenshot(path=target / "people.png")
        page.goto(address)
        page.screenshot(path=target / "week.png")


def test_a_doubtful_join_is_decided_and_taken_back(page: Page, address: str) -> None:
    page.goto(f"{address}/record")
    before = page.get_by_role("button", name="Two people").count()
    assert before >= 1

    decide(page, page.get_by_role("button", name="Two people").first)

    expect(page.get_by_role("button", name="Two people")).to_have_count(before - 1)
    page.get_by_text("about who is who").click()
    decide(page, page.get_by_role("button", name="Take back").first)
    expect(page.get_by_role("button", name="Two people")).to_have_count(before)


def test_a_table_shows_the_columns_one_chooses_and_copies_what_it_shows(browser: Browser, address: str) -> None:
    page = fresh_page(browser, permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{address}/people")
    page.locator(".columns summary").click()
    page.get_by_label("Collaboration", exact=True).uncheck()
    page.reload()

    expect(page.locator(".columns summary")).to_have_text(re.compile(r"Columns: \d of \d"))
    expect(page.locator("td[data-head='Collaboration']").first).to_be_hidden()

    page.get_by_role("button", name="Copy").click()
    expect(page.locator(".tools [role=status]")).to_have_text(re.compile("rows copied"))
    head, first, *_ = page.evaluate("navigator.clipboard.readText()").split("\n")
    page.context.close()

    assert ["Person", "Craft", "Measured", "Seen share", "workspace"] == head.split("\t")
    assert first.endswith("\tStudy: invented data")
    assert re.search(r"\(.+ to .+, n = [\d,]+\)|not enough evidence|not measured", first)


def test_a_link_into_what_is_folded_opens_it_and_paper_shows_all(page: Page, address: str) -> None:
    person = first_person(page, address)
    page.goto(f"{address}{person}")
    folded = page.locator(".family > details .finding")
    key = folded.first.get_attribute("id")
    expect(folded.first).to_be_hidden()
    page.goto(f"{address}{person}#{key}")
    page.reload()
    expect(folded.first).to_be_visible()

    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    shut = page.locator(".family > details:not([open])").count()
    page.evaluate("dispatchEvent(new Event('afterprint'))")

    assert 0 == shut
