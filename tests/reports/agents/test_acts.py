"""What agents did is read back whole; what nobody heard of again is named; a replay begins from the record."""

from pathlib import Path

import pytest

from cadre.errors import NotFoundError, UsageError
from cadre.governance.outcome import State, Told
from cadre.policy.agents import agents_engine, shipped_agents
from cadre.policy.source import File
from cadre.reports.agents.acts import SILENT, Wanted, acts, counts, replayed
from cadre.services.agents.approve import answer_approval, use_approval
from cadre.services.agents.report_outcome import Word, report_outcome
from tests.services.desk import ADMIN, OWNER, Desk, call, caller, new_desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return new_desk(tmp_path / "firm")


def test_an_act_is_read_from_request_to_outcome(desk: Desk) -> None:
    log, asked = desk.log, desk.asked()
    desk.after(minutes=5)
    answer_approval(ADMIN, log.work(), log.clock, asked.approval_id, is_yes=True)
    with desk.governor() as governor:
        use_approval(log.work(), log.clock, governor, caller(), call(), asked.approval_id)
    report_outcome("bot", log.work(), log.clock, asked.decision_id, Word(Told.DONE, is_undo_offered=True))
    report_outcome(OWNER, log.work(), log.clock, asked.decision_id, Word(Told.VERIFIED, "ab" * 32))
    (found,) = acts(OWNER, log.sessions, log.clock.now(), decision_id=asked.decision_id)

    assert ("bot", "acme", "send_mail", "approve", '{"to":"u1"}', ["yes", "used"]) == (
        found.agent, found.client_id, found.tool, found.tier, found.arguments, [step[0] for step in found.steps])  # fmt: skip
    assert (State.VERIFIED, True) == (found.aftermath.state, found.aftermath.can_undo)  # type: ignore[union-attr]
    assert [] == log.check().problems


def test_what_nobody_heard_of_again_is_named_and_reads_are_not(desk: Desk) -> None:
    with desk.governor() as governor:
        told = [governor.decide(caller(), call(tool)) for tool in ("look", "reset", "reset", "send_mail")]
    log = desk.log
    report_outcome("bot", log.work(), log.clock, told[1].decision_id, Word(Told.DONE))
    report_outcome("bot", log.work(), log.clock, told[2].decision_id, Word(Told.ATTEMPTED))
    early = acts(OWNER, log.sessions, log.clock.now(), wanted=Wanted(SILENT))
    desk.after(minutes=15)

    assert ((), [told[2].decision_id]) == (
        early,
        [a.decision_id for a in acts(OWNER, log.sessions, log.clock.now(), wanted=Wanted(SILENT))],
    )


def test_acts_are_read_page_by_page_by_answer_and_place(desk: Desk) -> None:
    with desk.governor() as governor:
        told = [governor.decide(caller(client=client), call(tool)) for tool, client in
                (("look", "acme"), ("reset", "acme"), ("look", "globex"), ("send_mail", "acme"), ("look", "globex"))]  # fmt: skip
    log, made = desk.log, {one.decision_id for one in told}
    pages, before = [], ""
    for _ in range(3):
        page = acts(OWNER, log.sessions, log.clock.now(), wanted=Wanted(before=before), most=2)
        pages.append([act.decision_id for act in page])
        before = pages[-1][-1]
    globex = acts(OWNER, log.sessions, log.clock.now(), wanted=Wanted("allow", client="globex"))
    met = counts(OWNER, log.sessions, log.clock.now(), Wanted(client="acme"))

    assert ([2, 2, 1], made) == ([len(page) for page in pages], {key for page in pages for key in page})
    assert {told[2].decision_id, told[4].decision_id} == {act.decision_id for act in globex}
    assert {"": 3, "allow": 2, "deny": 1, "silent": 0} == dict(met)


def test_only_what_was_let_through_is_told_of_and_nobody_verifies_themselves(desk: Desk) -> None:
    log, asked = desk.log, desk.asked()
    with desk.governor() as governor:
        done = governor.decide(caller(), call("reset")).decision_id
    for who, decision, word in (
        ("bot", asked.decision_id, Word(Told.DONE)), ("bot", done, Word(Told.VERIFIED, "ab")),
        ("acme-bot", done, Word(Told.DONE)), (OWNER, done, Word(Told.VERIFIED)),
    ):  # fmt: skip
        with pytest.raises(UsageError):
            report_outcome(who, log.work(), log.clock, decision, word)
    with pytest.raises(NotFoundError):
        report_outcome(OWNER, log.work(), log.clock, "none", Word(Told.DONE))


def test_a_replay_of_the_record_shows_what_stepping_up_would_stop(desk: Desk) -> None:
    desk.set("mode", "observe")
    with desk.governor() as governor:
        for tool in ("look", "reset", "send_mail", "wipe"):
            governor.decide(caller(), call(tool))
    own = File(
        "own.cedar", '@id("x") @rule("y") @opens("z") forbid (principal, action == Cadre::Action::"change", resource);'
    )
    now = desk.log.clock.now().replace(hour=12)
    plain = replayed(OWNER, desk.log.sessions, shipped_agents(), now)
    found = replayed(OWNER, desk.log.sessions, agents_engine([own]), now)

    assert (4, 0, (), 2, 3) == (
        plain.count,
        plain.effort.stopped,
        plain.differing,
        plain.effort.asked,
        plain.effort.answers,
    )
    assert (1, 1) == (found.effort.stopped, len(found.changes))
    assert 0 == replayed(OWNER, desk.log.sessions, shipped_agents(), now, agent="other").count
