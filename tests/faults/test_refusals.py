"""Whatever fails under a gate, an agent is told no and why, nothing is kept by halves, and it goes on once that is mended."""

import resource
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select

from cadre.clock import OnwardClock
from cadre.db.governance import ActionDecision, ApprovalAsked
from cadre.errors import CadreError, ClockError, NotWrittenError
from cadre.governance.action import Outcome
from cadre.governance.approval import ApprovalError, State
from cadre.services.agents.approve import answer_approval, approval_of, use_approval
from cadre.services.agents.decide import Answer, Governor
from tests.services.desk import ADMIN, Desk, call, caller, copied_desk, new_desk, read

BIG = "x" * 200_000


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of which every test takes a copy."""
    root = tmp_path_factory.mktemp("firm")
    new_desk(root).log.close()
    return root


@pytest.fixture
def desk(tmp_path: Path, firm: Path) -> Iterator[Desk]:
    made = copied_desk(tmp_path / "firm", firm)
    with made.log.sessions() as session:  # people wait for a held database, too, though not for seconds here
        session.connection().exec_driver_sql("PRAGMA busy_timeout = 200")
    yield made
    made.log.close()


@contextmanager
def full_disk(desk: Desk) -> Iterator[None]:
    """A limit on the size of files is met as a full disk is: in the middle of a write."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    kept = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    wal = desk.log.path.with_name(f"{desk.log.path.name}-wal")
    resource.setrlimit(resource.RLIMIT_FSIZE, (max(wal.stat().st_size, 1), before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, kept)


@contextmanager
def held_database(desk: Desk) -> Iterator[None]:
    """Another program writes and does not end."""
    other = sqlite3.connect(desk.log.path)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.rollback()
        other.close()


FAULTS = {"a full disk": full_disk, "a database held by somebody else": held_database}


def kept(desk: Desk) -> tuple[int, int]:
    """Decisions and approvals on record."""
    with desk.log.sessions() as session:
        counts = [
            session.scalar(select(func.count()).select_from(table)) or 0 for table in (ActionDecision, ApprovalAsked)
        ]
    return counts[0], counts[1]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_decision_that_cannot_be_kept_is_a_no_that_says_so(desk: Desk, fault: str) -> None:
    with desk.governor() as governor:
        governor.decide(caller(), call("look"))
        before = kept(desk)
        with FAULTS[fault](desk):
            found = [governor.decide(caller(), call(tool, to=BIG)) for tool in ("look", "send_mail")]
        after = governor.decide(caller(), call("send_mail"))

    assert [(Outcome.DENY, "", "")] * 2 == [(one.outcome, one.decision_id, one.approval_id) for one in found]
    assert all(one.reasons[0].startswith("Refused, because it could not be recorded") for one in found)
    assert (Outcome.APPROVE, (before[0] + 1, before[1] + 1)) == (after.outcome, kept(desk))
    assert [] == desk.log.check().problems


@pytest.mark.parametrize("fault", FAULTS)
def test_an_answer_that_cannot_be_kept_opens_nothing(desk: Desk, fault: str) -> None:
    asked = desk.asked()
    with desk.log.sessions.begin() as session:  # the file is there and open, as while serving
        session.scalar(select(func.count()).select_from(ActionDecision))
    with FAULTS[fault](desk), pytest.raises(NotWrittenError, match="nothing was decided"):
        _answer(desk, asked, reason=BIG)
    state = _state(desk, asked)
    _answer(desk, asked)

    assert [State.PENDING, State.APPROVED] == [state, _state(desk, asked)]
    assert [] == desk.log.check().problems


@pytest.mark.parametrize("fault", FAULTS)
def test_a_use_that_cannot_be_kept_is_none_and_the_yes_stays(desk: Desk, fault: str) -> None:
    asked = desk.asked()
    _answer(desk, asked)
    with desk.governor() as governor:
        governor.decide(caller(), call("look"))
        with FAULTS[fault](desk), pytest.raises(CadreError, match="nothing was decided"):
            _use(desk, governor, asked)
        state = _state(desk, asked)
        ran = _use(desk, governor, asked)

    assert (State.APPROVED, Outcome.ALLOW) == (state, ran.outcome)


def test_a_clock_that_is_set_back_decides_nothing_until_it_is_right(desk: Desk) -> None:
    steady = OnwardClock(desk.log.clock)
    with desk.governor() as made:
        governor = Governor(desk.log.sessions, made._writer, steady, desk.engine, read=read)
        outcomes = []
        for minutes in (0, 10, 9.5, 3, 10):
            desk.after(minutes=minutes)
            outcomes.append(governor.decide(caller(), call("look")))

    assert ["allow", "allow", "allow", "deny", "allow"] == [one.outcome.value for one in outcomes]
    assert outcomes[3].reasons[0].endswith("went back from 2026-05-04 09:10 to 2026-05-04 09:03 UTC.")


def test_a_clock_that_is_set_back_lets_no_approval_be_used(desk: Desk) -> None:
    steady = OnwardClock(desk.log.clock)
    asked = desk.asked()
    _answer(desk, asked)
    desk.after(minutes=50)
    steady.now()
    desk.after(minutes=20)
    with desk.governor() as governor, pytest.raises(ClockError, match="went back"):
        use_approval(desk.log.work(), steady, governor, caller(), call(), asked.approval_id)

    assert State.APPROVED == _state(desk, asked)


def test_a_reply_after_expiry_is_refused_and_so_is_the_act(desk: Desk) -> None:
    asked = desk.asked()
    desk.after(minutes=61)
    with pytest.raises(ApprovalError, match="the approval is expired"):
        _answer(desk, asked)
    with desk.governor() as governor, pytest.raises(ApprovalError, match="the approval is expired"):
        _use(desk, governor, asked)

    assert State.EXPIRED == _state(desk, asked)


def _answer(desk: Desk, asked: Answer, reason: str = "") -> None:
    answer_approval(ADMIN, desk.log.work(), desk.log.clock, asked.approval_id, is_yes=True, reason=reason)


def _use(desk: Desk, governor: Governor, asked: Answer) -> Answer:
    return use_approval(desk.log.work(), desk.log.clock, governor, caller(), call(), asked.approval_id)


def _state(desk: Desk, asked: Answer) -> State:
    with desk.log.sessions() as session:
        return approval_of(session, asked.approval_id)[0].state(desk.log.clock.now())
