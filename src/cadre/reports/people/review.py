"""Blind reviews: of whom whoever asks could write one, and the one they wrote; nothing about a person is shown first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from cadre.db.stewardship import BlindAnswer, BlindReview, FairnessAudit, Opened
from cadre.errors import NotFoundError
from cadre.records import Firm
from cadre.reports.head import head
from cadre.reports.release import READINESS, Gate, Withheld, purpose_word
from cadre.reports.roster import staff
from cadre.stewardship.opening import viewer_key
from cadre.stewardship.review import Questions, questions
from cadre.warehouse import Snapshot


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One person as whoever asks may review them.

    Attributes:
        person_id: Key.
        name: As shown.
        role: Missing where no roster tells.
        finished_at: When the asker finished a review of them; missing where they have not.
        has_looked: Whether the asker was shown numbers about them, so that no review would be blind.
        is_self: Whether it is the asker.
        readiness: Why readiness is not open to the asker; None where it is.
        own_answers: Question key -> step (missing for not seen) and reason, of the asker's own review.
    """

    person_id: str
    name: str
    role: str | None
    finished_at: datetime | None
    has_looked: bool
    is_self: bool
    readiness: Withheld | None
    own_answers: dict[str, tuple[int | None, str]]

    @property
    def is_possible(self) -> bool:
        """Whether the asker can still write a blind review."""
        return not (self.finished_at or self.has_looked or self.is_self)

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            "person_id": self.person_id,
            "name": self.name,
            "finished_at": self.finished_at.isoformat() if self.finished_at else None,
            "possible": self.is_possible,
            "readiness": self.readiness.json() if self.readiness else None,
            "own_answers": {k: {"step": s, "reason": why} for k, (s, why) in self.own_answers.items()},
        }


@dataclass(frozen=True, slots=True)
class ReviewReport:
    """Whom one may review.

    Attributes:
        firm: The firm.
        purpose: The word to show; empty for a firm's own workspace.
        questions: The questions and their scale.
        people: By name.
        audit_on: Day of the newest fairness audit; missing where there was none.
    """

    firm: Firm
    purpose: str
    questions: Questions
    people: tuple[Reviewed, ...]
    audit_on: Any

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            **head(self.firm, self.purpose),
            "questions_version": self.questions.version,
            "audit_on": self.audit_on.isoformat() if self.audit_on else None,
            "people": [p.json() for p in self.people],
        }


def reviews(gate: Gate, snapshot: Snapshot, sessions: sessionmaker[Session], *, one: str = "") -> ReviewReport:
    """Whom whoever asks may review, and what they answered already.

    Args:
        gate: Who asks.
        snapshot: The record.
        sessions: Sessions on the database of decisions.
        one: Only this person.

    Raises:
        NotFoundError: Nobody on the staff has that key.
    """
    people = [s for s in staff(snapshot) if s.left_on is None and one in ("", s.person_id)]
    if one and not people:
        raise NotFoundError(f"no person {one} on the staff", hint="Take the key from the list of people.")
    key = viewer_key(gate.principal.name, gate.principal.account_id)
    with sessions() as session:
        own = {r.person_id: r for r in session.scalars(select(BlindReview).where(BlindReview.reviewer_key == key))}
        looked = set(session.scalars(select(Opened.person_id).where(Opened.viewer_key == key).distinct()))
        audit_on = session.scalar(select(FairnessAudit.audit_on).order_by(FairnessAudit.audit_on.desc()).limit(1))
        answers: dict[str, tuple[int | None, str]] = {}
        if one and one in own:
            told = session.scalars(select(BlindAnswer).where(BlindAnswer.review_id == own[one].id))
            answers = {a.question: (a.step, a.reason) for a in told}
    shut = gate.withheld([s.person_id for s in people], kind=READINESS)
    rows = tuple(
        Reviewed(
            person_id=s.person_id,
            name=s.name,
            role=s.role,
            finished_at=own[s.person_id].finished_at if s.person_id in own else None,
            has_looked=s.person_id in looked and s.person_id not in own,
            is_self=s.person_id == gate.principal.person_id,
            readiness=shut.get(s.person_id),
            own_answers=answers,
        )
        for s in people
    )
    return ReviewReport(snapshot.firm, purpose_word(snapshot.firm), questions(), rows, audit_on)
