"""An agent's act from its ask to what its client is told, in a real browser: every door it has to go through, and who holds it."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from cadre.client import Client, GateError, RefusedError
from cadre.config import create_workspace, load_settings
from cadre.db.machines import RegisteredMachine
from cadre.runtime import Runtime
from cadre.services.accounts.invite import invite
from cadre.services.agents.govern import Place, set_value
from cadre.services.machines.machine import new_secret
from cadre.web import create_app
from tests.agent_firm import CLIENTS, OWNER, UNTIL, load_record
from tests.e2e.conftest import fresh_page
from tests.web.door import PASSWORD, TurnedClock

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
MAIL = {"to": "purchasing@alder.example", "text": "The new laptop arrives on Friday."}
WIPE = {"device_id": "LT-0417"}


@dataclass
class Firm:
    """The served firm: its address, an agent at its gate, and each of its people in a browser of their own."""

    runtime: Runtime
    clock: TurnedClock
    address: str
    agent: Client
    people: dict[str, Page] = field(default_factory=dict)

    def asked(self, tool: str, arguments: dict[str, Any], description: str) -> tuple[str, dict[str, Any]]:
        """What waits: the id of its decision, and the question."""
        told, body = self.agent.may(tool, arguments, description=description)
        assert told.outcome == "approve", told
        return told.decision_id, body


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Firm]:
    root = tmp_path_factory.mktemp("agents") / "firm"
    create_workspace(root, name="Lindgren IT", purpose="firm", zone="Europe/Berlin")
    clock = TurnedClock()
    clock.at = UNTIL
    runtime = Runtime(root, load_settings(root), clock, OWNER)
    load_record(runtime)
    with runtime.sessions.begin() as session:
        session.add(RegisteredMachine("bot", "Desk bot", "agent", "answers mail", clock.at))
    secret = new_secret(OWNER, runtime.work(), clock, key="bot", reason="first").secret
    server = uvicorn.Server(uvicorn.Config(create_app(runtime), host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    address = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    made = Firm(runtime, clock, address, Client(address, "bot", secret, client=CLIENTS[0]))
    for name, role in (("Olga", "owner"), ("Max", "manager"), ("Tess", "technician")):
        made.people[name] = _joins(made, browser, name, role)
    approvers = {"on_call": ["account:1", "account:2"], "minutes": 60}
    set_value(OWNER, runtime.work(), clock, "approvers", approvers, place=Place(client=CLIENTS[0]), reason="as agreed")
    runtime.governor.forget()
    yield made
    for page in made.people.values():
        page.context.close()
    server.should_exit = True
    thread.join(10)
    runtime.close()


def _joins(firm: Firm, browser: Browser, name: str, role: str) -> Page:
    run = firm.runtime
    link = invite(run.principal, run.work(), run.clock, run.warehouse, name=name, role=role)
    page = fresh_page(browser, viewport=PHONE)
    page.goto(firm.address + link.path)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    page.get_by_role("button", name="Make my account").click()
    expect(page).to_have_url(f"{firm.address}/")
    return page


def _posts(page: Page, path: str, **fields: str) -> None:
    """Send a form that the page does not offer, as whoever knows the address could."""
    page.evaluate(
        """([path, fields]) => {
            const form = document.createElement("form");
            form.method = "post"; form.action = path;
            for (const [name, value] of Object.entries(fields)) {
                const input = document.createElement("input");
                input.name = name; input.value = value; form.append(input);
            }
            document.body.append(form); form.submit();
        }""",
        [path, fields],
    )


def test_from_an_ask_over_a_yes_and_one_run_to_what_the_client_is_told(firm: Firm) -> None:
    olga, max_ = firm.people["Olga"], firm.people["Max"]
    firm.agent.context = {
        "task": "T-1",
        "on_behalf_of": "account:2",
        "user_request": "Tell Alder when the laptop comes",
    }
    decision, body = firm.asked("send_mail", MAIL, "Send an e-mail")
    with pytest.raises(GateError, match="pending"):
        firm.agent.use(decision, body)

    max_.goto(f"{firm.address}/approvals")
    expect(max_.get_by_role("heading", level=1)).to_have_text("Nothing waits for you; 1 act waits for others")
    others = max_.get_by_role("region", name="Waits for others")
    expect(others).to_contain_text("nobody approves what they asked for. May answer now: Olga")
    expect(max_.get_by_role("button", name="Yes")).to_have_count(0)
    approval = firm.agent.stands(decision)["approval_id"]
    _posts(max_, f"/approvals/{approval}/answer", answer="yes", reason="")
    expect(max_.get_by_role("alert")).to_contain_text("obody approves what they asked for")

    olga.goto(f"{firm.address}/approvals")
    expect(olga.get_by_role("heading", level=1)).to_have_text("1 act waits for your answer")
    expect(olga.get_by_role("article")).to_contain_text(MAIL["to"])
    assert olga.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    olga.get_by_role("button", name="Yes").click()
    expect(olga.get_by_role("status")).to_contain_text("1 answer on record")

    changed = body | {"action": {"name": "send_mail", "properties": {"arguments": MAIL | {"to": "elsewhere@example"}}}}
    with pytest.raises(GateError, match="changed"):
        firm.agent.use(decision, changed)
    assert firm.agent.use(decision, body).is_allowed
    with pytest.raises(GateError, match="used"):
        firm.agent.use(decision, body)
    firm.agent.tell(decision, "done", detail="Sent as message 4711")
    firm.clock.at += timedelta(minutes=1)

    olga.goto(f"{firm.address}/decisions/{decision}")
    for words in ("Desk bot", "send_mail", "Alder Foods", MAIL["to"], "Tell Alder when the laptop comes", "Olga said yes",
                  "cannot be used again", "Sent as message 4711"):  # fmt: skip
        expect(olga.locator("main")).to_contain_text(words)
    olga.get_by_role("link", name="From request to undo").click()
    expect(olga.get_by_role("heading", level=1)).to_contain_text("the audit log proves each step")

    olga.goto(f"{firm.address}/clients")
    olga.get_by_role("link", name="Alder Foods", exact=True).click()
    row = olga.get_by_role("row").filter(has_text="send_mail")
    expect(row.locator("[data-head='After a yes']")).to_have_text("1")
    olga.get_by_role("link", name="What AI may do here").click()
    expect(olga.locator(".lead")).to_contain_text("What AI may do at Alder Foods")
    expect(olga.locator("main")).to_contain_text("Max")


def test_a_stop_holds_at_once_and_letting_go_on_takes_more_than_stopping(firm: Firm) -> None:
    tess, olga = firm.people["Tess"], firm.people["Olga"]
    firm.agent.context = {"task": "T-2"}
    assert firm.agent.may("get_ticket", {"ticket_id": "T2"}, description="Read a ticket")[0].is_allowed

    tess.goto(f"{firm.address}/govern")
    tess.locator("select[name=what]").select_option("agent:bot")
    tess.locator("form[action='/govern/stop'] [name=reason]").fill("It wrote to the wrong client")
    tess.get_by_role("button", name="Stop now").click()
    expect(tess.get_by_role("heading", level=1)).to_have_text("1 switch is down")
    expect(tess.get_by_role("button", name="Let go on")).to_have_count(0)
    stopped = firm.agent.may("get_ticket", {"ticket_id": "T2"}, description="Read a ticket")[0]
    assert (stopped.outcome, stopped.is_allowed) == ("deny", False)

    olga.goto(f"{firm.address}/agents")
    expect(olga.get_by_role("heading", level=1)).to_have_text("Agents are switched off in part")
    expect(olga.locator("main")).to_contain_text("It wrote to the wrong client")
    olga.goto(f"{firm.address}/govern")
    olga.get_by_label("Why they may go on").fill("Looked at it with the client")
    olga.get_by_role("button", name="Let go on").click()
    expect(olga.get_by_text("Nothing is stopped.")).to_be_visible()

    assert firm.agent.may("get_ticket", {"ticket_id": "T2"}, description="Read a ticket")[0].is_allowed


def test_the_glass_is_broken_by_who_is_on_call_and_looked_at_by_somebody_else(firm: Firm) -> None:
    olga, max_ = firm.people["Olga"], firm.people["Max"]
    firm.agent.context = {"task": "T-3"}
    decision, body = firm.asked("wipe_device", WIPE, "Erase all data on a device")

    max_.goto(f"{firm.address}/approvals")
    expect(max_.get_by_role("article")).to_contain_text("takes two people")
    max_.get_by_text("It cannot wait for a second person").click()
    max_.get_by_label("What cannot wait").fill("The laptop was stolen an hour ago")
    max_.get_by_role("button", name="Break the glass").click()
    expect(max_.get_by_role("status")).to_contain_text("on record")
    expect(max_.get_by_role("button", name="It was right")).to_have_count(0)
    assert firm.agent.use(decision, body).is_allowed

    olga.goto(f"{firm.address}/agents")
    expect(olga.locator("main")).to_contain_text("let through alone in an emergency")
    olga.goto(f"{firm.address}/approvals")
    expect(olga.get_by_role("heading", level=1)).to_have_text("An emergency wants your second look")
    olga.get_by_label("What you found").fill("The police report is in the ticket")
    olga.get_by_role("button", name="It was right").click()
    expect(olga.get_by_role("heading", level=1)).to_have_text("Nothing waits for you")

    olga.goto(f"{firm.address}/decisions/{decision}")
    for words in ("Max broke the glass", "The laptop was stolen an hour ago", "Olga looked at it and found it right"):
        expect(olga.locator("main")).to_contain_text(words)
    with pytest.raises(RefusedError):
        firm.agent.opened("export_all_passwords", {"to": "x@evil.example"}, description="Export every stored password")
