"""The facts that the release rule asks about, read for everybody in one set of queries."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from cadre.access.principal import Principal
from cadre.db.stewardship import (
    BlindReview,
    Contest,
    ContestAnswer,
    FairnessAudit,
    NoticeDelivery,
    NoticeReceipt,
    NoticeVersion,
    SeekingStatement,
)
from cadre.stewardship.facts import Facts
from cadre.stewardship.opening import viewer_key
from cadre.warehouse import Snapshot


def facts(sessions: sessionmaker[Session], snapshot: Snapshot, principal: Principal, now: datetime) -> Facts:
    """What is known about everybody now.

    Args:
        sessions: Sessions on the database of decisions.
        snapshot: The record, for who reports to whom.
        principal: Who asks, for their own finished reviews.
        now: The instant from which days are counted.
    """
    people = snapshot.table("people")
    leads = {
        row["person_id"]: row["lead_person_id"]
        for row in snapshot.rows(people.filter(people.lead_person_id.notnull()).select("person_id", "lead_person_id"))
    }
    with sessions() as session:
        holding = session.scalar(select(func.max(NoticeVersion.number)))
        delivered = session.scalars(select(NoticeDelivery.person_id).where(NoticeDelivery.number == holding))
        confirmed = session.execute(
            select(NoticeReceipt.person_id, func.min(NoticeReceipt.received_at))
            .where(NoticeReceipt.number == holding)
            .group_by(NoticeReceipt.person_id)
        )
        reviews = session.execute(
            select(
                BlindReview.person_id, func.count(func.distinct(BlindReview.reviewer_key)).label("reviews")
            ).group_by(BlindReview.person_id)
        )
        own = session.scalars(
            select(BlindReview.person_id)
            .where(BlindReview.reviewer_key == viewer_key(principal.name, principal.account_id))
            .distinct()
        )
        seeking = session.execute(
            select(SeekingStatement.person_id, SeekingStatement.is_seeking).order_by(SeekingStatement.id)
        )
        newest = {row.person_id: row.is_seeking for row in seeking}
        audit_on = session.scalar(select(func.max(FairnessAudit.audit_on)))
        waiting = session.scalars(
            select(Contest.id)
            .outerjoin(ContestAnswer, ContestAnswer.contest_id == Contest.id)
            .where(ContestAnswer.id.is_(None))
            .order_by(Contest.id)
        )
        held = frozenset(delivered)
        return Facts(
            told_days={person: (now - at).days for person, at in confirmed if person in held and at <= now},
            delivered=held,
            leads=leads,
            answered=frozenset(own),
            finished_reviews={row.person_id: row.reviews for row in reviews},
            not_seeking=frozenset(person for person, is_seeking in newest.items() if not is_seeking),
            audit_age_days=(now.date() - audit_on).days if audit_on and audit_on <= now.date() else None,
            open_contests=tuple(waiting),
        )
