"""The inbox of approvals and the record of decisions, as people use them, and everything that has to refuse."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.web.door import Browser
from tests.web.gate import Gate, new_gate

ANN, BEN = "Ann", "Ben"


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    made = new_gate(tmp_path_factory.mktemp("gate"))
    made.people = {ANN: made.joined(ANN), BEN: made.joined(BEN, "manager")}
    made.set("approvers", {"on_call": ["account:1", "account:2"], "first_minutes": 5, "minutes": 20}, client="acme")
    yield made
    made.runtime.close()


def waits(gate: Gate, text: str = "hello", **more: str) -> tuple[str, str]:
    """Ids of a decision that waits and of its approval."""
    told = gate.ask(mail(text), **more).json()["context"]
    return told["decision_id"], told["approval_id"]


def mail(text: str) -> dict[str, object]:
    return {"name": "send_mail", "properties": {"arguments": {"to": "u1", "text": text}, "description": "Send a mail"}}


def says(browser: Browser, approval: str, answer: str = "yes", reason: str = "") -> int:
    return browser.post(f"/approvals/{approval}/answer", answer=answer, reason=reason).status_code


def test_a_yes_lets_exactly_this_act_run_and_once(gate: Gate) -> None:
    decision, approval = waits(gate, "once")

    assert 403 == gate.use(decision, mail("once")).status_code
    assert 303 == says(gate.people[ANN], approval)
    assert 403 == gate.use(decision, mail("other")).status_code
    assert 403 == gate.use(decision, mail("once"), revision="8").status_code
    assert 403 == gate.use(decision, mail("once"), client="globex").status_code
    assert 404 == gate.use(decision, mail("once"), agent="other").status_code
    assert gate.use(decision, mail("once")).json()["decision"]
    assert 403 == gate.use(decision, mail("once")).status_code
    assert ("used", ["account:1"]) == (gate.stands(decision)["approval"], gate.stands(decision)["answered_by"])


def test_a_no_needs_a_reason_and_refuses_for_good(gate: Gate) -> None:
    decision, approval = waits(gate, "no")

    assert 400 == says(gate.people[ANN], approval, "no")
    assert 303 == says(gate.people[ANN], approval, "no", "not today")
    assert 403 == says(gate.people[BEN], approval)
    assert 403 == gate.use(decision, mail("no")).status_code


def test_who_stands_behind_a_request_does_not_approve_it(gate: Gate) -> None:
    _, approval = waits(gate, "mine", on_behalf_of="account:1")

    assert 403 == says(gate.people[ANN], approval)
    assert 303 == says(gate.people[BEN], approval)


def test_who_is_not_asked_may_not_answer(gate: Gate) -> None:
    cleo = gate.joined("Cleo", "technician")
    _, approval = waits(gate, "who")

    page = cleo.get("/approvals").text

    assert 403 == says(cleo, approval)
    assert (True, True, False) == (
        "You are not among those who may answer" in page, "May answer now: Ann, Ben" in page, ">who<" in page)  # fmt: skip


def test_a_yes_of_one_of_two_waits_for_the_other(gate: Gate) -> None:
    wipe = {"name": "wipe_device", "properties": {"arguments": {"device": "lt-7"}, "description": "Erase a device"}}
    told = gate.ask(wipe).json()["context"]
    first = says(gate.people[ANN], told["approval_id"])
    ann, ben = gate.people[ANN].get("/approvals").text, gate.people[BEN].get("/approvals").text
    rows = gate.people[ANN].get("/approvals?format=csv").text

    assert (303, True, True) == (first, "You said yes; a second person has to" in ann, "takes two people" in ben)
    assert f"{told['approval_id']},{told['decision_id']},others,bot,acme,wipe_device,four-eyes" in rows


def test_silence_refuses_and_a_late_yes_does_not_help(gate: Gate) -> None:
    decision, approval = waits(gate, "late")
    gate.clock.at += timedelta(minutes=21)

    assert 403 == says(gate.people[ANN], approval)
    assert 403 == gate.use(decision, mail("late")).status_code
    assert "expired" == gate.stands(decision)["approval"]


def test_a_restart_forgets_nothing_that_waits(gate: Gate) -> None:
    decision, approval = waits(gate, "restart")
    again = gate.restarted()
    ann = again.signed_in(ANN)

    assert 303 == says(ann, approval)
    assert again.use(decision, mail("restart")).json()["decision"]
    assert 403 == gate.use(decision, mail("restart")).status_code
    again.runtime.close()


def test_like_acts_are_answered_together_and_each_by_itself(gate: Gate) -> None:
    made = [waits(gate, f"many {n}") for n in range(3)]
    page = gate.people[ANN].get("/approvals").text
    says(gate.people[BEN], made[0][1], "no", "not this one")
    told = gate.people[ANN].post("/approvals/answer", answer="yes", approval=[one[1] for one in made])

    assert "The same in all" in page
    assert "1 act was not answered" in told.text
    assert ["refused", "approved", "approved"] == [gate.stands(one[0])["approval"] for one in made]


def test_broken_glass_is_looked_at_by_somebody_else(gate: Gate) -> None:
    decision, approval = waits(gate, "glass")
    opened = gate.people[ANN].post(f"/approvals/{approval}/glass", reason="the client is down")
    own = gate.people[ANN].post(f"/approvals/{approval}/review", right="yes", reason="it was me")
    due = gate.people[BEN].get("/approvals").text
    seen = gate.people[BEN].post(f"/approvals/{approval}/review", right="no", reason="could have waited")

    assert (303, 403, 303) == (opened.status_code, own.status_code, seen.status_code)
    assert "Let through alone" in due
    assert "found it wrong: could have waited" in gate.people[ANN].get(f"/decisions/{decision}").text


def test_what_would_deceive_a_reader_is_written_out(gate: Gate) -> None:
    waits(gate, "invoice\u202etxt.exe")

    assert r"invoice\u202etxt.exe" in gate.people[ANN].get("/approvals").text


def test_the_record_says_who_what_why_and_what_became_of_it(gate: Gate) -> None:
    decision, approval = waits(gate, "told")
    says(gate.people[ANN], approval, reason="they wait for it")
    gate.use(decision, mail("told"))
    gate.send(
        "POST",
        f"/decisions/{decision}/outcome",
        json={"told": "done", "detail": "sent"},
        headers=gate.proof(),
    )
    page = gate.people[BEN].get(f"/decisions/{decision}").text
    listed = gate.people[BEN].get("/decisions").text

    for words in ("Mail bot asked first: used", "Ann said yes", "they wait for it", "done, told by Mail bot", "told"):
        assert words in page
    assert f"/decisions/{decision}" in listed


def test_an_inbox_reads_as_json_with_what_each_is_bound_to(gate: Gate) -> None:
    _, approval = waits(gate, "json")
    told = gate.people[ANN].get("/approvals?format=json").json()["waiting"]
    mine = next(one for one in told if one["approval_id"] == approval)

    assert (64, "send_mail", "json") == (len(mine["digest"]), mine["tool"], gate.text_of(mine))
