"""Guards: loopback names only, same-origin forms only, strict headers; and decisions and themes through them."""

from typing import Any

import pytest

SAME = {"Origin": "http://127.0.0.1:8765", "Sec-Fetch-Site": "same-origin"}


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.1:8765", "localhost.evil.example", ""]
)
def test_a_foreign_host_name_is_refused(study: Any, host: str) -> None:
    assert study.get("/people", headers={"Host": host}).status_code == 403


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost:9000", "[::1]:8765", "LOCALHOST"])
def test_loopback_names_are_answered(study: Any, host: str) -> None:
    assert study.get("/style", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://127.0.0.1:8765", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_form_from_elsewhere_changes_nothing(fresh: Any, headers: dict[str, str]) -> None:
    item = fresh.get("/?format=json").json()["items"][0]["key"]
    answer = fresh.post("/week/decide", data={"item_key": item, "outcome": "snoozed"}, headers=headers)

    assert answer.status_code == 403
    assert fresh.get("/?format=json").json()["items"][0]["key"] == item


def test_a_matter_is_given_to_somebody_and_taken_back(fresh: Any) -> None:
    item = fresh.get("/?format=json").json()["items"][0]["key"]
    given = fresh.post("/week/decide", data={"item_key": item, "outcome": "assigned", "assignee": "Kim"}, headers=SAME)

    assert given.status_code == 200
    assert "with Kim" in given.text
    assert item not in [i["key"] for i in fresh.get("/?format=json").json()["items"]]

    fresh.post("/week/decide", data={"item_key": item, "outcome": "reopened"}, headers=SAME)

    assert item in [i["key"] for i in fresh.get("/?format=json").json()["items"]]


def test_nothing_needs_you_is_a_state_of_its_own(fresh: Any) -> None:
    for item in fresh.get("/?format=json").json()["items"]:
        told = {"item_key": item["key"], "outcome": "done", "reason": "looked at it"}
        fresh.post("/week/decide", data=told, headers=SAME)

    assert "Nothing needs you this week" in fresh.get("/").text


def test_a_matter_is_not_done_without_a_reason(fresh: Any) -> None:
    item = fresh.get("/?format=json").json()["items"][0]["key"]
    answer = fresh.post("/week/decide", data={"item_key": item, "outcome": "done"}, headers=SAME)

    assert answer.status_code == 400
    assert 'role="alert"' in answer.text


def test_headers_keep_the_page_to_itself(study: Any) -> None:
    headers = study.get("/people").headers

    assert headers["content-security-policy"].startswith("default-src 'self'")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == "no-store"


def test_a_theme_is_kept_and_the_way_back_stays_here(study: Any) -> None:
    answer = study.post(
        "/theme",
        data={"theme": "dark"},
        headers={**SAME, "Referer": "http://evil.example//other/x"},
        follow_redirects=False,
    )

    assert answer.status_code == 303
    assert answer.headers["location"] == "/other/x"
    assert "theme=dark" in answer.headers["set-cookie"]


def test_the_chosen_theme_is_on_the_page(study: Any) -> None:
    assert '<html lang="en" data-theme="dark">' in study.get("/style", headers={"Cookie": "theme=dark"}).text
    assert '<html lang="en" data-theme="auto">' in study.get("/style", headers={"Cookie": "theme=x"}).text


def test_the_week_is_a_calendar_file(study: Any) -> None:
    answer = study.get("/week.ics")

    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.text.startswith("BEGIN:VCALENDAR\r\n")
