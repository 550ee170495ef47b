"""A look back says what would have been refused and asked, with why; a draft says what it changes."""

from collections.abc import Iterator

import pytest

from cadre.errors import NotFoundError
from cadre.policy.agents import agents_engine, shipped_agents
from cadre.policy.source import File
from cadre.reports.agents import step_up as module
from cadre.reports.agents.policy import Policies
from cadre.reports.agents.rules import rule_report, rules_report
from cadre.reports.agents.step_up import StepUp, step_up
from tests.services.desk import OWNER, Desk, call, caller, new_desk

DRAFT = '@id("no-mail")\n@rule("No mail")\n@opens("Write it by hand.")\nforbid (principal, action, resource) when { context.tool == "send_mail" };'


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Five mails, a wipe and a look of one agent that is watched; one call of an agent that nobody registered."""
    made = new_desk(tmp_path_factory.mktemp("step") / "firm")
    made.set("mode", "observe")
    with made.governor() as governor:
        for minute, tool in enumerate(["send_mail"] * 5 + ["wipe", "look"]):
            made.after(minutes=minute)
            governor.decide(caller(), call(tool))
        made.after(minutes=20)
        governor.decide(caller("stranger"), call("look"))
    made.after(minutes=30)
    yield made
    made.log.close()


def looked(desk: Desk, draft: str = "", **told: object) -> StepUp:
    engine = agents_engine([File("a.cedar", draft)]) if draft else shipped_agents()
    return step_up(OWNER, desk.log.sessions, engine, desk.log.clock.now(), **told)  # type: ignore[arg-type]


def test_what_was_let_through_is_counted_as_if_it_had_bound(desk: Desk) -> None:
    found = looked(desk, minutes=3)
    effort = found.replay.effort

    assert (8, 1, 6, 7 * (5 + 2) * 3.0) == (found.replay.count, effort.stopped, effort.asked, effort.minutes_a_week)
    assert ["deny", *["approve"] * 6] == [one.outcome for one in found.halted]
    assert ["look", "wipe", *["send_mail"] * 5] == [one.tool for one in found.halted]
    assert found.is_all


def test_the_reason_is_what_put_it_there(desk: Desk) -> None:
    why = {one.tool: one.why for one in looked(desk, agent="bot").halted}

    assert {"wipe": "wipe is four-eyes.", "send_mail": "send_mail is approve."} == why


def test_a_draft_changes_what_it_forbids_and_no_more(desk: Desk) -> None:
    found = looked(desk, DRAFT, client="acme")

    assert (5, 6) == (len(found.replay.changes), found.replay.effort.stopped)
    assert {"No mail."} == {one.why for one in found.changed.values()}
    assert {"send_mail", "look"} == {one.tool for one in found.halted if one.outcome == "deny"}


def test_where_there_is_too_much_the_newest_are_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_READ", 3)
    found = looked(desk)

    assert (3, False, ["look", "wipe"]) == (found.replay.count, found.is_all, [one.tool for one in found.halted])


def test_a_rule_knows_how_often_it_decided_and_what(desk: Desk) -> None:
    engine = shipped_agents()
    held = Policies(engine.version, (), tuple(engine.rules), ())
    counts = rules_report(OWNER, desk.log.sessions, held, desk.log.clock.now()).counts
    did = rule_report(OWNER, desk.log.sessions, held, "agent-unregistered").did

    assert ({"agent-unregistered": 1}, ["stranger"]) == (counts, [one.agent for one in did])
    with pytest.raises(NotFoundError):
        rule_report(OWNER, desk.log.sessions, held, "nothing")
