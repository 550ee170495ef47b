"""Tables of lead seats: what a seat is, what was decided about it, what a failure would cost, and how it turned out.

Keeps true: rows are added, never changed or deleted (triggers of migration 0004 refuse it); the newest row of a seat holds.
They carry keys of persons, never names. A team's answers name nobody and hold no time, so that they cannot be matched.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from cadre.db.model import Base, UtcDateTime


class Seat(Base):
    """A lead seat as it was described last.

    Attributes:
        seat_key: Key, made from the name.
        name: As shown.
        team_id: Team it leads; missing for a seat above teams.
        hands_on_share: Share of its hours that stays hands-on work, 0-1; missing where nobody said.
        span: People who will report to it; missing takes the team as it is.
        tiers: Tiers it serves, separated by commas; empty takes the team's.
        opened_by: Who described it.
        opened_at: When.
    """

    __tablename__ = "seats"

    seat_key: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(200))
    team_id: Mapped[str | None] = mapped_column(String(200))
    hands_on_share: Mapped[float | None] = mapped_column()
    span: Mapped[int | None] = mapped_column()
    tiers: Mapped[str] = mapped_column(String(100))
    opened_by: Mapped[str] = mapped_column(String(200))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    id: Mapped[int | None] = mapped_column(primary_key=True, autoincrement=True, nullable=False, default=None)


class SeatDecision(Base):
    """Who takes a seat, or that nobody does, with the reason and the state of everything it was decided on.

    Attributes:
        seat_key: Which seat.
        person_id: Who takes it; missing for nobody.
        reason: Why, in the decider's words.
        decided_by: Name of the principal.
        decided_at: When.
        manifest: Manifest of the record that was looked at.
        code_version: Version of Cadre.
        settings_digest: Digest of the settings.
        known: Their competencies on that day as JSON, competency -> [mean, variance]; empty for nobody. What they turn out to
            be is held against what was known then, never against what leading made of it since.
    """

    __tablename__ = "seat_decisions"

    seat_key: Mapped[str] = mapped_column(String(64), index=True)
    person_id: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(String(200))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    manifest: Mapped[int] = mapped_column()
    code_version: Mapped[str] = mapped_column(String(32))
    settings_digest: Mapped[str] = mapped_column(String(64))
    known: Mapped[str] = mapped_column(Text, default="")
    id: Mapped[int | None] = mapped_column(primary_key=True, autoincrement=True, nullable=False, default=None)


class SeatCost(Base):
    """What a lead who has to be replaced would cost, as somebody entered it: pay times a range, and where that is from."""

    __tablename__ = "seat_costs"

    seat_key: Mapped[str] = mapped_column(String(64), index=True)
    yearly_pay: Mapped[float] = mapped_column()
    currency: Mapped[str] = mapped_column(String(8))
    low_multiple: Mapped[float] = mapped_column()
    high_multiple: Mapped[float] = mapped_column()
    source: Mapped[str] = mapped_column(Text)
    entered_by: Mapped[str] = mapped_column(String(200))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    id: Mapped[int | None] = mapped_column(primary_key=True, autoincrement=True, nullable=False, default=None)


class TeamToken(Base):
    """A right to answer once about a lead; handed out in a batch, so that nobody knows who holds which."""

    __tablename__ = "team_tokens"

    decision_id: Mapped[int] = mapped_column(ForeignKey("seat_decisions.id"), index=True)
    months: Mapped[int] = mapped_column()
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_by: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    id: Mapped[int | None] = mapped_column(primary_key=True, autoincrement=True, nullable=False, default=None)


class TeamAnswer(Base):
    """One member's answers: question -> step 1 to 5 as JSON, null for "have not seen". No name and no time."""

    __tablename__ = "team_answers"

    token_id: Mapped[int] = mapped_column(ForeignKey("team_tokens.id"), unique=True)
    steps: Mapped[str] = mapped_column(Text)
    id: Mapped[int | None] = mapped_column(primary_key=True, autoincrement=True, nullable=False, default=None)


class LeadOutcome(Base):
    """How a lead turned out by a date: a verdict and the parts it was read from.

    Attributes:
        decision_id: Which decision.
        months: 6, 12 or 18.
        verdict: `well`, `not_well` or `too_early`.
        parts: Part -> what was found, as JSON; a part that is not there was not known.
        recorded_by: Name of the principal.
        recorded_at: When.
    """

    __tablename__ = "lead_outcomes"

    decision_id: Mapped[int] = mapped_column(ForeignKey("seat_decisions.id"), index=True)
    months: Mapped[int] = mapped_column()
    verdict: Mapped[str] = mapped_column(String(12))
    parts: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    id: Mapped[int | None] = mapped_column(primary_key=True, autoincrement=True, nullable=False, default=None)
