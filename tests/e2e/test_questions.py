"""Each question of `docs/questions.md` is answered within two clicks of home, or says what is not built yet."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
TABLE = Path(__file__).parents[2] / "docs" / "questions.md"
WHO = ("owner", "technician", "account manager")


def questions() -> list[tuple[str, str, str, str]]:
    rows = [line.strip("| \n").split(" | ") for line in TABLE.read_text("utf-8").splitlines() if line.startswith("| ")]
    return [(who, asked, path, found) for who, asked, path, found in rows if who in WHO]


ANSWERED = [row for row in questions() if row[2] != "not built yet"]


def test_each_of_the_three_asks_ten_questions() -> None:
    asked = [who for who, _, _, _ in questions()]

    assert [10, 10, 10] == [asked.count(who) for who in WHO]
    assert all(found for _, _, _, found in questions())


def link(page: Page, address: str, pattern: str) -> None:
    """Click the first visible link to a path; `{...}` stands for any part of it."""
    parts = [re.escape(part) for part in re.split(r"\{[^}]*\}", pattern)]
    wanted = re.compile("^" + "[^?#]+".join(parts) + r"([?#].*)?$")
    for each in page.locator("a[href]").all():
        href = each.get_attribute("href") or ""
        if wanted.match(href) and each.is_visible():
            is_opened_beside = each.get_attribute("hx-get") is not None
            each.click()
            if not is_opened_beside:
                page.wait_for_url(lambda url: bool(wanted.match(url.removeprefix(address))))
            return
    raise AssertionError(f"no visible link to {pattern} on {page.url}")


@pytest.mark.parametrize(("who", "asked", "path", "found"), ANSWERED, ids=[f"{r[0]}: {r[1]}" for r in ANSWERED])
def test_a_question_is_answered_within_two_clicks(
    page: Page, address: str, who: str, asked: str, path: str, found: str
) -> None:
    clicks = [step.strip(" `") for step in path.split(">")]
    assert len(clicks) <= 2
    page.goto(address)
    for click in clicks:
        if click != "/":
            link(page, address, click)

    expect(page.get_by_text(found).locator("visible=true").first).to_be_visible()
