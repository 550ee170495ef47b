"""What people say themselves: that they seek no lead role, and that they helped where the record shows nothing."""

from datetime import date

from sqlalchemy import select

from cadre.access.principal import Principal
from cadre.clock import Clock
from cadre.db.stewardship import HelpAnswer, HelpStatement, SeekingStatement
from cadre.errors import ForbiddenError, NotFoundError, UsageError
from cadre.services.actor import happened
from cadre.services.duty import own_person, told
from cadre.services.unit_of_work import UnitOfWork


def state_seeking(principal: Principal, work: UnitOfWork, clock: Clock, *, is_seeking: bool) -> None:
    """Say for oneself whether one seeks a lead role; who does not is on no list of candidates.

    Args:
        principal: Who says it; a person on the staff.
        work: The transaction.
        clock: Tells when.
        is_seeking: False takes them off every list of candidates.
    """
    person = own_person(principal)
    with work:
        work.session.add(SeekingStatement(person_id=person, is_seeking=is_seeking, stated_at=clock.now()))
        work.record(happened(principal, clock, "seeking:stated", about=[person], is_seeking=is_seeking))
        work.commit()


def state_help(
    principal: Principal,
    work: UnitOfWork,
    clock: Clock,
    *,
    helped_person_id: str,
    helped_on: date,
    words: str,
    ticket_id: str = "",
) -> int:
    """Say that one helped a colleague; it counts once they confirm it.

    Args:
        principal: Who helped; a person on the staff.
        work: The transaction.
        clock: Tells when.
        helped_person_id: Key of the colleague.
        helped_on: The day.
        words: With what, in a few words.
        ticket_id: The ticket, where there was one.

    Returns:
        Key of the statement.

    Raises:
        UsageError: They name themselves, a day to come, or say nothing.
    """
    person = own_person(principal)
    if helped_person_id == person:
        raise UsageError("help is given to somebody else", hint="Choose the colleague you helped.")
    if helped_on > clock.now().date():
        raise UsageError(f"{helped_on.isoformat()} is still to come", hint="Give the day you helped.")
    said = HelpStatement(
        person_id=person,
        helped_person_id=helped_person_id,
        helped_on=helped_on,
        words=told(words, "help", "Say in a few words with what."),
        stated_at=clock.now(),
        ticket_id=ticket_id.strip() or None,
    )
    with work:
        work.session.add(said)
        work.record(
            lambda: happened(principal, clock, "help:stated", f"help:{said.id}", about=[person, helped_person_id])
        )
        work.commit()
    return said.id


def answer_help(principal: Principal, work: UnitOfWork, clock: Clock, *, statement_id: int, is_confirmed: bool) -> None:
    """Confirm, or not, that a colleague helped oneself.

    Args:
        principal: The helped colleague.
        work: The transaction.
        clock: Tells when.
        statement_id: Key of the statement.
        is_confirmed: Whether it was so.

    Raises:
        NotFoundError: There is no such statement.
        ForbiddenError: It names somebody else.
        UsageError: It was answered already.
    """
    person = own_person(principal)
    with work:
        said = work.session.get(HelpStatement, statement_id)
        if said is None:
            raise NotFoundError(f"no statement {statement_id}", hint="See your own page.")
        if said.helped_person_id != person:
            raise ForbiddenError("only the helped colleague can confirm it", hint="It stands on their own page.")
        if work.session.scalar(select(HelpAnswer.id).where(HelpAnswer.statement_id == statement_id)) is not None:
            raise UsageError(f"statement {statement_id} was answered already", hint="See your own page.")
        work.session.add(HelpAnswer(statement_id=statement_id, is_confirmed=is_confirmed, answered_at=clock.now()))
        work.record(happened(principal, clock, "help:answered", f"help:{statement_id}", about=[person, said.person_id],
                             is_confirmed=is_confirmed))  # fmt: skip
        work.commit()
