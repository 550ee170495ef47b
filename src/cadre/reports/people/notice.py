"""What people are told, and who of them was: the notice that holds, with deliveries and receipts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from cadre.access.principal import Principal
from cadre.db.stewardship import NoticeDelivery, NoticeReceipt, NoticeVersion
from cadre.records import Firm
from cadre.reports.head import head
from cadre.reports.release import purpose_word
from cadre.reports.roster import staff
from cadre.stewardship.notice import blocks, missing_sections
from cadre.warehouse import Snapshot


@dataclass(frozen=True, slots=True)
class Told:
    """Where one person stands with the notice that holds.

    Attributes:
        person_id: Key.
        name: As shown.
        delivered_at: When it was put on their page; missing where it was not.
        confirmed_at: When they confirmed it; missing where they did not.
        how: `page` or `paper`; empty where not confirmed.
        reason: Why on paper; empty otherwise.
    """

    person_id: str
    name: str
    delivered_at: datetime | None
    confirmed_at: datetime | None
    how: str
    reason: str

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            "person_id": self.person_id,
            "name": self.name,
            "delivered_at": self.delivered_at.isoformat() if self.delivered_at else None,
            "confirmed_at": self.confirmed_at.isoformat() if self.confirmed_at else None,
            "how": self.how,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class NoticeReport:
    """The notice that holds.

    Attributes:
        firm: The firm.
        purpose: The word to show; empty for a firm's own workspace.
        number: Version; 0 where none was published.
        text: The whole text; empty where none was published.
        published_by: Who published it.
        published_at: When; missing where none was.
        people: Where people stand, by name: everybody for a lead, oneself for others.
        missing: Headings of the notice that comes with Cadre that this text has not; for a lead alone.
    """

    firm: Firm
    purpose: str
    number: int
    text: str
    published_by: str
    published_at: datetime | None
    people: tuple[Told, ...]
    missing: tuple[str, ...] = ()

    @property
    def blocks(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The text as a page shows it."""
        return blocks(self.text)

    @property
    def confirmed(self) -> int:
        """How many have confirmed."""
        return sum(p.confirmed_at is not None for p in self.people)

    @property
    def undelivered(self) -> tuple[str, ...]:
        """Keys of those to whom it was not delivered."""
        return tuple(p.person_id for p in self.people if p.delivered_at is None)

    def json(self) -> dict[str, Any]:
        """The keys every surface uses."""
        return {
            **head(self.firm, self.purpose),
            "number": self.number,
            "text": self.text,
            "published_by": self.published_by,
            "published_at": self.published_at.isoformat() if self.published_at else None,
            "people": [p.json() for p in self.people],
            "missing_sections": list(self.missing),
        }


def notice(principal: Principal, snapshot: Snapshot, sessions: sessionmaker[Session]) -> NoticeReport:
    """The notice that holds, and who was told.

    Args:
        principal: Who asks; an owner or a manager sees where everybody stands.
        snapshot: The record.
        sessions: Sessions on the database of decisions.
    """
    with sessions() as session:
        held = session.scalars(select(NoticeVersion).order_by(NoticeVersion.number.desc()).limit(1)).first()
        number = held.number if held else 0
        delivered = {
            row.person_id: row.delivered_at
            for row in session.scalars(select(NoticeDelivery).where(NoticeDelivery.number == number))
        }
        receipts = {
            row.person_id: row
            for row in session.scalars(
                select(NoticeReceipt).where(NoticeReceipt.number == number).order_by(NoticeReceipt.id.desc())
            )
        }
    is_lead = principal.role in ("owner", "manager")
    people = tuple(
        Told(
            s.person_id,
            s.name,
            delivered.get(s.person_id),
            r.received_at if (r := receipts.get(s.person_id)) else None,
            r.how if r else "",
            r.reason if r and is_lead else "",
        )
        for s in staff(snapshot)
        if s.left_on is None and (is_lead or s.person_id == principal.person_id)
    )
    return NoticeReport(
        firm=snapshot.firm,
        purpose=purpose_word(snapshot.firm),
        number=number,
        text=held.text if held else "",
        published_by=held.published_by if held else "",
        published_at=held.published_at if held else None,
        people=people,
        missing=missing_sections(held.text) if held and is_lead else (),
    )
