"""Telling people: a notice is published, delivered to each, and confirmed by them or on paper.

Keeps true: a new version asks everybody anew; nobody confirms for somebody else, but a lead can record a paper receipt
with its reason, in their own name.
"""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cadre.access.principal import Principal
from cadre.clock import Clock
from cadre.db.stewardship import NoticeDelivery, NoticeReceipt, NoticeVersion
from cadre.errors import UsageError
from cadre.services.actor import happened
from cadre.services.duty import LEADS, act_as, own_person, told
from cadre.services.unit_of_work import UnitOfWork


def publish_notice(principal: Principal, work: UnitOfWork, clock: Clock, *, text: str) -> int:
    """Publish a version of the notice; it holds from then on, and everybody has to be told anew.

    Args:
        principal: Who publishes.
        work: The transaction.
        clock: Tells when.
        text: The whole text.

    Returns:
        Its number.

    Raises:
        UsageError: The text is empty, or is the one that holds already.
    """
    act_as(principal, LEADS, "publish a notice")
    words = told(text, "a notice", "Give the text, or a contact for the one that comes with Cadre.")
    with work:
        newest = work.session.scalars(select(NoticeVersion).order_by(NoticeVersion.number.desc()).limit(1)).first()
        if newest is not None and newest.text == words:
            raise UsageError(f"version {newest.number} of the notice has this text already",
                             hint="Deliver it to those who have not got it.")  # fmt: skip
        number = (newest.number if newest else 0) + 1
        work.session.add(
            NoticeVersion(number=number, text=words, published_by=principal.name, published_at=clock.now())
        )
        work.record(happened(principal, clock, "notice:published", f"notice:{number}"))
        work.commit()
    return number


def deliver_notice(principal: Principal, work: UnitOfWork, clock: Clock, *, people: Iterable[str]) -> int:
    """Put the notice that holds on the own pages of people who have not got it.

    Args:
        principal: Who delivers.
        work: The transaction.
        clock: Tells when.
        people: Keys of persons.

    Returns:
        To how many it was delivered now.

    Raises:
        UsageError: No notice was published.
    """
    act_as(principal, LEADS, "deliver a notice")
    with work:
        number = _holding(work.session)
        had = set(work.session.scalars(select(NoticeDelivery.person_id).where(NoticeDelivery.number == number)))
        new = [person for person in dict.fromkeys(people) if person not in had]
        work.session.add_all(
            NoticeDelivery(number=number, person_id=p, delivered_by=principal.name, delivered_at=clock.now())
            for p in new
        )
        for person in new:
            work.record(happened(principal, clock, "notice:delivered", f"notice:{number}", about=[person]))
        work.commit()
    return len(new)


def confirm_notice(principal: Principal, work: UnitOfWork, clock: Clock, *, number: int) -> None:
    """Confirm that one was told, for oneself.

    Args:
        principal: Who confirms; a person on the staff.
        work: The transaction.
        clock: Tells when.
        number: The version they read.

    Raises:
        UsageError: Another version holds by now, or it was not delivered to them.
    """
    person = own_person(principal)
    with work:
        holding = _holding(work.session)
        if number != holding:
            raise UsageError(f"version {number} was read, and version {holding} holds", hint="Read the new one first.")
        if not _has(work.session, NoticeDelivery, number, person):
            raise UsageError("this notice was not delivered to you yet", hint="Ask whoever you report to.")
        if not _has(work.session, NoticeReceipt, number, person):
            work.session.add(_receipt(principal, clock, number, person, "page", ""))
            work.record(happened(principal, clock, "notice:confirmed", f"notice:{number}", about=[person], how="page"))
            work.commit()


def record_paper_receipt(principal: Principal, work: UnitOfWork, clock: Clock, *, person_id: str, reason: str) -> None:
    """Record that a person confirmed the notice on paper.

    Args:
        principal: Who records it; a lead.
        work: The transaction.
        clock: Tells when.
        person_id: Key of the person.
        reason: Why on paper, and where the paper lies.

    Raises:
        UsageError: There is no reason, the person is whoever records it, or they confirmed already.
    """
    act_as(principal, LEADS, "record a paper receipt")
    words = told(reason, "a paper receipt", "Say why it is on paper and where the paper lies.")
    if person_id == principal.person_id:
        raise UsageError("one's own receipt is not recorded on paper by oneself", hint="Confirm on your own page.")
    with work:
        number = _holding(work.session)
        if _has(work.session, NoticeReceipt, number, person_id):
            raise UsageError("they have confirmed this notice already", hint="See `cadre notice status`.")
        if not _has(work.session, NoticeDelivery, number, person_id):
            work.session.add(NoticeDelivery(number=number, person_id=person_id, delivered_by=principal.name,
                                            delivered_at=clock.now()))  # fmt: skip
        work.session.add(_receipt(principal, clock, number, person_id, "paper", words))
        work.record(happened(principal, clock, "notice:confirmed", f"notice:{number}", about=[person_id], how="paper"))
        work.commit()


def _receipt(principal: Principal, clock: Clock, number: int, person_id: str, how: str, reason: str) -> NoticeReceipt:
    return NoticeReceipt(number=number, person_id=person_id, how=how, recorded_by=principal.name,
                         received_at=clock.now(), reason=reason)  # fmt: skip


def _holding(session: Session) -> int:
    number: int | None = session.scalar(select(func.max(NoticeVersion.number)))
    if number is None:
        raise UsageError("no notice was published yet", hint="Publish one: `cadre notice publish --contact ...`.")
    return number


def _has(session: Session, kind: type[NoticeDelivery] | type[NoticeReceipt], number: int, person_id: str) -> bool:
    wanted = select(kind.id).where(kind.number == number, kind.person_id == person_id).limit(1)
    return session.scalar(wanted) is not None
