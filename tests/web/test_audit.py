"""The page of the audit log: bad news first, what was decided readable, a checkpoint to take away; owners alone."""

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cadre.access.principal import Principal
from cadre.audit.verify import read_checkpoint
from cadre.config import create_workspace, load_settings
from cadre.runtime import Runtime
from cadre.services.actor import happened
from cadre.web import create_app
from tests.conftest import NOW
from tests.services.door import AT_MACHINE, TurnedClock
from tests.web.conftest import Asked

HOME = {"Origin": "http://127.0.0.1:8765"}


@pytest.fixture
def runtime(tmp_path: Path) -> Runtime:
    root = tmp_path / "workspace"
    create_workspace(root, name="Lindgren IT", purpose="study", invented=True, zone="Europe/Berlin")
    made = Runtime(root, load_settings(root), TurnedClock(NOW), AT_MACHINE)
    with made.work() as work:
        work.record(happened(AT_MACHINE, made.clock, "notice:delivered", "notice:1", about=["p_ann"]))
        work.record(happened("account:7", made.clock, "agenda:decided", client_id="c_1", outcome="done"))
        work.commit()
    return made


@pytest.fixture
def pages(runtime: Runtime) -> Asked:
    return Asked(create_app(runtime))


def test_what_was_decided_is_read_in_words_the_newest_first(pages: Asked) -> None:
    page = pages.get("/audit").text

    assert "3 events on record" not in page  # nothing is signed yet, and that comes first
    assert "3 events could be cut off unseen" in page
    assert (
        page.index("A matter of the week was snoozed")
        < page.index("A person got the notice")
        < page.index("The log began")
    )
    assert ("account:7" in page, "outcome: done" in page, "Nothing is signed yet" in page) == (True, True, True)


def test_events_are_found_by_client_subject_actor_and_person(pages: Asked) -> None:
    def found(question: str) -> list[str]:
        return [row["kind"] for row in pages.get(f"/audit?{question}&format=json").json()["rows"]]

    assert [
        ["agenda:decided"],
        ["notice:delivered"],
        ["agenda:decided"],
        ["notice:delivered"],
        ["log:started"],
        [],
    ] == [
        found(each)
        for each in ("client=c_1", "subject=notice", "actor=account:7", "person=p_ann", "before=1", "actor=x")
    ]
    assert "No such event" in pages.get("/audit?actor=x").text


def test_a_checkpoint_is_a_file_and_the_page_says_how_old_it_is(pages: Asked, runtime: Runtime) -> None:
    note = pages.post("/audit/checkpoint", headers=HOME)
    page = pages.get("/audit").text

    assert ("attachment" in note.headers["content-disposition"], 3) == (True, read_checkpoint(note.text).size)
    assert ("3 events on record" in page, "Nothing came since" in page) == (True, True)

    assert isinstance(runtime.clock, TurnedClock)
    runtime.clock.at += timedelta(days=2)
    with runtime.work() as work:
        work.record(happened(AT_MACHINE, runtime.clock, "agenda:decided"))
        work.commit()

    assert "1 event could be cut off unseen" in pages.get("/audit").text


def test_checking_says_what_holds_and_what_does_not(pages: Asked, runtime: Runtime) -> None:
    pages.post("/audit/checkpoint", headers=HOME)
    assert "All 3 events hold" in pages.post("/audit/verify", headers=HOME).text

    with sqlite3.connect(runtime.root / "decisions.sqlite") as file:
        file.execute("DROP TRIGGER audit_events_no_update")
        file.execute("UPDATE audit_events SET header = replace(header, 'account:7', 'account:8')")
    page = pages.post("/audit/verify", headers=HOME).text

    assert ("The audit log does not hold" in page, "event 2 was changed" in page) == (True, True)


def test_erased_content_says_so(pages: Asked, runtime: Runtime) -> None:
    with runtime.work() as work:
        from cadre.services.erasure.log import erase_payloads

        erase_payloads(work, runtime.clock, "machine", [1])
        work.commit()

    assert "erased" in pages.get("/audit?subject=notice").text
    assert "The content of 1 was erased" in pages.post("/audit/verify", headers=HOME).text


def test_nobody_but_an_owner_looks(runtime: Runtime) -> None:
    pages = Asked(create_app(replace(runtime, principal=Principal("Mia", "manager"))))

    assert [403, 403, 403] == [
        pages.get("/audit").status_code,
        pages.post("/audit/verify", headers=HOME).status_code,
        pages.post("/audit/checkpoint", headers=HOME).status_code,
    ]
