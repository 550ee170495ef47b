"""Budgets hold over all processes that decide: what another one decided is seen before anything is written."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from cadre.governance.action import Outcome, Tier
from cadre.services.agents.approve import answer_approval, use_approval
from cadre.services.audit import pen
from tests.services.desk import ADMIN, Desk, call, caller, copied_desk, new_desk


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of which every test takes a copy."""
    root = tmp_path_factory.mktemp("firm")
    new_desk(root).log.close()
    return root


@pytest.fixture
def desk(tmp_path: Path, firm: Path) -> Desk:
    return copied_desk(tmp_path / "firm", firm)


def test_what_one_decided_counts_for_the_other(desk: Desk) -> None:
    desk.set("limits", {"writes_an_hour": 2}, agent="bot")
    with desk.governor() as one, desk.governor() as other:
        first = [each.decide(caller(), call("reset", n=n)).tier for n, each in enumerate((one, other, one, other))]
    expected, actual = [Tier.NOTIFY, Tier.NOTIFY, Tier.APPROVE, Tier.APPROVE], first
    assert expected == actual


@pytest.mark.parametrize("most", [pen.MOST_FOREIGN, 0])
def test_two_processes_do_not_share_the_last_of_a_budget(
    desk: Desk, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pen, "MOST_FOREIGN", most)
    desk.set("limits", {"cost_a_day_cents": 100})
    with desk.governor() as one, desk.governor() as other, ThreadPoolExecutor(8) as pool:
        found = list(pool.map(
            lambda n: (one, other)[n % 2].decide(caller(task=f"t{n}", cost_cents=60), call("buy", n=n)), range(24)
        ))  # fmt: skip
    with desk.governor() as fresh:
        after = fresh.decide(caller(task="last", cost_cents=60), call("buy"))

    assert [(1, 24), (Outcome.DENY, [])] == [
        (sum(one.outcome == Outcome.ALLOW for one in found), len({one.decision_id for one in found})),
        (after.outcome, desk.log.check().problems),
    ]


def test_what_another_ran_with_an_approval_counts_once(desk: Desk) -> None:
    desk.set("limits", {"cost_a_day_cents": 100})
    wanted = caller(cost_cents=60), call("send_mail")
    with desk.governor() as one, desk.governor() as other:
        other.decide(caller(), call("look"))
        asked = one.decide(*wanted)
        answer_approval(ADMIN, desk.log.work(), desk.log.clock, asked.approval_id, is_yes=True)
        use_approval(desk.log.work(), desk.log.clock, one, *wanted, asked.approval_id)
        found = [each.decide(caller(cost_cents=cents), call("buy")).outcome
                 for cents, each in ((30, one), (30, other), (1, one))]  # fmt: skip

    assert [Outcome.ALLOW, Outcome.DENY, Outcome.ALLOW] == found


def test_what_could_not_be_written_takes_nothing_of_a_budget(desk: Desk) -> None:
    desk.set("limits", {"writes_an_hour": 1}, agent="bot")
    with desk.governor() as one:
        one.decide(caller(), call("look"))
        held = sqlite3.connect(desk.log.path)
        held.execute("BEGIN IMMEDIATE")
        lost = one.decide(caller(), call("reset", n=1)).outcome
        held.rollback()
        held.close()
        kept = [one.decide(caller(), call("reset", n=n)).outcome for n in (2, 3)]

    assert (Outcome.DENY, [Outcome.ALLOW, Outcome.APPROVE]) == (lost, kept)


def test_a_day_later_the_budget_of_both_begins_anew(desk: Desk) -> None:
    desk.set("limits", {"cost_a_day_cents": 100})
    with desk.governor() as one, desk.governor() as other:
        one.decide(caller(cost_cents=90), call("buy"))
        before = other.decide(caller(cost_cents=90), call("buy")).outcome
        desk.log.clock.at += timedelta(days=1)
        after = other.decide(caller(cost_cents=90), call("buy")).outcome

    assert (Outcome.DENY, Outcome.ALLOW) == (before, after)
