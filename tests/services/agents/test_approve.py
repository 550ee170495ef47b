"""The list of what must refuse, through the database: each in a process of its own, as after a restart."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from cadre.access.principal import Principal
from cadre.errors import NotFoundError
from cadre.governance.action import Outcome, Tool
from cadre.governance.approval import ApprovalError, State
from cadre.policy.agents import agents_engine
from cadre.policy.source import File
from cadre.reports.agents.approvals import inbox
from cadre.services.agents.approve import (
    answer_approval,
    approval_of,
    break_the_glass,
    lapse_approvals,
    review_glass,
    use_approval,
)
from cadre.services.agents.decide import Answer
from tests.services.desk import ADMIN, OWNER, SECOND, Desk, call, caller, copied_desk, new_desk


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Answer]]:
    """A folder in which a mail and a wiping wait for approval; every test takes a copy."""
    root = tmp_path_factory.mktemp("asked")
    desk = new_desk(root)
    waiting = {tool: desk.asked(tool) for tool in ("send_mail", "wipe")}
    desk.log.close()
    return root, waiting


@dataclass
class Case:
    """A desk where a mail waits for approval."""

    desk: Desk
    asked: Answer

    def answer(self, who: Principal = ADMIN, minute: float = 5, *, is_yes: bool = True, reason: str = "") -> None:
        self.desk.after(minutes=minute)
        log = self.desk.log
        answer_approval(who, log.work(), log.clock, self.asked.approval_id, is_yes=is_yes, reason=reason)

    def glass(self, who: Principal = OWNER, minute: float = 1) -> None:
        self.desk.after(minutes=minute)
        log = self.desk.log
        break_the_glass(who, log.work(), log.clock, self.desk.governing, self.asked.approval_id, reason="outage")  # type: ignore[arg-type]

    def use(self, minute: float = 6, tool: str = "send_mail", *, to: str = "u1", **told: object) -> Answer:
        self.desk.after(minutes=minute)
        log = self.desk.log
        with self.desk.governor() as governor:
            return use_approval(
                log.work(), log.clock, governor, caller(**told), call(tool, to=to), self.asked.approval_id
            )

    def state(self, minute: float = 7) -> State:
        self.desk.after(minutes=minute)
        with self.desk.log.sessions() as session:
            return approval_of(session, self.asked.approval_id)[0].state(self.desk.log.clock.now())


@pytest.fixture
def case(tmp_path: Path, asked: tuple[Path, dict[str, Answer]]) -> Case:
    return Case(copied_desk(tmp_path / "firm", asked[0]), asked[1]["send_mail"])


@pytest.fixture
def wiping(tmp_path: Path, asked: tuple[Path, dict[str, Answer]]) -> Case:
    return Case(copied_desk(tmp_path / "firm", asked[0]), asked[1]["wipe"])


def _changed_policy(case: Case) -> None:
    case.answer()
    case.desk.engine = agents_engine([File("own.cedar", '@id("x") @rule("y") @tier("notify") '
                                           "forbid (principal, action, resource) when { context.hour == 3 };")])  # fmt: skip
    case.use()


def _another_tool(case: Case) -> None:
    case.answer()
    case.desk.after(minutes=6)
    log = case.desk.log
    action = call()
    renamed = type(action)(Tool("send_mail", "Send an e-mail, and a copy to me"), action.arguments)
    with case.desk.governor() as governor:
        use_approval(log.work(), log.clock, governor, caller(), renamed, case.asked.approval_id)


def _switched_off(case: Case) -> None:
    case.answer()
    case.desk.set("switch", value=True, agent="bot")
    case.use()


def _clock_set_back(case: Case) -> None:
    case.desk.after(minutes=61)
    lapse_approvals(case.desk.log.work(), case.desk.log.clock)
    case.answer(minute=5)


REFUSED: dict[str, Callable[[Case], object]] = {
    "a changed argument": lambda case: (case.answer(), case.use(to="u2")),
    "a changed policy": _changed_policy,
    "a changed target": lambda case: (case.answer(), case.use(target_revision="8")),
    "another agent": lambda case: (case.answer(), case.use(agent="acme-bot")),
    "another client": lambda case: (case.answer(), case.use(client="other")),
    "a tool that its server describes anew": _another_tool,
    "use after expiry": lambda case: (case.answer(), case.use(60)),
    "a second use": lambda case: (case.answer(), case.use(), case.use(7)),
    "a wrong approver": lambda case: case.answer(Principal("Anybody", "owner", account_id=9)),
    "an approver before their turn": lambda case: case.answer(OWNER, 29),
    "use while pending": lambda case: case.use(),
    "use after a no": lambda case: (case.answer(is_yes=False, reason="no"), case.use()),
    "timeout": lambda case: case.answer(OWNER, 60),
    "an agent that was switched off since": _switched_off,
    "a yes by a clock set back after lapse": _clock_set_back,
    "broken glass by somebody not on call": lambda case: case.glass(ADMIN),
    "broken glass after a quarter of an hour": lambda case: (case.glass(), case.use(16)),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_it_refuses(case: Case, name: str) -> None:
    with pytest.raises(ApprovalError):
        REFUSED[name](case)

    assert [] == case.desk.log.check().problems


def test_self_approval_refuses(case: Case) -> None:
    with case.desk.governor() as governor:
        case.asked = governor.decide(caller(on_behalf_of="account:3"), call())

    with pytest.raises(ApprovalError, match="nobody approves what they asked for"):
        case.answer(ADMIN)


def test_a_yes_survives_restarts_and_is_used_once(case: Case) -> None:
    case.desk.log.close()
    case.answer()
    case.desk.log.close()
    found = case.use()

    assert (Outcome.ALLOW, "Approved by account:3.", State.USED) == (found.outcome, found.reasons[0], case.state())


def test_two_who_use_it_at_the_same_moment_run_it_once(case: Case) -> None:
    case.answer()
    case.desk.after(minutes=6)
    log = case.desk.log

    def use(_: int) -> int:
        try:
            use_approval(log.work(), log.clock, governor, caller(), call(), case.asked.approval_id)
        except Exception:  # noqa: BLE001 (a locked database refuses, too)
            return 0
        return 1

    with case.desk.governor() as governor, ThreadPoolExecutor(6) as pool:
        ran = sum(pool.map(use, range(6)))

    assert (1, State.USED) == (ran, case.state())


def test_four_eyes_take_two(wiping: Case) -> None:
    wiping.answer()
    half = wiping.state(6)
    wiping.answer(SECOND, 35)

    assert (State.PENDING, Outcome.ALLOW) == (half, wiping.use(36, "wipe").outcome)


def test_broken_glass_is_looked_at_by_somebody_else(wiping: Case) -> None:
    wiping.glass()
    ran = wiping.use(2, "wipe").outcome
    log = wiping.desk.log
    wiping.desk.after(hours=3)
    own, waiting = ([one.approval.approval_id for one in inbox(who, log.sessions, log.clock.now()).reviews]
                    for who in (OWNER, SECOND))  # fmt: skip
    with pytest.raises(ApprovalError):
        review_glass(OWNER, log.work(), log.clock, wiping.asked.approval_id, was_right=True, reason="mine")
    review_glass(SECOND, log.work(), log.clock, wiping.asked.approval_id, was_right=True, reason="The outage was real.")
    after = inbox(SECOND, log.sessions, log.clock.now()).reviews

    assert (Outcome.ALLOW, [], [wiping.asked.approval_id], ()) == (ran, own, waiting, after)


def test_nothing_forbidden_is_ever_asked_for(case: Case) -> None:
    case.desk.set("catalogue", "forbidden", client="acme", key="send_mail")
    found = case.desk.asked()

    assert (Outcome.DENY, "") == (found.outcome, found.approval_id)


def test_what_nobody_answered_lapses_once(case: Case) -> None:
    case.desk.after(minutes=61)
    log = case.desk.log

    assert [2, 0] == [lapse_approvals(log.work(), log.clock) for _ in range(2)]
    assert State.EXPIRED == case.state(5)


def test_what_runs_with_an_approval_counts(case: Case) -> None:
    case.desk.set("limits", {"writes_an_hour": 1})
    case.answer()
    case.use()
    with case.desk.governor() as governor:
        found = governor.decide(caller(), call("reset"))

    assert Outcome.APPROVE == found.outcome


def test_an_inbox_holds_what_one_may_answer_now_side_by_side(case: Case) -> None:
    with case.desk.governor() as governor:
        more = governor.decide(caller(), call(to="u9")).approval_id
    log = case.desk.log
    found = {who.name: [[one.approval.approval_id for one in group.items] for group in
                        inbox(who, log.sessions, log.clock.now()).groups] for who in (ADMIN, OWNER)}  # fmt: skip
    case.desk.after(minutes=31)
    later = inbox(OWNER, log.sessions, log.clock.now()).groups

    assert {"Owner": [], "Admin": 2} == {**found, "Admin": len(found["Admin"])}
    assert [2, 1] == [len(group.items) for group in sorted(later, key=lambda g: -len(g.items))]
    mails = {one.approval.approval_id: one.arguments for group in later for one in group.items
             if group.kind.tool == "send_mail"}  # fmt: skip
    assert {case.asked.approval_id: '{"to":"u1"}', more: '{"to":"u9"}'} == mails


def test_an_approval_that_is_none_is_not_found(case: Case) -> None:
    log = case.desk.log
    with pytest.raises(NotFoundError):
        answer_approval(OWNER, log.work(), log.clock, "none", is_yes=True)
