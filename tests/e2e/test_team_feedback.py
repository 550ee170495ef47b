"""A team answers about its lead on a phone: without a name over it, without a script, once, with room for a thumb."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from cadre.clock import FixedClock
from cadre.services.people.lead_outcome import hand_out
from cadre.services.people.seat import decide_seat, open_seat
from cadre.web import create_app
from tests.e2e.conftest import THEMES, fresh_page
from tests.seat_firm import NOW, OWNER, build, keys
from tests.serving import serving

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def links(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """Links of a team of a seat filled a year ago, served."""
    runtime = build(Path(tmp_path_factory.mktemp("team")))
    open_seat(OWNER, runtime.work(), runtime.clock, name="Desk lead")
    made = decide_seat(OWNER, runtime.work(), runtime.clock, runtime.warehouse, key="desk-lead",
                       person_id=keys(runtime)["Hana Kim"], reason="x")  # fmt: skip
    assert made.id is not None
    paths = hand_out(OWNER, runtime.work(), runtime.clock, decision_id=made.id, months=12, count=5)
    pages = create_app(replace(runtime, clock=FixedClock(NOW + timedelta(days=400))))
    with serving(pages) as address:
        yield [f"{address}{path}" for path in paths]


def _phone(browser: Browser, link: str, *, script: bool = True) -> Page:
    page = fresh_page(browser, viewport=PHONE, has_touch=True, is_mobile=True, java_script_enabled=script)
    page.goto(link)
    return page


def test_it_is_answered_once_without_a_script_or_a_name(links: list[str], browser: Browser) -> None:
    member = _phone(browser, links[0], script=False)
    expect(member.locator(".kicker")).to_have_text("Desk lead, 12 months on")
    expect(member.locator("body")).not_to_contain_text("owner at this machine")
    expect(member.locator("body")).not_to_contain_text("Hana")
    for group in member.locator("fieldset.ask").all():
        group.get_by_label("Mostly").check()
    member.get_by_role("button", name="Send").click()
    expect(member.get_by_role("heading", level=1)).to_have_text("Thank you. Your answers are in")
    member.goto(links[0])
    expect(member.locator("main")).to_contain_text("This link was used already")
    expect(member.get_by_role("link", name="Go to This week")).to_have_count(0)
    member.context.close()


def test_it_fits_a_phone_and_a_thumb_and_asks_for_what_is_missing(links: list[str], browser: Browser) -> None:
    member = _phone(browser, links[1])
    shown = []
    for theme in THEMES:
        member.emulate_media(color_scheme=theme)
        wide = member.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        tall = member.eval_on_selector_all(".steps-row label", "all => all.map(e => e.getBoundingClientRect().height)")
        shown.append((wide, len(tall), min(tall) >= 44))
    member.locator("fieldset.ask").first.get_by_label("I have not seen it").check()
    member.get_by_role("button", name="Send").click()
    missing = member.locator("fieldset.ask").nth(1).locator("input").first

    assert [(0, 24, True)] * len(THEMES) == shown
    assert missing.evaluate("e => e.validity.valueMissing && e === document.activeElement")
    expect(member.get_by_role("heading", level=1)).to_have_text("What do you see your lead do?")
    member.context.close()
