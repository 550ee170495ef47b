"""Contesting a row of evidence, and answering: the row is left out from then on, or kept, with the reason recorded."""

from sqlalchemy import select

from cadre.access.principal import Principal
from cadre.clock import Clock
from cadre.db.stewardship import Contest, ContestAnswer, ExcludedRow
from cadre.errors import ForbiddenError, NotFoundError, UsageError
from cadre.services.actor import happened
from cadre.services.duty import REVIEWERS, act_as, own_person, told
from cadre.services.unit_of_work import UnitOfWork

VERDICTS = ("upheld", "kept")


def contest_row(
    principal: Principal,
    work: UnitOfWork,
    clock: Clock,
    *,
    signal: str,
    record_table: str,
    record_id: str,
    words: str,
) -> int:
    """Contest one row behind one's own signal.

    Args:
        principal: Whose row it is; a person on the staff.
        work: The transaction.
        clock: Tells when.
        signal: The signal it counts for.
        record_table: Table of the row.
        record_id: Key of the row.
        words: What is wrong with it.

    Returns:
        Key of the contest.

    Raises:
        UsageError: Nothing was said, or the row is contested already.
    """
    person = own_person(principal)
    made = Contest(
        person_id=person, signal=signal, record_table=record_table, record_id=record_id,
        words=told(words, "a contest", "Say what is wrong with the row."), contested_at=clock.now(),
    )  # fmt: skip
    held = select(Contest.id).filter_by(person_id=person, signal=signal, record_table=record_table, record_id=record_id)
    with work:
        if work.session.scalar(held.limit(1)) is not None:
            raise UsageError("this row was contested already", hint="Its answer stands, or will stand, on your page.")
        work.session.add(made)
        work.record(lambda: happened(principal, clock, "contest:raised", f"contest:{made.id}", about=[person],
                                     signal=signal, record_table=record_table))  # fmt: skip
        work.commit()
    return made.id


def answer_contest(
    principal: Principal, work: UnitOfWork, clock: Clock, *, contest_id: int, verdict: str, reason: str
) -> None:
    """Answer a contest.

    Args:
        principal: Who answers; not the person themselves.
        work: The transaction.
        clock: Tells when.
        contest_id: Key of the contest.
        verdict: `upheld` leaves the row out from the next refresh on; `kept` leaves it in.
        reason: Why.

    Raises:
        NotFoundError: There is no such contest.
        ForbiddenError: Their role does not answer, or it is about themselves.
        UsageError: The verdict is unknown, the reason missing, or it was answered already.
    """
    act_as(principal, REVIEWERS, "answer a contest")
    if verdict not in VERDICTS:
        raise UsageError(f"unknown verdict {verdict!r}", hint=f"Use one of {', '.join(VERDICTS)}.")
    words = told(reason, "an answer", "Say why, to the person who contested.")
    with work:
        found = work.session.get(Contest, contest_id)
        if found is None:
            raise NotFoundError(f"no contest {contest_id}", hint="See `cadre contest list`.")
        if found.person_id == principal.person_id:
            raise ForbiddenError("nobody answers a contest of their own", hint="Ask another reviewer.")
        if work.session.scalar(select(ContestAnswer.id).where(ContestAnswer.contest_id == contest_id)) is not None:
            raise UsageError(f"contest {contest_id} was answered already", hint="An answer is added once.")
        work.session.add(ContestAnswer(contest_id=contest_id, verdict=verdict, reason=words,
                                       answered_by=principal.name, answered_at=clock.now()))  # fmt: skip
        if verdict == "upheld":
            work.session.add(ExcludedRow(
                person_id=found.person_id, signal=found.signal, record_table=found.record_table,
                record_id=found.record_id, contest_id=contest_id, excluded_at=clock.now(),
            ))  # fmt: skip
        work.record(happened(principal, clock, "contest:answered", f"contest:{contest_id}", about=[found.person_id],
                             verdict=verdict))  # fmt: skip
        work.commit()
