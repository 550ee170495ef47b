"""Whatever governs agents is taken back by what held before it, by the same rights, and only while nothing newer stands on it."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select

from cadre.access.principal import Principal
from cadre.db.audit import AuditEvent, AuditPayload
from cadre.db.governance import GovernanceSetting
from cadre.errors import CadreError, ForbiddenError, NotFoundError, UsageError
from cadre.governance.action import Outcome
from cadre.governance.decision import Mode
from cadre.reports.agents.called import Called
from cadre.reports.agents.govern_words import told_again
from cadre.reports.agents.governing import changes
from cadre.services.agents.govern import KINDS
from cadre.services.agents.governing import Governs
from cadre.services.agents.take_back import take_back
from tests.services.desk import ADMIN, OWNER, Desk, call, caller, new_desk

TWO: dict[str, tuple[object, object]] = {
    "mode": ("advise", "observe"),
    "limits": ({"blast_radius": 1}, {"blast_radius": 3}),
    "hours": ({"opens": "07:00"}, {"opens": "09:00"}),
    "freeze": tuple(
        {"begins_at": "2026-12-20T00:00+00:00", "ends_at": f"2027-01-0{day}T00:00+00:00"} for day in (2, 3)
    ),  # type: ignore[dict-item]
    "switch": (True, None),
    "catalogue": ("forbidden", "notify"),
    "approvers": ({"on_call": ["account:1"]}, {"on_call": ["account:2"]}),
}
"""Two values of each kind, one after the other."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = new_desk(tmp_path_factory.mktemp("govern") / "firm")
    yield made
    made.log.close()


def back(desk: Desk, number: int | None, who: Principal = OWNER) -> int:
    return take_back(who, desk.log.work(), desk.log.clock, number or 0, reason="a mistake").id or 0


def newest(desk: Desk) -> int:
    return changes(OWNER, desk.log.sessions, most=1)[0].setting.number


def holds(desk: Desk, kind: str, client: str) -> object:
    found = Governs(desk.log.sessions).now().settings
    return next((value for (which, _, where, _), value in found.items() if (which, where) == (kind, client)), None)


def holds_of(desk: Desk, agent: str) -> object:
    return Governs(desk.log.sessions).now().settings.get(("mode", agent, "", ""))


@pytest.mark.parametrize("kind", KINDS)
def test_of_every_kind_what_held_before_holds_again(desk: Desk, kind: str) -> None:
    one, two = TWO[kind]
    key = "look" if kind == "catalogue" else ""
    for value in (one, two):
        desk.set(kind, value, client="c", key=key)
    first = back(desk, newest(desk))
    again = holds(desk, kind, "c")
    back(desk, first)  # a taking back is taken back

    assert (one, two) == (again, holds(desk, kind, "c"))


def test_the_event_says_what_was_taken_back(desk: Desk) -> None:
    desk.set("mode", "advise", agent="bot")
    number = newest(desk)
    back(desk, number)
    with desk.log.sessions() as session:
        wanted = select(AuditPayload.payload).join(AuditEvent, AuditEvent.position == AuditPayload.position)
        told: dict[str, Any] = json.loads(session.scalar(wanted.order_by(AuditEvent.position.desc()).limit(1)) or "")

    assert ("mode", None, number) == (told["setting"], told["value"], told["takes_back"])


def test_only_the_newest_is_taken_back(desk: Desk) -> None:
    desk.set("mode", "advise", agent="other")
    old = newest(desk)
    desk.set("mode", "enforce", agent="other")

    with pytest.raises(UsageError, match=f"setting {newest(desk)} stands on it"):
        back(desk, old)
    with pytest.raises(NotFoundError):
        back(desk, 9_999)
    one = changes(OWNER, desk.log.sessions, number=old)[0]
    assert (newest(desk), False) == (one.stands, one.is_free)


def test_several_are_taken_back_one_after_another_and_back_again(desk: Desk) -> None:
    numbers, modes = [], []
    for value in ("advise", "observe", "enforce"):
        desk.set("mode", value, agent="walk")
        numbers.append(newest(desk))
    undone = []
    for number in reversed(numbers):
        undone.append(back(desk, number))
        modes.append(holds_of(desk, "walk"))
    with pytest.raises(UsageError, match="stands on it"):
        back(desk, undone[0])
    back(desk, undone[-1])

    assert ["observe", "advise", None] == modes
    assert "advise" == holds_of(desk, "walk")


def test_two_who_take_it_back_at_the_same_moment_do_it_once(desk: Desk) -> None:
    for value in ("advise", "observe"):
        desk.set("mode", value, agent="twice")
    number = newest(desk)

    def once(_: int) -> bool:
        try:
            return bool(back(desk, number))
        except CadreError:
            return False

    with ThreadPoolExecutor(4) as pool:
        done = sum(pool.map(once, range(4)))
    with desk.log.sessions() as session:
        kept = session.scalar(select(func.count()).where(GovernanceSetting.agent == "twice"))

    assert (1, 3, Mode.ADVISE) == (done, kept, Governs(desk.log.sessions).now().mode("twice", ""))


def test_letting_agents_go_on_by_taking_a_stop_back_takes_who_may_let_them_go_on(desk: Desk) -> None:
    desk.set("switch", value=True, agent="bot")
    stop = newest(desk)
    with pytest.raises(ForbiddenError):
        back(desk, stop, ADMIN)
    with pytest.raises(UsageError, match="needs words"):
        take_back(OWNER, desk.log.work(), desk.log.clock, stop, reason=" ")
    with desk.governor() as governor:
        stopped = governor.decide(caller(), call("look")).outcome
    went_on = back(desk, stop)
    with desk.governor() as governor:
        going = governor.decide(caller(), call("look")).outcome
    back(desk, went_on, ADMIN)  # everybody may stop, so everybody may stop again
    with desk.governor() as governor:
        again = governor.decide(caller(), call("look")).outcome

    assert [Outcome.DENY, Outcome.ALLOW, Outcome.DENY] == [stopped, going, again]


def test_what_would_hold_is_said_even_where_nothing_was_set_before(desk: Desk) -> None:
    desk.set("mode", "observe", client="globex")
    desk.set("mode", "enforce", agent="bot", client="globex")
    one = changes(OWNER, desk.log.sessions, most=1)[0]
    names = Called({"bot": "Bot"}, {"globex": "Globex"}, {})

    assert "Bot at Globex is only observed, as nothing is said of it then" == told_again(
        one.again, names, Governs(desk.log.sessions).now()
    )
