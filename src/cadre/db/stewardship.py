"""Tables of what people were told, confirmed, contested, said and reviewed, and of who saw what.

Keeps true: rows are added, never changed or deleted (triggers of migration 0003 refuse it); the newest row about a thing
holds. They carry keys of persons, never names; words stand only where a person wrote them for this purpose.
"""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from cadre.db.model import Base, UtcDateTime


class NoticeVersion(Base):
    """A text that people are told. The one with the highest number holds."""

    __tablename__ = "notice_versions"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    published_by: Mapped[str] = mapped_column(String(200))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)


class NoticeDelivery(Base):
    """A version put on a person's own page."""

    __tablename__ = "notice_deliveries"

    number: Mapped[int] = mapped_column(ForeignKey("notice_versions.number"))
    person_id: Mapped[str] = mapped_column(String(64), index=True)
    delivered_by: Mapped[str] = mapped_column(String(200))
    delivered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True, init=False)


class NoticeReceipt(Base):
    """A person confirmed a version: `how` is `page` (by themselves) or `paper` (recorded by a lead, with a reason)."""

    __tablename__ = "notice_receipts"

    number: Mapped[int] = mapped_column(ForeignKey("notice_versions.number"))
    person_id: Mapped[str] = mapped_column(String(64), index=True)
    how: Mapped[str] = mapped_column(String(8))
    recorded_by: Mapped[str] = mapped_column(String(200))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True, init=False)


class SeekingStatement(Base):
    """A person said whether they seek a lead role; the newest holds, and without one they may be asked."""

    __tablename__ = "seeking_statements"

    person_id: Mapped[str] = mapped_column(String(64), index=True)
    is_seeking: Mapped[bool] = mapped_column()
    stated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True, init=False)


class HelpStatement(Base):
    """A person said that they helped a colleague where the record shows nothing."""

    __tablename__ = "help_statements"

    person_id: Mapped[str] = mapped_column(String(64), index=True)
    helped_person_id: Mapped[str] = mapped_column(String(64), index=True)
    helped_on: Mapped[date] = mapped_column()
    words: Mapped[str] = mapped_column(Text)
    stated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ticket_id: Mapped[str | None] = mapped_column(String(200), default=None)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True, init=False)


class HelpAnswer(Base):
    """The helped colleague confirmed it, or did not; it counts once they did."""

    __tablename__ = "help_answers"

    statement_id: Mapped[int] = mapped_column(ForeignKey("help_statements.id"), unique=True)
    is_confirmed: Mapped[bool] = mapped_column()
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True, init=False)


class Contest(Base):
    """A person says that one row of evidence about them is wrong, or does not mean what it was taken for."""

    __tablename__ = "contests"

    person_id: Mapped[str] = mapped_column(String(64), index=True)
    signal: Mapped[str] = mapped_column(String(64))
    record_table: Mapped[str] = mapped_column(String(64))
    record_id: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(Text)
    contested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True, init=False)


class ContestAnswer(Base):
    """The answer to a contest: `upheld` (the row is left out from then on) or `kept`, with its reason."""

    __tablename__ = "contest_answers"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), unique=True)
    verdict: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(Text)
    answered_by: Mapped[str] = mapped_column(String(200))
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True, init=False)


class ExcludedRow(Base):
    """A row that no longer counts for a person's signal; a refresh reads these."""

    __tablename__ = "excluded_rows"

    person_id: Mapped[str] = mapped_column(String(64), index=True)
    signal: Mapped[str] = mapped_column(String(64))
    record_table: Mapped[str] = mapped_column(String(64))
    record_id: Mapped[str] = mapped_column(String(200))
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    excluded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True, init=False)


class BlindReview(Base):
    """A finished blind review: what somebody knows of a person's behaviour, written before they saw any number.

    `reviewer_key` is `account:<id>`, or `name:<name>` at the machine itself.
    """

    __tablename__ = "blind_reviews"

    person_id: Mapped[str] = mapped_column(String(64), index=True)
    reviewer_key: Mapped[str] = mapped_column(String(220), index=True)
    reviewer: Mapped[str] = mapped_column(String(200))
    questions_version: Mapped[int] = mapped_column()
    finished_at: Mapped[datetime] = mapped_column(UtcDateTime)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True, init=False)


class BlindAnswer(Base):
    """One answer of a blind review: `step` 1 to 5 on the behaviour scale, missing for "have not seen"."""

    __tablename__ = "blind_answers"

    review_id: Mapped[int] = mapped_column(ForeignKey("blind_reviews.id"), index=True)
    question: Mapped[str] = mapped_column(String(64))
    step: Mapped[int | None] = mapped_column()
    reason: Mapped[str] = mapped_column(Text)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True, init=False)


class FairnessAudit(Base):
    """That a fairness audit was made on a day, and what it said; its mathematics are elsewhere."""

    __tablename__ = "fairness_audits"

    audit_on: Mapped[date] = mapped_column(index=True)
    summary: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True, init=False)


class Opened(Base):
    """Somebody was shown something about a person: who, what kind, for which purpose, when, by which policies."""

    __tablename__ = "openings"

    person_id: Mapped[str] = mapped_column(String(64), index=True)
    viewer_key: Mapped[str] = mapped_column(String(220), index=True)
    viewer: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(32))
    purpose: Mapped[str] = mapped_column(String(32))
    policies: Mapped[str] = mapped_column(String(400))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True, init=False)

    KINDS: ClassVar[dict[str, str]] = {
        "see_signals": "signals and their evidence",
        "see_readiness": "readiness",
        "see_candidate": "you as a candidate for a seat",
        "see_contested": "a row you contested",
        "see_record": "a stored row",
    }
