"""What an owner sees and sets about agents, as forms send it, and what everybody else may do there."""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from cadre.db.governance import ActionDecision
from tests.web.door import Browser
from tests.web.gate import Gate, new_gate

PATHS = (
    "/govern",
    "/govern/catalogue",
    "/govern/rules",
    "/govern/rules/agent-unregistered",
    "/govern/step",
    "/govern/replay",
)
WIPE = {"name": "wipe_device", "properties": {"arguments": {"device": "d1"}, "description": "Wipe a device"}}
MAIL = {"name": "send_mail", "properties": {"arguments": {"to": "u1", "text": "hello"}, "description": "Send a mail"}}
DRAFT = """
@id("no-wiping")
@rule("Nothing is wiped")
@opens("Wipe it by hand.")
forbid (principal, action, resource) when { context.tool == "wipe_device" };
"""


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    made = new_gate(tmp_path_factory.mktemp("gate"))
    made.people = {"Ann": made.joined("Ann"), "Tom": made.joined("Tom", "technician")}
    yield made
    made.runtime.close()


@pytest.fixture
def ann(gate: Gate) -> Browser:
    return gate.people["Ann"]


def wipes(gate: Gate, agent: str, **more: object) -> None:
    """An agent wants to wipe a device, and a minute goes by."""
    gate.ask(WIPE, agent=agent, **more)  # type: ignore[arg-type]
    gate.clock.at += timedelta(minutes=1)


def sets(browser: Browser, **told: object) -> str:
    """Where a form leads, or what it answers."""
    answer = browser.post("/govern/set", **{"reason": "so", **told})
    return str(answer.headers["location"]) if answer.status_code == 303 else answer.text


def held(browser: Browser, kind: str) -> list[tuple[object, ...]]:
    told = browser.get("/govern?format=json").json()
    rows = {"mode": told["changes"], "switch": told["stops"]}.get(kind) or told["settings"].get(kind, [])
    some = [row.get("setting", row) for row in rows]
    return [(row["agent"], row["client_id"], row["value"]) for row in some if row["kind"] == kind]


@pytest.mark.parametrize("path", PATHS)
def test_every_page_answers_whoever_is_signed_in(gate: Gate, path: str) -> None:
    for browser in gate.people.values():
        answer = browser.get(path)

        assert (200, 1) == (answer.status_code, len(re.findall(r"<h1[ >]", answer.text)))
        assert [] == re.findall(r"\sstyle=|<style|\son[a-z]+=\"|javascript:", answer.text)


def test_anybody_stops_and_an_owner_lets_go_on(gate: Gate, ann: Browser) -> None:
    tom = gate.people["Tom"]
    gate.ask(MAIL)
    chosen = re.findall(r'<option value="((?:agent|client):[^"]+)"', ann.get("/govern").text)
    no_reason = tom.post("/govern/stop", what="agent:bot")
    done = tom.post("/govern/stop", what="agent:bot", reason="odd mails")
    stopped = gate.ask(MAIL).json()["context"]["reasons"][0]
    down = ann.get("/govern").text
    refused = tom.post("/govern/stop", what="agent:bot", reason="it was nothing", go="1")
    again = ann.post("/govern/stop", what="agent:bot", reason="it was nothing", go="1")

    assert [400, 303, 403, 303] == [no_reason.status_code, done.status_code, refused.status_code, again.status_code]
    assert ["agent:bot", "agent:other", "client:acme"] == sorted(chosen)
    assert "1 switch is down" in down
    assert "Mail bot is stopped" in down
    assert "This agent is switched off." == stopped
    assert [] == held(ann, "switch")
    assert 400 == ann.post("/govern/stop", what="", reason="so").status_code


def test_what_loosens_is_said_once_more_and_taken_back(ann: Browser) -> None:
    asked = sets(ann, kind="mode", agent="bot", value="observe")
    unchanged = held(ann, "mode")
    to = sets(ann, kind="mode", agent="bot", value="observe", looser="1")
    number = to.rpartition("=")[2]
    shown = ann.get(to).text
    ann.post("/govern/undo", number=number, reason="a mistake")

    assert "This loosens: from enforce to observe" in asked
    assert [] == unchanged
    assert "On record: Mail bot is only observed" in shown
    assert [("bot", "", None), ("bot", "", "observe")] == held(ann, "mode")


def test_what_holds_again_is_shown_before_it_is_taken_back(gate: Gate, ann: Browser) -> None:
    tom = gate.people["Tom"]
    old, new = (sets(ann, kind="mode", agent="other", value=mode, looser="1").rpartition("=")[2]
                for mode in ("advise", "observe"))  # fmt: skip
    listed = ann.get("/govern").text
    first, stale = (ann.get(f"/govern/undo?number={number}").text for number in (new, old))
    told = ann.get(f"/govern/undo?number={old}&format=json").json()
    refused = ann.post("/govern/undo", number=old, reason="so")
    seen = tom.get(f"/govern/undo?number={new}").text
    forbidden = tom.post("/govern/undo", number=new, reason="so")
    for number in (new, old):
        ann.post("/govern/undo", number=number, reason="a mistake")
    undone = held(ann, "mode")[:2]
    loosens = ann.get(f"/govern/undo?number={int(new) + 2}").text

    assert "<h1>Other bot is advised</h1>" in first
    assert "It loosens" not in first
    assert (True, False) == (f"number={new}" in listed, f"number={old}" in listed)
    assert "Something newer stands on it" in stale
    assert f"number={new}" in stale
    assert (int(new), False) == (told["stands"], told["is_free"])
    assert "Not told: 08:00 to 18:00 Europe/Berlin" in listed
    assert [400, 403] == [refused.status_code, forbidden.status_code]
    assert "takes an owner or manager" in seen
    assert [("other", "", None), ("other", "", "advise")] == undone
    assert "It loosens: from enforce to advise" in loosens
    assert f"by taking back setting {old}" in ann.get("/govern").text
    assert 404 == ann.get("/govern/undo?number=9999").status_code


def test_stepping_up_looks_back_first(gate: Gate, ann: Browser) -> None:
    for agent in ("bot", "other"):
        wipes(gate, agent)
    query = urlencode({"agent": "other", "client": "acme", "mode": "advise", "minutes": "10"})
    page = ann.get(f"/govern/step?{query}").text
    told = ann.get(f"/govern/step?{query}&format=json").json()

    assert (1, 0, 1, 20.0 * 7) == (told["decisions"], told["stopped"], told["asked"], told["minutes_a_week"])
    assert ["wipe_device"] == [one["tool"] for one in told["halted"]]
    assert "Other bot at acme, now in enforce" in page
    assert 'value="advise" checked' in page


def test_rows_are_added_changed_and_ended(ann: Browser) -> None:
    sets(ann, kind="catalogue", act="password-reset", client="acme", tier="four-eyes")
    wider = sets(ann, kind="catalogue", act="password-reset", client="acme", tier="notify", key="password-reset")
    sets(ann, kind="catalogue", tool="remap_printer", tier="notify", looser="1", back="/govern/catalogue")
    sets(ann, kind="catalogue", label="Water plants", verbs="Water", things="plant", tier="forbidden")
    own = ann.get("/govern/catalogue?format=json").json()["own"]
    page = ann.get("/govern/catalogue").text
    ended = sets(ann, kind="catalogue", key="water-plants", end="1", looser="1", back="/govern/catalogue")

    assert "This loosens: from four-eyes to notify" in wider
    assert {"remap_printer": "from approve to notify", "password-reset": "", "water-plants": ""} == {
        one["key"]: one["looser"] for one in own
    }
    assert "loosens from approve to notify" in page
    assert ended.startswith("/govern/catalogue?done=")
    assert 2 == len(ann.get("/govern/catalogue?format=json").json()["own"])


def test_hours_limits_freezes_and_approvers_are_set_by_forms(ann: Browser) -> None:
    sets(ann, kind="hours", client="acme", zone="Europe/Vienna", opens="07:00", closes="19:00", weekdays=["1", "2"],
         closed_on="2026-12-24, 2026-12-25")  # fmt: skip
    sets(ann, kind="limits", agent="bot", writes_an_hour="10", calls_a_minute="")
    sets(ann, kind="freeze", client="acme", begins_at="2026-12-20T00:00", ends_at="2027-01-02T00:00")
    sets(ann, kind="approvers", client="acme", on_call=["account:1"], first_minutes="5", minutes="20")
    page = ann.get("/govern").text

    assert [("", "acme", {"zone": "Europe/Vienna", "opens": "07:00", "closes": "19:00", "weekdays": [1, 2],
                          "closed_on": ["2026-12-24", "2026-12-25"]})] == held(ann, "hours")  # fmt: skip
    assert [("bot", "", {"writes_an_hour": 10})] == held(ann, "limits")
    assert [("", "acme", {"on_call": ["account:1"], "first_minutes": 5, "minutes": 20})] == held(ann, "approvers")
    assert "changes wait from 20 Dec 2026, 00:00 until 2 Jan 2027, 00:00" in page
    assert "his cannot be read" in sets(ann, kind="limits", writes_an_hour="many")


def test_a_technician_sets_nothing(gate: Gate) -> None:
    tom = gate.people["Tom"]

    assert 403 == tom.post("/govern/set", kind="mode", value="observe", reason="so").status_code
    assert "Set limits" not in tom.get("/govern").text
    assert "Add a row" not in tom.get("/govern/catalogue").text


def test_policies_tell_what_they_decided(gate: Gate, ann: Browser) -> None:
    wipes(gate, "bot", confidence=0.1)
    told = {row["name"]: row["decided"] for row in ann.get("/govern/rules?format=json").json()["rules"]}
    did = ann.get("/govern/rules/confidence?format=json").json()["decisions"]

    assert (1, 0) == (told["confidence"], told["switch-firm"])
    assert ["wipe_device"] == [one["tool"] for one in did]
    assert 404 == ann.get("/govern/rules/nothing").status_code


def test_a_draft_is_tried_on_what_was_decided(gate: Gate, ann: Browser) -> None:
    folder = gate.runtime.root / "policies-draft"
    folder.mkdir(exist_ok=True)
    (folder / "a.cedar").write_text(DRAFT, "utf-8")
    with gate.runtime.sessions() as session:
        wiped = session.query(ActionDecision).filter(ActionDecision.tool == "wipe_device").count()
    page = ann.get("/govern/replay").text
    told = ann.get("/govern/replay?folder=policies-draft&format=json").json()

    assert (wiped, wiped + 1) == (told["changes"], told["stopped"])  # one was stopped by a switch
    assert f"policies-draft changes {wiped}" in page
    assert 404 == ann.get("/govern/replay?folder=..").status_code


def test_policies_that_do_not_load_are_said_and_stopping_still_works(gate: Gate, ann: Browser) -> None:
    folder = gate.runtime.root / "policies"
    folder.mkdir()
    (folder / "a.cedar").write_text("forbid (", "utf-8")
    try:
        assert "The policies do not load, so nothing is allowed" in ann.get("/govern").text
        assert 303 == ann.post("/govern/stop", what="firm", reason="so").status_code
        assert 303 == ann.post("/govern/stop", what="firm", reason="so", go="1").status_code
    finally:
        (folder / "a.cedar").unlink()
