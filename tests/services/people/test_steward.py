"""What services about people refuse: the wrong role, the wrong person, twice, and without words."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from cadre.access.principal import Principal
from cadre.clock import FixedClock
from cadre.db.database import open_database
from cadre.db.stewardship import BlindAnswer, Contest, ExcludedRow, NoticeReceipt
from cadre.errors import CadreError, ForbiddenError, NotFoundError, UsageError
from cadre.records import Firm
from cadre.services.computing.refresh import confirmed_help
from cadre.services.people.contest import answer_contest, contest_row
from cadre.services.people.fairness_audit import record_audit
from cadre.services.people.notice import confirm_notice, deliver_notice, publish_notice, record_paper_receipt
from cadre.services.people.review import Answered, finish_review
from cadre.services.people.statement import answer_help, state_help, state_seeking
from cadre.services.unit_of_work import UnitOfWork
from cadre.stewardship.review import questions

OWNER = Principal("Olga", "owner", "p_o")
LEAD = Principal("Lea", "manager", "p_l")
JUDGE = Principal("Rita", "reviewer")
TECH = Principal("Tom", "technician", "p_t")
GUEST = Principal("Gus", "technician")
CLOCK = FixedClock(datetime(2026, 5, 4, 9, 0, tzinfo=UTC))
ROW = {"signal": "peer_answer_share", "record_table": "messages", "record_id": "m1"}
ALL = {key: Answered(3, "Saw it.") for key in questions().keys}


@pytest.fixture
def sessions(database: str) -> sessionmaker[Session]:
    return open_database(database)


@pytest.fixture
def work(sessions: sessionmaker[Session]) -> Callable[[], UnitOfWork]:
    return lambda: UnitOfWork(sessions)


@pytest.fixture
def told(work: Callable[[], UnitOfWork]) -> Callable[[], UnitOfWork]:
    publish_notice(OWNER, work(), CLOCK, text="What is looked at.")
    deliver_notice(LEAD, work(), CLOCK, people=["p_t", "p_t", "p_o"])
    contest_row(TECH, work(), CLOCK, **ROW, words="Not mine.")
    state_help(TECH, work(), CLOCK, helped_person_id="p_l", helped_on=date(2026, 5, 1), words="VPN")
    return work


@pytest.mark.parametrize(("act", "error"), [
    (lambda w: publish_notice(TECH, w(), CLOCK, text="x"), ForbiddenError),
    (lambda w: publish_notice(OWNER, w(), CLOCK, text="  "), UsageError),
    (lambda w: publish_notice(OWNER, w(), CLOCK, text="What is looked at."), UsageError),
    (lambda w: deliver_notice(JUDGE, w(), CLOCK, people=["p_t"]), ForbiddenError),
    (lambda w: confirm_notice(GUEST, w(), CLOCK, number=1), ForbiddenError),
    (lambda w: confirm_notice(TECH, w(), CLOCK, number=2), UsageError),
    (lambda w: confirm_notice(LEAD, w(), CLOCK, number=1), UsageError),
    (lambda w: record_paper_receipt(TECH, w(), CLOCK, person_id="p_o", reason="x"), ForbiddenError),
    (lambda w: record_paper_receipt(OWNER, w(), CLOCK, person_id="p_t", reason=" "), UsageError),
    (lambda w: record_paper_receipt(OWNER, w(), CLOCK, person_id="p_o", reason="x"), UsageError),
    (lambda w: contest_row(GUEST, w(), CLOCK, **ROW, words="x"), ForbiddenError),
    (lambda w: contest_row(TECH, w(), CLOCK, **ROW, words="again"), UsageError),
    (lambda w: contest_row(LEAD, w(), CLOCK, **ROW, words=""), UsageError),
    (lambda w: answer_contest(TECH, w(), CLOCK, contest_id=1, verdict="kept", reason="x"), ForbiddenError),
    (lambda w: answer_contest(JUDGE, w(), CLOCK, contest_id=1, verdict="maybe", reason="x"), UsageError),
    (lambda w: answer_contest(JUDGE, w(), CLOCK, contest_id=1, verdict="kept", reason=""), UsageError),
    (lambda w: answer_contest(JUDGE, w(), CLOCK, contest_id=9, verdict="kept", reason="x"), NotFoundError),
    (lambda w: answer_contest(Principal("T", "manager", "p_t"), w(), CLOCK, contest_id=1, verdict="kept", reason="x"),
     ForbiddenError),
    (lambda w: state_seeking(GUEST, w(), CLOCK, is_seeking=False), ForbiddenError),
    (lambda w: state_help(TECH, w(), CLOCK, helped_person_id="p_t", helped_on=date(2026, 5, 1), words="x"), UsageError),
    (lambda w: state_help(TECH, w(), CLOCK, helped_person_id="p_l", helped_on=date(2026, 5, 9), words="x"), UsageError),
    (lambda w: answer_help(OWNER, w(), CLOCK, statement_id=1, is_confirmed=True), ForbiddenError),
    (lambda w: answer_help(LEAD, w(), CLOCK, statement_id=7, is_confirmed=True), NotFoundError),
    (lambda w: finish_review(TECH, w(), CLOCK, person_id="p_o", answers=ALL), ForbiddenError),
    (lambda w: finish_review(LEAD, w(), CLOCK, person_id="p_l", answers=ALL), ForbiddenError),
    (lambda w: finish_review(LEAD, w(), CLOCK, person_id="p_t", answers={}), UsageError),
    (lambda w: finish_review(LEAD, w(), CLOCK, person_id="p_t", answers=dict.fromkeys(ALL, Answered(9, "x"))), UsageError),
    (lambda w: finish_review(LEAD, w(), CLOCK, person_id="p_t", answers=dict.fromkeys(ALL, Answered(None, ""))),
     UsageError),
    (lambda w: record_audit(JUDGE, w(), CLOCK, audit_on=date(2026, 5, 1), summary="x"), ForbiddenError),
    (lambda w: record_audit(OWNER, w(), CLOCK, audit_on=date(2026, 6, 1), summary="x"), UsageError),
])  # fmt: skip
def test_it_is_refused_with_the_next_step(
    told: Callable[[], UnitOfWork], act: Callable[[Callable[[], UnitOfWork]], object], error: type[CadreError]
) -> None:
    with pytest.raises(error) as found:
        act(told)

    assert found.value.hint


def test_an_upheld_row_is_left_out_and_a_kept_one_is_not(
    told: Callable[[], UnitOfWork], sessions: sessionmaker[Session]
) -> None:
    contest_row(TECH, told(), CLOCK, signal="clarity", record_table="messages", record_id="m2", words="Not mine.")
    answer_contest(JUDGE, told(), CLOCK, contest_id=1, verdict="upheld", reason="You are right.")
    answer_contest(JUDGE, told(), CLOCK, contest_id=2, verdict="kept", reason="It is yours.")
    with sessions() as session:
        left_out = [(r.person_id, r.signal, r.record_id) for r in session.scalars(select(ExcludedRow))]

    assert [("p_t", "peer_answer_share", "m1")] == left_out


def test_confirming_twice_is_one_receipt(told: Callable[[], UnitOfWork], sessions: sessionmaker[Session]) -> None:
    for _ in range(2):
        confirm_notice(TECH, told(), CLOCK, number=1)
    with sessions() as session:
        assert 1 == session.scalar(select(func.count()).select_from(NoticeReceipt))


def test_a_text_that_changes_asks_for_a_new_receipt(told: Callable[[], UnitOfWork]) -> None:
    confirm_notice(TECH, told(), CLOCK, number=1)
    number = publish_notice(OWNER, told(), CLOCK, text="What is looked at, and declarations.")
    delivered = deliver_notice(LEAD, told(), CLOCK, people=["p_t"])
    with pytest.raises(UsageError, match="version 2 holds"):
        confirm_notice(TECH, told(), CLOCK, number=1)

    assert (2, 1) == (number, delivered)


def test_a_refused_act_leaves_nothing_behind(told: Callable[[], UnitOfWork], sessions: sessionmaker[Session]) -> None:
    with pytest.raises(UsageError):
        contest_row(TECH, told(), CLOCK, **ROW, words="again")
    with sessions() as session:
        assert 1 == session.scalar(select(func.count()).select_from(Contest))


def test_a_review_is_finished_once_with_every_answer(
    told: Callable[[], UnitOfWork], sessions: sessionmaker[Session]
) -> None:
    some = ALL | {questions().keys[0]: Answered(None, "")}
    finish_review(LEAD, told(), CLOCK, person_id="p_t", answers=some)
    with pytest.raises(UsageError):
        finish_review(LEAD, told(), CLOCK, person_id="p_t", answers=ALL)
    with sessions() as session:
        steps = session.scalars(select(BlindAnswer.step).order_by(BlindAnswer.id)).all()

    assert [None, *[3] * 13] == steps


def test_help_counts_from_the_refresh_after_the_colleague_confirmed_it(told: Callable[[], UnitOfWork]) -> None:
    owners = pa.table({"person_id": ["p_t", "p_t", "p_l"], "account_id": ["a2", "a1", "a3"]})
    before = confirmed_help(told(), owners, Firm(zone="Europe/Berlin")).num_rows
    answer_help(LEAD, told(), CLOCK, statement_id=1, is_confirmed=True)
    (row,) = confirmed_help(told(), owners, Firm(zone="Europe/Berlin")).to_pylist()
    assert before == 0
    assert (row["account_id"], row["other_account_id"]) == ("a1", "a3")
    assert (row["local_at"], row["occurred_at"]) == (datetime(2026, 5, 1, 12), datetime(2026, 5, 1, 10, tzinfo=UTC))
